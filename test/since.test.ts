import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { EngineContext } from '../src/engine/context.ts';
import { ChangedModules } from '../src/engine/range/changed-modules.ts';
import { type ComparedRange, compareRange } from '../src/engine/range/compare-range.ts';
import { sameCodeBetween } from '../src/engine/range/same-code.ts';
import { viewOf } from '../src/engine/view/load-view.ts';
import { openEstate } from '../src/engine/view/open-estate.ts';
import type { LoadedView } from '../src/engine/view/view.ts';
import { type Comparison, compareEnds } from '../src/graph/impact-of-change/compare.ts';
import { diffEvaluated } from '../src/graph/impact-of-change/evaluated-diff.ts';
import type { RangeEnd } from '../src/graph/impact-of-change/range-end.ts';
import { canonicalJson } from '../src/model/digest.ts';
import { noCache } from '../src/observe/cache/no-cache.fixture.ts';
import { openEngine } from '../src/wiring/open.ts';

/** What a Git range does, held on real repositories against a full evaluation of both ends. */

type Files = ReadonlyMap<string, string>;

const folder = mkdtempSync(join(tmpdir(), 'karma-since-'));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
let made = 0;

const environment = {
  PATH: process.env['PATH'],
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'tester',
  GIT_AUTHOR_EMAIL: 'tester@example.org',
  GIT_COMMITTER_NAME: 'tester',
  GIT_COMMITTER_EMAIL: 'tester@example.org',
};

function git(place: string, ...args: string[]): string {
  return execFileSync('git', ['-C', place, ...args], { encoding: 'utf8', env: environment, stdio: 'pipe' }).trim();
}

/** A repository whose commits are whole states of its files. */
class History {
  readonly place: string;
  readonly context: EngineContext;
  #files: Files = new Map();

  constructor(files: Files | Readonly<Record<string, string>>) {
    made += 1;
    this.place = join(folder, `estate-${made}`);
    mkdirSync(this.place);
    git(this.place, 'init', '-q', '-b', 'main');
    this.commit(files instanceof Map ? files : new Map(Object.entries(files)));
    this.context = openEngine({
      options: { dir: this.place, data: join(folder, `data-${made}`) },
      env: environment,
      version: 'test',
    }).as({ door: 'cli' });
  }

  get files(): Files {
    return this.#files;
  }

