import { runActions } from '../consequence/run-events.ts';
import { canonicalJson, sha256 } from '../model/digest.ts';
import { KarmaError } from '../model/errors.ts';
import type { EventDraft } from '../model/event.ts';
import type { ParameterStore } from '../stores/parameters/port.ts';
import type { Journal } from './journal.ts';

/** Publishes a component's runtime: the intent first, then the parameter, and an event that says which version it became. */
export interface Publication {
  readonly store: ParameterStore;
  readonly name: string;
  readonly runtime: Readonly<Record<string, unknown>>;
  readonly at: string;
  readonly actor: string;
  readonly subject: string;
  readonly run: string;
  readonly environment: string;
}

/**
 * Answers the event to append with the run's own, or undefined when the runtime was the same already: an unchanged runtime
 * gets no new version, so that its readers see no change where there is none.
 */
export async function publishRuntime(
  journal: Journal,
  wish: Publication,
  check: () => Promise<void>,
): Promise<EventDraft | undefined> {
  const value = canonicalJson(wish.runtime);
  const digest = sha256(value);
  const details = { run: wish.run, parameter: wish.name, binding: wish.store.binding, digest };
  const draft = (action: string, outcome: EventDraft['outcome'], more: Readonly<Record<string, unknown>> = {}) =>
    journal.draft(action, wish.subject, outcome, { ...details, ...more }, journal.cause, wish.environment);
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const now = await wish.store.get(wish.name);
    if (now?.value !== undefined && sameJson(now.value, value)) return undefined;
    if (attempt === 0) await journal.append([draft(runActions.publishing, 'intent')]);
    await check();
    const version = await wish.store.put({
      name: wish.name,
      type: now?.type === 'SecureString' ? 'SecureString' : 'String',
      value,
      at: wish.at,
      by: wish.actor,
      expectVersion: now?.version ?? 0,
    });
    if (version !== 'conflict') return draft(runActions.published, 'ok', { version });
  }
  throw new KarmaError('KARMA_CONFLICT', `${wish.name} is being written by someone else`, {
    hint: 'deploy again; if it goes on, see who writes it: karma parameter history',
  });
}

function sameJson(text: string, canonical: string): boolean {
  if (text === canonical) return true;
  try {
    return canonicalJson(JSON.parse(text)) === canonical;
  } catch {
    return false;
  }
}
