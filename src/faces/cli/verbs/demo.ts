import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KarmaError } from '../../../model/errors.ts';
import { shellWord } from '../../../model/quote.ts';
import { tableOf } from '../../../model/table.ts';
import { flagOption, type Shell, textOption, type Verb } from '../command.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { Output } from '../output.ts';
import { goesOn, isTerminal } from './confirm.ts';

interface Story {
  readonly example: string;
  readonly about: string;
  readonly steps: readonly Step[];
  readonly next: readonly string[];
}

type Step =
  | { readonly say: string; readonly run: readonly string[] }
  | { readonly say: string; readonly edit: string; readonly replace: readonly [RegExp, string] }
  /** Needs real terraform; said and passed over where there is none. What was edited is committed first, if a message is given. */
  | { readonly say: string; readonly deploy: readonly string[]; readonly commit?: string };

const stories = tableOf<Story>({
  adage: {
    example: 'twelve',
    about: 'a small web shop: configuration in Git, Terraform modules, two environments, twelve components',
    steps: [
      { say: 'What is here?', run: [] },
      { say: 'Keep it as a version that later ones can be compared with.', run: ['build'] },
      { say: 'A picture of it.', run: ['graph', 'draw', '--out', '../shop.svg'] },
      { say: 'Who is affected when the database changes?', run: ['impact', 'prod/rds-postgres/orders'] },
      { say: 'Why does the site depend on the network?', run: ['why', 'prod/serverless-site/shop', 'prod/vpc/main'] },
      { say: 'In which order does production run?', run: ['order', 'env=prod'] },
      { say: 'Deploy all of it, with real Terraform.', deploy: ['deploy', '--all', '--yes'] },
      {
        say: 'Somebody moves the database to another port …',
        edit: 'iac/prod/rds-postgres/orders/config.json',
        replace: [/"port":\s*\d+/, '"port": 6432'],
      },
      { say: '… what does that really change?', run: ['impact', '--since', 'HEAD'] },
      {
        say: 'Commit it, and deploy again: what must run runs, the rest is skipped with proof.',
        commit: 'Move the orders database to port 6432',
        deploy: ['deploy', '--all', '--yes'],
      },
      { say: 'And why is checkout as it is?', deploy: ['why', 'prod/ecs-service/checkout'] },
      {
        say: 'The next change is proposed before it happens: a commit that nobody has checked out, and what it would do.',
        run: [
          ...['change', 'propose', 'prod/vpc/main', '--set', 'az_count=2'],
          ...['--reason', 'two zones are enough for the shop'],
        ],
      },
      { say: 'Somebody agrees to exactly that …', run: ['change', 'approve', 'cr-1'] },
      {
        say: '… and it is applied: committed, deployed with what rests on it, recorded.',
        deploy: ['change', 'apply', 'cr-1', '--yes'],
      },
      {
        say: 'Every step of it stands in the ledger, and `karma change revert` would take it back.',
        run: ['change', 'list', '--all'],
      },
    ],
    next: [
      'karma list --group-by env',
      'karma outputs prod/vpc/main',
      'karma check',
      'karma config show prod/s3-bucket/shop --explain',
      'karma diff HEAD..',
      'karma serve --open',
    ],
  },
  terragrunt: {
    example: 'terragrunt',
    about: 'Terragrunt units with shared includes and a stack',
    steps: [
      { say: 'What is here?', run: [] },
      { say: 'In which order does it run?', run: ['order'] },
      { say: 'Who reads which output of the network, and where?', run: ['outputs', 'live/prod/network'] },
      { say: 'Why does the app wait for the network?', run: ['why', 'live/prod/app', 'live/prod/network'] },
      {
        say: 'Somebody edits an include that every app shares …',
        edit: '_envcommon/app.hcl',
        replace: [/^/, '# A comment, which changes nothing.\n'],
      },
      { say: '… what does that really change?', run: ['impact', '--since', 'HEAD'] },
    ],
    next: ['karma list', 'karma check', 'karma serve --open'],
  },
  terraform: {
    example: 'terraform',
    about: "plain root modules that read each other's state",
    steps: [
      { say: 'What is here?', run: [] },
      { say: 'In which order does it run?', run: ['order'] },
      { say: 'Who reads which output of the network, and where?', run: ['outputs', 'network'] },
      { say: 'Who is affected when it changes?', run: ['impact', 'network'] },
    ],
    next: ['karma list', 'karma check', 'karma serve --open'],
  },
});

