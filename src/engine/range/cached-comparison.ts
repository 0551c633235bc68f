import type { Comparison } from '../../graph/impact-of-change/compare.ts';
import { sha256 } from '../../model/digest.ts';
import type { Cache } from '../../observe/cache/cache.ts';

const kind = 'comparison';
/** Comparisons of fewer components cost less to make than to keep. */
const worthKeeping = 100;

/**
 * A comparison that an earlier process made of the very same two ends, or one made now and kept: a pull request asks of one
 * range several times. What is damaged reads as absent.
 * @param ends everything that the comparison rests on
 */
export async function cachedComparison(
  cache: Cache,
  ends: readonly unknown[],
  make: () => Promise<Comparison>,
): Promise<Comparison> {
  const key = sha256(JSON.stringify(ends));
  const kept = parsed(cache.get(kind, key));
  if (kept !== undefined) return kept;
  const comparison = await make();
  if (comparison.readers >= worthKeeping) {
    cache.put(kind, key, Buffer.from(JSON.stringify(comparison)));
    cache.flush();
  }
  return comparison;
}

function parsed(bytes: Uint8Array | undefined): Comparison | undefined {
  if (bytes === undefined) return undefined;
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8')) as Comparison;
  } catch {
    return undefined;
  }
}
