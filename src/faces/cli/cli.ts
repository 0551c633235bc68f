import { Command, CommanderError, Option } from 'commander';
import { KarmaError } from '../../model/errors.ts';
import { editDistance, nearest } from '../../model/nearest.ts';
import { askFromAfar, contextFromAfar, mustWorkFromAfar, notUnderstood, serviceOf } from './afar.ts';
import { changesSomething } from './changes-something.ts';
import type { Ask, CommandSpec, Options, Shell } from './command.ts';
import { commandFirst } from './command-first.ts';
import { commands, groups } from './commands.ts';
import { commonOptions } from './common-options.ts';
import { tellDistrusted } from './distrusted.ts';
import type { ExitCode } from './exit-codes.ts';
import { checkTogether, longFlag, noOption, onceOnly, wordOf } from './option-rules.ts';
import { createOutput, type Output, reportError } from './output.ts';
import { version } from './version.ts';

/** Runs one command line and answers the exit code. */
export async function runCli(argv: readonly string[]): Promise<ExitCode> {
  if (process.stdout.listenerCount('error') === 0)
    process.stdout.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(0);
    });
  const plain = createOutput({ json: argv.includes('--json'), color: !argv.includes('--no-color') }, process.env);
  let exit: ExitCode = 0;
  const words = commandFirst(argv);
  const program = buildProgram(commandsNamed(words), (code) => {
    exit = code;
  });
  try {
    if (argv.some((word) => word.includes('\0')))
      throw new KarmaError('KARMA_USAGE', 'an argument holds a NUL, which no name does', { hint: 'leave it out' });
    await program.parseAsync(words, { from: 'user' });
    return exit;
  } catch (error) {
    if (error instanceof CommanderError) return usage(error, words, plain);
    return reportError(error, plain);
  }
}

/** Only what may be meant: of a hundred commands each option costs a little, and a command is asked by its name. */
function commandsNamed([first = '']: readonly string[]): readonly CommandSpec[] {
  const noun = nounOf(first);
  const named = commands.filter(
    ({ name, aliases = [] }) => name === noun || name.startsWith(`${noun} `) || aliases.includes(first),
  );
  return named.length > 0 ? named : commands;
}

function buildProgram(known: readonly CommandSpec[], leave: (code: ExitCode) => void): Command {
  const program = new Command('karma')
    .description('Works out what depends on what in your infrastructure, and what a change will do.')
    .version(version, '-V, --version')
    .helpCommand(false)
    .configureHelp({ sortSubcommands: false, showGlobalOptions: false })
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  program.addHelpText('after', helpAfter());
  const parents = new Map<string, Command>();
  for (const spec of known) {
    const [first = '', second] = spec.name.split(' ');
    const parent = second === undefined ? program : parentFor(parents, program, first);
    addCommand(parent, second ?? first, spec, leave);
  }
  return program;
}

function parentFor(parents: Map<string, Command>, program: Command, name: string): Command {
  const known = parents.get(name);
  if (known !== undefined) return known;
  const group = groups[name] ?? { summary: '' };
  const parent = program
    .command(name)
    .description(group.summary)
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  for (const alias of group.aliases ?? []) parent.alias(alias);
  parents.set(name, parent);
  return parent;
}

function addCommand(parent: Command, name: string, spec: CommandSpec, leave: (code: ExitCode) => void): void {
  const command = parent
    .command(`${name}${spec.args === undefined ? '' : ` ${spec.args}`}`, { hidden: spec.hidden === true })
    .description(spec.summary)
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .showHelpAfterError(false);
  for (const alias of spec.aliases ?? []) command.alias(alias);
  command.addHelpText(
    'beforeAll',
    spec.examples.length === 0 ? '' : `Examples:\n${spec.examples.map((example) => `  ${example}`).join('\n')}\n`,
  );
  const own = new Set((spec.options ?? []).map(({ flags }) => longFlag(flags)));
  const common = commonOptions.filter(([flags]) => !own.has(longFlag(flags)));
  const known = new Set([...own, ...common.map(([flags]) => longFlag(flags))]);
  for (const { flags, about, repeat = false, default: preset } of spec.options ?? [])
    command.addOption(optionOf(flags, about, { repeat, preset, known }));
  for (const [flags, about, repeat] of common)
    command.addOption(optionOf(flags, about, { repeat, known }).helpGroup('Everywhere:'));
  command.action(async (...given: unknown[]) => {
    const args = given
      .slice(0, -2)
      .flatMap((one) => (one === undefined ? [] : Array.isArray(one) ? (one as string[]) : [String(one)]));
    const options = command.opts<Options>();
    const named = new Set(Object.keys(options).filter((name) => command.getOptionValueSource(name) === 'cli'));
    checkTogether(spec, { args, named, options });
    leave(await callVerb(spec, args, options));
  });
}

