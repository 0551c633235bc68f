import type { EventDraft } from '../../src/model/event.ts';
import { verifyLedger } from '../../src/stores/ledger/chain.ts';
import { checkDynamoLedger } from '../../src/stores/ledger/dynamodb/checks.ts';
import { openDynamoLedger } from '../../src/stores/ledger/dynamodb/ledger.ts';
import { must, type Point } from './point.ts';

/** The points D0 to D2. A ledger forgets nothing: a few small items of the estate's name stay in the table. */
export async function dynamoPoints(table: string, estate: string): Promise<readonly Point[]> {
  const open = () => openDynamoLedger({ table, estate });
  return [
    {
      id: 'D0',
      title: 'the table is there, and may be written',
      verify: async () => {
        const checks = await checkDynamoLedger({ table, estate });
        const bad = checks.find((check) => check.state === 'failed');
        must(bad === undefined, `${bad?.name}: ${bad?.message}`);
        return checks.map((check) => check.message).join(', ');
      },
    },
    {
      id: 'D1',
      title: 'racing appends make one chain',
      verify: async () => {
        const ledgers = await Promise.all(Array.from({ length: 8 }, open));
        await Promise.all(ledgers.flatMap((ledger, n) => [0, 1, 2].map(() => ledger.append([draft(`writer ${n}`)]))));
        const verdict = await verifyLedger(await open());
        must(verdict.sound && verdict.head.seq === 24, JSON.stringify(verdict));
        return '24 events, sound';
      },
    },
    {
      id: 'D2',
      title: 'of racing counter moves one wins',
      verify: async () => {
        const ledgers = await Promise.all(Array.from({ length: 8 }, open));
        const move = { counter: 'graph', from: 0, to: 1 };
        const answers = await Promise.all(ledgers.map((ledger) => ledger.append([draft('v1')], move)));
        const won = answers.filter((answer) => answer !== false).length;
        must(won === 1, `${won} won`);
        return 'one of eight';
      },
    },
  ];
}

function draft(subject: string): EventDraft {
  const at = new Date().toISOString();
  return { action: 'verify.append', actor: 'verify:aws', door: 'cli', subject, outcome: 'ok', at, details: {} };
}
