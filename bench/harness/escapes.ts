import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Random } from '../random.ts';
import { faultsOf } from './product.ts';
import { commit, copied, type Harness, mixed, repository, type World, writeFiles } from './world.ts';

/**
 * An estate that wants out: names that are code, links and pipes where files belong, a `karma.yaml` that points elsewhere. What
 * lies outside of it is neither read into an answer nor touched, and nothing that it names is run.
 */
export const escapes: Harness = async (world, rounds) => {
  const { product, random, folder, faults, say } = world;
  const whole = repository(join(folder, 'escape-whole'), mixed);
  for (let round = 0; round < rounds; round += 1) {
    const outside = join(folder, `escape-${round}-outside`);
    writeFiles(outside, {
      'secret.json': JSON.stringify({ note: marker }),
      'secret.hcl': `inputs = { note = "${marker}" }\n`,
      kept: 'kept',
    });
    // A repository of somebody else, whose name and files nobody asked for.
    repository(join(outside, 'theirs'), { [`live/${marker}/terragrunt.hcl`]: `inputs = { note = "${marker}" }\n` });
    const estate = copied(whole, join(folder, `escape-${round}`));
    const ways = waysOut(outside, random);
    const taken = Array.from({ length: 1 + random.below(3) }, () => random.pick(ways)).filter(
      (way) => way !== undefined,
    );
    for (const { make, isLast } of taken) if (isLast !== true) make(estate);
    if (random.below(2) === 0) commitQuietly(estate);
    for (const { make, isLast } of taken) if (isLast === true) make(estate);
    const at = ['-C', estate, '--data', join(folder, `escape-${round}-data`)];
    for (const args of questions(random)) {
      const told = await (random.below(20) === 0
        ? product.ask([...args, ...at])
        : product.askStaying([...args, ...at]));
      const about = `\n  ${taken.map(({ name }) => name).join('; ')}`;
      faults.push(...faultsOf(told).map((fault) => fault + about));
      if (`${told.stdout}${told.stderr}`.includes(marker))
        faults.push(`karma ${told.asked} shows what lies outside${about}`);
    }
    faults.push(
      ...untouched(world, outside, estate).map((fault) => `${fault}: ${taken.map(({ name }) => name).join('; ')}`),
    );
    for (const place of [estate, outside, join(folder, `escape-${round}-data`)])
      rmSync(place, { recursive: true, force: true, maxRetries: 3 });
    say(`escapes ${round}: ${taken.map(({ name }) => name).join('; ')}`);
  }
};

const marker = 'wh4tLiesOutside';

function questions(random: Random): readonly (readonly string[])[] {
  const all: readonly (readonly string[])[] = [
    ...[
      'list',
      'check',
      'export',
      'impact --since HEAD',
      'build',
      'check --write-baseline',
      'show live/vpc',
      'show dev/a/x',
      'doctor',
    ],
    ...[
      'config validate',
      'impact live/vpc',
      'impact --since HEAD --output matrix',
      'completion bash',
      'complete-ids',
      'modules list',
    ],
    ...[
      'config publish --all --dry-run',
      'status',
      'list --json',
      'order',
      'graph draw --format mermaid',
      'parameter list',
    ],
    ...[
      'config set dev/a/x size=3 --write',
      'config set live/vpc cidr=10.1.0.0/16 --there --write',
      'env promote dev stage --write --override',
      'env switch dev/a/x --to dev/c/x --write',
      'change propose dev/a/x --set size=4 --reason because',
      'change propose --from-worktree --reason because',
      'change propose --rename dev/a/x=dev/a/y --reason moves',
      'policy test',
      'init',
      'worker --once',
      'type infer a',
    ],
  ].map((line) => line.split(' '));
  return Array.from({ length: 4 }, () => random.pick(all) ?? []);
}

interface WayOut {
  readonly name: string;
  /** Made when everything is committed: Git itself would wait for it. */
  readonly isLast?: true;
  readonly make: (estate: string) => void;
}

