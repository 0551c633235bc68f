import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../random.ts';
import { faultsOf, type Told } from './product.ts';
import { served } from './served.ts';
import { commit, copied, type Files, type Harness, mixed, repository, type World, writeFiles } from './world.ts';

/**
 * Secrets written down in ways put together by chance: under a name that says so or in a form that does, in each kind of file, at
 * each depth. Two values of each, before and after a change; neither is found again in any answer or in anything that is kept, in
 * whatever form.
 */
export const secrets: Harness = async (world, rounds) => {
  const { product, random, folder, faults, say } = world;
  const whole = repository(join(folder, 'secrets-whole'), estate);
  for (let round = 0; round < rounds; round += 1) {
    const place = copied(whole, join(folder, `secrets-${round}`));
    const data = join(folder, `secrets-${round}-data`);
    const planted = Array.from({ length: 2 + random.below(4) }, () => planting(random));
    const values = [0, 1].map(() => planted.map(() => secretText(random)));
    for (const secret of values) {
      writeFiles(place, filesWith(planted, secret));
      if (secret === values[0] || random.below(3) > 0) commit(place);
    }
    const all = values.flat();
    const at = ['-C', place, '--data', data];
    const about = `\n  ${planted.map(({ name }) => name).join('; ')}`;
    const heard: Told[] = [];
    for (const args of questions(random, all)) heard.push(await product.askStaying([...args, ...at]));
    if (round % 8 === 0) heard.push(...(await overNetwork(world, at)), await toAgent(world, at));
    for (const told of heard) {
      faults.push(...faultsOf(told).map((fault) => fault + about));
      faults.push(
        ...leaksIn(`karma ${hidden(told.asked, all)}`, told.stdout + told.stderr, all).map((leak) => leak + about),
      );
    }
    for (const [name, text] of filesBelow(data)) faults.push(...leaksIn(name, text, all).map((leak) => leak + about));
    say(`secrets ${round}: ${planted.map(({ name }) => name).join('; ')}`);
    for (const one of [place, data]) rmSync(one, { recursive: true, force: true, maxRetries: 3 });
  }
};

const estate: Files = {
  ...mixed,
  'iac/stage/a/x/config.json': '{"size": 2}',
  'openapi/shop.yaml': 'openapi: 3.1.0\ninfo: { title: shop, version: "1" }\npaths: {}\n',
};

interface Planting {
  readonly name: string;
  readonly file: string;
  readonly write: (secret: string) => string;
}

const names = [
  ...['password', 'db_password', 'adminPassword', 'api_key', 'apiKeys', 'client_secret', 'auth_token', 'PGPASSWORD'],
  ...['private_key', 'connection_string', 'secretKey', 'passphrase', 'ssh_key', 'webhook_token', 'licenseKey', 'creds'],
] as const;

