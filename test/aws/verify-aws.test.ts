import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { expect, it } from 'vitest';
import { environment, root } from '../support/karma.ts';
import { credentials } from './estate-on-aws.ts';
import { createLedgerTable } from './ledger-table.ts';
import { motoClient } from './moto-client.ts';
import { newName, servers, withServer } from './servers.ts';

/** `N3` as it is, `D0–D2` each. */
function pointsIn(page: string): readonly string[] {
  return [...page.matchAll(/^\| ([A-Z])(\d)(?:–[A-Z](\d))? \|/gm)].flatMap(([, kind = '', first = '', last = first]) =>
    Array.from({ length: Number(last) - Number(first) + 1 }, (_, n) => `${kind}${Number(first) + n}`),
  );
}

withServer('npm run verify:aws', servers.gremlin, ({ endpoint: gremlin }) => {
  withServer('on the stand-ins', servers.moto, ({ endpoint: moto }) => {
    it('finds every point of docs/neptune.md as it is believed', async () => {
      const region = newName('verify');
      await createLedgerTable(DynamoDBDocumentClient.from(new DynamoDBClient(motoClient(moto, region))), 'karma');
      const env = environment({
        ...credentials,
        AWS_REGION: region,
        AWS_ENDPOINT_URL: moto,
        KARMA_VERIFY_NEPTUNE: gremlin,
        KARMA_VERIFY_NEPTUNE_READER: gremlin,
        KARMA_VERIFY_IAM: 'false',
        KARMA_VERIFY_LANGUAGE: 'gremlin-lang',
        KARMA_VERIFY_TABLE: 'karma',
        KARMA_VERIFY_PREFIX: '/karma-verify',
      });
      const { stdout } = await promisify(execFile)(process.execPath, [join(root, 'scripts/verify-aws.ts')], { env });
      const told = stdout.split('\n').flatMap((line) => /^(✓|✗) (\S+)/.exec(line)?.slice(1, 3).join(' ') ?? []);
      const points = pointsIn(readFileSync(join(root, 'docs/neptune.md'), 'utf8'));
      expect(points).toHaveLength(16);
      expect(told).toEqual(points.map((point) => `✓ ${point}`));
    });
  });
});
