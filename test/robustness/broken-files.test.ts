import { beforeAll, describe, expect, it } from 'vitest';
import { adageFiles, estateMaker, type Files, terraformFiles, terragruntFiles } from '../support/estates.ts';
import { type Answer, karma, karmaSeveral } from '../support/karma.ts';

/**
 * One file of a small estate is broken. Every question is still answered: the rest of the graph is there, a finding names
 * the file and the line, and `check` says what to do next.
 */

const { plain, repository } = estateMaker();

interface Finding {
  readonly code: string;
  readonly severity: string;
  readonly subject: string;
  readonly message: string;
  readonly evidence: readonly { readonly file?: string; readonly line?: number }[];
}

type Line =
  | {
      readonly kind: 'component';
      readonly id: string;
      readonly external: boolean;
      readonly blindSpots: readonly unknown[];
    }
  | { readonly kind: 'reference'; readonly from: string; readonly to: string }
  | ({ readonly kind: 'finding' } & Finding);

function seen(stdout: string) {
  const lines = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
  return {
    components: lines.flatMap((line) => (line.kind === 'component' && !line.external ? [line.id] : [])),
    references: lines.flatMap((line) => (line.kind === 'reference' ? [`${line.from} -> ${line.to}`] : [])),
    findings: lines.flatMap((line) => (line.kind === 'finding' ? [line] : [])),
    blind: lines.flatMap((line) => (line.kind === 'component' && line.blindSpots.length > 0 ? [line.id] : [])),
  };
}

interface BrokenCase {
  readonly what: string;
  readonly over: Files;
  /** The finding, and the file that it names. */
  readonly code?: string;
  readonly file?: string;
  readonly line?: number;
  readonly references?: readonly string[];
  /** Components that say themselves that something may be missing. */
  readonly blind?: readonly string[];
}

const layouts = {
  adage: {
    files: adageFiles,
    components: ['dev/app/web', 'dev/vpc/main'],
    references: ['dev/app/web -> dev/vpc/main'],
  },
  terragrunt: {
    files: terragruntFiles,
    components: ['live/dev/app', 'live/dev/vpc'],
    references: ['live/dev/app -> live/dev/vpc'],
  },
  terraform: { files: terraformFiles, components: ['app', 'network'], references: ['app -> network'] },
};

/** One process is asked about all of them, so that what one of them leaves behind would show in the next. */
function holds(layout: keyof typeof layouts, cases: readonly BrokenCase[]): void {
  const { files, components, references: all } = layouts[layout];
  let answers: readonly Answer[] = [];
  beforeAll(async () => {
    const estates = cases.map(({ over }) => plain({ ...files, ...over }));
    answers = await karmaSeveral(estates.map((estate) => ['export', '-C', estate]));
  });
  it.each(cases.map((one, index) => ({ ...one, index })))('$what', ({ index, ...expected }) => {
    const { code: exit, stdout } = answers[index] ?? { code: 1, stdout: '' };
    expect(exit).toBe(0);
    const { findings, ...graph } = seen(stdout);
    const { code, file, line, references = all, blind = [] } = expected;
    expect(graph).toEqual({ components, references, blind });
    if (code === undefined) {
      expect(findings).toEqual([]);
      return;
    }
    const named = findings.filter((one) => one.code === code).flatMap((one) => one.evidence);
    const place = { file, ...(line === undefined ? {} : { line }) };
    expect(named, JSON.stringify(findings)).toContainEqual(expect.objectContaining(place));
  });
}

const deep = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
const large = `{ "note": "${'x'.repeat(10 * 1024 * 1024)}" }`;
const config = 'iac/dev/vpc/main/config.json';
const vpc = ['dev/vpc/main'];
const binding = 'account_environments/acme-dev.json';

