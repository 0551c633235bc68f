import { setTimeout as sleep } from 'node:timers/promises';
import type { AnswerOf } from '../../../engine/verbs/table.ts';
import { isKarmaError, KarmaError } from '../../../model/errors.ts';
import { printable } from '../../../model/printable.ts';
import { type Ask, atOption, flagOption, pageOptions, selectionOf, textOption, type Verb } from '../command.ts';
import type { Output } from '../output.ts';
import { count } from '../render/evidence.ts';
import { table } from '../render/table.ts';

type Request = AnswerOf<'run-request'>['request'];

/** How often it is asked how far something is. */
const look = 500;

/** Asks for a deploy or a destroy: whichever worker comes first runs it. */
export const runRequest: Verb = async ({ args: [action, ...selection], options, output, ask }) => {
  if (action !== 'deploy' && action !== 'destroy')
    throw new KarmaError('KARMA_USAGE', `a run is asked for as \`deploy\` or \`destroy\`, not as \`${action ?? ''}\``, {
      hint: '`karma run request deploy env=dev`',
    });
  const [binding, reason] = [textOption(options, 'binding'), textOption(options, 'reason')];
  const { request } = await ask('run-ask', {
    action,
    select: selectionOf({ args: selection, options }),
    all: flagOption(options, 'all'),
    ...atOption(options),
    ...(binding === undefined ? {} : { binding }),
    ...(reason === undefined ? {} : { reason }),
  });
  if (flagOption(options, 'follow')) return follow(request, ask, output);
  if (output.json) output.document({ request });
  else
    output.answer(
      `${lineOf(request)}\n\n\`karma run follow ${request.id}\` tells how it goes, \`karma run cancel ${request.id}\` takes it back`,
    );
  return 0;
};

export const runRequests: Verb = async ({ options, output, ask }) => {
  const answer = await ask('run-requests', pageOptions(options));
  const { requests } = answer;
  if (output.json) output.document(answer);
  else if (requests.length === 0) output.answer('nobody asked for a run (`karma run request deploy env=dev`)');
  else
    output.answer(
      table(
        requests,
        [
          { title: 'REQUEST', value: ({ id }) => id },
          { title: 'STATE', value: ({ state }) => state },
          { title: 'WHAT', value: (one) => whatOf(one) },
          { title: 'AT', value: ({ commit }) => commit.slice(0, 10) },
          { title: 'ASKED', value: ({ askedAt }) => askedAt },
          { title: 'BY', value: ({ actor }) => actor },
        ],
        output.style,
      ),
    );
  if (answer.next !== undefined && !output.json) output.talk(`more: --cursor ${answer.next}`);
  return 0;
};

/** Stays until it is over. What its runs write is shown as it is written, wherever a worker told of it. */
export const runFollow: Verb = async ({ args: [id = ''], output, ask }) => {
  const { request } = await ask('run-request', { id });
  return follow(request, ask, output);
};

export const runCancel: Verb = async ({ args: [id = ''], output, ask }) => {
  const answer = await ask('run-cancel', { id });
  if (output.json) output.document(answer);
  else output.answer(lineOf(answer.request));
  return 0;
};

export const runList: Verb = async ({ options, output, ask }) => {
  const [component, environment, deploy] = ['component', 'environment', 'deploy'].map((name) =>
    textOption(options, name),
  );
  const answer = await ask('runs', {
    ...pageOptions(options),
    ...(component === undefined ? {} : { component }),
    ...(environment === undefined ? {} : { environment }),
    ...(deploy === undefined ? {} : { deploy }),
  });
  const { runs } = answer;
  if (output.json) output.document(answer);
  else if (runs.length === 0) output.answer('no runs');
  else
    output.answer(
      table(
        runs,
        [
          { title: 'RUN', value: ({ id }) => id },
          { title: 'COMPONENT', value: ({ component }) => component },
          { title: 'STATE', value: ({ state }) => state },
          { title: 'BEGAN', value: ({ startedAt }) => startedAt },
          { title: 'BY', value: ({ actor, door }) => `${actor} (${door})` },
        ],
        output.style,
      ),
    );
  if (answer.next !== undefined && !output.json) output.talk(`more: --cursor ${answer.next}`);
  return 0;
};

