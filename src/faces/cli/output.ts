import { isKarmaError, KarmaError } from '../../model/errors.ts';
import { printable } from '../../model/printable.ts';
import { hideInText } from '../../model/secrets/text.ts';
import { documentOf } from '../document.ts';
import { type ExitCode, exitCodeOf } from './exit-codes.ts';
import { printableLine, type Style, styleFor } from './render/style.ts';

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
  /** An answer that is a patch, for people and for `git apply`: the ends of its lines stay what they are. */
  patch(text: string): void;
  /** Text or lines of a format of its own: JSON lines, SVG, Markdown. */
  raw(text: string): void;
  /** Names for another program, byte for byte, each ended by NUL. */
  names0(names: readonly string[]): void;
  /** What somebody asked to be shown this once, as it is. */
  secret(text: string): void;
  talk(text: string): void;
  /** One line in place on a terminal, in the place of the last one, cut to its width; whatever is written takes it away. */
  inPlace(text: string): void;
  /** Takes the line in place away. */
  clear(): void;
}

export interface OutputOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly color?: boolean;
  /** Somebody asked to see what is otherwise hidden. */
  readonly reveal?: boolean;
}

export function createOutput(options: OutputOptions, env: Readonly<Record<string, string | undefined>>): Output {
  let inPlace = false;
  const clear = () => {
    if (inPlace) process.stderr.write('\r\u001b[2K');
    inPlace = false;
  };
  const write = (stream: NodeJS.WriteStream, text: string) => {
    clear();
    stream.write(text);
  };
  // The last of several looks: what should never have come this far is not printed either.
  const shown = options.reveal === true ? (text: string) => text : hideInText;
  const style = styleFor(process.stdout, env, options.color !== false);
  const talkStyle = styleFor(process.stderr, env, options.color !== false);
  return {
    style,
    talkStyle,
    json: options.json === true,
    quiet: options.quiet === true,
    interactive: process.stderr.isTTY === true && env.TERM !== 'dumb' && env.CI === undefined,
    answer: (text) => write(process.stdout, style.harmless(shown(text.endsWith('\n') ? text : `${text}\n`))),
    document: (value) => write(process.stdout, documentOf(value, { reveal: options.reveal === true })),
    patch: (text) => write(process.stdout, style.harmlessPatch(shown(text))),
    raw: (text) => write(process.stdout, printable(shown(text))),
    names0: (names) => write(process.stdout, names.map((name) => `${name}\0`).join('')),
    secret: (text) => write(process.stdout, text),
    talk: (text) => {
      if (options.quiet !== true) write(process.stderr, talkStyle.harmless(hideInText(`${text}\n`)));
    },
    inPlace: (text) => {
      // A line that is broken by the terminal could not be taken away: only its last row would go.
      const room = (process.stderr.columns || 80) - 1;
      process.stderr.write(`\r\u001b[2K${talkStyle.dim([...printableLine(hideInText(text))].slice(0, room).join(''))}`);
      inPlace = true;
    },
    clear,
  };
}

/** Prints an error as people and pipelines need it, and says with which code to leave. */
export function reportError(error: unknown, output: Output): ExitCode {
  if (isKarmaError(error)) return reportKnown(error, output);
  const text = error instanceof Error ? error.message : String(error);
  const trace = error instanceof Error && process.env.KARMA_DEBUG !== undefined ? `\n${error.stack ?? ''}` : '';
  const hint = `this is a bug in Karma; run again with KARMA_DEBUG=1 and report what it prints${trace}`;
  return reportKnown(new KarmaError('KARMA_BUG', text, { hint }), output);
}

function reportKnown(error: KarmaError, output: Output): ExitCode {
  const { code, message, hint, details } = error;
  if (output.json) {
    output.document({
      error: { code, message, ...(hint === undefined ? {} : { hint }), ...(details === undefined ? {} : { details }) },
    });
  }
  const style = output.talkStyle;
  output.clear();
  process.stderr.write(
    `${style.red('error')} ${code}  ${printable(hideInText(message))}\n${hint === undefined ? '' : `${style.dim('hint')}  ${printable(hideInText(hint))}\n`}`,
  );
  return exitCodeOf(code);
}