describe('a broken JSON file of an Adage estate', () => {
  holds('adage', [
    {
      what: 'a config cut short',
      over: { [config]: '{ "cidr":\n' },
      code: 'json-unreadable',
      file: config,
      line: 2,
      blind: vpc,
    },
    {
      what: 'a config that is a list',
      over: { [config]: '[1]' },
      code: 'json-unreadable',
      file: config,
      line: 1,
      blind: vpc,
    },
    { what: 'an empty config', over: { [config]: '' }, code: 'json-unreadable', file: config, line: 1, blind: vpc },
    { what: 'a config of 10 MB', over: { [config]: large }, code: 'file-too-large', file: config, blind: vpc },
    {
      what: 'a config 200 levels deep',
      over: { [config]: deep(200) },
      code: 'file-too-large',
      file: config,
      blind: vpc,
    },
    {
      what: 'a config 200,000 levels deep',
      over: { [config]: deep(200_000) },
      code: 'file-too-large',
      file: config,
      blind: vpc,
    },
    {
      what: 'a config that is not UTF-8',
      over: { [config]: Buffer.from('{ "cidr": "10.0.0.0/16 caf\xe9" }', 'latin1') },
      code: 'not-utf8',
      file: config,
    },
    {
      what: 'a config in UTF-16',
      over: { [config]: Buffer.from('\ufeff{ "cidr": "10" }', 'utf16le') },
      code: 'json-unreadable',
      file: config,
      blind: vpc,
    },
    {
      what: 'a config full of NUL',
      over: { [config]: Buffer.alloc(64) },
      code: 'json-unreadable',
      file: config,
      blind: vpc,
    },
    {
      what: 'a key that stands twice',
      over: { [config]: '{\n "cidr": "10.0.0.0/16",\n "cidr": "10.1.0.0/16"\n}' },
      code: 'json-duplicate-key',
      file: config,
      line: 3,
    },
    { what: 'a byte order mark', over: { [config]: '\ufeff{ "cidr": "10.0.0.0/16" }\r\n' } },
    { what: 'Windows line ends', over: { [config]: '{\r\n  "cidr": "10.0.0.0/16"\r\n}\r\n' } },
    {
      what: 'keys that JavaScript treats as its own',
      over: { [config]: '{ "__proto__": { "x": 1 }, "constructor": 1, "cidr": "10" }' },
      code: 'config-key-unread',
      file: config,
    },
    {
      what: 'a binding cut short',
      over: { [binding]: '{ "name":\n' },
      code: 'json-unreadable',
      file: binding,
      line: 2,
    },
    { what: 'a binding that is a number', over: { [binding]: '7' }, code: 'binding-invalid', file: binding },
    { what: 'an empty binding', over: { [binding]: '' }, code: 'json-unreadable', file: binding },
    {
      what: 'a schema that does not compile',
      over: { 'schemas/vpc.schema.json': '{ "type": 7 }' },
      code: 'schema-unusable',
      file: 'schemas/vpc.schema.json',
    },
    {
      what: 'a schema cut short',
      over: { 'schemas/vpc.schema.json': '{' },
      code: 'json-unreadable',
      file: 'schemas/vpc.schema.json',
    },
    {
      what: 'a schema that points to another host',
      over: { 'schemas/vpc.schema.json': '{ "$ref": "http://example.invalid/s.json" }' },
      code: 'schema-unusable',
      file: 'schemas/vpc.schema.json',
    },
    {
      what: 'a component.yaml that does not parse',
      over: { 'components/vpc/component.yaml': 'inputs: [\n' },
      code: 'json-unreadable',
      file: 'components/vpc/component.yaml',
    },
    {
      what: 'a parent that is not there',
      over: { [config]: '{ "$extends": "_base/vpc/none", "cidr": "10" }' },
      code: 'extends-broken',
      file: config,
      line: 1,
      blind: vpc,
    },
    {
      what: 'parents in a circle',
      over: { [config]: '{ "$extends": "dev/vpc/main", "cidr": "10" }' },
      code: 'extends-broken',
      file: config,
      blind: vpc,
    },
  ]);
});

const module = 'components/vpc/main.tf';
const source = String(adageFiles[module]);

describe('a broken module of an Adage estate', () => {
  holds('adage', [
    {
      what: 'a block never closed',
      over: { [module]: `${source}\nresource "x" "y" {\n  a = [\n` },
      code: 'hcl-unreadable',
      file: module,
      blind: vpc,
    },
    {
      what: 'a file of garbage beside it',
      over: { 'components/vpc/zzz.tf': '}}}} ((( <<EOT\n' },
      code: 'hcl-unreadable',
      file: 'components/vpc/zzz.tf',
      blind: vpc,
    },
    {
      what: 'bytes beside it',
      over: { 'components/vpc/zzz.tf': Buffer.from([0xff, 0xfe, 0, 1, 2, 0xc0]) },
      code: 'hcl-unreadable',
      file: 'components/vpc/zzz.tf',
      blind: vpc,
    },
    { what: 'an empty file beside it', over: { 'components/vpc/zzz.tf': '' } },
    {
      what: 'a JSON module file that is broken',
      over: { 'components/vpc/zzz.tf.json': '{ "locals": ' },
      code: 'hcl-unreadable',
      file: 'components/vpc/zzz.tf.json',
      blind: vpc,
    },
    { what: 'Windows line ends', over: { [module]: source.replaceAll('\n', '\r\n') } },
    { what: 'a byte order mark', over: { [module]: `\ufeff${source}` } },
    {
      what: 'an expression 5,000 brackets deep',
      over: { 'components/vpc/zzz.tf': `locals { x = ${'['.repeat(5000)}${']'.repeat(5000)} }\n` },
      code: 'hcl-unreadable',
      file: 'components/vpc/zzz.tf',
      blind: vpc,
    },
    {
      what: 'a module that calls itself',
      over: { 'components/vpc/zzz.tf': 'module "a" { source = "./" }\nmodule "b" { source = "./" }\n' },
      code: 'module-loop',
      file: 'components/vpc/zzz.tf',
      line: 2,
    },
    {
      what: 'a module path out of the repository',
      over: { 'components/vpc/zzz.tf': 'module "x" { source = "../../../../etc" }\n' },
      code: 'module-missing',
      file: 'components/vpc/zzz.tf',
      line: 1,
    },
    {
      what: 'a module path to nowhere',
      over: { 'components/vpc/zzz.tf': 'module "x" { source = "./gone" }\n' },
      code: 'module-missing',
      file: 'components/vpc/zzz.tf',
      line: 1,
    },
  ]);
});

