import { describe, expect, it } from 'vitest';
import { cronOf, nextDue } from './schedule.ts';

const started = '2026-03-01T10:00:30.000Z';

describe('work that happens by itself', () => {
  it.each([
    [{ every: '15m' }, undefined, started],
    [{ every: '15m' }, '2026-03-01T10:00:00.000Z', '2026-03-01T10:15:00.000Z'],
    [{ every: '90s' }, '2026-03-01T10:00:00.000Z', '2026-03-01T10:01:30.000Z'],
    [{ every: '1d' }, '2026-02-28T10:00:00.000Z', '2026-03-01T10:00:00.000Z'],
    // In UTC, whatever the machine's time is.
    [{ cron: '0 6 * * 1-5' }, undefined, '2026-03-02T06:00:00.000Z'],
    [{ cron: '0 6 * * *' }, '2026-03-02T06:00:01.000Z', '2026-03-03T06:00:00.000Z'],
    // Missed for a week, and due once, at its first time since.
    [{ cron: '0 6 * * *' }, '2026-02-20T06:00:01.000Z', '2026-02-21T06:00:00.000Z'],
    [{ cron: '*/5 * * * *' }, '2026-03-01T10:01:00.000Z', '2026-03-01T10:05:00.000Z'],
    [{ cron: '0 0 30 2 *' }, undefined, undefined],
  ])('%j, last done at %s, is due at %s', (schedule, last, due) => {
    expect(nextDue(schedule, last, started)).toBe(due);
  });

  it.each(['* * * *', '60 * * * *', '* * * * * *', 'never'])('takes no cron line that is none: %s', (line) => {
    expect(() => cronOf(line)).toThrow();
  });
});
