import { runActions } from '../consequence/run-events.ts';
import { canonicalJson, sha256 } from '../model/digest.ts';
import { KarmaError } from '../model/errors.ts';
import type { EventDraft } from '../model/event.ts';
import { parseExactJson } from '../model/exact-number.ts';
import type { Digest } from '../model/record.ts';
import type { HeldFence } from '../stores/ledger/port.ts';
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
  /** Outputs already there that others wrote: they stay, unless the run wrote them too. */
  readonly keep?: (name: string) => boolean;
  readonly fences?: readonly HeldFence[];
  /** Of a text that holds secrets one that nobody can guess them from. */
  readonly digest?: (text: string) => Digest;
}

/**
 * Answers the event to append with the run's own, or undefined when the runtime was the same already: an unchanged runtime
 * gets no new version, so that its readers see no change where there is none.
 */
export async function publishRuntime(
  journal: Journal,
  options: Publication,
  check: () => Promise<void>,
): Promise<EventDraft | undefined> {
  const details = { run: options.run, parameter: options.name, binding: options.store.binding };
  const draft = (action: string, outcome: EventDraft['outcome'], more: Readonly<Record<string, unknown>> = {}) =>
    journal.draft(action, options.subject, outcome, { ...details, ...more }, journal.cause, options.environment);
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const now = await options.store.get(options.name);
    const value = canonicalJson({ ...keptOf(now?.value, options.keep), ...options.runtime });
    const digest = options.digest?.(value) ?? sha256(value);
    if (now?.value !== undefined && sameJson(now.value, value))
      return (await isIntentOpen(journal, options))
        ? draft(runActions.published, 'ok', { version: now.version, digest })
        : undefined;
    if (attempt === 0) await journal.append([draft(runActions.publishing, 'intent', { digest })]);
    await check();
    const version = await options.store.put({
      name: options.name,
      type: now?.type === 'SecureString' ? 'SecureString' : 'String',
      value,
      at: options.at,
      by: options.actor,
      expectVersion: now?.version ?? 0,
      ...(options.fences === undefined ? {} : { fences: options.fences }),
    });
    if (version !== 'conflict') return draft(runActions.published, 'ok', { version, digest });
  }
  throw new KarmaError('KARMA_CONFLICT', `${options.name} is being written by someone else`, {
    hint: 'deploy again; if it goes on, see who writes it: karma parameter history',
  });
}

/** A run before this one was killed after it had written the runtime and before it could say so: this one says it. */
async function isIntentOpen(journal: Journal, { subject, name, store }: Publication): Promise<boolean> {
  const query = { subject, action: 'runtime.', backwards: true, limit: 50 };
  for (const { action, details } of await journal.read(query)) {
    if (details['parameter'] !== name || details['binding'] !== store.binding) continue;
    return action === runActions.publishing;
  }
  return false;
}

function keptOf(text: string | undefined, keep: Publication['keep']): Readonly<Record<string, unknown>> {
  if (text === undefined || keep === undefined) return {};
  try {
    const value: unknown = parseExactJson(text);
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return {};
    return Object.fromEntries(Object.entries(value).filter(([name]) => keep(name)));
  } catch {
    return {};
  }
}

function sameJson(text: string, canonical: string): boolean {
  if (text === canonical) return true;
  try {
    return canonicalJson(parseExactJson(text)) === canonical;
  } catch {
    return false;
  }
}
