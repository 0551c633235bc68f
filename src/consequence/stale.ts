import { byCodeUnit } from '../model/digest.ts';
import { outputName, type Pointer, pointerOf } from '../model/pointer.ts';
import type { ConsumedPointer, RunInputs, RunRecord, Seal } from '../model/record.ts';
import { type Difference, differences } from './differences.ts';
import { compareDigests, keyIdOf, type RuntimeLookup, readAlike } from './digests.ts';

/**
 * Whether what a deployment last consumed is still what is there. Only a record of Karma's own, with nothing unknown in it,
 * can say `current`; a reconstructed one can prove a difference and nothing else.
 */
export type Staleness =
  | { readonly state: 'stale'; readonly reasons: readonly Difference[]; readonly unknown: readonly string[] }
  | { readonly state: 'current'; readonly record: string }
  | { readonly state: 'unknown'; readonly unknown: readonly string[] };

/** A new Terraform program is a reason to run, not a reason to call a deployment stale. */
const meansStale: ReadonlySet<Difference['aspect']> = new Set([
  'config',
  'module',
  'lock-file',
  'variables',
  'consumed',
]);

/**
 * @param record the last *finished* apply: a failed or partial run has consumed nothing for certain, so it acknowledges
 * nothing.
 * @param now undefined when nobody could read the inputs of now.
 */
export function staleness(record: RunRecord | undefined, now: RunInputs | undefined): Staleness {
  if (record === undefined) return { state: 'unknown', unknown: ['no run is recorded'] };
  if (record.outcome !== 'finished' || record.action !== 'apply') {
    return { state: 'unknown', unknown: ['the run on record did not finish'] };
  }
  if (now === undefined) return { state: 'unknown', unknown: ['what it would consume now could not be read'] };
  const found = differences(record, record.reconstructed ? onlyRecorded(record, now) : now);
  const reasons = found.filter((one) => one.verdict === 'different' && meansStale.has(one.aspect));
  const unknown = [
    ...found
      .filter(
        (one) => one.verdict === 'unknown' && one.aspect !== 'binary' && !(record.reconstructed && ownAspect(one)),
      )
      .map((one) => one.text),
    ...(record.reconstructed ? ['its record was read from a state: that it is equal proves nothing'] : []),
    ...now.blindSpots,
  ];
  if (reasons.length > 0) return { state: 'stale', reasons, unknown };
  return unknown.length > 0 ? { state: 'unknown', unknown } : { state: 'current', record: record.id };
}

/** A state never shows config, module or variables: that they are not in a reconstructed record is no news. */
function ownAspect(difference: Difference): boolean {
  return difference.aspect !== 'consumed';
}

function nameOf(consumed: ConsumedPointer): string {
  return `${consumed.provider}\n${consumed.runtime}\n${consumed.pointer}`;
}

/** A reconstructed record holds only the reads that its state shows; other pointers of now have nothing to differ from. */
function onlyRecorded(record: RunRecord, now: RunInputs): RunInputs {
  const shown = new Set(record.consumed.map(nameOf));
  return { ...now, consumed: now.consumed.filter((one) => shown.has(nameOf(one))) };
}

/** The newest record of whoever a pointer is read of. */
export type RecordedLookup = (consumed: ConsumedPointer) => RunRecord | undefined;

/**
 * What a provider's record says of a pointer that cannot be read now. A record proves a difference and nothing else: where it says
 * the same, or is older than the reader's run, whose value may be newer still, nothing is known.
 */
function newsOf(
  { pointer, digest }: ConsumedPointer,
  reader: RunRecord,
  provider: RunRecord | undefined,
): ConsumedPointer['digest'] {
  if (provider === undefined || provider.outcome !== 'finished' || provider.at <= reader.at) return undefined;
  const left = provider.action === 'destroy' ? null : leftAt(provider, pointer, digest);
  return compareDigests(digest, left) === 'different' ? left : undefined;
}

function leftAt(
  { left = {}, outputs }: RunRecord,
  pointer: Pointer,
  like: ConsumedPointer['digest'],
): ConsumedPointer['digest'] {
  if (typeof like === 'string' && keyIdOf(like) !== '') return left[pointer];
  const name = outputName(pointer);
  // A plain digest is that of a whole output; what lies deeper in it stands in no record.
  return pointer === pointerOf([name]) ? (outputs[name] ?? null) : undefined;
}

/**
 * The inputs of now with every pointer of the record read again in the record's own form (keyed where the record is keyed),
 * so that the two can be compared at all.
 */
export function inputsLike(
  record: RunRecord,
  now: RunInputs,
  lookup: RuntimeLookup,
  seal: Seal,
  recorded: RecordedLookup = () => undefined,
): RunInputs {
  const again = record.consumed.map((one) => {
    const read = readAlike(one, lookup, seal);
    return read.digest === undefined ? { ...read, digest: newsOf(one, record, recorded(one)) } : read;
  });
  const shown = new Set(again.map(nameOf));
  const others = now.consumed.filter((one) => !shown.has(nameOf(one)));
  return { ...now, consumed: [...again, ...others].sort((a, b) => byCodeUnit(nameOf(a), nameOf(b))) };
}
