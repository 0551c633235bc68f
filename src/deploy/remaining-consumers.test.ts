import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../model/record.ts';
import type { ReferenceRow } from '../model/reference.ts';
import { type Consumers, remainingConsumers } from './remaining-consumers.ts';

const split = (key: string) => {
  const [component = '', deployment = ''] = key.split('@');
  return { component, deployment };
};
const set = (...keys: string[]) => ({
  id: 'x',
  components: keys.map((key) => ({ ...split(key), environment: '', selected: true, dependsOn: [] })),
});
const record = (key: string, ...dependsOn: string[]) => ({ ...split(key), dependsOn }) as unknown as RunRecord;
const reference = (from: string, to: string, strength = 'proven') =>
  ({ from, to, strength }) as unknown as ReferenceRow;
const none: Consumers = {
  ...{ records: [], alsoDeployed: [], references: [], outside: [] },
  counterpart: (_, deployment) => deployment,
};
const left = (keys: readonly string[], consumers: Partial<Consumers>) =>
  remainingConsumers(set(...keys), { ...none, ...consumers }).map((one) => `${one.consumer} of ${one.provider}`);

describe('who still consumes what is destroyed', () => {
  const both = ['dev', 'prod'].map((name) => record(`app@${name}`, 'network'));

  it('is told deployment by deployment', () => {
    expect(left(['network@dev'], { records: both })).toEqual(['app@dev of network@dev']);
    expect(left(['network@dev', 'app@dev'], { records: both })).toEqual([]);
    expect(left(['network@prod', 'app@dev'], { records: both })).toEqual(['app@prod of network@prod']);
  });

  it('is also who reads it from outside, whatever is deployed here', () => {
    const outside = [{ name: 'billing', reads: (id: string) => id.startsWith('net') }];
    expect(left(['network@dev', 'app@dev'], { outside })).toEqual(['billing of network@dev']);
  });

  it('is everybody where nothing tells which deployment is read', () => {
    expect(left(['network@dev'], { records: both, counterpart: () => undefined })).toEqual([
      'app@dev of network@dev',
      'app@prod of network@dev',
    ]);
  });

  it('is also what others deployed and references show; not what is only written down', () => {
    const references = [reference('app', 'network'), reference('web', 'network'), reference('net', 'network', 'hint')];
    const alsoDeployed = [split('app@dev'), split('net@dev')];
    expect(left(['network@dev'], { references, alsoDeployed })).toEqual(['app@dev of network@dev']);
    expect(left(['network@prod'], { references, alsoDeployed })).toEqual([]);
  });
});