function optionOf(
  flags: string,
  about: string,
  {
    repeat,
    preset,
    known,
  }: { readonly repeat: boolean; readonly preset?: string | undefined; readonly known: ReadonlySet<string> },
): Option {
  const option = new Option(flags, about);
  const [value, once] = [noOption(flags, known), onceOnly(flags)];
  if (repeat) option.argParser((word: string, all: readonly string[] | undefined) => [...(all ?? []), value(word)]);
  else if (flags.includes('<')) option.argParser((word: string) => once(value(word)));
  if (preset !== undefined) option.default(preset);
  return option;
}

/** Questions about the work tree as it is. Told before their verb is loaded: git looks for untracked files meanwhile. */
function opensWorktree({ options: known = [] }: CommandSpec, given: Options): boolean {
  const isAsked = known.some(
    ({ flags, elseWorktree }) => elseWorktree === true && given[wordOf(longFlag(flags))] === undefined,
  );
  return isAsked && given['since'] === undefined;
}

async function callVerb(spec: CommandSpec, args: readonly string[], options: Options): Promise<ExitCode> {
  const output = createOutput(
    {
      json: options.json === true,
      quiet: options.quiet === true,
      color: options.color !== false,
      reveal: options['reveal'] === true,
    },
    process.env,
  );
  if (spec.standalone === true)
    return (await spec.load()).run({
      args,
      options,
      output,
      shell,
      context: nothing(),
      engine: nothing(),
      ask: noAsk,
      afar: false,
    });
  const service = serviceOf(process.env);
  if (service !== undefined) {
    mustWorkFromAfar(spec, options, service);
    const [{ run }, ask] = await Promise.all([spec.load(), askFromAfar(service, { env: process.env, output })]);
    const context = contextFromAfar(process.env, version);
    try {
      return await run({ args, options, output, shell, context, engine: nothing(), ask, afar: true });
    } catch (error) {
      throw notUnderstood(error, service);
    }
  }
  const { openEngine } = await import('../../wiring/open.ts');
  const { progressTo } = await import('./progress.ts');
  const progress = progressTo(output);
  const engine = openEngine({
    options,
    env: process.env,
    version,
    opensWorktree: opensWorktree(spec, options),
    ...(spec.stays === true ? { stays: true } : {}),
  });
  const context = engine.as({ door: 'cli', report: progress.report, standsThere: true });
  const { run } = await spec.load();
  tellDistrusted(context, spec.name, output);
  const [{ ask: askHere }, { withoutDamage }] = await Promise.all([
    import('../../engine/verbs/table.ts'),
    import('../../engine/without-damage.ts'),
  ]);
  const ask: Ask = (name, query, here) => askHere(context, name, query, here === undefined ? {} : { here });
  const answer = () => run({ args, options, output, shell, context, engine, ask, afar: false });
  let told: (() => Promise<void>) | undefined;
  try {
    if (changesSomething(spec.name)) told = await (await import('./telling-beside.ts')).tellingBeside(context, output);
    return await withoutDamage(context, answer);
  } finally {
    await told?.();
    progress.end();
    await engine.close();
  }
}

const shell: Shell = { commands, groups, run: (argv) => runCli(argv) };

const noAsk: Ask = () => {
  throw new KarmaError('KARMA_BUG', 'a standalone command asked a verb');
};

function nothing<T extends object>(): T {
  return new Proxy({} as T, {
    get: (_target, name) => {
      throw new KarmaError('KARMA_BUG', `a standalone command asked for ${String(name)}`);
    },
  });
}

