import type { LedgerEvent } from '../../api/answers.ts';

/** What an event says beyond its action and subject, in a line. */
export function summaryOf({ details, outcome }: Pick<LedgerEvent, 'details' | 'outcome'>): string {
  const said = (details ?? {}) as Readonly<Record<string, unknown>>;
  const parts: string[] = outcome === 'ok' ? [] : [outcome === 'intent' ? 'begun' : outcome];
  const { message, counts, changed, commit, reason, plans, changes } = said;
  if (typeof message === 'string') parts.push(message);
  if (typeof reason === 'string') parts.push(reason);
  if (isCounts(changed)) {
    const rows = Number(changed['put'] ?? 0) + Number(changed['removed'] ?? 0);
    parts.push(`${rows} row${rows === 1 ? '' : 's'} changed`);
  }
  for (const some of [counts, plans])
    if (isCounts(some))
      parts.push(
        Object.entries(some)
          .map(([name, count]) => `${String(count)} ${name}`)
          .join(', '),
      );
  if (isCounts(changes)) {
    const { add = 0, change = 0, destroy = 0 } = changes;
    parts.push(`+${String(add)} ~${String(change)} −${String(destroy)}`);
  }
  if (typeof commit === 'string') parts.push(`commit ${commit.slice(0, 10)}`);
  return parts.join(' · ');
}

function isCounts(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