function waysOut(outside: string, random: Random): readonly WayOut[] {
  const named = (name: string, make: WayOut['make']): WayOut => ({ name, make });
  const link = (path: string, target: string) =>
    named(`${path} → ${target.replace(outside, 'outside')}`, (estate) =>
      replace(join(estate, path), (place) => symlinkSync(target, place)),
    );
  const pipe = (path: string) =>
    named(`${path} is a pipe`, (estate) => replace(join(estate, path), (place) => execFileSync('mkfifo', [place])));
  const yaml = (text: string) =>
    named(`karma.yaml: ${text.replaceAll('\n', ' ')}`, (estate) =>
      put(estate, 'karma.yaml', `estate: harness\n${text}`),
    );
  const code =
    random.pick([
      '$(touch RAN)',
      '`touch RAN`',
      '; touch RAN',
      '| touch RAN',
      "'; touch RAN; '",
      '"$(touch RAN)"',
      '-rf',
      '--data=RAN',
      '\\$(touch RAN)',
      '&& touch RAN #',
    ]) ?? '';
  const paths = [
    'karma.yaml',
    'live/vpc/terragrunt.hcl',
    'iac/dev/a/x/config.json',
    'roots/net/main.tf',
    'account_environments/acme-dev.json',
    'components/a/main.tf',
    '.gitignore',
    'karma-baseline.json',
    'root.hcl',
    'CODEOWNERS',
  ];
  return [
    ...paths.flatMap((path) => [
      link(path, join(outside, path.endsWith('json') ? 'secret.json' : 'secret.hcl')),
      pipe(path),
      link(path, '/dev/zero'),
      link(path, path.split('/').at(-1) ?? ''),
    ]),
    ...['live', 'iac/dev/a', 'modules', 'components'].flatMap((path) => [
      link(path, outside),
      link(path, '/'),
      link(path, '..'),
    ]),
    named(`a folder called ${code}`, (estate) => {
      put(
        estate,
        join('live', code.replaceAll('/', ''), 'terragrunt.hcl'),
        `inputs = { x = run_cmd("touch", "RAN") }\n`,
      );
    }),
    ...[
      `stores:\n  data: ${outside}/data\n`,
      `repositories:\n  x: ${outside}\n`,
      'repositories:\n  x: /\n',
      `modules:\n  x: ${outside}\n`,
      'stores:\n  ledger: { type: dynamodb, table: t, endpoint: "http://127.0.0.1:9" }\n',
      'stores:\n  parameters: { type: ssm, endpoint: "http://127.0.0.1:9" }\n',
      `terraform:\n  binary: ${outside}/kept\n`,
      'terragrunt:\n  binary: "$(touch RAN)"\n',
      `baseline: ${outside}/kept\n`,
      `baseline: ../${basename(outside)}/kept\n`,
      `schemas: ${outside}\n`,
      'follow: "--upload-pack=touch RAN"\n',
      'follow: "$(touch RAN)"\n',
    ].map(yaml),
    ...[
      'file("/etc/hostname")',
      `file("${outside}/secret.hcl")`,
      `read_terragrunt_config("${outside}/secret.hcl").inputs.note`,
      'run_cmd("touch", "RAN")',
      'sops_decrypt_file("/etc/shadow")',
    ].map((expression) =>
      named(`a unit with ${expression.replace(outside, 'outside')}`, (estate) =>
        put(estate, 'live/vpc/terragrunt.hcl', `inputs = { x = ${expression} }\n`),
      ),
    ),
    named('$extends outside', (estate) =>
      put(estate, 'iac/dev/a/x/config.json', JSON.stringify({ $extends: `../../../../${basename(outside)}/secret` })),
    ),
    named('git config that runs programs', (estate) => {
      for (const key of programs) set(estate, key, `touch ${estate}/RAN`);
      put(estate, '.gitattributes', '* filter=x diff=x merge=x\n');
    }),
    ...[
      ...[
        'i18n.logOutputEncoding=utf-16',
        'diff.orderFile=/nowhere',
        'log.follow=true',
        'color.ui=always',
        'core.abbrev=4',
      ],
      ...['core.bare=true', 'core.worktree=/', 'core.worktree=..', 'include.path=/etc/passwd', 'include.path=config'],
      ...[
        'core.quotePath=true',
        'core.autocrlf=true',
        'diff.noprefix=true',
        'core.fileMode=maybe',
        'core.compression=99',
      ],
      ...[
        'extensions.partialClone=x',
        'remote.x.promisor=true',
        'extensions.objectFormat=sha256',
        'core.symlinks=false',
      ],
      `blame.ignoreRevsFile=${outside}/secret.hcl`,
      `mailmap.file=${outside}/secret.hcl`,
      `core.excludesFile=${outside}/secret.hcl`,
      `core.worktree=${outside}/theirs`,
    ].map((setting) =>
      named(`git config ${setting.replace(outside, 'outside')}`, (estate) => {
        const cut = setting.indexOf('=');
        set(estate, setting.slice(0, cut), setting.slice(cut + 1));
      }),
    ),
    ...gitWaysOut(join(outside, 'theirs/.git')),
  ];
}

