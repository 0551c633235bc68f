const seconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** What nobody trusted is done once in that time at most. */
export const leastUntrusted = '1m';

/** `15m` in milliseconds. */
export function millisecondsOf(interval: string): number {
  return Number(interval.slice(0, -1)) * (seconds[interval.slice(-1)] ?? 0) * 1000;
}

/** Whether an estate asks for work so often that a person has to agree. */
export function isTooOften(every: string | undefined): boolean {
  return every !== undefined && millisecondsOf(every) < millisecondsOf(leastUntrusted);
}
