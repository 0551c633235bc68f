import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { Missing } from '../../scripts/stand-ins/server.ts';
import { findProgram } from '../../src/run/tool.ts';
import { commitAll, temporaryFolder } from '../support/estates.ts';
import { git, karma, root } from '../support/karma.ts';
import { type EstateOnAws, estateOnAws } from './estate-on-aws.ts';
import { servers, withServer } from './servers.ts';

const bindings = ['parcel-dev', 'parcel-staging', 'parcel-prod-core', 'parcel-prod-edge'];

const terraform: { readonly endpoint: string } | Missing =
  findProgram('terraform', process.env['PATH']) === undefined
    ? { missing: 'terraform is not on PATH: install it from https://developer.hashicorp.com/terraform/install' }
    : { endpoint: '' };

/** Ids of runs and times are others each time. */
const comparable = (text: string) =>
  text
    .replaceAll(/\br[0-9a-f]{12}\b/g, '<run>')
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, '<time>')
    .replaceAll(/"LastModifiedUser": .*/g, '');

withServer('examples/sixty', servers.gremlin, ({ endpoint: gremlin }) => {
  withServer('deployed on AWS', servers.moto, ({ endpoint: moto }) => {
    withServer('with Terraform', terraform, () => {
      const folder = temporaryFolder();
      let aws: EstateOnAws | undefined;
      afterAll(() => aws?.close());

      // Not twice: what the first time left in the stores is another estate to the second.
      it('leaves the same graph, runtimes and status as embedded', { retry: 0 }, async () => {
        aws = await estateOnAws({ gremlin, moto }, bindings, { quota: 4000 });
        const [onAws, embedded] = ['aws', 'embedded'].map((name) => {
          const estate = join(folder, name);
          cpSync(join(root, 'examples/sixty'), estate, { recursive: true });
          // Other tests keep `sixty` in the same Gremlin Server.
          const settings = join(estate, 'karma.yaml');
          writeFileSync(settings, readFileSync(settings, 'utf8').replace(/^estate: sixty$/m, 'estate: sixty-deployed'));
          git(estate, 'init', '-q', '-b', 'main');
          commitAll(estate, 'one');
          return estate;
        });
        const both = async (...words: readonly string[]) => {
          // Beside one another: one waits for its servers while the other one runs Terraform.
          const [there, here] = await Promise.all([
            karma(words, { cwd: onAws ?? '', env: aws?.env ?? {} }),
            karma(words, { cwd: embedded ?? '' }),
          ]);
          expect(there.code, `${there.stderr}\n${here.stderr}`).toBe(here.code);
          return [comparable(there.stdout), comparable(here.stdout)] as const;
        };
        // Production stands in two accounts and reads what others publish; the rest would be more of the same.
        const [there, here] = await both('deploy', 'env=prod', '--yes', '--json', '--parallelism', '2');
        for (const told of [there, here]) {
          const { outcome, members } = JSON.parse(told) as { outcome: string; members: readonly unknown[] };
          expect(outcome, told).toBe('finished');
          expect(members.length).toBeGreaterThan(20);
        }
        const questions = [
          ['export', '--format', 'jsonl'],
          ['status', '--json'],
          ...bindings.map((binding) => ['parameter', 'export', '/', '--binding', binding]),
        ];
        for (const question of questions) {
          const [one, other] = await both(...question);
          expect(one, question.join(' ')).toBe(other);
        }
        // Versions are published while it goes on, so how many there are is a matter of time; each must hold together.
        expect((await both('store', 'verify')).every((told) => told.startsWith('verified'))).toBe(true);
      });
    });
  });
});
