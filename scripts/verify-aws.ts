/**
 * Checks on real AWS what the stand-ins cannot show; the points are those of docs/neptune.md. Writes under an estate's name of
 * its own and takes everything away again.
 *
 *   KARMA_VERIFY_NEPTUNE=https://<cluster>:8182 [KARMA_VERIFY_NEPTUNE_READER=…] [KARMA_VERIFY_IAM=false] npm run verify:aws
 *   KARMA_VERIFY_TABLE=<an empty DynamoDB table> npm run verify:aws
 *   KARMA_VERIFY_PREFIX=/karma-verify npm run verify:aws
 *
 * Region and credentials as the AWS SDK finds them. Any combination; what is not given is not checked.
 */
import { randomUUID } from 'node:crypto';
import { dynamoPoints } from './verify-aws/dynamodb.ts';
import { neptunePoints } from './verify-aws/neptune.ts';
import type { Point } from './verify-aws/point.ts';
import { ssmPoints } from './verify-aws/ssm.ts';

const { KARMA_VERIFY_NEPTUNE, KARMA_VERIFY_NEPTUNE_READER, KARMA_VERIFY_IAM, KARMA_VERIFY_LANGUAGE } = process.env;
const { KARMA_VERIFY_TABLE, KARMA_VERIFY_PREFIX } = process.env;
const name = `karma-verify-${randomUUID().slice(0, 8)}`;

const points: Point[] = [];
if (KARMA_VERIFY_NEPTUNE !== undefined) {
  points.push(
    ...(await neptunePoints({
      endpoint: KARMA_VERIFY_NEPTUNE,
      ...(KARMA_VERIFY_NEPTUNE_READER === undefined ? {} : { readerEndpoint: KARMA_VERIFY_NEPTUNE_READER }),
      ...(KARMA_VERIFY_LANGUAGE === 'gremlin-lang' ? { language: KARMA_VERIFY_LANGUAGE } : {}),
      iam: KARMA_VERIFY_IAM !== 'false',
      estate: name,
    })),
  );
}
if (KARMA_VERIFY_TABLE !== undefined) points.push(...(await dynamoPoints(KARMA_VERIFY_TABLE, name)));
if (KARMA_VERIFY_PREFIX !== undefined) points.push(...(await ssmPoints(`${KARMA_VERIFY_PREFIX}/${name}`)));

if (points.length === 0) {
  console.log(
    'Nothing to verify: name a cluster, a table or a prefix. See the head of scripts/verify-aws.ts and docs/neptune.md.',
  );
}
let failed = 0;
for (const point of points) {
  try {
    console.log(`✓ ${point.id}  ${point.title}: ${await point.verify()}`);
  } catch (error) {
    failed += 1;
    console.log(`✗ ${point.id}  ${point.title}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
process.exitCode = failed === 0 ? 0 : 1;
