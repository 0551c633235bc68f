import { isKarmaError, type KarmaError } from '../../model/errors.ts';
import { type ExitCode, exitCodeOf } from './exit-codes.ts';
import { printable, type Style, styleFor } from './render/style.ts';

/** stdout is the answer, stderr the talk. Nothing else in Karma prints. */
export interface Output {
  readonly style: Style;
  readonly talkStyle: Style;
  readonly json: boolean;
  readonly quiet: boolean;
  /** A person reads the talk: progress may update one line in place. */
  readonly interactive: boolean;
  /** The answer as text for people; a final newline is added. */
  answer(text: string): void;
  /** The answer as one JSON document, with `schemaVersion`. */
  document(value: object): void;
  /** Raw bytes or lines of a format of its own. */
  raw(text: string): void;
  talk(text: string): void;
}

export const schemaVersion = 1;

export interface OutputOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly color?: boolean;
}

export function createOutput(options: OutputOptions, env: Readonly<Record<string, string | undefined>>): Output {
  const write = (stream: NodeJS.WriteStream, text: string) => stream.write(text);
  return {
    style: styleFor(process.stdout, env, options.color !== false),
    talkStyle: styleFor(process.stderr, env, options.color !== false),
    json: options.json === true,
    quiet: options.quiet === true,
    interactive: process.stderr.isTTY === true && env.TERM !== 'dumb' && env.CI === undefined,
    answer: (text) => write(process.stdout, text.endsWith('\n') ? text : `${text}\n`),
    document: (value) => write(process.stdout, `${JSON.stringify({ schemaVersion, ...value }, null, 2)}\n`),
    raw: (text) => write(process.stdout, text),
    talk: (text) => {
      if (options.quiet !== true) write(process.stderr, `${text}\n`);
    },
  };
}

/** Prints an error as people and pipelines need it, and says with which code to leave. */
export function reportError(error: unknown, output: Output): ExitCode {
  if (isKarmaError(error)) return reportKnown(error, output);
  const text = error instanceof Error ? error.message : String(error);
  const trace = error instanceof Error && process.env.KARMA_DEBUG !== undefined ? `\n${error.stack ?? ''}` : '';
  const style = output.talkStyle;
  process.stderr.write(
    `${style.red('error')} KARMA_BUG  ${printable(text)}\n${style.dim('hint')}  this is a bug in Karma; run again with KARMA_DEBUG=1 and report what it prints${trace}\n`,
  );
  return 1;
}

function reportKnown(error: KarmaError, output: Output): ExitCode {
  const { code, message, hint, details } = error;
  if (output.json) {
    output.document({
      error: { code, message, ...(hint === undefined ? {} : { hint }), ...(details === undefined ? {} : { details }) },
    });
  }
  const style = output.talkStyle;
  process.stderr.write(
    `${style.red('error')} ${code}  ${printable(message)}\n${hint === undefined ? '' : `${style.dim('hint')}  ${printable(hint)}\n`}`,
  );
  return exitCodeOf(code);
}
