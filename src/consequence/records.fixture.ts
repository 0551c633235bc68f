import { canonicalJson, digestOf, sha256 } from '../model/digest.ts';
import type { ConsumedPointer, RunInputs, RunRecord, Seal } from '../model/record.ts';

/** Small records for tests: everything known and equal unless a test says otherwise. */
export const seal: Seal = (value) => `k1:${sha256(`key one\n${canonicalJson(value)}`)}`;

export function inputs(over: Partial<RunInputs> = {}): RunInputs {
  return {
    component: 'prod/ecs/web',
    deployment: '',
    config: digestOf('config'),
    module: { digest: digestOf('module'), pinned: true },
    lockFile: 'not-needed',
    binary: 'terraform 1.11.4',
    variables: digestOf('variables'),
    consumed: [],
    cloud: [],
    orderOnly: [],
    unseen: [],
    blindSpots: [],
    ...over,
  };
}

export function record(over: Partial<RunRecord> = {}): RunRecord {
  const outputs = over.outputs ?? { url: digestOf('https://web') };
  return {
    ...inputs(),
    id: 'r1',
    action: 'apply',
    source: 'run',
    reconstructed: false,
    at: '2026-11-24T10:00:00Z',
    outcome: 'finished',
    version: digestOf(outputs),
    dependsOn: [],
    ...over,
    outputs,
  };
}

export function consumed(pointer: string, value: unknown, provider = 'prod/vpc/main'): ConsumedPointer {
  return {
    provider,
    runtime: '/iac/vpc/main/runtime',
    pointer,
    digest: value === undefined ? null : digestOf(value),
  };
}
