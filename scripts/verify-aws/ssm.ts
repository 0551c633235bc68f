import { estateKey } from '../../src/stores/estate-key.ts';
import { openSsmParameters } from '../../src/stores/parameters/ssm/parameter-store.ts';
import { must, type Point } from './point.ts';

/** The points S0 to S2; the parameters written are deleted at the end. */
export async function ssmPoints(prefix: string): Promise<readonly Point[]> {
  const key = estateKey(new Uint8Array(32));
  const store = await openSsmParameters({ binding: 'verify', key: () => key, decrypt: true });
  const at = new Date().toISOString();
  const names = Array.from({ length: 25 }, (_, n) => `${prefix}/p${n}`);
  const put = (name: string, value: string, more: object = {}) =>
    store.put({ name, type: 'String', value, at, by: 'verify:aws', ...more });
  return [
    {
      id: 'S0',
      title: 'puts are versions, and expectations hold',
      verify: async () => {
        for (const name of names) must((await put(name, 'a', { expectVersion: 0 })) === 1, `${name} is no version 1`);
        must((await put(names[0] ?? '', 'b', { expectVersion: 0 })) === 'conflict', 'a second creation was taken');
        must((await put(names[0] ?? '', 'b', { expectVersion: 1 })) === 2, 'the next version is not 2');
        return `${names.length} parameters`;
      },
    },
    {
      id: 'S1',
      title: 'a scan finds all, empty pages or not',
      verify: async () => {
        const found = await store.list({ path: prefix });
        must(found.length === names.length, `found ${found.length} of ${names.length}`);
        return `${found.length} parameters`;
      },
    },
    {
      id: 'S2',
      title: 'what was written is deleted',
      verify: async () => {
        const { DeleteParametersCommand, SSMClient } = await import('@aws-sdk/client-ssm');
        const client = new SSMClient({});
        for (let n = 0; n < names.length; n += 10) {
          await client.send(new DeleteParametersCommand({ Names: names.slice(n, n + 10) }));
        }
        return 'gone';
      },
    },
  ];
}
