import type { EngineContext } from '../../engine/context.ts';
import type { Engine } from '../../engine/engine.ts';
import type { AnswerOf, QueryOf, VerbName } from '../../engine/verbs/table.ts';
import type { Here } from '../../engine/verbs/verb.ts';
import { KarmaError } from '../../model/errors.ts';
import { nearest } from '../../model/nearest.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Output } from './output.ts';

/** One command as the command line knows it. What it does is loaded when it is called, so that starting stays cheap. */
export interface CommandSpec {
  /** `list`, or `parameter get` for a noun's verb. */
  readonly name: string;
  readonly aliases?: readonly string[];
  /** Commander's notation: `<id>`, `[selection...]`. */
  readonly args?: string;
  readonly summary: string;
  readonly options?: readonly OptionSpec[];
  readonly examples: readonly string[];
  /** Runs without an estate or stores: `completion`, `explain`, `demo`. */
  readonly standalone?: boolean;
  readonly hidden?: boolean;
  /** The process answers again and again. */
  readonly stays?: boolean;
  /** It asks verbs alone, so a service can answer it too; these, where it has a worker carry out what it does here. */
  readonly afar?: true | readonly VerbName[];
  /** What `--json` means where it is not one document in the place of the answer: nothing, or a picture within a document. */
  readonly json?: 'none' | 'wraps';
  /** The verbs that it asks, and whose answers are what it prints as JSON: which one, its arguments and options say. */
  readonly verbs?: readonly VerbName[];
  readonly load: () => Promise<{ readonly run: Verb }>;
}

export interface OptionSpec {
  readonly flags: string;
  readonly about: string;
  readonly default?: string;
  readonly repeat?: boolean;
  /** Without it the work tree is opened. */
  readonly elseWorktree?: boolean;
  /** Options (`--at`), or `arguments`, that mean nothing beside it. */
  readonly notWith?: readonly string[];
  /** It means something of this machine, or (`runs`) of how something is run at it, so no service can be asked with it. */
  readonly here?: true | 'runs';
  /** The option without which it means nothing. */
  readonly onlyWith?: string;
}

export type Options = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

export type Verb = (call: Call) => Promise<ExitCode>;

export interface Call {
  readonly args: readonly string[];
  readonly options: Options;
  readonly output: Output;
  /** The command line itself, for what explains, completes or replays it. */
  readonly shell: Shell;
  /** The estate as whoever typed this asks it; throws for standalone commands, and where a service is asked. */
  readonly context: EngineContext;
  /** The same for others who ask it through a command that stays. */
  readonly engine: Engine;
  /** Asks the estate here, or the service that `KARMA_URL` names. */
  readonly ask: Ask;
  /** A service is asked. */
  readonly afar: boolean;
}

/** @param here what only this machine can give; a service is never asked with it */
export type Ask = <Name extends VerbName>(name: Name, query: QueryOf<Name>, here?: Here) => Promise<AnswerOf<Name>>;

export interface Shell {
  readonly commands: readonly CommandSpec[];
  readonly groups: Readonly<Record<string, unknown>>;
  run(argv: readonly string[]): Promise<ExitCode>;
}

export function textOption(options: Options, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}

/** When to ask, as queries have it. */
export function atOption(options: Options): { readonly at?: string } {
  const at = textOption(options, 'at');
  return at === undefined ? {} : { at };
}

/** How much of a long list, and from where on, as queries have it. */
export function pageOptions(options: Options): { readonly limit?: number; readonly cursor?: string } {
  const limit = numberOption(options, 'limit', 1);
  const cursor = textOption(options, 'cursor');
  return { ...(limit === undefined ? {} : { limit }), ...(cursor === undefined ? {} : { cursor }) };
}

export function listOption(options: Options, name: string): readonly string[] {
  const value = options[name];
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value : [];
}

/** What a command is about: its arguments and each `--filter`. */
export function selectionOf({ args, options }: Pick<Call, 'args' | 'options'>): readonly string[] {
  return [...args, ...listOption(options, 'filter')];
}

export function flagOption(options: Options, name: string): boolean {
  return options[name] === true;
}

/** The one of a closed list of words that an option names; undefined when it was not given. @throws KARMA_USAGE */
export function choiceOption<T extends string>(options: Options, name: string, words: readonly T[]): T | undefined {
  const given = textOption(options, name);
  if (given === undefined) return undefined;
  const found = words.find((word) => word === given);
  if (found !== undefined) return found;
  const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  const [near] = nearest(given, words);
  throw new KarmaError('KARMA_USAGE', `${flag} does not know \`${given}\``, {
    hint: `${near === undefined ? '' : `did you mean \`${near}\`? `}One of ${words.join(', ')}`,
  });
}

/** A whole number of at least `least` given as an option. @throws KARMA_USAGE */
export function numberOption(options: Options, name: string, least = 0): number | undefined {
  const text = textOption(options, name);
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < least)
    throw new KarmaError('KARMA_USAGE', `--${name} takes a whole number from ${least} on, not \`${text}\``);
  return number;
}
