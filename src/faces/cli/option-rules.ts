import { KarmaError } from '../../model/errors.ts';
import type { CommandSpec, Options } from './command.ts';

/** What was typed, without what is only a default. */
export interface Typed {
  readonly args: readonly string[];
  /** Words of options as a verb knows them: `groupBy` of `--group-by`. */
  readonly named: ReadonlySet<string>;
  readonly options: Options;
}

/**
 * Nothing that is typed is passed over in silence: what means nothing beside something else is refused with what to leave out.
 * @throws KARMA_USAGE
 */
export function checkTogether(spec: CommandSpec, typed: Typed): void {
  const { args, named, options } = typed;
  const isThere = (other: string) => (other === 'arguments' ? args.length > 0 : named.has(wordOf(other)));
  for (const { flags, notWith = [], onlyWith } of spec.options ?? []) {
    const flag = longFlag(flags);
    if (!named.has(wordOf(flag))) continue;
    const clash = notWith.find(isThere);
    if (clash !== undefined) throw refused(spec, flag, clash, args);
    if (onlyWith !== undefined && !named.has(wordOf(onlyWith)))
      throw new KarmaError('KARMA_USAGE', `${flag} means something only with ${onlyWith}`, {
        hint: `add ${onlyWith}, or leave ${flag} out`,
      });
  }
  if (!named.has('json')) return;
  if (spec.json === 'none')
    throw new KarmaError('KARMA_USAGE', `\`karma ${spec.name}\` has no JSON to print`, { hint: 'leave --json out' });
  for (const form of ['output', 'format'])
    if (named.has(form) && options[form] !== 'json' && spec.json !== 'wraps')
      throw new KarmaError('KARMA_USAGE', `--json and --${form} ${String(options[form])} ask for two answers`, {
        hint: 'leave one of the two out',
      });
}

function refused({ name }: CommandSpec, flag: string, clash: string, args: readonly string[]): KarmaError {
  if (clash !== 'arguments')
    return new KarmaError('KARMA_USAGE', `${flag} and ${clash} do not go together`, {
      hint: `leave one of the two out; \`karma ${name} --help\` says what each does`,
    });
  return new KarmaError('KARMA_USAGE', `${flag} asks about all that it names, so \`${args.join(' ')}\` means nothing`, {
    hint: `leave ${flag} out to ask about ${args.length === 1 ? 'it' : 'them'}, or name nothing beside ${flag}`,
  });
}

/**
 * `--unset --json` is a value left out, and not the value `--json`, which would be passed over as the option that it is.
 * @throws KARMA_USAGE
 */
export function noOption(flags: string, others: ReadonlySet<string>): (value: string) => string {
  return (value) => {
    if (others.has(value))
      throw new KarmaError('KARMA_USAGE', `${longFlag(flags)} needs a value, and ${value} is an option`, {
        hint: `write the value after ${longFlag(flags)}`,
      });
    return value;
  };
}

/** An option takes one value, however often it may stand there: the first would be passed over. @throws KARMA_USAGE */
export function onceOnly(flags: string): (value: string) => string {
  let seen: string | undefined;
  return (value) => {
    if (seen !== undefined && seen !== value)
      throw new KarmaError('KARMA_USAGE', `${longFlag(flags)} is given twice, as ${seen} and as ${value}`, {
        hint: 'say it once',
      });
    seen = value;
    return value;
  };
}

/** `--group-by` of `--group-by <name>` and of `-g, --group-by`. */
export function longFlag(flags: string): string {
  return /--[a-z0-9-]+/.exec(flags)?.[0] ?? flags;
}

/** `groupBy` of `--group-by`; `cutoff` of `--no-cutoff`, as Commander keeps it. */
export function wordOf(flag: string): string {
  return flag.replace(/^--(?:no-)?/, '').replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
