import { wholeRuntime } from '../model/pointer.ts';
import type { ConsumedPointer, LockFile, RunInputs } from '../model/record.ts';
import { type Comparison, compareDigests } from './digests.ts';

/** One thing in which a run's inputs are not provably what they were. */
export interface Difference {
  readonly aspect: 'config' | 'module' | 'lock-file' | 'binary' | 'variables' | 'consumed' | 'cloud';
  /** `different` is proven, `unknown` could not be compared. */
  readonly verdict: Exclude<Comparison, 'equal'>;
  /** In words: `prod/vpc/main#/private_subnet_ids changed`. */
  readonly text: string;
  /** What it comes from, for the aspects `consumed` and `cloud`. */
  readonly provider?: string;
  readonly runtime?: string;
  readonly pointer?: string;
}

/** How a consumed pointer is written everywhere: `prod/vpc/main#/vpc_id`, `prod/vpc/main` for all of it. */
export function consumedName(consumed: { readonly provider: string; readonly pointer: string }): string {
  return consumed.pointer === wholeRuntime ? consumed.provider : `${consumed.provider}#${consumed.pointer}`;
}

function key(consumed: ConsumedPointer): string {
  return `${consumed.provider}\n${consumed.runtime}\n${consumed.pointer}`;
}

function own(
  aspect: Difference['aspect'],
  noun: string,
  before: string | null | undefined,
  now: string | null | undefined,
): Difference[] {
  const verdict = compareDigests(before, now);
  if (verdict === 'equal') return [];
  const text = verdict === 'different' ? `its ${noun} changed` : `its ${noun} cannot be compared`;
  return [{ aspect, verdict, text }];
}

function consumedDifference(before: ConsumedPointer | undefined, now: ConsumedPointer | undefined): Difference[] {
  const either = now ?? before;
  if (either === undefined) return [];
  const name = consumedName(either);
  const base = {
    aspect: 'consumed',
    provider: either.provider,
    runtime: either.runtime,
    pointer: either.pointer,
  } as const;
  if (before === undefined) return [{ ...base, verdict: 'unknown', text: `${name} is read now and was not before` }];
  if (now === undefined) return [{ ...base, verdict: 'unknown', text: `${name} was read before and is not now` }];
  const verdict = compareDigests(before.digest, now.digest);
  if (verdict === 'equal') return [];
  if (verdict === 'unknown') return [{ ...base, verdict, text: `${name} cannot be compared` }];
  const what = before.digest === null ? 'is new' : now.digest === null ? 'is gone' : 'changed';
  return [{ ...base, verdict, text: `${name} ${what}` }];
}

/** What is consumed, before and now, pointer by pointer, sorted by where it comes from. */
export function consumedDifferences(
  before: readonly ConsumedPointer[],
  now: readonly ConsumedPointer[],
): readonly Difference[] {
  const was = new Map(before.map((one) => [key(one), one]));
  const is = new Map(now.map((one) => [key(one), one]));
  const keys = [...new Set([...was.keys(), ...is.keys()])].sort();
  return keys.flatMap((one) => consumedDifference(was.get(one), is.get(one)));
}

function cloudDifferences(before: RunInputs['cloud'], now: RunInputs['cloud']): Difference[] {
  const was = new Map(before.map((one) => [one.provider, one.change]));
  return now.flatMap(({ provider, change }): Difference[] => {
    const old = was.get(provider);
    if (old !== undefined && change !== undefined && old === change) return [];
    const known = old !== undefined && change !== undefined;
    const text = known
      ? `${provider} changed resources that are looked up in the cloud`
      : `nobody can say whether ${provider} changed what is looked up in the cloud`;
    return [{ aspect: 'cloud', verdict: 'unknown', text, provider }];
  });
}

/** Both runs took whichever versions there were. */
const noLockFile: Difference = {
  aspect: 'lock-file',
  verdict: 'unknown',
  text: 'it has no provider lock file, so nobody can say that its providers are the same',
};

function lockFileText(lockFile: LockFile | undefined): string | undefined {
  return lockFile === null ? undefined : lockFile;
}

/** Everything in which the inputs of now are not provably those of before. Empty means: provably the same. */
export function differences(before: RunInputs, now: RunInputs): readonly Difference[] {
  return [
    ...own('config', 'config', before.config, now.config),
    ...own('module', 'module', before.module?.digest, now.module?.digest),
    ...(before.lockFile === null && now.lockFile === null
      ? [noLockFile]
      : own('lock-file', 'provider lock file', lockFileText(before.lockFile), lockFileText(now.lockFile))),
    ...own('binary', 'Terraform program', before.binary, now.binary),
    ...own('variables', 'variables', before.variables, now.variables),
    ...consumedDifferences(before.consumed, now.consumed),
    ...cloudDifferences(before.cloud, now.cloud),
  ];
}
