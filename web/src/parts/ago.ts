const steps: readonly (readonly [seconds: number, unit: string])[] = [
  [60, 's'],
  [3600, 'min'],
  [86_400, 'h'],
  [86_400 * 14, 'd'],
];

/** A distance in time as one reads it in a row; what is longer ago than two weeks is a date. */
export function ago(moment: Date, now: Date): string {
  const seconds = Math.round((now.getTime() - moment.getTime()) / 1000);
  if (seconds < 0) return moment.toISOString().slice(0, 16).replace('T', ' ');
  if (seconds < 5) return 'now';
  let unit = 1;
  for (const [limit, name] of steps) {
    if (seconds < limit) return `${Math.floor(seconds / unit)} ${name} ago`;
    unit = limit;
  }
  return moment.toISOString().slice(0, 10);
}