  commit(files: Files): string {
    for (const path of this.#files.keys()) if (!files.has(path)) rmSync(join(this.place, path));
    for (const [path, text] of files) {
      if (this.#files.get(path) === text) continue;
      mkdirSync(dirname(join(this.place, path)), { recursive: true });
      writeFileSync(join(this.place, path), text);
    }
    this.#files = files;
    git(this.place, 'add', '-A');
    git(this.place, 'commit', '-q', '--allow-empty', '-m', 'change');
    return git(this.place, 'rev-parse', 'HEAD');
  }

  /** The last commit but with these files laid over it, or taken away. */
  change(over: Readonly<Record<string, string | undefined>>): string {
    const files = new Map(this.#files);
    for (const [path, text] of Object.entries(over)) {
      if (text === undefined) files.delete(path);
      else files.set(path, text);
    }
    return this.commit(files);
  }

  since(range = 'HEAD~1..HEAD'): Promise<ComparedRange> {
    return compareRange(this.context, range);
  }

  async last(): Promise<Comparison> {
    return (await this.since()).comparison;
  }

  async full(at: string): Promise<LoadedView> {
    const fresh = { ...this.context, cache: noCache };
    return viewOf(fresh, await openEstate(fresh, { at }), 'revision', { needsClaims: true });
  }
}

const module = (size = 'number', extra = '') => `variable "size" { type = ${size} }
variable "peer" { default = "" }
resource "null_resource" "this" { triggers = { size = var.size } }
output "id" { value = null_resource.this.id }
output "size" { value = var.size }
${extra}`;

const terragrunt: Readonly<Record<string, string>> = {
  'root.hcl': `locals {
  region = "eu-west-1"
}
remote_state {
  backend = "s3"
  config = {
    bucket = "states"
    key    = "\${path_relative_to_include()}/terraform.tfstate"
    region = local.region
  }
}
generate "provider" {
  path     = "provider.tf"
  contents = "provider \\"aws\\" { region = \\"\${local.region}\\" }"
}
`,
  'common/app.hcl': `locals {
  size = 2
}
terraform {
  source = "\${get_repo_root()}/modules/app"
}
inputs = {
  size = local.size
}
`,
  'modules/app/main.tf': module(),
  'modules/vpc/main.tf': module(),
  'modules/vpc/README.md': '# vpc\n',
  'live/vpc/terragrunt.hcl': `include "root" {
  path = find_in_parent_folders("root.hcl")
}
terraform {
  source = "\${get_repo_root()}/modules/vpc"
}
inputs = {
  size = 1
}
`,
  ...Object.fromEntries(
    ['a', 'b', 'c'].map((name) => [
      `live/${name}/terragrunt.hcl`,
      `include "root" {
  path = find_in_parent_folders("root.hcl")
}
include "app" {
  path   = "\${get_repo_root()}/common/app.hcl"
  expose = true
}
dependency "vpc" {
  config_path = "../vpc"
}
inputs = {
  peer = upper(dependency.vpc.outputs.id)
  name = "${name}"
}
`,
    ]),
  ),
};

const terraform: Readonly<Record<string, string>> = {
  'modules/app/main.tf': module(),
  ...Object.fromEntries(
    ['net', 'web', 'api'].flatMap((name) => [
      [
        `${name}/main.tf`,
        `terraform {
  backend "s3" {
    bucket = "states"
    key    = "${name}.tfstate"
  }
}
variable "size" {}
variable "given" {}
module "app" {
  source = "../modules/app"
  size   = var.size
}
output "id" { value = module.app.id }
${name === 'net' ? '' : 'data "terraform_remote_state" "net" {\n  backend = "s3"\n  config  = { bucket = "states", key = "net.tfstate" }\n}\noutput "net" { value = data.terraform_remote_state.net.outputs.id }\n'}`,
      ],
      [`${name}/terraform.tfvars`, 'size = 1\n'],
    ]),
  ),
};

const reader = (type: string, reads: string) => `variable "iac_prefix" { default = "/iac" }
variable "nickname" {}
data "aws_ssm_parameter" "config" { name = "\${var.iac_prefix}/${type}/\${var.nickname}/config" }
locals { config = jsondecode(data.aws_ssm_parameter.config.value) }
${reads}
resource "aws_ssm_parameter" "runtime" {
  name  = "\${var.iac_prefix}/${type}/\${var.nickname}/runtime"
  type  = "String"
  value = jsonencode({ id = local.config.size })
}
`;

const adage: Readonly<Record<string, string>> = {
  'karma.yaml': 'estate: acme\n',
  'account_environments/acme-dev.json': '{ "name": "acme-dev", "environment": "dev", "config_branch": "main" }\n',
  'components/vpc/main.tf': reader('vpc', ''),
  'components/app/main.tf': reader(
    'app',
    `data "aws_ssm_parameter" "vpc" { name = "\${var.iac_prefix}/vpc/\${local.config.vpc_nickname}/runtime" }
output "vpc" { value = jsondecode(data.aws_ssm_parameter.vpc.value).id }`,
  ),
  'iac/dev/vpc/main/config.json': '{ "size": 1 }\n',
  'iac/_base/app/base/config.json': '{ "size": 2, "vpc_nickname": "main" }\n',
  ...Object.fromEntries(
    ['a', 'b', 'c'].map((name) => [
      `iac/dev/app/${name}/config.json`,
      `{ "$extends": "_base/app/base", "name": "${name}" }\n`,
    ]),
  ),
};

interface Edit {
  readonly name: string;
  /** Nothing that it does may be called changed. */
  readonly idle?: true;
  readonly apply: (files: Map<string, string>, pick: number) => void;
}

function sources(files: ReadonlyMap<string, string>, form: RegExp): string[] {
  return [...files.keys()].filter((path) => form.test(path)).sort();
}

function chosen(list: readonly string[], pick: number): string | undefined {
  return list[pick % Math.max(1, list.length)];
}

const rewrite =
  (form: RegExp, change: (text: string, pick: number) => string): Edit['apply'] =>
  (files, pick) => {
    const path = chosen(sources(files, form), pick);
    if (path !== undefined) files.set(path, change(files.get(path) ?? '', pick));
  };

const move =
  (form: RegExp): Edit['apply'] =>
  (files, pick) => {
    const path = chosen(sources(files, form), pick);
    if (path === undefined) return;
    const from = dirname(path);
    for (const [file, text] of [...files])
      if (file.startsWith(`${from}/`)) {
        files.delete(file);
        files.set(`${from}-${pick}${file.slice(from.length)}`, text);
      }
  };

const hclEdits = (code: RegExp, values: RegExp): Edit[] => [
  { name: 'comment', idle: true, apply: rewrite(code, (text, pick) => `# note ${pick}\n${text}`) },
  { name: 'whitespace', idle: true, apply: rewrite(code, (text) => text.replaceAll(' = ', '   =   ')) },
  { name: 'size', apply: rewrite(values, (text, pick) => text.replace(/(size\s*=\s*)\d+/, `$1${pick}`)) },
  {
    name: 'module file',
    apply: rewrite(/^modules\/.*\.tf$/, (text, pick) => `${text}output "o${pick}" { value = ${pick} }\n`),
  },
  { name: 'required variable', apply: rewrite(/^modules\/.*\.tf$/, (text, pick) => `${text}variable "v${pick}" {}\n`) },
];

const estates: readonly { readonly layout: string; readonly files: typeof adage; readonly edits: readonly Edit[] }[] = [
  {
    layout: 'terragrunt',
    files: terragrunt,
    edits: [
      ...hclEdits(/\.(?:hcl|tf)$/, /\.hcl$/),
      {
        name: 'region',
        apply: rewrite(/^root\.hcl$/, (text, pick) => text.replace(/region = ".*"/, `region = "r${pick}"`)),
      },
      { name: 'rename', apply: move(/^live\/.*terragrunt\.hcl$/) },
      {
        name: 'delete',
        apply: (files, pick) => void files.delete(chosen(sources(files, /^live\/.*terragrunt\.hcl$/), pick) ?? ''),
      },
      {
        name: 'add',
        apply: (files, pick) =>
          void files.set(`live/new-${pick}/terragrunt.hcl`, terragrunt['live/a/terragrunt.hcl'] ?? ''),
      },
      {
        name: 'extract a local',
        idle: true,
        apply: (files) => {
          const text = files.get('common/app.hcl') ?? '';
          if (!text.includes('size = local.size')) return;
          files.set(
            'common/app.hcl',
            text
              .replace('size = local.size', 'size = local.extracted')
              .replace(/locals \{/, 'locals {\n  extracted = local.size'),
          );
        },
      },
      {
        name: 'other dependency',
        apply: rewrite(/^live\/[abc].*terragrunt\.hcl$/, (text, pick) =>
          text.replace(/config_path = ".*"/, `config_path = "../${['vpc', 'a', 'b'][pick % 3]}"`),
        ),
      },
      {
        name: 'README of a module',
        idle: true,
        apply: (files, pick) => void files.set('modules/vpc/README.md', `# ${pick}\n`),
      },
      { name: 'iam_role', apply: rewrite(/\.hcl$/, (text, pick) => `${text}iam_role = "role-${pick}"\n`) },
      { name: 'broken', apply: rewrite(/\.hcl$/, (text) => `${text}inputs = {\n`) },
    ],
  },
  {
    layout: 'terraform',
    files: terraform,
    edits: [
      ...hclEdits(/\.(?:tf|tfvars)$/, /\.tfvars$/),
      { name: 'rename', apply: move(/^(?!modules)[^/]+\/main\.tf$/) },
      {
        name: 'backend',
        apply: rewrite(/^[^/]+\/main\.tf$/, (text, pick) => text.replace(/key {4}= ".*"/, `key    = "k${pick}"`)),
      },
      { name: 'unset', apply: rewrite(/\.tfvars$/, () => '') },
    ],
  },
  {
    layout: 'adage',
    files: adage,
    edits: [
      { name: 'whitespace', idle: true, apply: rewrite(/\.json$/, (text) => ` ${text.replaceAll(': ', ' :  ')}`) },
      { name: 'comment', idle: true, apply: rewrite(/\.tf$/, (text, pick) => `# note ${pick}\n${text}`) },
      { name: 'size', apply: rewrite(/config\.json$/, (text, pick) => text.replace(/"size": \d+/, `"size": ${pick}`)) },
      { name: 'key', apply: rewrite(/config\.json$/, (text, pick) => text.replace('{ ', `{ "k${pick}": 1, `)) },
      { name: 'rename', apply: move(/^iac\/dev\/.*config\.json$/) },
      {
        name: 'delete',
        apply: (files, pick) => void files.delete(chosen(sources(files, /^iac\/.*config\.json$/), pick) ?? ''),
      },
      { name: 'module', apply: rewrite(/\.tf$/, (text, pick) => `${text}output "o${pick}" { value = ${pick} }\n`) },
    ],
  },
];

/** Everything the range answer says, held against both ends evaluated in full with nothing kept and no list of files. */
async function holds(history: History, label: string): Promise<Comparison> {
  const { comparison, views } = await history.since();
  const [before, after] = [await history.full('HEAD~1'), await history.full('HEAD')];
  expect(views.before.hash, label).toBe(before.hash);
  expect(views.after.hash, label).toBe(after.hash);
  const ends = { before: endOf(before), after: endOf(after) };
  const renames = new Map(comparison.moved.map(({ was, id }) => [was, id]));
  const [old, now] = [before.estate?.view.main, after.estate?.view.main];
  const full = compareEnds(ends.before, ends.after, {
    renames,
    ...(old === undefined || now === undefined
      ? {}
      : { sameCode: sameCodeBetween(old, now, new ChangedModules(old, now)).sameCode }),
  });
  for (const part of ['changed', 'undecided', 'added', 'removed', 'states', 'variables', 'contracts'] as const)
    expect(canonicalJson(comparison[part]), `${label}: ${part}`).toBe(canonicalJson(full[part]));
  const told = new Set([...comparison.changed, ...comparison.undecided].map(({ id }) => id));
  for (const id of after.graph.ids) {
    const was = [...renames].find(([, is]) => is === id)?.[0] ?? id;
    const [one, other] = [ends.before.claim(was), ends.after.claim(id)];
    if (told.has(id) || one === undefined || other === undefined || was !== id) continue;
    const { changed, undecided } = diffEvaluated(one.evaluated, other.evaluated);
    const touched = canonicalJson(one.readSet) !== canonicalJson(other.readSet);
    expect(changed, `${label}: ${id} is not called changed`).toEqual([]);
    if (touched) expect(undecided, `${label}: ${id} is called identical`).toEqual([]);
  }
  return comparison;
}

function endOf({ graph, built }: LoadedView): RangeEnd {
  return { graph, claim: (id) => built?.resolver.claim(id) };
}

describe.each(estates)('random histories of a $layout estate', ({ files, edits }) => {
  it('are told as a full evaluation of both ends tells them, and what means nothing changes nothing', async () => {
    const step = fc.record({ edit: fc.nat(edits.length - 1), pick: fc.nat(40) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 5 }), async (steps) => {
        const history = new History(files);
        for (const { edit, pick } of steps) {
          const one = edits[edit];
          if (one === undefined) continue;
          const next = new Map(history.files);
          one.apply(next, pick);
          history.commit(next);
          const comparison = await holds(history, `${one.name} ${pick}`);
          if (one.idle === true && !isBroken(history.files))
            expect(
              [...comparison.changed, ...unproved(comparison), ...comparison.added, ...comparison.removed],
              `${one.name} ${pick} means nothing`,
            ).toEqual([]);
        }
      }),
      { numRuns: 8, seed: 7, endOnFailure: true },
    );
  });
});

/** What is undecided although nothing at either end is unreadable or fails. */
function unproved({ undecided }: Comparison): unknown[] {
  return undecided.filter(({ reasons }) => !reasons.some((reason) => /^[a-z-]+: /.test(reason)));
}

/** A file that does not parse hides what an edit does to it. */
function isBroken(files: Files): boolean {
  return [...files.values()].some((text) => text.endsWith('inputs = {\n'));
}

describe('what a range does', () => {
  it('names the keys of exactly the units that change, before → after', async () => {
    const history = new History(terragrunt);
    history.change({ 'common/app.hcl': (terragrunt['common/app.hcl'] ?? '').replace('size = 2', 'size = 3') });
    const { changed, undecided } = await holds(history, 'size');
    expect(undecided).toEqual([]);
    expect(changed.map(({ id, keys }) => [id, keys])).toEqual(
      ['a', 'b', 'c'].map((name) => [`live/${name}`, [{ pointer: '/inputs/size', before: 2, after: 3 }]]),
    );
  });

  it('follows a folder that is renamed as a whole: nothing but state keys and paths changes', async () => {
    const history = new History(terragrunt);
    const next = new Map([...history.files].map(([path, text]) => [path.replace(/^live\//, 'estate/'), text] as const));
    history.commit(next);
    const { moved, changed, added, removed, states } = await holds(history, 'renamed');
    expect([added, removed]).toEqual([[], []]);
    expect(moved.map(({ was, id }) => [was, id])).toEqual(
      ['a', 'b', 'c', 'vpc'].map((name) => [`live/${name}`, `estate/${name}`]),
    );
    expect(new Set(changed.flatMap(({ keys }) => keys.map(({ pointer }) => pointer)))).toEqual(
      new Set(['/state/config/key', 'state']),
    );
    expect(states.moved.map(({ from, to }) => [from, to])).toContainEqual([
      's3://states/live/a/terraform.tfstate',
      's3://states/estate/a/terraform.tfstate',
    ]);
  });

  it('tells another dependency under the same name from the same one', async () => {
    const history = new History(terragrunt);
    const text = terragrunt['live/b/terragrunt.hcl'] ?? '';
    history.change({ 'live/b/terragrunt.hcl': text.replace('"../vpc"', '"../a"') });
    const { changed } = await holds(history, 'dependency');
    expect(changed.map(({ id, keys }) => [id, keys])).toEqual([
      ['live/b', [{ pointer: '/dependency/vpc/config_path', before: 'live/vpc', after: 'live/a' }]],
    ]);
  });

  it('sees a secret file and a script that another program reads', async () => {
    const history = new History({
      ...terragrunt,
      'live/vpc/secrets.yaml': 'password: ENC[1]\n',
      'live/vpc/terragrunt.hcl': `locals {
  secrets = yamldecode(sops_decrypt_file("secrets.yaml"))
}
inputs = { password = local.secrets.password }
`,
    });
    history.change({ 'live/vpc/secrets.yaml': 'password: ENC[2]\n' });
    const { undecided, files } = await holds(history, 'sops');
    expect(files.unread).toEqual([]);
    expect(undecided.map(({ id }) => id)).toEqual(['live/vpc']);
  });

  it('tells readers of an output that vanishes, with file and line, and variables newly required', async () => {
    const history = new History(terragrunt);
    const text = terragrunt['modules/vpc/main.tf'] ?? '';
    history.change({
      'modules/vpc/main.tf': `${text.replace('output "id"', 'output "key"')}variable "zone" {}\n`,
    });
    const { contracts, variables } = await holds(history, 'contract');
    expect(contracts.map(({ component, output, change }) => [component, output, change])).toEqual([
      ['live/vpc', 'id', 'dropped'],
    ]);
    const [contract] = contracts;
    expect(contract?.broken.map(({ component, evidence: [place] }) => [component, place?.file, place?.line])).toEqual(
      ['a', 'b', 'c'].map((name) => [`live/${name}`, `live/${name}/terragrunt.hcl`, 12]),
    );
    expect(variables.required).toEqual([{ component: 'live/vpc', variable: 'zone', given: false }]);
  });

  it('follows a change of layout, a merge, and the work tree as it is', async () => {
    const history = new History(terraform);
    const base = git(history.place, 'rev-parse', 'HEAD');
    history.change({
      'net/main.tf': undefined,
      'net/terraform.tfvars': undefined,
      'net/terragrunt.hcl': 'inputs = {}\n',
    });
    const { changed } = await history.last();
    expect(changed.find(({ id }) => id === 'net')?.keys).toEqual([
      { pointer: 'layout', before: 'terraform', after: 'terragrunt' },
    ]);
    git(history.place, 'checkout', '-q', '-b', 'side', base);
    writeFileSync(join(history.place, 'web/terraform.tfvars'), 'size = 5\n');
    git(history.place, 'commit', '-q', '-a', '-m', 'side');
    git(history.place, 'merge', '-q', '-m', 'merge', 'main');
    const merged = await compareRange(history.context, 'main..HEAD');
    expect(merged.comparison.changed.map(({ id }) => id)).toEqual(['web']);
    const fromBase = await compareRange(history.context, 'main...HEAD');
    expect(fromBase.comparison.changed.map(({ id }) => id)).toEqual(['web']);
    writeFileSync(join(history.place, 'api/terraform.tfvars'), 'size = 9\n');
    const dirty = await compareRange(history.context, 'HEAD');
    expect(dirty.comparison.changed.map(({ id, keys }) => [id, keys])).toEqual([
      ['api', [{ pointer: '/variables/size', before: 1, after: 9 }]],
    ]);
  });

  it('says how to fetch what a shallow clone lacks, and that two histories have nothing in common', async () => {
    const history = new History(terragrunt);
    history.change({ 'root.hcl': `# note\n${terragrunt['root.hcl'] ?? ''}` });
    const clone = join(folder, `shallow-${made}`);
    execFileSync('git', ['clone', '-q', '--depth', '1', `file://${history.place}`, clone], { env: environment });
    const shallow: EngineContext = { ...history.context, request: { cwd: clone, repos: [], fetchedModules: 'none' } };
    await expect(compareRange(shallow, 'HEAD~1..HEAD')).rejects.toMatchObject({
      code: 'KARMA_SHALLOW',
      hint: expect.stringContaining('fetch --unshallow'),
    });
    git(history.place, 'checkout', '-q', '--orphan', 'other');
    git(history.place, 'commit', '-q', '-m', 'other');
    await expect(compareRange(history.context, 'main...other')).rejects.toMatchObject({
      code: 'KARMA_UNRELATED',
      hint: expect.stringContaining('main..other'),
    });
    const { comparison } = await compareRange(history.context, 'main..other');
    expect(comparison.changed).toEqual([]);
  });

  it('follows a module across its ref, where its repository is at hand', async () => {
    const mirror = new History({ 'app/main.tf': module() });
    git(mirror.place, 'tag', 'v1');
    git(mirror.place, 'remote', 'add', 'origin', 'https://example.org/acme/modules.git');
    mirror.change({ 'app/main.tf': `${module().replace('output "size"', 'output "amount"')}variable "zone" {}\n` });
    git(mirror.place, 'tag', 'v2');
    const unit = (ref: string) => `terraform {
  source = "git::https://example.org/acme/modules.git//app?ref=${ref}"
}
inputs = { size = 1 }
`;
    const history = new History({
      'live/app/terragrunt.hcl': unit('v1'),
      'live/web/terragrunt.hcl': `dependency "app" {
  config_path = "../app"
}
inputs = { size = dependency.app.outputs.size }
`,
    });
    history.change({ 'live/app/terragrunt.hcl': unit('v2') });
    const context: EngineContext = {
      ...history.context,
      request: { cwd: history.place, repos: [mirror.place], fetchedModules: 'none' },
    };
    const { comparison, fixed } = await compareRange(context, 'HEAD~1..HEAD');
    expect(fixed.map(({ repository }) => repository)).toEqual(['modules']);
    expect(comparison.changed.map(({ id }) => id)).toEqual(['live/app']);
    expect(
      comparison.contracts.map(({ output, change, broken }) => [output, change, broken.map((one) => one.component)]),
    ).toEqual([['size', 'dropped', ['live/web']]]);
    expect(comparison.variables.required).toEqual([{ component: 'live/app', variable: 'zone', given: false }]);
  });

  it('tells outputs that change shape under their readers, in the repository and across a source', async () => {
    const net = (
      subnets: string,
      extra = '',
    ) => `output "net" { value = { ids = ${subnets}, cidr = "10.0.0.0/8"${extra} } }
output "free" { value = var.anything }
variable "anything" {}
`;
    const history = new History({
      'modules/net/main.tf': net('["a"]', ', zone = "z"'),
      'modules/other/main.tf': net('{ a = "a" }'),
      'live/net/terragrunt.hcl': 'terraform {\n  source = "../../modules/net"\n}\ninputs = { anything = 1 }\n',
      'live/web/terragrunt.hcl': `dependency "net" {
  config_path = "../net"
}
inputs = {
  ids = dependency.net.outputs.net.ids
  zone = try(dependency.net.outputs.net.zone, "")
}
`,
    });
    const shown = async () =>
      (await history.last()).contracts.map(({ pointer, change, verdict, broken, tolerating }) => [
        pointer,
        change,
        verdict,
        ...[...broken, ...tolerating].map(
          ({ component, evidence: [place] }) => `${component} ${place?.file}:${place?.line}`,
        ),
      ]);
    history.change({ 'modules/net/main.tf': net('toset(["b"])', ', zone = "z", more = 1') });
    expect(await shown()).toEqual([]);
    history.change({ 'modules/net/main.tf': net('toset(["b"])', ', more = 1') });
    expect(await shown()).toEqual([
      ['/net/zone', 'member zone is gone', 'warned', 'live/web live/web/terragrunt.hcl:6'],
    ]);
    history.change({
      'live/net/terragrunt.hcl': 'terraform {\n  source = "../../modules/other"\n}\ninputs = { anything = [] }\n',
    });
    expect(await shown()).toEqual([
      ['/net/ids', 'member ids list becomes object', 'refused', 'live/web live/web/terragrunt.hcl:5'],
      ['/net/more', 'member more is gone', 'unread'],
    ]);
  });

  it('counts whom karma.yaml names outside the estate among the readers of what is dropped', async () => {
    const history = new History({
      ...terragrunt,
      'karma.yaml': `estate: small
consumers:
  - who: the billing team
    reads: live/v*
    consumes: [/id]
  - who: somebody else
    reads: live/a
    consumes: [/id]
`,
    });
    const text = terragrunt['modules/vpc/main.tf'] ?? '';
    history.change({ 'modules/vpc/main.tf': text.replace('output "id"', 'output "key"') });
    const { contracts } = await history.last();
    const outside = contracts.flatMap(({ broken }) => broken.filter((one) => one.outside === true));
    expect(outside.map(({ component, evidence: [place] }) => [component, place?.file, place?.line])).toEqual([
      ['the billing team', 'karma.yaml', 3],
    ]);
    expect(contracts.map(({ verdict }) => verdict)).toEqual(['refused']);
  });

  it('answers a range of many readers from what it kept as it did at first, until karma.yaml says something else', async () => {
    const names = Array.from({ length: 120 }, (_, at) => `live/n${at}/terragrunt.hcl`);
    const unit = terragrunt['live/a/terragrunt.hcl'] ?? '';
    const history = new History({ ...terragrunt, ...Object.fromEntries(names.map((name) => [name, unit])) });
    const text = terragrunt['modules/vpc/main.tf'] ?? '';
    history.change({
      'root.hcl': `${terragrunt['root.hcl'] ?? ''}inputs = { peer = "x" }\n`,
      'modules/vpc/main.tf': text.replace('output "id"', 'output "key"'),
    });
    const first = await history.last();
    expect(first.readers).toBeGreaterThan(120);
    const kept = await history.last();
    expect(kept).toEqual(first);
    history.change({
      'root.hcl': `${terragrunt['root.hcl'] ?? ''}inputs = { peer = "x" }\n`,
      'karma.yaml': 'estate: small\ncontracts: warn\n',
    });
    const warned = (await history.since('HEAD~2..HEAD')).comparison;
    expect(warned.contracts.map(({ verdict }) => verdict)).toEqual(['warned']);
    expect(first.contracts.map(({ verdict }) => verdict)).toEqual(['refused']);
  });

  it('sees what a module hashes or lists outside its own folders, and a provider lock apart from the module', async () => {
    const hashing = `variable "name" { default = "" }
locals {
  code = filesha256("\${path.module}/../../lambda/code.py")
  all  = [for one in fileset("\${path.module}/../../lambda", "*.py") : filemd5("\${path.module}/../../lambda/\${one}")]
}
output "code" { value = local.code }
output "all" { value = local.all }
`;
    const history = new History({
      'lambda/code.py': 'print(1)\n',
      'lambda/other.py': 'print(2)\n',
      'modules/hash/main.tf': hashing,
      'live/fn/terragrunt.hcl': 'terraform {\n  source = "../../modules/hash"\n}\n',
      'roots/fn/main.tf': `${hashing}terraform {
  backend "s3" {
    bucket = "states"
    key    = "fn.tfstate"
  }
}
variable "data" {}
output "data" { value = file("\${path.module}/../../data/\${var.data}.txt") }
`,
      'roots/fn/terraform.tfvars': 'data = "a"\n',
      'roots/fn/.terraform.lock.hcl': 'provider "registry.terraform.io/hashicorp/null" {\n  version = "3.2.1"\n}\n',
      'data/a.txt': 'one\n',
    });
    const files = async () =>
      Object.fromEntries(
        (await history.last()).changed.map(({ id, keys }) => [id, keys.flatMap((key) => key.files ?? [key.pointer])]),
      );
    for (const [file, text] of [
      ['lambda/code.py', 'print(3)\n'],
      ['lambda/other.py', 'print(4)\n'],
      ['lambda/new.py', 'print(5)\n'],
    ] as const) {
      history.change({ [file]: text });
      expect(await files()).toEqual({ 'live/fn': [file], 'roots/fn': [file] });
    }
    history.change({ 'data/a.txt': 'two\n' });
    expect(await files()).toEqual({ 'roots/fn': ['data/a.txt'] });
    history.change({
      'roots/fn/.terraform.lock.hcl': 'provider "registry.terraform.io/hashicorp/null" {\n  version = "3.2.2"\n}\n',
    });
    expect((await history.last()).changed.map(({ keys }) => keys.map(({ pointer }) => pointer))).toEqual([
      ['providers', 'provider.null'],
    ]);
  });

  it('calls identical what only reorders, or changes the default of a variable that is given', async () => {
    const app = (size: string, locals: string) => `variable "size" {
  type    = number
  default = ${size}
}
variable "peer" { default = "" }
locals {
${locals}
}
output "id" { value = "\${local.a}-\${local.b}-\${var.size}" }
`;
    const history = new History({
      'modules/app/main.tf': app('1', '  a = 1\n  b = 2'),
      'live/given/terragrunt.hcl': 'terraform {\n  source = "../../modules/app"\n}\ninputs = { size = 5 }\n',
      'live/null/terragrunt.hcl': 'terraform {\n  source = "../../modules/app"\n}\ninputs = { size = null }\n',
      'live/left/terragrunt.hcl': 'terraform {\n  source = "../../modules/app"\n}\ninputs = {}\n',
      'roots/given/main.tf': `terraform {\n  backend "local" {}\n}\n${app('1', '  a = 1\n  b = 2')}`,
      'roots/given/terraform.tfvars': 'size = 3\n',
    });
    history.change({ 'modules/app/main.tf': app('1', '  b = 2\n  a = 1') });
    expect((await history.last()).identical).toEqual(['live/given', 'live/left', 'live/null']);
    history.change({ 'modules/app/main.tf': app('9', '  b = 2\n  a = 1') });
    const { identical, changed } = await history.last();
    expect(identical).toEqual(['live/given']);
    expect(changed.map(({ id }) => id)).toEqual(['live/left', 'live/null']);
    history.change({ 'roots/given/main.tf': `terraform {\n  backend "local" {}\n}\n${app('7', '  a = 1\n  b = 2')}` });
    expect((await history.last()).identical).toEqual(['roots/given']);
    history.change({ 'roots/given/main.tf': `terraform {\n  backend "local" {}\n}\n${app('7', '  a = 4\n  b = 2')}` });
    expect((await history.last()).changed.map(({ id }) => id)).toEqual(['roots/given']);
  });

  it('looks into a submodule that stands at another commit', async () => {
    const inner = new History({ 'app/main.tf': module(), 'other/main.tf': module() });
    const history = new History({
      'live/app/terragrunt.hcl': 'terraform {\n  source = "../../vendor/app"\n}\ninputs = { size = 1 }\n',
      'live/other/terragrunt.hcl': 'terraform {\n  source = "../../vendor/other"\n}\ninputs = { size = 1 }\n',
    });
    git(history.place, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner.place, 'vendor');
    git(history.place, 'commit', '-q', '-m', 'vendor');
    inner.change({ 'app/main.tf': module().replace('output "size"', 'output "amount"') });
    git(join(history.place, 'vendor'), '-c', 'protocol.file.allow=always', 'pull', '-q');
    git(history.place, 'commit', '-q', '-a', '-m', 'bump');
    const { changed, files } = await history.last();
    expect(changed.map(({ id, keys }) => [id, keys.flatMap((key) => key.files ?? [])])).toEqual([
      ['live/app', ['vendor/app/main.tf']],
    ]);
    expect(files).toEqual({ changed: 1, unread: [] });
  });
});

describe('files that are read', () => {
  const root = (code: string) => `terraform {\n  backend "s3" {\n    bucket = "b"\n    key    = "a"\n  }\n}\n${code}`;
  const around = {
    'config/dev.yaml': 'size: 1\n',
    'config/prod.yaml': 'size: 1\n',
    'config/notes.txt': 'x\n',
    'lambda/index.py': 'print(1)\n',
    'other/x': 'x\n',
  };
  const inPart = 'variable "env" {}\nlocals { c = file("../config/${var.env}.yaml") }\n';

  it.each<[string, string, string, 'changed' | 'undecided' | 'nobody', boolean]>([
    [
      'a path that evaluates',
      'output "c" { value = file("../config/dev.yaml") }\n',
      'config/dev.yaml',
      'changed',
      true,
    ],
    ['one that nothing uses', 'locals { c = file("../config/dev.yaml") }\n', 'config/dev.yaml', 'nobody', true],
    ['another file beside it', 'locals { c = file("../config/dev.yaml") }\n', 'config/prod.yaml', 'nobody', true],
    [
      'a folder that is zipped',
      'data "archive_file" "z" { source_dir = "../lambda" }\n',
      'lambda/index.py',
      'changed',
      true,
    ],
    ['a file that may be read', inPart, 'config/prod.yaml', 'undecided', false],
    ['one that cannot be', inPart, 'config/notes.txt', 'nobody', true],
    [
      'any file, where the path is not known',
      'variable "f" {}\nlocals { c = file(var.f) }\n',
      'other/x',
      'undecided',
      false,
    ],
  ])('%s', async (_what, code, file, verdict, complete) => {
    const history = new History({ ...around, 'a/main.tf': root(code) });
    history.change({ [file]: 'size: 2\n' });
    for (const range of ['HEAD~1..HEAD', 'HEAD~1']) {
      const { comparison } = await history.since(range);
      const touched = [...comparison.changed, ...comparison.undecided].map(({ id, is }) => `${id} ${is}`);
      expect(touched).toEqual(verdict === 'nobody' ? [] : [`a ${verdict}`]);
      expect(comparison.complete).toBe(complete);
    }
  });

  it('leaves nothing complete where the name of what a unit reads may be another one', async () => {
    const unit = `locals { e = run_cmd("scripts/env.sh") }\ninputs = { a = file("\${get_repo_root()}/config/\${local.e}.yaml") }\n`;
    const history = new History({ ...around, 'scripts/env.sh': 'echo dev\n', 'live/a/terragrunt.hcl': unit });
    for (const [file, reason] of [
      ['config/dev.yaml', 'config/*.yaml may be what it reads'],
      ['scripts/env.sh', 'scripts/env.sh is read by another program'],
    ] as const) {
      history.change({ [file]: 'another\n' });
      const comparison = await history.last();
      expect(comparison.undecided.map(({ id, reasons }) => [id, reasons.includes(reason)])).toEqual([['live/a', true]]);
      expect(comparison.complete).toBe(false);
    }
  });
});
