import { KarmaError } from '../model/errors.ts';
import type { EventDraft } from '../model/event.ts';
import type { Parameter, ParameterStore, ParameterWrite } from '../stores/parameters/port.ts';
import { valueWarning } from '../stores/parameters/rules.ts';
import type { EngineContext } from './context.ts';
import type { HoldLease } from './write-leases.ts';

export type Write = Pick<ParameterWrite, 'name' | 'value' | 'type'>;

export interface Put {
  readonly store: ParameterStore;
  readonly write: Write;
  /** The version that is there, as the writer saw it. */
  readonly before: Parameter | undefined;
  /** What else to tell when it is written, in the same breath. */
  readonly also?: (version: number) => readonly EventDraft[];
}

/** Writes, and says so in the ledger, intent first: a crash between the two can be told and completed. */
export async function putUnder(
  context: EngineContext,
  hold: HoldLease,
  { store, write, before, also = () => [] }: Put,
): Promise<number> {
  const lease = await hold(context.stores.environmentOf(store.binding));
  const ledger = await context.stores.ledger();
  const draft = (outcome: 'intent' | 'ok' | 'failed', version: number, cause?: string): EventDraft => ({
    action: 'parameter.put',
    actor: context.actor,
    door: context.door,
    subject: write.name,
    outcome,
    at: context.now(),
    ...(cause === undefined ? {} : { cause }),
    details: { binding: store.binding, type: write.type, version, fence: lease.fence },
  });
  const expectVersion = before?.version ?? 0;
  await closeIntent(context, store.binding, write.name, expectVersion, also);
  const intent = await ledger.append([draft('intent', expectVersion + 1)]);
  const cause = intent === false ? undefined : intent[0]?.id;
  await lease.check();
  const version = await store.put({
    ...write,
    at: context.now(),
    by: context.actor,
    expectVersion,
    fences: lease.held,
  });
  if (version === 'conflict') {
    await ledger.append([draft('failed', expectVersion + 1, cause)]);
    throw new KarmaError('KARMA_CONFLICT', `${write.name} was written by someone else in between`, {
      hint: 'look at it (`karma parameter history`) and try again',
    });
  }
  await ledger.append([draft('ok', version, cause), ...also(version)]);
  const warning = valueWarning(write.value);
  if (warning !== undefined) context.report({ kind: 'note', text: `the value of ${write.name} ${warning}` });
  return version;
}

/**
 * Completes what a writer that was killed between its write and its last word left open: the version it meant is there, or it is
 * not.
 */
export async function closeIntent(
  context: EngineContext,
  binding: string,
  name: string,
  version: number,
  also: NonNullable<Put['also']> = () => [],
): Promise<void> {
  const ledger = await context.stores.ledger();
  const told = await ledger.read({ action: 'parameter.put', subject: name, backwards: true, limit: 20 });
  const last = told.find(({ details }) => details['binding'] === binding);
  if (last?.outcome !== 'intent') return;
  const meant = Number(last.details['version']);
  const written = version >= meant;
  const { actor, door } = context;
  const about = { binding, type: last.details['type'], version: meant };
  await ledger.append([
    {
      action: 'parameter.put',
      ...{ actor, door, subject: name, outcome: written ? 'ok' : 'failed', at: context.now(), cause: last.id },
      details: { ...about, message: 'its writer was killed before it could say so' },
    },
    ...(written && version === meant ? also(meant) : []),
  ]);
}
