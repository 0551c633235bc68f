import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { adageFiles, estateMaker } from '../support/estates.ts';
import { karma } from '../support/karma.ts';
import { type EstateOnAws, estateOnAws } from './estate-on-aws.ts';
import type { Fault } from './fault-proxy.ts';
import { servers, withServer } from './servers.ts';

const denied: Fault = {
  kind: 'answer',
  status: 400,
  body: JSON.stringify({ __type: 'AccessDeniedException', message: 'User: nobody is not authorized' }),
  headers: { 'content-type': 'application/x-amz-json-1.1' },
};

const secret = 'planted-7f3c-secret';

/** Everything in a folder, as text. */
function allText(folder: string): string {
  return readdirSync(folder, { withFileTypes: true })
    .map(
      (entry) =>
        join(folder, entry.name) + (entry.isDirectory() ? '' : readFileSync(join(folder, entry.name), 'latin1')),
    )
    .join('\n');
}

const files = {
  ...adageFiles,
  'account_environments/acme-prod.json': '{ "name": "acme-prod", "environment": "prod" }\n',
  'iac/prod/vpc/main/config.json': '{ "cidr": "10.1.0.0/16" }\n',
};

withServer('accounts', servers.gremlin, ({ endpoint: gremlin }) => {
  withServer('on AWS', servers.moto, ({ endpoint: moto }) => {
    const make = estateMaker();
    const opened: EstateOnAws[] = [];
    const onAws = async (ssm: Readonly<Record<string, unknown>> = {}) => {
      const aws = await estateOnAws({ gremlin, moto }, ['acme-dev', 'acme-prod'], { quota: 4000, ...ssm });
      opened.push(aws);
      return aws;
    };
    afterAll(() => Promise.all(opened.map((aws) => aws.close())));

    it('out of reach keep what was last seen of them, with a finding, until they are read again', async () => {
      const aws = await onAws();
      const folder = make.repository({ ...files, 'karma.yaml': `estate: ${aws.regionOf('reach')}\n` });
      const ask = async (...words: readonly string[]) => {
        const answer = await aws.ask(folder, ...words);
        expect(answer.code, answer.stderr).toBe(0);
        return answer.stdout;
      };
      await ask('config', 'publish', '--all');
      await ask('parameter', 'put', '/iac/vpc/gone/config', '{"cidr":"10.2.0.0/16"}', '--binding', 'acme-prod');
      await ask('build');
      const before = await ask('list');
      expect(before).toContain('prod/vpc/gone');

      aws.decide = ({ store, region }) =>
        store === 'ssm' && region === aws.regionOf('acme-prod') ? denied : { kind: 'pass' };
      expect(await ask('list')).toBe(before);
      const check = JSON.parse(await ask('check', '--json', '--fail-on', 'never')) as {
        readonly findings: readonly { readonly code: string; readonly subject: string; readonly message: string }[];
      };
      const [finding] = check.findings.filter(({ code }) => code === 'source-not-read');
      expect(finding).toMatchObject({ subject: 'account acme-prod' });
      expect(finding?.message).toMatch(/AccessDenied.*what was seen of it at \d{4}-\d\d-\d\dT.*Z stands/);
      const silent = await ask('build');
      expect(silent).toContain('1 row written, 0 closed');
      expect(silent).toContain('account:acme-prod was not read');

      // A process that knows nothing of what was seen here removes nothing either.
      const elsewhere = await ask('build', '--data', join(make.folder, 'elsewhere'));
      expect(elsewhere).toMatch(/, 0 closed|nothing changed/);
      expect(await ask('list', '--at', 'v3')).toContain('prod/vpc/gone');

      aws.decide = () => ({ kind: 'pass' });
      expect(await ask('list')).toBe(before);
      expect(await ask('build')).toContain('1 closed');
    });

    it('are looked at again by a question only when what was seen is too old, which it says', async () => {
      const aws = await onAws({ maxAge: 3600 });
      const folder = make.repository({ ...files, 'karma.yaml': `estate: ${aws.regionOf('age')}\n` });
      const asked = async (...words: readonly string[]) => {
        aws.taken();
        const answer = await aws.ask(folder, ...words);
        expect(answer.code, answer.stderr).toBe(0);
        const scans = aws.taken().filter(({ operation }) => /ByPath|Describe/.test(operation)).length;
        return { ...answer, scans };
      };
      const put = (name: string) =>
        asked('parameter', 'put', `/iac/vpc/${name}/config`, '{"cidr":"10.3.0.0/16"}', '--binding', 'acme-dev');
      await put('one');
      const first = await asked('list', '--json');
      expect(first.scans).toBeGreaterThan(0);
      expect(first.stdout).not.toContain('parameters as of');
      for (const words of ['list', 'impact dev/vpc/main', 'check --fail-on never', 'list --at HEAD']) {
        const again = await asked(...words.split(' '), '--json');
        expect(again.scans, words).toBe(0);
        expect(again.stdout, words).toMatch(/"label": ".*; parameters as of \d{4}-\d\d-\d\dT/);
      }
      // What Karma itself writes is seen at once.
      await put('two');
      const after = await asked('list', '--json');
      expect(after.scans).toBeGreaterThan(0);
      expect(after.stdout).toContain('dev/vpc/two');
      // What publishes, deploys or tells what is stale always looks; a version asks no account.
      for (const words of ['build', 'status --json', 'build'])
        expect((await asked(...words.split(' '))).scans, words).toBeGreaterThan(0);
      aws.taken();
      await aws.ask(folder, 'list', '--at', 'v1');
      expect(aws.taken().filter(({ store }) => store === 'ssm')).toEqual([]);
    });

    it('that say to be another environment are neither written nor believed', async () => {
      const aws = await onAws();
      const folder = make.repository({ ...files, 'karma.yaml': `estate: ${aws.regionOf('wrong')}\n` });
      const put = (name: string, value: string, binding: string) =>
        aws.ask(folder, 'parameter', 'put', name, value, '--binding', binding);
      expect(await put('/iac/environment', 'prod', 'acme-prod')).toMatchObject({ code: 0 });
      const swapped = JSON.parse(aws.env['KARMA_PARAMETERS'] ?? '') as { ssm: { bindings: Record<string, unknown> } };
      swapped.ssm.bindings['acme-dev'] = { region: aws.regionOf('acme-prod') };
      swapped.ssm.bindings['acme-prod'] = { region: aws.regionOf('acme-prod'), profile: '' };
      const env = { ...aws.env, KARMA_PARAMETERS: JSON.stringify(swapped) };
      aws.taken();
      const refused = await karma(['config', 'publish', 'env=dev'], { cwd: folder, env });
      expect(refused).toMatchObject({
        code: 3,
        stderr: expect.stringContaining('says in /iac/environment that it is prod, not dev'),
      });
      expect(aws.taken().filter(({ operation }) => operation === 'PutParameter')).toEqual([]);
      const check = await karma(['check', '--json', '--fail-on', 'never'], { cwd: folder, env });
      expect(check.stdout).toContain('it is prod, not dev');
      const renamed = await put('/iac/environment', 'dev', 'acme-prod');
      expect(renamed).toMatchObject({ code: 3, stderr: expect.stringContaining('another environment') });
    });

    it('that two bindings reach the same way are not guessed between', async () => {
      const aws = await onAws({ bindings: {} });
      const folder = make.repository({ ...files, 'karma.yaml': `estate: ${aws.regionOf('same')}\n` });
      const env = { ...aws.env, AWS_REGION: aws.regionOf('acme-dev') };
      const refused = await karma(['config', 'publish', 'env=dev'], { cwd: folder, env });
      expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining('are reached the same way') });
      expect(refused.stderr).toContain('bindings: { acme-dev');
    });

    it('keep secrets to themselves, and lose no history to Karma', async () => {
      const aws = await onAws({ decrypt: true });
      const folder = make.repository({ ...files, 'karma.yaml': `estate: ${aws.regionOf('secret')}\n` });
      const data = join(make.folder, 'secret-data');
      const ask = (...words: readonly string[]) => aws.ask(folder, ...words, '--data', data, '--binding', 'acme-dev');
      await ask('parameter', 'put', '/iac/db/password', secret, '--type', 'SecureString');
      for (const value of ['one', 'two']) await ask('parameter', 'put', '/iac/note', value);
      const history = await ask('parameter', 'history', '/iac/note', '--json');
      expect(history.stdout).toContain('"version": 2');
      expect((await ask('parameter', 'list', '/iac', '--json')).stdout).not.toContain(secret);
      await aws.ask(folder, 'list', '--data', data);
      expect(allText(data)).toContain('cache.db');
      expect(allText(data)).not.toContain(secret);
    });

    it('are guarded by the lease of their environment', async () => {
      const aws = await onAws();
      const folder = make.repository({ ...files, 'karma.yaml': `estate: ${aws.regionOf('lease')}\n` });
      const taken = await aws.ask(folder, 'parameter', 'put', '/iac/a', 'x', '--binding', 'acme-dev');
      expect(taken.code, taken.stderr).toBe(0);
      const order = aws.taken().flatMap(({ operation }) => (/Put|Update|Transact/.test(operation) ? [operation] : []));
      // Lease, intent, effect, outcome, lease given back.
      expect(order).toEqual(['UpdateItem', 'TransactWriteItems', 'PutParameter', 'TransactWriteItems', 'UpdateItem']);
    });
  });
});
