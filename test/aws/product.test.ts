import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commitAll, temporaryFolder } from '../support/estates.ts';
import { type Answer, environment, git, karma, root } from '../support/karma.ts';
import { type EstateOnAws, estateOnAws, isWrite, type Request } from './estate-on-aws.ts';
import { askedIn, requestsPage, requestsTable } from './requests-table.ts';
import { servers, withServer } from './servers.ts';

/**
 * `examples/sixty` told the same story twice: once embedded, once with ledger, graph and parameters on the stand-ins for AWS.
 * Nothing that is answered may tell which was which.
 */

const bindings = ['parcel-dev', 'parcel-staging', 'parcel-prod-core', 'parcel-prod-edge'];

const questions: readonly string[] = [
  'list --json',
  'impact prod/vpc/main',
  'impact prod/vpc/main --at v2 --json',
  'why prod/ecs-service/tracking prod/vpc/main --json',
  'outputs prod/vpc/main',
  'order env=prod',
  'diff v1..v3 --json',
  'export --at v1',
  'export --at v2',
  'export --at v3',
  'check --json',
  'status --json',
  'parameter get /iac/vpc/main/runtime --binding parcel-prod-core',
  'store verify',
  'log verify',
];

interface Step {
  readonly name: string;
  readonly aws: Answer;
  readonly embedded: Answer;
  readonly requests: readonly Request[];
}

interface Story {
  readonly aws: EstateOnAws;
  readonly folders: { readonly aws: string; readonly embedded: string };
  readonly steps: readonly Step[];
}

async function tell(aws: EstateOnAws, folder: string): Promise<Story> {
  const folders = { aws: join(folder, 'aws'), embedded: join(folder, 'embedded') };
  const steps: Step[] = [];
  const onBoth = async (name: string, ...args: readonly string[]) => {
    aws.taken();
    const embedded = karma(args, { cwd: folders.embedded });
    const answer = await aws.ask(folders.aws, ...args);
    steps.push({ name, aws: answer, embedded: await embedded, requests: aws.taken() });
  };
  const change = (write: (estate: string) => void, message: string) => {
    for (const estate of Object.values(folders)) {
      write(estate);
      commitAll(estate, message);
    }
  };
  for (const estate of Object.values(folders)) {
    cpSync(join(root, 'examples/sixty'), estate, { recursive: true });
    git(estate, 'init', '-q', '-b', 'main');
    commitAll(estate, 'one');
  }
  await onBoth('a question, accounts empty', 'list');
  await onBoth('publish 60 configs', 'config', 'publish', '--all');
  await onBoth('the same question again', 'list');
  await onBoth('first build', 'build');
  await onBoth('a build, nothing changed', 'build');
  change((estate) => {
    const file = join(estate, 'iac/prod/vpc/main/config.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/10\.\d+\.0\.0/, '10.77.0.0'));
  }, 'two');
  await onBoth('a build, one config changed', 'build');
  await onBoth('put a parameter', 'parameter', 'put', '/iac/environment', 'prod', '--binding', 'parcel-prod-core');
  const runtime = JSON.stringify({ vpc_id: 'vpc-1', "o'clock": '${x} \\ "q" 🚚' });
  await onBoth(
    'put another',
    'parameter',
    'put',
    '/iac/vpc/main/runtime',
    runtime,
    '--type',
    'String',
    '--binding',
    'parcel-prod-core',
  );
  await onBoth('a build, one runtime published', 'build');
  await onBoth('a question at a version', 'list', '--at', 'v2');
  return { aws, folders, steps };
}

/**
 * A build of the same estate with its parameters alone on AWS. A ledger that knows nothing reads a history of each parameter,
 * at the pace that AWS allows: other questions are asked meanwhile.
 */
function startMixed({ aws, folders }: Story, data: string) {
  const { KARMA_LEDGER, KARMA_GRAPH, ...env } = aws.env;
  expect([KARMA_LEDGER, KARMA_GRAPH]).not.toContain(undefined);
  const options = { cwd: folders.aws, env: environment(env) };
  return { data, options, built: karma(['build', '--data', data], options) };
}

/** Times differ between two runs, whatever the stores. */
const timeless = (text: string) => text.replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, '<time>');