const unit = 'live/dev/app/terragrunt.hcl';
const app = String(terragruntFiles[unit]);

describe('a broken file of a Terragrunt estate', () => {
  holds('terragrunt', [
    {
      what: 'a unit cut short',
      over: { [unit]: `${app}\ninputs = {\n` },
      code: 'hcl-unreadable',
      file: unit,
      blind: ['live/dev/app'],
    },
    { what: 'an empty unit', over: { [unit]: '' }, references: [] },
    { what: 'Windows line ends and a byte order mark', over: { [unit]: `\ufeff${app.replaceAll('\n', '\r\n')}` } },
    {
      what: 'a root file of garbage',
      over: { 'root.hcl': '((((' },
      code: 'hcl-unreadable',
      file: 'root.hcl',
      blind: ['live/dev/app', 'live/dev/vpc'],
    },
    {
      what: 'a root file that includes itself',
      over: { 'root.hcl': 'include "root" { path = "${get_repo_root()}/root.hcl" }\n' },
      code: 'evaluation-failed',
      file: 'root.hcl',
      line: 1,
      blind: ['live/dev/app', 'live/dev/vpc'],
    },
    {
      what: 'an include of nothing',
      over: { [unit]: `include "x" { path = "../gone.hcl" }\n${app}` },
      code: 'include-missing',
      file: unit,
      line: 1,
      blind: ['live/dev/app'],
    },
    {
      what: 'an include of itself',
      over: { [unit]: `include "x" { path = "terragrunt.hcl" }\n${app}` },
      code: 'include-loop',
      file: unit,
      blind: ['live/dev/app'],
    },
    {
      what: 'a dependency on nothing',
      over: { [unit]: app.replace('../vpc', '../vcp') },
      code: 'dangling-reference',
      file: unit,
      line: 3,
      references: [],
    },
    {
      what: 'a dependency out of the estate',
      over: { [unit]: app.replace('../vpc', '../../../../../../etc') },
      code: 'dangling-reference',
      file: unit,
      line: 3,
      references: [],
    },
    {
      what: 'a path only a run could know',
      over: { [unit]: app.replace('"../vpc"', 'run_cmd("touch", "/tmp/never")') },
      code: 'unknown-path',
      file: unit,
      line: 3,
      references: [],
      blind: ['live/dev/app'],
    },
    {
      what: 'read_terragrunt_config in a circle',
      over: { [unit]: `locals { me = read_terragrunt_config("terragrunt.hcl") }\n${app}` },
      code: 'evaluation-failed',
      file: unit,
      line: 1,
      blind: ['live/dev/app'],
    },
    {
      what: 'a unit in JSON that is broken',
      over: { 'live/dev/app/terragrunt.hcl.json': '{', [unit]: app },
    },
  ]);
});

describe('a broken file of a plain Terraform estate', () => {
  holds('terraform', [
    {
      what: 'a root cut short',
      over: { 'app/zzz.tf': 'resource "x" {\n' },
      code: 'hcl-unreadable',
      file: 'app/zzz.tf',
      blind: ['app'],
    },
    { what: 'a state that is no state', over: { 'app/terraform.tfstate': '{"version": ' } },
  ]);
});

describe('what a person reads of it', () => {
  it('names file, line and the next step, and leaves with 2', async () => {
    const estate = plain({ ...adageFiles, [config]: '{ "cidr":\n', 'components/app/zzz.tf': '((((\n' });
    const { code, stdout } = await karma(['check', '-C', estate]);
    expect(code).toBe(2);
    expect(stdout).toMatch(/json-unreadable {2}dev\/vpc\/main\n.*config\.json:2\n +Mend the file at the line named/);
    expect(stdout).toMatch(/hcl-unreadable {2}type components\/app\n.*zzz\.tf:1\n +Open the file at the line named/);
  });

  it('and so do those who make claims again of what an earlier question kept', async () => {
    const estate = repository({ ...terragruntFiles, 'live/dev/app/terragrunt.hcl': 'inputs = { a = \n' });
    const at = ['-C', estate, '--data', `${estate}-data`];
    await karma(['list', ...at]);
    for (const args of [
      ['config', 'validate'],
      ['config', 'show', 'live/dev/vpc'],
      ['config', 'show', 'live/dev/app'],
    ])
      expect([0, 1, 2]).toContain((await karma([...args, ...at])).code);
  });
});
