import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  adageFiles,
  commitAll,
  estateMaker,
  type Files,
  folderDigest,
  terraformFiles,
  terragruntFiles,
  writeFiles,
} from '../support/estates.ts';
import { type Answer, karma, karmaJson, karmaOk, karmaSeveral } from '../support/karma.ts';
import { canMount, offline, readOnly } from '../support/mounts.ts';

/** What a stranger's estate may not do, and what of it may not get out. */

const { folder, plain, repository } = estateMaker();

/** Every question, with every form of its answer. */
function questions(component: string, environment: string): string[][] {
  return [
    ['overview'],
    ['list'],
    ['list', '--json', '--columns', 'source,region,owner,account,state'],
    ['show', component],
    ['show', component, '--json'],
    ['outputs', component],
    ['outputs', component, '--json'],
    ['impact', component],
    ['impact', component, '--json'],
    ['impact', '--since', 'HEAD~1'],
    ['impact', '--since', 'HEAD~1', '--json'],
    ['impact', '--since', 'HEAD~1', '--output', 'markdown'],
    ['impact', '--since', 'HEAD~1', '--output', 'matrix'],
    ['impact', '--since', 'HEAD~1', '--output', 'atlantis'],
    ['why', component],
    ['why', component, '--json'],
    ['order'],
    ['order', '--json', '--reverse'],
    ['diff', 'HEAD~1..'],
    ['diff', 'HEAD~1..HEAD', '--json'],
    ['diff', `${environment}..${environment}`, '--modulo-environment'],
    ['check'],
    ['check', '--json'],
    ['check', '--output', 'sarif'],
    ['check', '--output', 'junit'],
    ['check', '--since', 'HEAD~1'],
    ['status'],
    ['status', '--json'],
    ['log', 'list', '--json'],
    ['log', 'verify'],
    ['log', 'export'],
    ['log', 'grep', 'a'],
    ['graph', 'draw'],
    ['graph', 'draw', '--format', 'dot'],
    ['graph', 'draw', '--format', 'mermaid'],
    ['graph', 'versions', '--json'],
    ['config', 'show', component],
    ['config', 'show', component, '--explain'],
    ['config', 'show', component, '--json'],
    ['config', 'validate'],
    ['parameter', 'list', '--json'],
    ['parameter', 'export'],
    ['type', 'list'],
    ['type', 'list', '--json'],
    ['export'],
    ['export', '--json'],
    ['export', '--hints'],
    ['store', 'verify'],
    ['doctor'],
    ['doctor', '--json'],
    ['list', '--at', 'HEAD'],
    ['complete-ids', 'a'],
  ];
}

/** Questions may find something or not, or have nothing to say of a layout: but they do not fail. */
function answered({ code, stderr }: Answer, args: readonly string[]): void {
  expect([0, 2, 3, 64], `karma ${args.join(' ')}\n${stderr}`).toContain(code);
}

const estates: Readonly<Record<string, { files: Files; component: string; environment: string }>> = {
  adage: { files: adageFiles, component: 'app/web', environment: 'dev' },
  terragrunt: { files: terragruntFiles, component: 'live/dev/app', environment: 'dev' },
  terraform: { files: terraformFiles, component: 'app', environment: 'dev' },
};

/** Files that would leave a mark if anything of an estate were run. */
const traps: Files = {
  'live/dev/trap/terragrunt.hcl':
    'locals { x = run_cmd("sh", "-c", "touch $KARMA_TRAP") }\ndependency "d" { config_path = local.x }\nterraform {\n  before_hook "b" {\n    commands = ["plan"]\n    execute  = ["sh", "-c", "touch $KARMA_TRAP"]\n  }\n}\n',
  'trap/main.tf':
    'terraform {\n  backend "local" {}\n}\ndata "external" "x" { program = ["sh", "-c", "touch $KARMA_TRAP"] }\nresource "null_resource" "x" {\n  provisioner "local-exec" { command = "touch $KARMA_TRAP" }\n}\n',
};