/** Texts in which a secret shows by its form, whatever they are called. */
const forms: Readonly<Record<string, (secret: string) => string>> = {
  'an address': (x) => `https://me:${x}@example.com/x`,
  'a database': (x) => `postgres://admin:${x}@db.example.com:5432/x?sslmode=require`,
  'a DSN': (x) => `bob:${x}@tcp(db:3306)/x`,
  'a header': (x) => `Authorization: Bearer ${x}`,
  'a flag': (x) => `tool --token=${x} --verbose`,
  'a flag and its word': (x) => `tool --password ${x}`,
  'a login': (x) => `curl -u bob:${x} https://example.com`,
  'a variable': (x) => `export DB_PASSWORD=${x}`,
  'a connection': (x) => `Server=db;User Id=sa;Password=${x};Encrypt=true`,
  'a parameter': (x) => `https://example.com/hook?token=${x}&a=1`,
  GitHub: (x) => `ghp_${x.replaceAll(/[^A-Za-z0-9]/g, '')}${'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'.slice(x.length)}`,
  base64: (x) => Buffer.from(`password=${x}\n`).toString('base64'),
  JSON: (x) => JSON.stringify({ user: 'me', password: x }),
  GitLab: (x) => `glpat-${letters(x)}`,
  Slack: (x) => `xoxb-1234567890-${letters(x)}`,
  'a Slack hook': (x) => `https://hooks.slack.com/services/T0AB1/B0CD2/${letters(x)}`,
  Stripe: (x) => `sk_live_${letters(x)}`,
  SendGrid: (x) => `SG.${letters(x)}.${letters(x)}`,
  Vault: (x) => `hvs.${letters(x)}`,
  npm: (x) => `//registry.example.com/:_authToken=${x}`,
  'a web token': (x) => `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIx${letters(x)}.${letters(x)}`,
  AWS: (x) => `aws_access_key_id=AKIAIOSFODNN7EXAMPLE aws_secret_access_key=${x}`,
  Azure: (x) => `DefaultEndpointsProtocol=https;AccountName=a;AccountKey=${x}==;EndpointSuffix=core.windows.net`,
  Redis: (x) => `redis://:${x}@cache.example.com:6379/0`,
  Mongo: (x) => `mongodb+srv://u:${x}@c.example.com/x`,
  JDBC: (x) => `jdbc:sqlserver://db:1433;databaseName=x;user=sa;password=${x};`,
  'an address that was signed': (x) => `https://b.s3.amazonaws.com/k?X-Amz-Expires=60&X-Amz-Signature=${x}`,
  'a shared address': (x) => `https://a.blob.core.windows.net/c?sv=2020&sig=${x}`,
  'an environment': (x) => `PGPASSWORD=${x} psql -h db -U me`,
  'a flag of another': (x) => `kubectl create secret generic s --from-literal=password=${x}`,
  'a header of a key': (x) => `curl -H 'X-Api-Key: ${x}' https://example.com`,
  'a basic header': (x) => `Authorization: Basic ${Buffer.from(`me:${x}`).toString('base64')}`,
  netrc: (x) => `machine example.com login me password ${x}`,
  sshpass: (x) => `sshpass -p ${x} ssh me@host`,
  mysql: (x) => `mysql -u root -p${x} db`,
  'a login to a registry': (x) => `docker login -u me -p ${x} registry.example.com`,
  openssl: (x) => `openssl rsa -passin pass:${x} -in k.pem`,
  'a line of YAML': (x) => `db:\n  password: ${x}\n`,
  'a key': (x) => `-----BEGIN PRIVATE KEY-----\\n${x}\\n-----END PRIVATE KEY-----`,
};

/** Where an issuer takes nothing else. */
function letters(secret: string): string {
  return secret.replaceAll(/[^A-Za-z0-9]/g, '0');
}

/** Under a name, or in a form: a value as JSON writes it, and so as HCL and YAML take it. */
function valueIn(random: Random): {
  readonly name: string;
  readonly key: string;
  readonly text: (secret: string) => string;
} {
  const key = random.pick(names) ?? 'password';
  if (random.below(2) === 0) {
    const shape = random.below(4);
    const text = (x: string): string =>
      JSON.stringify([x, [x], { ci: x }, { name: 'main', deep: [{ value: x }] }][shape]);
    return { name: `${key} ${['text', 'list', 'map', 'deep'][shape]}`, key, text };
  }
  const form = random.pick(Object.keys(forms)) ?? 'a flag';
  return {
    name: form,
    key: random.pick(['note', 'command', 'target', 'settings', 'x']) ?? 'x',
    text: (x) => JSON.stringify(forms[form]?.(x)),
  };
}

