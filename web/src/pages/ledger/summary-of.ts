import type { LedgerEvent } from '../../api/answers.ts';

/** What an event says beyond its action and subject, in a line. */
export function summaryOf({ details, outcome }: Pick<LedgerEvent, 'details' | 'outcome'>): string {
  const said = (details ?? {}) as Readonly<Record<string, unknown>>;
  const parts: string[] = outcome === 'ok' ? [] : [outcome === 'intent' ? 'begun' : outcome];
  const { message, counts, changed, commit, reason } = said;
  if (typeof message === 'string') parts.push(message);
  if (typeof reason === 'string') parts.push(reason);
  if (isCounts(changed)) {
    const rows = Number(changed['put'] ?? 0) + Number(changed['removed'] ?? 0);
    parts.push(`${rows} row${rows === 1 ? '' : 's'} changed`);
  }
  if (isCounts(counts))
    parts.push(
      Object.entries(counts)
        .map(([name, count]) => `${String(count)} ${name}`)
        .join(', '),
    );
  if (typeof commit === 'string') parts.push(`commit ${commit.slice(0, 10)}`);
  return parts.join(' · ');
}

function isCounts(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
