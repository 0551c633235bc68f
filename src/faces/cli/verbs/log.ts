import type { LogAnswer } from '../../../engine/verbs/log.ts';
import type { LedgerEvent } from '../../../model/event.ts';
import { printable } from '../../../model/printable.ts';
import { type Call, numberOption, textOption, type Verb } from '../command.ts';
import type { Output } from '../output.ts';
import { table } from '../render/table.ts';

export const runList: Verb = async ({ options, output, ask }) => {
  const action = textOption(options, 'action');
  const subject = textOption(options, 'subject');
  const { events } = await ask('log', {
    limit: numberOption(options, 'limit') ?? 30,
    ...(action === undefined ? {} : { action }),
    ...(subject === undefined ? {} : { subject }),
  });
  show(events, output);
  if (events.length === 0) output.talk(await nextStep(ask, action !== undefined || subject !== undefined, output));
  return 0;
};

/** Nothing is shown: nothing fits, or nothing ever happened. */
async function nextStep(ask: Call['ask'], narrowed: boolean, { talkStyle }: Output): Promise<string> {
  const any = narrowed && (await ask('log', { limit: 1 })).events.length > 0;
  return `${talkStyle.dim('hint')}  ${
    any
      ? '`karma log list` without the options shows what there is'
      : 'nothing is in the ledger yet: `karma build` publishes the graph and takes the history along, `karma deploy` and `karma record` write what runs did'
  }`;
}

export const runGrep: Verb = async ({ args, options, output, ask }) => {
  const { events } = await ask('log', { contains: args[0] ?? '', limit: numberOption(options, 'limit') ?? 30 });
  show(events, output);
  if (events.length === 0) output.talk(await nextStep(ask, true, output));
  return 0;
};

function show(events: readonly LedgerEvent[], output: Output): void {
  if (output.json) output.document({ events });
  else if (events.length === 0) output.answer('no events');
  else
    output.answer(
      table(
        events,
        [
          { title: 'ID', value: ({ id }) => id },
          { title: 'AT', value: ({ at }) => at },
          {
            title: 'ACTION',
            value: ({ action, reconstructed }) => (reconstructed === true ? `${action} (reconstructed)` : action),
          },
          { title: 'SUBJECT', value: ({ subject }) => subject },
          { title: 'OUTCOME', value: ({ outcome }) => outcome },
          { title: 'BY', value: ({ actor, door }) => `${actor} (${door})` },
        ],
        output.style,
      ),
    );
}

/** Looks for new events once a second until interrupted. */
export const runTail: Verb = async ({ output, ask }) => {
  let after = (await ask('log', { limit: 1 })).events[0]?.seq ?? 0;
  let going = true;
  process.once('SIGINT', () => {
    going = false;
  });
  while (going) {
    for await (const event of eventsAfter(ask, after)) {
      after = event.seq;
      output.raw(
        output.json
          ? `${JSON.stringify(event)}\n`
          : `${event.at}  ${event.action}  ${event.subject}  ${event.outcome}  ${event.actor}\n`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  return 130;
};

export const runVerify: Verb = async ({ output, ask }) => {
  const { verdict: chain, faults } = await ask('log-verify', {});
  if (output.json) output.document({ verdict: chain, faults });
  else if (!chain.sound)
    output.answer(`the chain does not hold at event ${chain.break.seq} (${chain.break.fault}): ${chain.break.message}`);
  else if (faults.length === 0) output.answer(`the chain holds: ${chain.head.seq} events, and what rests on them`);
  else {
    output.answer(
      [
        `the chain holds: ${chain.head.seq} events; what rests on them does not:`,
        ...faults.map(({ message }) => `  ${printable(message)}`),
      ].join('\n'),
    );
    output.talk(`${output.talkStyle.dim('hint')}  \`karma store rebuild\` makes documents again from the events`);
  }
  return chain.sound && faults.length === 0 ? 0 : 1;
};

export const runExport: Verb = async ({ output, ask }) => {
  for await (const event of eventsAfter(ask, 0)) output.raw(`${JSON.stringify(event)}\n`);
  return 0;
};

/** Oldest first, page by page. */
async function* eventsAfter(ask: Call['ask'], first: number): AsyncGenerator<LedgerEvent> {
  for (let after: number | undefined = first; after !== undefined; ) {
    const { events, next }: LogAnswer = await ask('log', { after, limit: 500 });
    yield* events;
    after = next;
  }
}