function planting(random: Random): Planting {
  const { name, key, text } = valueIn(random);
  const form = random.pick(Object.keys(forms)) ?? 'a flag';
  const spelt = (x: string) => forms[form]?.(x) ?? x;
  const as = (file: string, write: Planting['write'], what = name): Planting => ({
    name: `${what} in ${file}`,
    file,
    write,
  });
  // HCL takes a template where JSON has a text.
  const hcl = (x: string) => text(x).replaceAll(/\$\{|%\{/g, (sign) => sign[0] + sign);
  const said = (x: string) => JSON.stringify(spelt(x)).replaceAll(/\$\{|%\{/g, (sign) => sign[0] + sign);
  return (
    random.pick([
      as('iac/dev/b/x/config.json', (x) => `{"size": 1, "a_nickname": "x", ${JSON.stringify(key)}: ${text(x)}}`),
      as(
        'iac/dev/b/x/config.json',
        (x) => `{"size": 1, "a_nickname": "x", "in": {"deep": [{${JSON.stringify(key)}: ${text(x)}}]}}`,
      ),
      as(
        'components/a/component.yaml',
        (x) => `steps:\n  - { name: s, when: before, run: ["sh", "-c", ${JSON.stringify(spelt(x))}] }\n`,
        form,
      ),
      as(
        'components/a/component.yaml',
        (x) =>
          `checks:\n  - { name: c, run: ["tool", ${JSON.stringify(spelt(x))}], message: ${JSON.stringify(spelt(x))} }\n`,
        form,
      ),
      as('components/a/component.yaml', (x) => `checks:\n  - 'config.password == "${x}"'\n`, 'a condition'),
      as(
        'components/a/component.yaml',
        (x) =>
          `inputs:\n  ${names[0]}: { type: string, default: ${JSON.stringify(x)}, examples: [${JSON.stringify(x)}] }\n  size: { type: number }\n`,
        'a schema',
      ),
      as('components/a/component.yaml', (x) => `description: ${JSON.stringify(spelt(x))}\n`, form),
      as(
        'schemas/a.schema.json',
        (x) =>
          `{"type": "object", "properties": {"${key}": {"default": ${text(x)}, "const": ${text(x)}}}, "description": ${JSON.stringify(spelt(x))}}`,
      ),
      as(
        'karma.yaml',
        (x) =>
          `estate: harness\nreferences:\n  - { from: dev/c/x, to: dev/a/x, reason: ${JSON.stringify(spelt(x))} }\n`,
        form,
      ),
      as(
        'karma.yaml',
        (x) =>
          `estate: harness\npolicies:\n  - { name: p, when: 'change.reason.contains("password=${x}")', reason: ${JSON.stringify(spelt(x))}, then: warn }\n`,
        form,
      ),
      as(
        'karma.yaml',
        (x) => `estate: harness\nterraform:\n  backend: { password: ${JSON.stringify(x)} }\n`,
        'a backend',
      ),
      as('live/app/terragrunt.hcl', (x) => `inputs = {\n  ${key} = ${hcl(x)}\n}\n`),
      as(
        'live/app/terragrunt.hcl',
        (x) =>
          `locals {\n  ${key} = ${hcl(x)}\n}\ninputs = {\n  from_local = local.${key}\n  ${key} = local.${key}\n}\n`,
      ),
      as(
        'live/app/terragrunt.hcl',
        (x) =>
          `terraform {\n  source = "../../modules/app"\n  before_hook "h" {\n    commands = ["plan"]\n    execute  = ["sh", "-c", ${said(x)}]\n  }\n}\n`,
        form,
      ),
      as(
        'live/app/terragrunt.hcl',
        (x) =>
          `terraform {\n  source = "../../modules/app"\n  extra_arguments "e" {\n    commands  = ["plan"]\n    arguments = ["-var", "${names[1]}=${x}"]\n    env_vars  = { ${key} = ${hcl(x)} }\n  }\n}\n`,
      ),
      as(
        'live/app/terragrunt.hcl',
        (x) =>
          `generate "p" {\n  path      = "p.tf"\n  if_exists = "overwrite"\n  contents  = <<EOT\nprovider "x" {\n  password = "${x}"\n  note     = ${said(x)}\n}\nEOT\n}\n`,
        form,
      ),
      as(
        'live/app/terragrunt.hcl',
        (x) => `inputs = {\n  a = try(run_cmd("tool", "--token", "${x}"), get_env("X", ${said(x)}))\n}\n`,
        form,
      ),
      as(
        'karma.yaml',
        (x) =>
          `estate: harness\nhooks:\n  - { name: h, on: ['*'], webhook: ${JSON.stringify(`https://me:${x}@hooks.example.com/${x}`)} }\n  - { name: r, on: ['*'], run: ["sh", "-c", ${JSON.stringify(spelt(x))}] }\n`,
        form,
      ),
      as(
        'karma.yaml',
        (x) =>
          `estate: harness\napprovals:\n  - { select: env=dev, count: 1, reason: ${JSON.stringify(spelt(x))} }\nconsumers:\n  - { who: ${JSON.stringify(spelt(x))}, reads: dev/a/x, consumes: [/id] }\nfindings:\n  - { code: config-key-unread, severity: info, reason: ${JSON.stringify(spelt(x))} }\n`,
        form,
      ),
      as(
        'karma.yaml',
        (x) => `estate: harness\nrepositories:\n  m: { url: ${JSON.stringify(`https://me:${x}@example.com/m.git`)} }\n`,
        'a repository',
      ),
      as(
        'karma.yaml',
        (x) => `estate: harness\nunknownKey: { password: ${JSON.stringify(x)} }\n`,
        'a key that is none',
      ),
      as('live/app/terragrunt.hcl', (x) => `inputs = {\n  ${key} = = ${hcl(x)}\n}\n`, `${name} broken`),
      as('live/app/terragrunt.hcl', (x) => `inputs = {\n  note = nothing(${said(x)}).password\n}\n`, form),
      as('roots/net/secret.tf', (x) => `locals {\n  ${key} ${hcl(x)}\n}\n`, `${name} broken`),
      as('roots/net/terraform.tfvars', (x) => `name = "net"\n${key} = ${hcl(x)} ]\n`, `${name} broken`),
      as(
        'iac/dev/b/x/config.json',
        (x) => `{"size": 1, "a_nickname": "x", ${JSON.stringify(key)}: ${text(x)} ${JSON.stringify(key)}}`,
        `${name} broken`,
      ),
      as(
        'iac/dev/b/x/config.json',
        (x) => `{"size": 1, "a_nickname": "x", ${JSON.stringify(key)}: ${text(x)}, ${JSON.stringify(key)}: ${text(x)}}`,
        `${name} twice`,
      ),
      as(
        'components/a/component.yaml',
        (x) => `steps:\n  - { name: s, when: before, run: [${JSON.stringify(spelt(x))} }\n`,
        `${form} broken`,
      ),
      as('live/vpc/vars.yaml', (x) => `${key}: ${text(x)}\n`),
      as('roots/net/terraform.tfvars', (x) => `name = "net"\n${key} = ${hcl(x)}\n`),
      as(
        'roots/net/secret.tf',
        (x) => `variable "${key}" {\n  default = ${hcl(x)}\n}\noutput "o" { value = var.${key} }\n`,
      ),
      as(
        'roots/net/secret.tf',
        (x) => `variable "plain" {\n  sensitive = true\n  default = ${JSON.stringify(x)}\n}\n`,
        'sensitive',
      ),
      as(
        'roots/net/secret.tf',
        (x) =>
          `module "m" {\n  source = "git::https://oauth2:${x}@example.com/m.git?ref=v1"\n  ${key} = ${hcl(x)}\n}\n`,
      ),
      as(
        'roots/net/secret.tf',
        (x) =>
          `locals {\n  a = { for k, v in { ${key} = ${hcl(x)} } : k => v }\n  b = ${said(x)}\n}\noutput "b" { value = local.b }\n`,
      ),
      as('roots/web/backend.tf', (x) => `provider "x" {\n  ${key} = ${hcl(x)}\n  alias = "y"\n}\n`),
      as(
        'components/b/more.tf',
        (x) =>
          `locals {\n  ${key} = try(local.config.${key}, ${hcl(x)})\n}\ndata "aws_ssm_parameter" "s" { name = "/iac/\${substr("x", 0, var.size == "password=${x}" ? 1 : 2)}/runtime" }\n`,
      ),
      as(
        'openapi/shop.yaml',
        (x) =>
          `openapi: 3.1.0\ninfo: { title: shop, version: "1", description: ${JSON.stringify(spelt(x))} }\npaths:\n  /x:\n    get: { x-lambda-nickname: shop, security: [{ ${key}: [${JSON.stringify(x)}] }] }\n`,
      ),
    ]) ?? as('karma.yaml', () => 'estate: harness\n')
  );
}

/** Nobody says it by chance, and every file takes it as it is. */
function secretText(random: Random): string {
  const letters = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
  const length = 12 + random.below(16);
  const text = Array.from({ length }, () => letters[random.below(letters.length)]).join('');
  return `Zq7${text}${random.pick(['', '', '-x', '_y', '.z']) ?? ''}`;
}

/** Of several plantings in one file the last one stays. */
function filesWith(planted: readonly Planting[], secret: readonly string[]): Files {
  const files: Record<string, string> = {};
  for (const [at, { file, write }] of planted.entries()) {
    const text = write(secret[at] ?? '');
    const before = files[file] ?? (/\.(?:json|ya?ml)$/.test(file) ? '' : (estate[file] ?? ''));
    files[file] = /\.(?:json|ya?ml)$/.test(file) ? text : `${before}\n${text}`;
  }
  return files;
}

function questions(random: Random, all: readonly string[]): readonly (readonly string[])[] {
  const lines = [
    ...['overview', 'list --json', 'check', 'check --json', 'check --output sarif', 'check --output junit', 'status'],
    ...['status --json', 'doctor --json', 'export', 'export --format dot', 'graph draw --format mermaid', 'build'],
    ...['type list --json', 'type infer a', 'type schema a', 'type docs a', 'type schema b', 'schemas', 'init --print'],
    ...['impact --since HEAD~1', 'impact --since HEAD~1 --json', 'impact --since HEAD~1 --output markdown'],
    ...['impact --since HEAD', 'impact --since HEAD --json', 'diff HEAD~1..HEAD --json', 'diff HEAD..'],
    ...['config validate', 'config show dev/b/x', 'config show dev/b/x --json', 'config show dev/b/x --explain'],
    ...['config show live/app --explain', 'config show live/app --json', 'config show roots/net --explain --json'],
    ...[
      'show live/app --json',
      'show roots/net --json',
      'outputs roots/net --json',
      'show dev/b/x',
      'why live/app live/vpc',
    ],
    ...['env diff dev stage', 'env diff dev stage --json', 'env promote dev stage', 'env promote dev stage --json'],
    ...[
      'env switch dev/a/x --to stage/a/x',
      'env switch live/vpc --to live/app --json',
      'policy test',
      'policy test --json',
    ],
    ...[
      'change propose --from-worktree --reason because',
      'change propose --from HEAD~1..HEAD --reason because --json',
    ],
    ...[
      'change propose dev/b/x --set size=5 --reason because',
      'change propose --rename dev/a/x=dev/a/y --reason moves',
    ],
    ...['change propose --new a/z --in dev --from dev/a/x --reason more', 'change list --json', 'change show cr-1'],
    ...['change show cr-1 --json', 'change diff cr-1', 'change diff cr-1 --json', 'change simulate cr-1 --json'],
    ...['config set dev/b/x size=3', 'config set live/app vpc_id=x --override', 'config set roots/net name=y'],
    ...['config publish --all --binding acme-dev', 'config publish --all --dry-run', 'parameter list --json'],
    ...[
      'parameter export',
      'parameter get /iac/b/x/config',
      'parameter history /iac/b/x/config --json',
      'log list --json',
    ],
    ...[
      'change score',
      'change score --json',
      'run list --json',
      'run requests',
      'run requests --json',
      'env list --json',
    ],
    ...[
      'env promote dev stage --output patch',
      'env diff dev stage --output markdown',
      'policy backtest --json',
      'trust',
    ],
    ...['run request deploy dev/b/x --reason because', 'run request check --reason because', 'run log dev/b/x'],
    ...[
      'change propose --remove dev/c/x --reason goes',
      'change blame dev/b/x',
      'repository fetch',
      'check --output github',
    ],
    ...['impact --since HEAD~1 --output html', 'impact --since HEAD~1 --output matrix', 'graph draw --format svg'],
    ...[
      'change show cr-1 --output policy-input',
      'change show cr-1 --output markdown',
      'type show a',
      'type show b --json',
    ],
    ...['log export', 'order --json', 'modules list --json', 'list --columns source,region,owner,state --json'],
  ].map((line) => line.split(' '));
  const chosen = Array.from({ length: 12 }, () => random.pick(lines) ?? []);
  const said = random.pick(all) ?? '';
  const typed = [
    ['config', 'set', 'dev/b/x', `password=${said}`],
    ['change', 'propose', 'dev/b/x', '--set', `password=${said}`, '--reason', `it is ${said}`],
    ['change', 'propose', 'dev/b/x', '--set', 'size=8', '--reason', `see https://me:${said}@example.com`],
    ['explain', `password=${said}`],
    ['list', `--filter=https://me:${said}@example.com`],
    ['show', `https://me:${said}@example.com/x`],
  ];
  return random.below(2) === 0 ? [...chosen, random.pick(typed) ?? []] : chosen;
}

/** Every question that a service answers without being told of what. */
async function overNetwork({ product }: World, at: readonly string[]): Promise<Told[]> {
  const service = await served(product, at, ['--no-worker']);
  const { address } = service;
  const heard: Told[] = [];
  const paths = [
    ...['/v1', '/v1/overview', '/v1/components', '/v1/component?id=live/app', '/v1/component?id=dev/b/x', '/v1/graph'],
    ...['/v1/outputs?id=roots/net', '/v1/impact?since=HEAD~1', '/v1/impact?since=HEAD~1&format=markdown', '/v1/status'],
    ...[
      '/v1/diff?from=HEAD~1&to=HEAD',
      '/v1/findings',
      '/v1/environments/diff?from=dev&to=stage',
      '/v1/config?id=live/app',
    ],
    ...[
      '/v1/config?id=dev/b/x',
      '/v1/config/validate',
      '/v1/types',
      '/v1/type?type=a',
      '/v1/type/infer?type=a',
      '/v1/schemas',
    ],
    ...[
      '/v1/type/schema?type=a',
      '/v1/type/docs?type=a',
      '/v1/changes',
      '/v1/policies/test',
      '/v1/export',
      '/v1/doctor',
    ],
    ...['/v1/modules', '/metrics', '/v1/log', '/v1/map', '/v1/picture?format=svg'],
    ...['/v1/changes/score', '/v1/runs', '/v1/run-requests', '/v1/environments', '/v1/hooks', '/v1/repositories'],
  ];
  for (const path of address === '' ? [] : paths) {
    const answer = await fetch(address + path);
    const stdout = (await answer.text()).replaceAll('\r', '');
    heard.push({ asked: `GET ${path}`, code: codeOf(answer), stdout, stderr: '' });
  }
  const posts: readonly (readonly [string, object])[] = [
    ['/v1/changes', { reason: 'because', edits: [{ id: 'dev/b/x', set: { size: 6 } }] }],
    ['/v1/config/validate', { id: 'dev/b/x', config: { size: 'x' } }],
    ['/v1/ask', { verb: 'config-edit', query: { id: 'live/app', set: { vpc_id: 'y' }, where: 'override' } }],
    ['/v1/ask', { verb: 'environment-promote', query: { from: 'dev', to: 'stage' } }],
  ];
  for (const [path, body] of address === '' ? [] : posts) {
    const headers = {
      'content-type': 'application/json',
      'idempotency-key': JSON.stringify(path + JSON.stringify(body)),
    };
    const answer = await fetch(address + path, { method: 'POST', body: JSON.stringify(body), headers });
    heard.push({
      asked: `POST ${path}`,
      code: codeOf(answer),
      stdout: await answer.text(),
      stderr: '',
    });
  }
  await service.end();
  return [...heard, { asked: 'serve', code: address === '' ? 1 : 0, stdout: '', stderr: service.said() }];
}

/** 501: what a service leaves to who works on the estate itself. */
function codeOf({ status }: Response): number {
  return status >= 500 && status !== 501 ? status : 0;
}

function toAgent({ product }: World, at: readonly string[]): Promise<Told> {
  const calls = [
    { name: 'impact_of_change', arguments: { since: 'HEAD~1' } },
    { name: 'show_component', arguments: { id: 'live/app' } },
    { name: 'show_component', arguments: { id: 'dev/b/x' } },
    { name: 'findings', arguments: {} },
    { name: 'compare_environments', arguments: { from: 'dev', to: 'stage' } },
  ];
  const hello = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'h', version: '1' } };
  const lines = [
    { jsonrpc: '2.0', id: 0, method: 'initialize', params: hello },
    { jsonrpc: '2.0', method: 'notifications/initialized' },
    { jsonrpc: '2.0', id: 1, method: 'tools/list' },
    { jsonrpc: '2.0', id: 2, method: 'resources/list' },
    ...calls.map((params, index) => ({ jsonrpc: '2.0', id: 10 + index, method: 'tools/call', params })),
  ];
  return product.ask(['mcp', ...at], { input: lines.map((line) => `${JSON.stringify(line)}\n`).join('') });
}

function leaksIn(where: string, text: string, all: readonly string[]): string[] {
  const folded = text.replaceAll(/\\n|[\s"'+\\]+/g, '').toLowerCase();
  return all.flatMap((secret) =>
    Object.entries(spellings(secret)).flatMap(([form, needle]) =>
      text.includes(needle) || folded.includes(needle.toLowerCase())
        ? [`${secret} (${form}) is in ${where}: …${around(text.includes(needle) ? text : folded, needle)}…`]
        : [],
    ),
  );
}

/** What stands about it, which says what hid it not. */
function around(text: string, needle: string): string {
  const at = Math.max(text.indexOf(needle), 0);
  return JSON.stringify(text.slice(Math.max(0, at - 120), at + 60));
}

function spellings(secret: string): Readonly<Record<string, string>> {
  const digest = (name: string, text: string) => createHash(name).update(text).digest('hex');
  return {
    'as it is': secret,
    backwards: [...secret].reverse().join(''),
    'in base64': Buffer.from(secret).toString('base64').slice(0, 16),
    'in hex': Buffer.from(secret).toString('hex'),
    ...Object.fromEntries(['md5', 'sha1', 'sha256'].map((name) => [name, digest(name, secret)])),
    'sha256 of JSON': digest('sha256', JSON.stringify(secret)),
  };
}

function hidden(text: string, all: readonly string[]): string {
  return all.reduce((told, secret) => told.replaceAll(secret, '…'), text);
}

function filesBelow(folder: string): [string, string][] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('parameters'))
    .map(({ parentPath, name }) => [name, readFileSync(join(parentPath, name), 'latin1')]);
}