function usage(error: CommanderError, argv: readonly string[], output: Output): ExitCode {
  if (error.code === 'commander.helpDisplayed' || error.code === 'commander.version') return 0;
  const [first = '', second = ''] = argv.filter((word) => !word.startsWith('-'));
  const verbs = commands.flatMap(({ name }) =>
    name.startsWith(`${nounOf(first)} `) ? [name.split(' ')[1] ?? ''] : [],
  );
  if (error.code === 'commander.help')
    return reportError(
      new KarmaError('KARMA_USAGE', `\`karma ${first}\` needs a verb: ${verbs.join(', ')}`, {
        hint: `\`karma ${first} --help\` shows what each does`,
      }),
      output,
    );
  const message = error.message.replace(/^error: /, '').replace(/\s*\(Did you mean .*\)$/s, '');
  const unknown = error.code === 'commander.unknownCommand';
  return reportError(
    new KarmaError('KARMA_USAGE', message, {
      hint: unknown ? nearestHint(first, second, verbs) : `${optionHint(error, argv)}${helpHint(argv)}`,
    }),
    output,
  );
}

function nearestHint(first: string, second: string, verbs: readonly string[]): string {
  const inGroup = verbs.length > 0;
  const known = inGroup
    ? verbs
    : commands.flatMap(({ name, aliases = [], hidden }) =>
        hidden === true ? [] : [name.split(' ')[0] ?? '', ...aliases],
      );
  const [near] = nearest(inGroup ? second : first, new Set(known));
  const before = inGroup ? `karma ${first}` : 'karma';
  return near === undefined
    ? `\`${before} --help\` lists all`
    : `did you mean \`${before} ${near}\`? \`${before} --help\` lists all`;
}

/** What the form of an answer is called differs from command to command, as its users know it from elsewhere. */
const sameMeaning: Readonly<Record<string, string>> = { '--output': '--format', '--format': '--output' };

function optionHint({ message }: CommanderError, argv: readonly string[]): string {
  const given = /unknown option '(--[^'=]+)/.exec(message)?.[1];
  if (given === undefined) return '';
  const [first = '', second] = argv.filter((word) => !word.startsWith('-'));
  const noun = nounOf(first);
  const command = commands.find(({ name }) => name === `${noun} ${second}` || name === noun);
  const known = [
    ...(command?.options ?? []).map(({ flags }) => longFlag(flags)),
    ...commonOptions.map(([flags]) => longFlag(flags)),
  ];
  // A group of commands takes none itself: `karma log --json`.
  if (known.includes(given)) return `it goes with one of the commands of \`karma ${first}\`. `;
  const other = sameMeaning[given];
  const near = other !== undefined && known.includes(other) ? other : nearestOption(given, known);
  return near === undefined ? '' : `did you mean \`${near}\`? `;
}

/** Of a short name half of the letters must be right: `--in` is no `--dir`. */
function nearestOption(given: string, known: readonly string[]): string | undefined {
  const [near] = nearest(given, known);
  const most = Math.floor((given.length - 2) / 2);
  return near !== undefined && editDistance(given, near, most) <= most ? near : undefined;
}

/** The command whose help tells: `karma graph draw --help`, not `karma graph --help`. */
function helpHint(argv: readonly string[]): string {
  const [first = '', second] = argv.filter((word) => !word.startsWith('-'));
  const known = commands.some(({ name }) => name === `${nounOf(first)} ${second}`);
  return `\`karma ${known ? `${first} ${second}` : first} --help\` shows how`;
}

function nounOf(word: string): string {
  return Object.entries(groups).find(([, { aliases = [] }]) => aliases.includes(word))?.[0] ?? word;
}

function helpAfter(): string {
  return `
Start here:
  karma                       what is in this estate, and what to look at first
  karma impact vpc/main       who is affected when it changes, and why
  karma why app/web vpc/main  the evidence between two components
  karma impact --since main   what this branch really changes
  karma demo                  all of it on an example, in a minute

Everywhere:
${commonOptions.map(([flags, about]) => `  ${flags.padEnd(20)} ${about}`).join('\n')}

\`karma <command> --help\` shows a command's examples and options.`;
}