describe.each(Object.entries(estates))('every question to a %s estate', (layout, { files, component, environment }) => {
  it.skipIf(!canMount)(
    'without a network, on a read-only estate: nothing is written but the data, nothing starts but git',
    async () => {
      const estate = repository({ ...files, ...traps });
      writeFiles(estate, { 'README.md': '# changed\n' });
      commitAll(estate, 'two');
      const data = join(folder, `${layout}-data`);
      await karmaOk(['build', '-C', estate, '--data', data]);
      const { bin, log, trap } = onlyGit(layout);
      const before = folderDigest(estate);
      const through = offline(readOnly(estate)).map((word) =>
        // The mount needs `sh` and `mount`; the command line itself finds only git.
        word.replace('exec "$@"', `PATH='${bin}' exec "$@"`),
      );
      const asked = questions(component, environment).map((args) => [...args, '-C', estate, '--data', data]);
      const answers = await karmaSeveral(asked, { through, env: { KARMA_TRAP: trap } });
      for (const [index, answer] of answers.entries()) answered(answer, asked[index] ?? []);
      expect(folderDigest(estate)).toBe(before);
      expect(readdirSync(join(folder, `${layout}-bin`)).filter((name) => name === 'sprung')).toEqual([]);
      const started = new Set(
        readFileSync(log, 'utf8')
          .split('\n')
          .filter(Boolean)
          .map((line) => line.split(' ')[0]),
      );
      expect([...started]).toEqual(['git']);
      // What git is asked to do: look, never fetch, write or run a hook.
      const verbs = new Set([...readFileSync(log, 'utf8').matchAll(/^git verb (\S+)/gm)].map((match) => match[1]));
      for (const verb of verbs)
        expect([
          'cat-file',
          'ls-tree',
          'ls-files',
          'log',
          'rev-list',
          'rev-parse',
          'merge-base',
          'diff-tree',
          'diff',
          'for-each-ref',
          'status',
          'diff-files',
          'diff-index',
          'hash-object',
          'show',
          'config',
          'blame',
          'check-ignore',
          'version',
        ]).toContain(verb);
    },
  );
});

/** A PATH with a git that keeps a log, and traps in the place of every other program. */
function onlyGit(layout: string): { bin: string; log: string; trap: string } {
  const bin = join(folder, `${layout}-bin`);
  mkdirSync(bin, { recursive: true });
  const log = join(folder, `${layout}.log`);
  writeFileSync(log, '');
  const git =
    (process.env['PATH'] ?? '')
      .split(':')
      .map((one) => join(one, 'git'))
      .find(isProgram) ?? '/usr/bin/git';
  const verb =
    'for word in "$@"; do case "$word" in -C|-c) skip=1;; -*) skip=;; *) if [ -n "$skip" ]; then skip=; else echo "git verb $word"; break; fi;; esac; done';
  const scripts: Record<string, string> = { git: `{ ${verb}; } >> '${log}'\nexec '${git}' "$@"` };
  for (const name of ['sh', 'bash', 'terraform', 'tofu', 'terragrunt', 'ssh', 'curl', 'aws', 'node', 'touch', 'less'])
    scripts[name] = `echo "${name} $*" >> '${log}'`;
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  return { bin, log, trap: join(bin, 'sprung') };
}

