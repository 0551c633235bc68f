import type { EventDraft } from '../model/event.ts';

/** How far somebody was told of what happens to changes. One of each hook, by its name. */
export interface HookStanding {
  readonly name: string;
  /** Everything up to this event of the ledger was told, is not asked for, or was given up. */
  readonly after: number;
  readonly told: number;
  readonly givenUp: number;
  /** Of the message that is next: how often it was tried, when it is tried again (ISO 8601, UTC), and what was wrong. */
  readonly tries?: number;
  readonly due?: string;
  readonly trouble?: string;
}

export const hookKind = 'hook';
export const hookActions = {
  begun: 'hook.begun',
  told: 'hook.told',
  delayed: 'hook.delayed',
  givenUp: 'hook.given-up',
} as const;

/** Seconds from one try to the next: most troubles are over soon, and nobody is told of yesterday's tomorrow. */
const pauses = [5, 30, 120, 600, 3600, 3 * 3600, 6 * 3600, 12 * 3600] as const;

/** What follows from a try. */
export function afterTry(
  { name, after, told, givenUp, tries = 0 }: HookStanding,
  { seq, now, trouble }: { readonly seq: number; readonly now: string; readonly trouble: string | undefined },
): { readonly action: (typeof hookActions)[keyof typeof hookActions]; readonly standing: HookStanding } {
  if (trouble === undefined)
    return { action: hookActions.told, standing: { name, after: seq, told: told + 1, givenUp } };
  const pause = pauses[tries];
  if (pause === undefined)
    return { action: hookActions.givenUp, standing: { name, after: seq, told, givenUp: givenUp + 1 } };
  const due = new Date(Date.parse(now) + pause * 1000).toISOString();
  return { action: hookActions.delayed, standing: { name, after, told, givenUp, tries: tries + 1, due, trouble } };
}

/** The hook that an event tells of, as it stood from then on. */
export function hookIn({ action, details }: Pick<EventDraft, 'action' | 'details'>): HookStanding | undefined {
  return action.startsWith('hook.') ? (details['hook'] as HookStanding) : undefined;
}
