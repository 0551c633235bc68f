import { type StoreCheck, tryCheck } from '../../aws/check.ts';
import { headOf } from './answers.ts';
import type { NeptuneClient } from './client.ts';
import { headId } from './fragments.ts';
import { text } from './literal.ts';
import { readHead } from './requests.ts';

/** Whether a cluster can be reached and used, one thing after the other; nothing is written. */
export async function checkNeptune(client: NeptuneClient, estate: string): Promise<readonly StoreCheck[]> {
  const checks = [
    await tryCheck('read', async () => {
      const head = headOf(await client.gremlin(readHead(estate)));
      return head === undefined
        ? `holds nothing of ${estate} yet`
        : `holds v${head.first} to v${head.gen} of ${estate}`;
    }),
    await tryCheck('write', async () => {
      // A mutation in form, which needs the right to write; it matches nothing, as no version is -2.
      await client.gremlin(`g.V(${text(headId(estate))}).has('gen',-2L).property(single,'gen',-2L).count()`);
      return 'may write';
    }),
  ];
  if (!client.hasReader) return checks;
  const reader = await tryCheck('reader', async () => {
    await client.gremlin(readHead(estate), 'reader');
    return 'the reader endpoint answers';
  });
  return [...checks, reader];
}