function isProgram(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

describe('a repository that was made to be dangerous', () => {
  it('has settings that are not followed: fsmonitor, hooks, external diff, pager, aliases', async () => {
    const estate = repository(adageFiles);
    const mark = join(folder, 'pwned');
    const run = `touch '${mark}'`;
    writeFileSync(
      join(estate, '.git/config'),
      `${readFileSync(join(estate, '.git/config'), 'utf8')}
[core]
\tfsmonitor = "${run}; false"
\tpager = ${run}
\tsshCommand = ${run}
[diff]
\texternal = ${run}
[diff "evil"]
\ttextconv = ${run}
\tcommand = ${run}
[filter "evil"]
\tclean = ${run}; cat
\tsmudge = ${run}; cat
\tprocess = ${run}
[alias]
\tlog = !${run}
\tls-files = !${run}
[uploadpack]
\tpackObjectsHook = ${run}
[gpg]
\tprogram = ${run}
[log]
\tshowSignature = true
`,
    );
    writeFiles(estate, {
      '.gitattributes': '* filter=evil diff=evil\n',
      'iac/dev/vpc/main/config.json': '{ "cidr": "10.8.0.0/16" }\n',
    });
    for (const args of [
      ['list'],
      ['impact', '--since', 'HEAD'],
      ['diff', 'HEAD..'],
      ['why', 'app/web'],
      ['build'],
      ['check', '--since', 'HEAD'],
    ])
      answered(await karma([...args, '-C', estate]), args);
    expect(readdirSync(folder).includes('pwned')).toBe(false);
  });
});

const secret = (name: string) => `pl4nted-${name}-s3cret`;
const planted = [
  'password',
  'uri',
  'schema',
  'secure',
  'inputs',
  'locals',
  'nested',
  'token',
  'tfvars',
  'state',
  'environment',
  'remote',
].map(secret);

const secretive: Files = {
  ...adageFiles,
  ...terragruntFiles,
  'iac/dev/app/web/config.json': `{
  "vpc_nickname": "main", "size": 2,
  "password": "${secret('password')}",
  "database_url": "postgres://admin:${secret('uri')}@db.example.com/x",
  "quiet": "${secret('schema')}",
  "deep": { "list": [{ "api_token": "${secret('token')}", "client_secret": "${secret('nested')}" }] }
}
`,
  'schemas/app.schema.json':
    '{ "type": "object", "properties": { "quiet": { "type": "string", "writeOnly": true, "maxLength": 3 }, "size": { "type": "string" } } }\n',
  'live/dev/app/terragrunt.hcl': `${String(terragruntFiles['live/dev/app/terragrunt.hcl']).replace('inputs = {', `inputs = { db_password = "${secret('inputs')}", url = "https://u:${secret('locals')}@example.com/",`)}`,
  'live/dev/vpc/terragrunt.hcl': `terraform { source = "git::https://user:${secret('remote')}@example.com/modules.git//vpc?ref=v1" }\n`,
  'modules/app/variables.tf': 'variable "db_password" { sensitive = true }\nvariable "url" {}\n',
  'roots/db/main.tf':
    'terraform {\n  backend "local" {}\n}\nvariable "master_password" { sensitive = true }\noutput "x" {\n  value = var.master_password\n  sensitive = true\n}\n',
  'roots/db/terraform.tfvars': `master_password = "${secret('tfvars')}"\n`,
  'roots/db/terraform.tfstate': `${JSON.stringify({
    version: 4,
    serial: 1,
    lineage: 'l',
    outputs: { x: { value: secret('state'), type: 'string', sensitive: true } },
    resources: [],
  })}\n`,
};

describe('a secret', () => {
  it('is in no answer of any question, and in nothing that is kept', async () => {
    const estate = repository(secretive);
    const data = join(folder, 'secret-data');
    const env = { TF_VAR_password: secret('environment') };
    const changed = (text: string) => text.replaceAll('-s3cret', '-s3cret2');
    const files = Object.entries(secretive).filter(([path]) => !path.endsWith('tfstate'));
    writeFiles(estate, Object.fromEntries(files.map(([path, text]) => [path, changed(String(text))])));
    commitAll(estate, 'rotated');
    const at = ['-C', estate, '--data', data];
    const put = ['parameter', 'put', '/iac/db/x/password', '-', '--type', 'SecureString', '--binding', 'acme-dev'];
    const written = await karmaOk([...put, ...at], { env, input: secret('secure') });
    const asked = [
      ['build'],
      ['record', join(estate, 'roots/db/terraform.tfstate'), '--component', 'roots/db'],
      ['config', 'publish', '--all', '--dry-run', '--binding', 'acme-dev'],
      ['parameter', 'get', '/iac/db/x/password', '--binding', 'acme-dev'],
      ['parameter', 'history', '/iac/db/x/password', '--binding', 'acme-dev', '--json'],
      ...questions('app/web', 'dev'),
      ...['live/dev/app', 'roots/db'].flatMap((one) => questions(one, 'dev').filter((words) => words.includes(one))),
      ['graph', 'draw', '--out', join(data, 'drawn.svg')],
    ];
    const answers = await karmaSeveral(
      asked.map((args) => [...args, ...at]),
      { env },
    );
    for (const [index, answer] of answers.entries()) answered(answer, asked[index] ?? []);
    expect(answers.slice(0, 2).map(({ code }) => code)).toEqual([0, 0]);
    const heard = [written, ...answers].map(
      ({ stdout, stderr }, index) => `$ karma ${(asked[index - 1] ?? put).join(' ')}\n${stdout}\n${stderr}`,
    );
    const leaks = heard.flatMap((text) =>
      planted.flatMap((value) => (text.includes(value) ? [`${value} in ${text.slice(0, text.indexOf('\n'))}`] : [])),
    );
    expect(leaks).toEqual([]);
    const kept = filesIn(data).flatMap((file) => {
      const bytes = readFileSync(file);
      return planted.flatMap((value) => (bytes.includes(value) ? [`${value} in ${file}`] : []));
    });
    expect(kept).toEqual([]);
  });
});

function filesIn(place: string): string[] {
  return readdirSync(place, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

describe('names that nobody should choose', () => {
  const odd = [
    'a b',
    'q\'uo"te',
    'pi|pe',
    'per%cent',
    'new\nline',
    'esc\u001b[31mred',
    'emo😀ji',
    'ünï',
    '$(touch x)',
    '`x`',
    '-rf',
    'back\\slash',
    '\u202ertl',
    '*',
    '<b>&amp;',
    '..dots',
    '#hash',
    '[list]',
    '{curly}',
    'a;b',
    '\u009b31m',
  ];

  it('reach no terminal raw, break no format, and lead nowhere', async () => {
    const files: Record<string, string> = {};
    for (const name of odd) {
      files[`iac/dev/vpc/${name}/config.json`] = '{ "cidr": "10.0.0.0/16" }\n';
      files[`live/${name}/terragrunt.hcl`] = 'dependency "vpc" { config_path = "../none" }\n';
    }
    const estate = repository({ ...adageFiles, ...files });
    const before = folderDigest(estate, (path) => path === '.git/karma');
    const { components } = await karmaJson<{ components: { id: string }[] }>(['list', '-C', estate]);
    const ids = components.map(({ id }) => id);
    for (const name of odd) expect(ids).toEqual(expect.arrayContaining([`dev/vpc/${name}`, `live/${name}`]));
    const asked = [
      ...questions('app/web', 'dev'),
      ['list', '-q'],
      ...odd.map((name) => ['show', '--json', `dev/vpc/${name}`]),
      // A hash sign parts a component from its outputs.
      ...odd.filter((name) => !name.includes('#')).map((name) => ['impact', `dev/vpc/${name}`]),
    ];
    const answers = await karmaSeveral(asked.map((args) => ['-C', estate, ...args]));
    for (const [index, { code, stdout, stderr }] of answers.entries()) {
      const args = asked[index] ?? [];
      if (args.includes('--json') && code === 0) expect(() => JSON.parse(stdout)).not.toThrow();
      expect(code === 0 || code === 2 || stderr.includes('HEAD~1'), `${args.join(' ')}: ${stderr}`).toBe(true);
      if (args[0] === 'export' && args.length === 1)
        for (const line of stdout.split('\n').filter(Boolean)) JSON.parse(line);
      if (args[0] === 'show' && args[1] === '--json') expect(stdout).toContain(printed(JSON.stringify(args[2])));
    }
    await karmaOk(['build', '-C', estate]);
    expect(folderDigest(estate, (path) => path === '.git/karma')).toBe(before);
  });

  const printed = (text: string) =>
    text.replaceAll(/[\u007f-\u009f\u202a-\u202e]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);

  it('that climb out of the estate are no component and no file', async () => {
    const estate = plain({
      ...adageFiles,
      'iac/dev/vpc/main/config.json': '{ "$extends": "../../../../etc/passwd", "cidr": "10.0.0.0/16" }\n',
      'components/vpc/zzz.tf':
        'locals {\n  a = file("/etc/passwd")\n  b = file("../../../../../../../../etc/passwd")\n  c = fileexists("/etc/passwd")\n}\noutput "a" { value = "${local.a}${local.b}" }\n',
      'live/x/terragrunt.hcl':
        'locals {\n  a = file("/etc/passwd")\n  b = yamldecode(file("/etc/passwd"))\n}\ninclude "p" { path = "/etc/passwd" }\ninputs = { a = local.a }\n',
    });
    for (const args of [['export'], ['show', 'live/x', '--json'], ['config', 'show', 'vpc/main'], ['check']]) {
      const { stdout, stderr } = await karma([...args, '-C', estate]);
      expect(stdout + stderr).not.toContain('root:');
    }
  });
});
