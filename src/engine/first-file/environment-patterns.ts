import { environmentByPattern } from '../../infer/layouts/terraform/environment-guess.ts';
import type { ComponentRow } from '../../model/component.ts';
import { byCodeUnit } from '../../model/digest.ts';

/** An entry of `environments:`, with what it was made from. */
export interface EnvironmentPattern {
  readonly pattern: string;
  /** Where the pattern does not hold it. */
  readonly environment?: string;
  /** Components that it is about, by environment. */
  readonly counts: ReadonlyMap<string, number>;
}

type Placed = Pick<ComponentRow, 'path' | 'environment'>;

/**
 * Patterns that give each component the environment it has, by the step of its path that names it: one with `{environment}`
 * where that holds for all that lies there, else one for each environment. What would give any component another environment
 * is left out. Longer ones first, since the first that fits counts. O(components × patterns).
 */
export function environmentPatterns(rows: readonly Placed[]): readonly EnvironmentPattern[] {
  const places = Map.groupBy(
    rows.flatMap((row) => placeOf(row) ?? []),
    ({ before, tail }) => `${before}\n${tail}`,
  );
  const found: EnvironmentPattern[] = [];
  const candidates = [...places.values()]
    .flatMap((all) => {
      const [{ before, tail } = { before: '', tail: '' }] = all;
      const counts = countsOf(all);
      const open = { pattern: `${before}{environment}${tail}`, counts };
      const each = [...counts].map(([environment, count]) => ({
        pattern: `${before}${environment}${tail}`,
        environment,
        counts: new Map([[environment, count]]),
      }));
      // Of one name at the very top nobody knows whether others there would be environments, too.
      const isForm = before !== '' || counts.size > 1;
      return isForm && isTrue(open, rows) ? [open] : each.filter((one) => isTrue(one, rows));
    })
    .sort((a, b) => b.pattern.split('/').length - a.pattern.split('/').length || byCodeUnit(a.pattern, b.pattern));
  for (const one of candidates) if (isTrue(one, rows)) found.push(one);
  return found;
}

interface Place {
  readonly before: string;
  readonly tail: string;
  readonly environment: string;
}

function placeOf({ path, environment }: Placed): Place | undefined {
  if (environment === '' || path.includes(':')) return undefined;
  const steps = path.split('/');
  const around = steps.slice(0, -1).lastIndexOf(environment);
  const at = around >= 0 ? around : steps.lastIndexOf(environment);
  if (at < 0) return undefined;
  const before = steps.slice(0, at).join('/');
  return { before: before === '' ? '' : `${before}/`, tail: at === steps.length - 1 ? '' : '/**', environment };
}

function countsOf(places: readonly Place[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { environment } of places) counts.set(environment, (counts.get(environment) ?? 0) + 1);
  return new Map([...counts].sort(([a], [b]) => byCodeUnit(a, b)));
}

/** Whether every component that it fits has the environment that it gives. */
function isTrue(
  { pattern, environment }: Pick<EnvironmentPattern, 'pattern' | 'environment'>,
  rows: readonly Placed[],
) {
  const settings = { environments: [{ pattern, ...(environment === undefined ? {} : { environment }) }] };
  return rows.every((row) => {
    const given = environmentByPattern(row.path, settings);
    return given === undefined || given === row.environment;
  });
}
