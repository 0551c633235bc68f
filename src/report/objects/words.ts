import type { ObjectDifference } from '../../graph/objects/compare-environments.ts';
import { shownPair } from '../impact/shown-value.ts';

/** One difference in a line: the key, what it is on each side, and why it is expected where it is. */
export function differenceInWords({ kind, key, from, to, expected }: ObjectDifference): string {
  const why = expected === undefined ? '' : `  (${expected})`;
  if (kind === 'output') return `output ${key}: ${from === undefined ? 'only there' : 'only here'}${why}`;
  const [was, is] = shownPair(from, to);
  if (kind === 'runtime') return `runtime ${key}: ${was ?? 'not there'} → ${is ?? 'not there'}${why}`;
  const what = kind === 'reference' ? `depends on ${key}` : key;
  return `${what}: ${was ?? 'not set'} → ${is ?? 'not set'}${why}`;
}
