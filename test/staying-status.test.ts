import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appendWithRecord } from '../src/deploy/records.ts';
import type { EngineContext } from '../src/engine/context.ts';
import { inputsReader } from '../src/engine/deployed/run-inputs.ts';
import { type StatusQuery, statusFacts } from '../src/engine/deployed/status-facts.ts';
import { status } from '../src/engine/deployed/tell-status.ts';
import { putParameter } from '../src/engine/verbs/parameters.ts';
import { apply, begun, paths, someFiles } from '../src/engine/view/estate-edits.fixture.ts';
import { digestOf } from '../src/model/digest.ts';
import { isKarmaError } from '../src/model/errors.ts';
import type { RunRecord } from '../src/model/record.ts';
import { TemporaryFolder } from '../src/observe/git/temporary-repository.ts';
import { openEngine } from '../src/wiring/open.ts';

function contextOf(root: string, data: string, stays: boolean): EngineContext {
  const env = { KARMA_ACTOR: 'test' };
  return openEngine({ options: { dir: root, data }, env, version: 'test', stays }).as({ door: 'cli' });
}

/** Everything that an answer says, or the error that it is. */
async function told(context: EngineContext, query: StatusQuery): Promise<string> {
  try {
    return JSON.stringify(await status(context, query), null, 1);
  } catch (error) {
    if (!isKarmaError(error)) throw error;
    return `${error.code} ${error.message}`;
  }
}

/** A run of some component, which consumed what is there just now, or something else. */
async function run(context: EngineContext, { which, left, failed, state }: Run): Promise<void> {
  const facts = await statusFacts(context, {});
  const known = [...facts.components.values()].filter(({ row }) => !row.external);
  const component = known[which % Math.max(1, known.length)];
  if (component === undefined) return;
  const deployment = component.deployments[0] ?? '';
  const outputs = { id: digestOf(left) };
  const record: RunRecord = {
    ...inputsReader(facts)(component, deployment, { binary: 'terraform 1.11.4', variables: 'v' }),
    ...{ id: `r${which}${left}`, action: 'apply', source: 'run', reconstructed: false, at: '2026-11-24T10:00:00Z' },
    ...{ outcome: failed ? 'failed' : 'finished', outputs, version: digestOf(outputs), dependsOn: [] },
    state: { serial: left, lineage: `l${which % 3}` },
    ...(state === undefined
      ? {}
      : { place: { environment: component.row.environment, repo: '', folder: component.row.path, state } }),
  } as RunRecord;
  const { actor, door } = context;
  const about = {
    action: 'run.applied',
    actor,
    door,
    subject: record.component,
    outcome: 'ok' as const,
    at: record.at,
  };
  await appendWithRecord(await context.stores.ledger(), [{ ...about, details: { record } }], record);
}

interface Run {
  readonly which: number;
  readonly left: number;
  readonly failed: boolean;
  readonly state?: string;
}

const parameters = [
  '/iac/vpc/main/runtime',
  '/iac/vpc/main/config',
  '/iac/app/a/config',
  '/iac/app/a/runtime',
  '/iac/environment',
];
const values = ['{"id":1}', '{"id":2}', '{"vpc_nickname":"main"}', '{}', 'dev'];
const states = ['roots/net/terraform.tfstate', 'live/a/terraform.tfstate', 'kept.tfstate'];

const step = fc.oneof(
  fc.record({
    kind: fc.constant('files' as const),
    files: fc.dictionary(fc.constantFrom(...paths), fc.option(fc.nat(3)), { minKeys: 1, maxKeys: 2 }),
    commit: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('parameter' as const),
    name: fc.constantFrom(...parameters),
    value: fc.constantFrom(...values),
    binding: fc.constantFrom('dev', 'other'),
  }),
  fc.record({
    kind: fc.constant('run' as const),
    which: fc.nat(8),
    left: fc.nat(2),
    failed: fc.boolean(),
    placed: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('state' as const), place: fc.constantFrom(...states), holds: fc.option(fc.nat(2)) }),
  fc.constant({ kind: 'nothing' as const }),
);

const queries: readonly StatusQuery[] = [
  { selection: [] },
  { selection: ['app/a'] },
  { selection: ['env=dev'], binding: 'dev' },
  { selection: [], at: 'HEAD' },
];

describe('the status that a process that stays tells', () => {
  it('is that of a fresh process, whatever files, parameters, records and states became', async () => {
    await fc.assert(
      fc.asyncProperty(someFiles, fc.array(step, { minLength: 2, maxLength: 8 }), async (files, sequence) => {
        using folder = new TemporaryFolder();
        const repository = begun(folder, files);
        const data = folder.at('data');
        const staying = contextOf(repository.root, data, true);
        for (const one of sequence) {
          if (one.kind === 'files') {
            apply(repository, one.files);
            if (one.commit) repository.commit();
          } else if (one.kind === 'parameter') {
            const { name, value, binding } = one;
            await putParameter(staying, { name, value, type: 'String' }, binding).catch(() => undefined);
          } else if (one.kind === 'run') {
            const place = one.placed ? { state: join(repository.root, 'kept.tfstate') } : {};
            await run(staying, { ...one, ...place });
          } else if (one.kind === 'state') {
            const file = join(repository.root, one.place);
            const outputs = { id: { value: one.holds, type: 'number' } };
            const text = JSON.stringify({ version: 4, serial: one.holds, lineage: 'l1', outputs, resources: [] });
            try {
              if (one.holds === null) rmSync(file, { force: true });
              else writeFileSync(file, text);
            } catch {
              // The folder is not there now.
            }
          }
          for (const query of queries) {
            const fresh = contextOf(repository.root, data, false);
            const answer = await told(staying, query);
            expect(answer).toBe(await told(fresh, query));
            expect(await told(staying, query)).toBe(answer);
            await fresh.stores.close();
          }
        }
        await staying.stores.close();
      }),
      { numRuns: Number(process.env['KARMA_RUNS'] ?? 6) },
    );
  });
});
