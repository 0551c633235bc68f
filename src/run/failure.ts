import { KarmaError } from '../model/errors.ts';
import type { ChildEnd } from './child.ts';
import type { Diagnostic } from './port.ts';

/** What a program said before it failed, and what a person can do about it. */
export interface FailedRun {
  readonly program: string;
  readonly verb: string;
  readonly end: ChildEnd;
  readonly diagnostics: readonly Diagnostic[];
  /** The last lines it printed that were no JSON; redacted. */
  readonly tail: readonly string[];
  readonly log: string;
}

const hints: readonly (readonly [RegExp, string])[] = [
  [
    /No value for required variable|no value for required variable/,
    'it asks for a variable that nothing hands over: add the key to the config, or give the variable a default',
  ],
  [/Error acquiring the state lock/, 'somebody else works on this state; wait, or see who holds it in the message'],
  [
    /Backend configuration changed/,
    'its backend has other settings than before, and nothing tells whether its state lies there: move the state, or put the settings back',
  ],
  [/Saved plan is stale/, 'the state changed after the plan was made: plan again'],
  [/Unable to open CLI configuration file/, 'TF_CLI_CONFIG_FILE names a file that is not there'],
  [
    /[Nn]o valid credential|InvalidClientTokenId|ExpiredToken|could not find default credentials/,
    'log in to the account first',
  ],
  [/Failed to query available provider packages|could not connect to registry/, 'the provider could not be fetched'],
];

export function failure(run: FailedRun): KarmaError {
  if (run.end.stopped === 'interrupted') {
    return new KarmaError('KARMA_INTERRUPTED', `${run.program} ${run.verb} was interrupted`, {
      hint: 'what it had begun is in the state; deploy again to go on',
      details: { log: run.log },
    });
  }
  const error = run.diagnostics.find((one) => one.severity === 'error');
  const said = error === undefined ? lastWords(run.tail) : error.summary;
  const what =
    run.end.stopped === 'timed out'
      ? 'did not end in time and was interrupted'
      : run.end.signal === null
        ? `ended with ${run.end.code}: ${said}`
        : `was ended by ${run.end.signal}: ${said}`;
  const all = [...run.diagnostics.map((one) => `${one.summary} ${one.detail}`), ...run.tail].join('\n');
  const hint = hints.find(([pattern]) => pattern.test(all))?.[1] ?? `its log is ${run.log}`;
  return new KarmaError('KARMA_RUN_FAILED', `${run.program} ${run.verb} ${what}`, {
    hint,
    details: { log: run.log, diagnostics: run.diagnostics.slice(0, 20), exit: run.end.code },
  });
}

/** A program that prints no JSON (`init`, Terragrunt) names the error in one line, and explains it in the lines behind. */
function lastWords(tail: readonly string[]): string {
  const lines = tail.map((line) => line.replace(/^[\s│╷╵]+/, '').trim()).filter((line) => line !== '');
  const named = lines.findLast((line) => /^(\S+\s+)?error: /i.test(line));
  return named?.replace(/^(\S+\s+)?error: /i, '') ?? lines.at(-1) ?? 'it said nothing';
}

/** Messages that mean "`init` first": then it is run once, and the command again. */
const asksForInit =
  /Backend initialization required|Module not installed|Required plugins are not installed|Inconsistent dependency lock file|Missing required provider|[Pp]lease run "(terraform|tofu) init"|Could not load plugin|provider .* not available|Module source has changed/;

export function wantsInit(diagnostics: readonly Diagnostic[], tail: readonly string[]): boolean {
  return asksForInit.test([...diagnostics.map((one) => `${one.summary} ${one.detail}`), ...tail].join('\n'));
}

/** `init` in a folder that remembers a backend with other settings. */
export function saysBackendChanged(tail: readonly string[]): boolean {
  return tail.some((line) => line.includes('Backend configuration changed'));
}
