import { setTimeout as sleep } from 'node:timers/promises';
import type { DeployAnswer, DeployQuestion } from '../../../engine/deploying/query.ts';
import type { DeployEvent } from '../../../engine/deploying/words.ts';
import type { AnswerOf } from '../../../engine/verbs/table.ts';
import { type ErrorCode, errorKinds, isKarmaError, KarmaError } from '../../../model/errors.ts';
import { printable } from '../../../model/printable.ts';
import { atOption, type Call, flagOption, selectionOf, textOption } from '../command.ts';
import type { ExitCode } from '../exit-codes.ts';
import { type LiveRuns, liveRuns } from '../render/live-runs.ts';
import { asked, keyOf } from './confirm.ts';
import { stopSignals, tellAnswer, tellQuestion } from './run-frame.ts';

type Request = AnswerOf<'run-request'>['request'];
type Outcome = NonNullable<AnswerOf<'run-outcome'>['outcome']>;

/** How often it is asked how far something is. */
const look = 500;

/**
 * Stays until a worker carried out what was asked of it, and answers what whoever runs it beside the estate is told. The first Ctrl-C
 * has it start nothing more; with the second nobody waits for it any longer.
 * @throws what went wrong there, KARMA_INTERRUPTED
 */
export async function carriedOut(
  begun: Request,
  { ask, output }: Pick<Call, 'ask' | 'output'>,
  { finishOnly, stopNow }: { readonly finishOnly: AbortSignal; readonly stopNow: AbortSignal },
): Promise<Outcome> {
  const { id } = begun;
  let request = begun;
  let said = '';
  let isTakenBack = false;
  for (;;) {
    if (said !== request.state && !isOver(request))
      output.talk(
        output.talkStyle.dim(
          `${id} ${request.state}${request.worker === undefined ? '' : ` by ${printable(request.worker)}`}`,
        ),
      );
    said = request.state;
    if (isOver(request)) break;
    if (finishOnly.aborted && !isTakenBack) {
      isTakenBack = true;
      await ask('run-cancel', { id }).catch((error: unknown) => {
        // It ended just now.
        if (!isKarmaError(error) || error.code !== 'KARMA_CONFLICT') throw error;
      });
    }
    if (stopNow.aborted)
      throw new KarmaError('KARMA_INTERRUPTED', `what runs of ${id} runs on, where its worker is`, {
        hint: `\`karma run follow ${id}\` tells how it ends`,
      });
    await sleep(look);
    ({ request } = await ask('run-request', { id }));
  }
  const { outcome } = await ask('run-outcome', { id });
  if (outcome !== undefined) return outcome;
  throw withoutOutcome(request);
}

function isOver({ state }: Request): boolean {
  return state !== 'asked' && state !== 'taken' && state !== 'stopping';
}

function withoutOutcome({ id, state, code, message = '', hint }: Request): KarmaError {
  if (code !== undefined && Object.hasOwn(errorKinds, code))
    return new KarmaError(code as ErrorCode, message, hint === undefined ? {} : { hint });
  if (state === 'cancelled') return new KarmaError('KARMA_INTERRUPTED', `${id} was taken back before anybody ran it`);
  return new KarmaError('KARMA_UPSTREAM', `${id} is ${state}, and its worker told no more of it`, {
    hint: `is the worker of an older version? \`karma run follow ${id}\` shows what is known`,
  });
}

/** A deploy or a destroy that a worker of the service carries out, told as one of this machine is. */
export async function runAfar(call: Call, action: 'deploy' | 'destroy'): Promise<ExitCode> {
  const { options, output, ask } = call;
  const stopping = stopSignals(output);
  try {
    const binding = textOption(options, 'binding');
    const wish = {
      select: selectionOf(call),
      all: flagOption(options, 'all'),
      ...atOption(options),
      ...(binding === undefined ? {} : { binding }),
    };
    if (!flagOption(options, 'yes') && !(await agreed(call, action, wish, stopping.finishOnly)))
      throw new KarmaError('KARMA_DECLINED', 'not confirmed; nothing was run');
    const { request } = await ask('run-ask', { action, ...wish });
    const outcome = await carriedOut(request, call, stopping);
    const answer = outcome.answer as unknown as DeployAnswer;
    return tellAnswer(call, answer, toldAgain(call, outcome));
  } finally {
    stopping.end();
  }
}

/** What happened elsewhere, told as it is told while it happens. */
export function toldAgain(
  { options, output }: Pick<Call, 'options' | 'output'>,
  { question: given, events }: Outcome,
  { ofChange = false, outcomes = true }: { readonly ofChange?: boolean; readonly outcomes?: boolean } = {},
): LiveRuns {
  const question = given as unknown as DeployQuestion | undefined;
  if (question !== undefined) tellQuestion(question, output, ofChange);
  const keys = question?.members.map(keyOf) ?? [];
  const live = liveRuns(output, keys, { outcomes, verbose: flagOption(options, 'verbose') });
  for (const event of events) live.listen(event as unknown as DeployEvent);
  live.end();
  return live;
}

async function agreed(
  { output, ask }: Call,
  action: 'deploy' | 'destroy',
  { select, at = 'HEAD' }: { readonly select: readonly string[]; readonly at?: string },
  stop: AbortSignal,
): Promise<boolean> {
  const { components } = await ask('list', { select, at });
  const members = components
    .filter(({ kind, external }) => kind !== 'parameter' && !external)
    .map(({ id, environment }) => ({ component: id, deployment: '', environment }));
  return asked({ action: action === 'deploy' ? 'apply' : 'destroy', members }, output, stop);
}