withServer('the whole product', servers.gremlin, ({ endpoint: gremlin }) => {
  withServer('on AWS', servers.moto, ({ endpoint: moto }) => {
    const folder = temporaryFolder();
    let story: Story;
    let apart: ReturnType<typeof startMixed>;
    beforeAll(async () => {
      story = await tell(await estateOnAws({ gremlin, moto }, bindings), folder);
      apart = startMixed(story, join(folder, 'mixed'));
    });
    afterAll(() => story.aws.close());
    const step = (name: string) => {
      const found = story.steps.find((one) => one.name === name);
      if (found === undefined) throw new Error(`the story has no ${name}`);
      return found;
    };

    it('does what the embedded stores do, and says so in the same words', () => {
      for (const { name, aws, embedded } of story.steps) {
        expect(aws.code, `${name}: ${aws.stderr}`).toBe(0);
        expect(timeless(aws.stdout), name).toBe(timeless(embedded.stdout));
      }
      expect(step('a build, one runtime published').aws.stdout).toContain('v3 published');
    });

    it.each(questions)('answers `karma %s` byte by byte the same', async (question) => {
      const words = question.split(' ');
      const [aws, embedded] = await Promise.all([
        story.aws.ask(story.folders.aws, ...words),
        karma(words, { cwd: story.folders.embedded }),
      ]);
      expect(aws.code, aws.stderr).toBe(embedded.code);
      expect(aws.stdout).toBe(embedded.stdout);
      expect(aws.stdout).not.toBe('');
    });

    it('leaves embedded what nobody moved: each store is chosen by itself', async () => {
      const { data, options, built } = apart;
      expect((await built).stdout).toContain('v1 published');
      const exported = (at: string, more: readonly string[]) => karma(['export', '--at', at, ...more], options);
      const [mixed, whole] = await Promise.all([
        exported('v1', ['--data', data]),
        story.aws.ask(story.folders.aws, 'export', '--at', 'v3'),
      ]);
      expect(mixed.stdout.replaceAll('v1', 'v3')).toBe(whole.stdout);
    });

    it('writes nothing where nothing changed', () => {
      expect(step('a build, nothing changed').requests.filter(isWrite)).toEqual([]);
      expect(step('the same question again').requests.filter(isWrite)).toEqual([]);
    });

    it('brings a small delta to each store in one request', () => {
      const { requests } = step('a build, one runtime published');
      // History that is told and how far it was read are one transaction; the delta goes first as an object, then the version.
      const committing = requests.filter((one) => isWrite(one) && one.operation !== 'PutItem');
      expect(committing.map(({ store, operation }) => `${store} ${operation}`)).toEqual([
        'dynamodb TransactWriteItems',
        'dynamodb TransactWriteItems',
        'neptune write',
      ]);
    });

    it('asks as often as docs/neptune.md says', () => {
      const file = join(root, 'docs/neptune.md');
      const table = requestsTable(story.steps.map(({ name, requests }) => ({ name, requests })));
      const written = readFileSync(file, 'utf8');
      if (process.env['KARMA_WRITE_DOCS'] !== undefined) writeFileSync(file, requestsPage(written, table));
      // How often exactly depends on who is first in a race; the page must know every step and which stores it asks.
      else expect(askedIn(written), 'KARMA_WRITE_DOCS=1 writes it').toEqual(askedIn(requestsPage(written, table)));
    });

    it('passes questions of a person through to Neptune, and none that could write', async () => {
      const ask = (...words: readonly string[]) => story.aws.ask(story.folders.aws, 'query', ...words);
      const rows = await ask('--gremlin', "g.V('head|sixty').project('version','first').by('gen').by('first')");
      expect(rows.stdout).toBe('VERSION  FIRST\n      3      1\n');
      const json = await ask('--gremlin', "g.V('c|sixty|prod/vpc/main').values('name')", '--json');
      expect(JSON.parse(json.stdout)).toMatchObject({ language: 'gremlin', results: ['prod/vpc/main'] });
      story.aws.taken();
      const refused = await ask('--gremlin', "g.V('head|sixty').drop()");
      expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining('drop()') });
      expect(story.aws.taken()).toEqual([]);
      const embedded = await karma(['query', '--gremlin', 'g.V()'], { cwd: story.folders.embedded });
      expect(embedded).toMatchObject({
        code: 64,
        stderr: expect.stringMatching(/KARMA_NOT_CONFIGURED[\s\S]*KARMA_GRAPH/),
      });
    });

    it('tells of each store whether it can be used', async () => {
      const { stdout } = await story.aws.ask(story.folders.aws, 'doctor', '--json');
      const { stores, trials } = JSON.parse(stdout) as {
        readonly stores: readonly { readonly store: string; readonly adapter: string; readonly from: string }[];
        readonly trials: readonly { readonly store: string; readonly name: string; readonly state: string }[];
      };
      expect(stores.map(({ store, adapter, from }) => `${store} ${adapter} ${from}`)).toEqual([
        'ledger dynamodb KARMA_LEDGER',
        'graph neptune KARMA_GRAPH',
        'parameters ssm KARMA_PARAMETERS',
      ]);
      expect(trials.filter(({ state }) => state === 'failed')).toEqual([]);
      expect(trials.map(({ store, name }) => `${store} ${name}`)).toContain('parameters of parcel-dev list');
    });

    it('prints the rights that are needed without asking anybody', async () => {
      story.aws.taken();
      const { stdout } = await story.aws.ask(story.folders.aws, 'doctor', '--policy');
      expect(story.aws.taken()).toEqual([]);
      const policy = JSON.parse(stdout) as { readonly Statement: readonly { readonly Sid: string }[] };
      expect(policy.Statement.map(({ Sid }) => Sid)).toEqual([
        'ReadParameters',
        'ListParameters',
        'PublishParameters',
        'KeepLedger',
        'ProjectGraph',
      ]);
    });
  });
});

describe('the table of requests', () => {
  it('stands once in docs/neptune.md', () => {
    const text = readFileSync(join(root, 'docs/neptune.md'), 'utf8');
    expect(text.match(/<!-- requests -->/g)).toHaveLength(1);
  });
});