const programs = [
  ...[
    'core.fsmonitor',
    'core.pager',
    'core.editor',
    'core.sshCommand',
    'core.askPass',
    'core.gitProxy',
    'core.hooksPath',
  ],
  ...[
    'core.alternateRefsCommand',
    'diff.external',
    'diff.x.command',
    'diff.x.textconv',
    'filter.x.clean',
    'filter.x.smudge',
  ],
  ...[
    'filter.x.process',
    'merge.x.driver',
    'gpg.program',
    'credential.helper',
    'pager.log',
    'pager.diff',
    'remote.origin.vcs',
  ],
  ...['remote.origin.uploadpack', 'uploadpack.packObjectsHook', 'trailer.x.command', 'interactive.diffFilter'],
];

/** In the estate's own settings: by hand, as who hands a folder over may write them. */
function set(estate: string, key: string, value: string): void {
  try {
    execFileSync('git', ['config', '--file', join(estate, '.git/config'), key, value], { stdio: 'ignore' });
  } catch {
    // Another way out stands there already.
  }
}

/** A `.git` that leads elsewhere, or that nobody gets to the end of. */
function gitWaysOut(theirs: string): readonly WayOut[] {
  const inGit = (name: string, path: string, make: (place: string) => void): WayOut => ({
    name: `${name}: .git${path}`,
    isLast: true,
    make: (estate) => replace(join(estate, `.git${path}`), make),
  });
  const text = (said: string) => (place: string) => writeFileSync(place, said);
  return [
    inGit('names another repository', '', text(`gitdir: ${theirs}\n`)),
    inGit('is a link to another one', '', (place) => symlinkSync(theirs, place)),
    inGit('shares what another has', '/commondir', text(`${theirs}\n`)),
    inGit('borrows without end', '/objects/info/alternates', text(`${theirs}/objects\n../objects\n`.repeat(3000))),
    inGit('leads out by its branch', '/HEAD', text('ref: refs/../../../theirs/.git/refs/heads/main\n')),
    inGit('lists the work tree of another', '/worktrees/w/gitdir', text(`${theirs}\n`)),
    ...['/HEAD', '/refs', '/refs/heads', '/refs/heads/main', '/objects', '/index', '/packed-refs', '/config'].flatMap(
      (path) => [
        inGit('is that of another one', path, (place) => symlinkSync(`${theirs}${path}`, place)),
        inGit('is a pipe', path, (place) => execFileSync('mkfifo', [place])),
        inGit('is a device', path, (place) => symlinkSync('/dev/zero', place)),
        inGit('is nothing', path, text('')),
        inGit('is noise', path, text('\u0000\u00ff[core]\u001b'.repeat(500))),
      ],
    ),
  ];
}

function replace(place: string, make: (place: string) => void): void {
  try {
    // Above it may stand a link by now, and nothing behind one is ours to change.
    if (realpathSync(dirname(place)) !== dirname(place)) return;
  } catch {
    // Not there yet.
  }
  try {
    rmSync(place, { recursive: true, force: true });
    mkdirSync(dirname(place), { recursive: true });
    make(place);
  } catch {
    // Another way out stands there already.
  }
}

/** In the place of whatever stands there: a pipe would be waited for, a link followed. */
function put(estate: string, path: string, text: string): void {
  replace(join(estate, path), (place) => writeFileSync(place, text));
}

/** Git refuses pipes and what leads nowhere; then the work tree alone has it. */
function commitQuietly(estate: string): void {
  try {
    execFileSync('git', ['-C', estate, 'config', '--unset-all', 'core.fsmonitor'], { stdio: 'ignore' });
  } catch {
    // It was never set.
  }
  try {
    commit(estate);
  } catch {
    // As it is.
  }
  // The commit is this harness's own, and so is what its filters ran.
  rmSync(join(estate, 'RAN'), { force: true });
}

function untouched({ folder, product: _ }: World, outside: string, estate: string): string[] {
  const faults: string[] = [];
  if (readFileSync(join(outside, 'kept'), 'utf8') !== 'kept') faults.push('a file outside was written');
  if (existsSync(join(outside, 'data'))) faults.push('data was kept where the estate says');
  for (const place of [estate, folder, join(estate, 'live'), outside, join(folder, 'home')])
    if (existsSync(join(place, 'RAN'))) faults.push(`something ran in ${place}`);
  return faults;
}