export const run: Verb = async ({ options, output, shell }) => {
  const given = options['layout'];
  const name = Array.isArray(given) ? String(given[0]) : (textOption(options, 'layout') ?? 'adage');
  const story = stories[name];
  if (story === undefined)
    throw new KarmaError('KARMA_USAGE', `there is no demo of \`${name}\``, {
      hint: `one of ${Object.keys(stories).join(', ')}`,
    });
  const folder = temporaryFolder();
  try {
    return await tell(story, join(folder, story.example), output, shell);
  } finally {
    if (flagOption(options, 'keep')) output.answer(`\nkept: ${folder}`);
    else rmSync(folder, { recursive: true, force: true });
  }
};

/** @throws KARMA_DATA_UNWRITABLE */
function temporaryFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), 'karma-demo-'));
  } catch (cause) {
    throw new KarmaError('KARMA_DATA_UNWRITABLE', `no folder can be made in ${tmpdir()}`, {
      hint: 'TMPDIR names another folder for what is temporary',
      cause,
    });
  }
}

async function tell(story: Story, estate: string, output: Output, shell: Shell): Promise<ExitCode> {
  const { style } = output;
  cpSync(examplePath(story.example), estate, { recursive: true });
  commit(estate, 'the estate as it is');
  output.answer(`${style.bold(`A demo on ${story.about}.`)}\nNothing leaves this machine; it ends without a trace.`);
  const terraform = ['terraform', 'tofu'].find(onPath);
  let worst: ExitCode = 0;
  for (const step of story.steps) {
    if ('edit' in step) {
      const file = join(estate, step.edit);
      writeFileSync(file, readFileSync(file, 'utf8').replace(...step.replace));
      output.answer(`\n${style.blue(step.say)}\n${style.dim(`  ${step.edit}: ${step.replace[1]}`)}`);
      continue;
    }
    const words = 'run' in step ? step.run : step.deploy;
    output.answer(`\n${style.blue(step.say)}\n${style.dim(`$ karma ${words.map(shellWord).join(' ')}`.trimEnd())}`);
    if ('deploy' in step && terraform === undefined) {
      output.answer('  skipped: terraform is not on this machine. Install it (or OpenTofu) to see this part.');
      continue;
    }
    if ('deploy' in step && step.commit !== undefined) commit(estate, step.commit);
    const exit = await shell.run([...inEstate(words, estate), '-C', estate]);
    if (exit !== 0) worst = exit;
  }
  output.answer(
    `\n${style.bold('Try next, in a repository of your own:')}\n${['karma', ...story.next].map((line) => `  ${line}`).join('\n')}`,
  );
  await offerPages(estate, shell);
  return worst;
}

/** Whoever tries it by hand may look at the same in a browser; in a pipe or in CI nobody is asked. */
async function offerPages(estate: string, shell: Shell): Promise<void> {
  if (process.env['CI'] === 'true' || !isTerminal()) return;
  const never = new AbortController().signal;
  if (await goesOn('\nLook at this estate in the browser?', never))
    await shell.run(['serve', '--open', '--port', '0', '-C', estate]);
}

/** What is written goes into the demo's own folder, which is removed at the end. */
function inEstate(words: readonly string[], estate: string): readonly string[] {
  if (words.length === 0) return ['overview'];
  return words.map((word, place) => (words[place - 1] === '--out' ? join(estate, word) : word));
}

/** The examples lie beside the source in the repository and beside the bundle in the package. */
function examplePath(name: string): string {
  for (const up of ['../../../../examples', '../examples']) {
    const path = fileURLToPath(new URL(`${up}/${name}`, import.meta.url));
    if (existsSync(path)) return path;
  }
  throw new KarmaError('KARMA_UNREADABLE', `the example \`${name}\` is not in this package`, {
    hint: 'install the package again',
  });
}

function commit(folder: string, message: string): void {
  const git = (...args: string[]) =>
    execFileSync(
      'git',
      [
        '-C',
        folder,
        '-c',
        'user.name=Karma Demo',
        '-c',
        'user.email=demo@example.com',
        '-c',
        'commit.gpgsign=false',
        '-c',
        'core.hooksPath=',
        ...args,
      ],
      { stdio: 'pipe' },
    );
  try {
    if (!existsSync(join(folder, '.git'))) git('init', '-q', '-b', 'main');
    git('add', '-A');
    git('commit', '-q', '--allow-empty', '-m', message);
  } catch (cause) {
    throw new KarmaError('KARMA_GIT', 'the demo needs git, and it did not run', { hint: 'install git', cause });
  }
}

function onPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
}