export const runLog: Verb = async ({ args: [id = ''], options, output, ask }) => {
  const tail = new LogTail(ask, id);
  if (output.json) {
    output.document(await ask('run-log', { id }));
    return 0;
  }
  let text = await tail.more();
  if (text === undefined)
    throw new KarmaError('KARMA_NOT_FOUND', `there is no log of a run \`${id}\``, {
      hint: '`karma run list` shows runs',
    });
  for (;;) {
    // Asked before the log is read: what was written until it ended is read then.
    const isOver = !flagOption(options, 'follow') || (await isRunOver(ask, id));
    for (; text !== undefined && text !== ''; text = await tail.more())
      output.answer(printable(text.replace(/\n$/, '')));
    if (isOver) return 0;
    await sleep(look);
    text = await tail.more();
  }
};

async function isRunOver(ask: Ask, id: string): Promise<boolean> {
  try {
    return (await ask('run', { id })).run.endedAt !== undefined;
  } catch (error) {
    // A plan leaves no event, and its log does not grow.
    if (isKarmaError(error) && error.code === 'KARMA_NOT_FOUND') return true;
    throw error;
  }
}

async function follow(begun: Request, ask: Ask, output: Output): Promise<0 | 1> {
  const runs = new Map<string, { readonly tail: LogTail; readonly name: string; state: string }>();
  let request = begun;
  let said = '';
  const say = (text: string) => (output.json ? output.talk(text) : output.answer(text));
  for (;;) {
    const isOver = !['asked', 'taken', 'stopping'].includes(request.state);
    if (said !== request.state && !isOver) say(lineOf(request));
    said = request.state;
    for (const deploy of request.deploys ?? []) {
      const answer = await ask('runs', { deploy, limit: 500 });
      for (const { id, component, deployment, state } of [...answer.runs].reverse()) {
        const name = deployment === '' ? component : `${component}@${deployment}`;
        const known = runs.get(id) ?? { tail: new LogTail(ask, id), name, state: '' };
        runs.set(id, known);
        for (let text = await known.tail.more(); text !== undefined && text !== ''; text = await known.tail.more())
          say(
            text
              .replace(/\n$/, '')
              .split('\n')
              .map((line) => `${name} | ${printable(line)}`)
              .join('\n'),
          );
        if (known.state !== state) say(`${name}  ${state}  ${id}`);
        known.state = state;
      }
    }
    if (isOver) break;
    await sleep(look);
    ({ request } = await ask('run-request', { id: request.id }));
  }
  if (output.json) output.document({ request });
  else output.answer(lineOf(request));
  return request.state === 'finished' ? 0 : 1;
}

/** A log as far as it was shown. */
class LogTail {
  readonly #ask: Ask;
  readonly #run: string;
  #from = 0;

  constructor(ask: Ask, run: string) {
    this.#ask = ask;
    this.#run = run;
  }

  /** What came since; `''`: nothing yet. Undefined: nobody told of it. */
  async more(): Promise<string | undefined> {
    try {
      const { text, next } = await this.#ask('run-log', { id: this.#run, from: this.#from });
      this.#from = next;
      return text;
    } catch (error) {
      if (isKarmaError(error) && error.code === 'KARMA_NOT_FOUND') return undefined;
      throw error;
    }
  }
}

function lineOf(request: Request): string {
  const { id, state, worker, members = {}, code, message } = request;
  const counts = Object.entries(members).map(([word, number]) => `${number} ${word}`);
  const parts = [
    `${id}  ${state}`,
    `${whatOf(request)} at ${request.commit.slice(0, 10)}`,
    ...(worker === undefined || state === 'asked' ? [] : [`by ${worker}`]),
    ...(counts.length === 0 ? [] : [counts.join(', ')]),
    ...(code === undefined ? [] : [`${code} ${message ?? ''}`]),
  ];
  return parts.join('  ');
}

function whatOf({ action, select, all, environments }: Request): string {
  const named = environments.filter((one) => one !== '');
  const where = named.length === 0 ? '' : ` (${count(named.length, 'environment')}: ${named.join(', ')})`;
  return `${action} ${all ? 'everything' : select.join(' ')}${where}`;
}
