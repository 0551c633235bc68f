import type { Need } from '../model/claim.ts';
import type { ComponentId } from '../model/component.ts';
import { fitOf, isAllHole } from './partly-known.ts';
import type { Provider, ProvidersOf } from './resolve.ts';
import { type Nearness, nearness } from './whereabouts.ts';

/** Who provides what is needed. */
export type Choice =
  /** Itself, which is no reference. */
  | { readonly kind: 'self' }
  | { readonly kind: 'nobody'; readonly strangers?: readonly Provider[] }
  | {
      readonly kind: 'found';
      /** Exactly these; several where one name is claimed by several, or where all are read. */
      readonly proven: readonly Provider[];
      /** One of these, or none: it cannot be told which. Undefined: anybody. */
      readonly possible: readonly Provider[] | undefined;
      /** By what is known of its address several fit, or by its whole name; else hardly anything of it is known. */
      readonly told: boolean;
      /** Of whose address nothing is known: they take no proof away, and each may be it still. */
      readonly strangers?: readonly Provider[];
    };

const nobody: Choice = { kind: 'nobody' };
const anybody: Choice = { kind: 'found', proven: [], possible: undefined, told: false };

/** Beyond so many it is no reason of its own any more. */
const mostCandidates = 2_000;

/**
 * Chooses among those who provide a need's keys, and where there are none among those who fit what is known of it. A function
 * of the need and of the providers of the keys that it names.
 */
export function choose(need: Need, providersOf: ProvidersOf, self: ComponentId): Choice {
  const named = need.where === undefined ? firstNamed(need, providersOf) : nearest(need, providersOf);
  if (named.length > 0) return amongNamed(need, named, self);
  return need.partly === undefined ? nobody : amongFitting(need, need.partly, providersOf, self);
}

interface Candidate {
  readonly provider: Provider;
  readonly nearness: Nearness;
}

function firstNamed(need: Need, providersOf: ProvidersOf): readonly Candidate[] {
  for (const key of need.orElse === undefined ? [need.key] : [need.key, ...need.orElse]) {
    const providers = providersOf(key);
    if (providers.length > 0) return providers.map((provider) => ({ provider, nearness: 'same' }));
  }
  return [];
}

/** A name is given once in a place: who is known to be there leaves no room for others. Keys of the own environment first. */
function nearest(need: Need, providersOf: ProvidersOf): readonly Candidate[] {
  const byRank: Candidate[][] = [];
  for (const [scope, key] of [need.key, ...(need.orElse ?? [])].entries())
    for (const provider of providersOf(key)) {
      const near = nearness(need.where, provider.provide.where);
      if (near === 'other') continue;
      const rank =
        near === 'same' ? 0 : near === 'unlike' ? unlikeRank : Math.min(scope, 3) * 2 + (near === 'alike' ? 1 : 2);
      byRank[rank] = [...(byRank[rank] ?? []), { provider, nearness: near }];
    }
  const ranks = byRank.filter((one) => one !== undefined && one.length > 0);
  return (need.many === true ? distinctOf(ranks.flat()) : ranks[0]) ?? [];
}

const unlikeRank = 9;

function distinctOf(candidates: readonly Candidate[]): readonly Candidate[] {
  const seen = new Map<ComponentId, Candidate>();
  for (const one of candidates) if (!seen.has(one.provider.component.id)) seen.set(one.provider.component.id, one);
  return [...seen.values()];
}

/** A component never depends on itself; a fallback provider only counts where there is no other. */
function amongNamed(need: Need, candidates: readonly Candidate[], self: ComponentId): Choice {
  const firm = candidates.filter(({ provider }) => provider.provide.fallback !== true);
  const counting = firm.length > 0 ? firm : candidates;
  const others = counting.filter(({ provider }) => provider.component.id !== self);
  if (others.length === 0 || (others.length < counting.length && need.many !== true)) return { kind: 'self' };
  const unlike = others.filter((one) => one.nearness === 'unlike').map(({ provider }) => provider);
  const near = others.filter((one) => one.nearness !== 'unlike').map(({ provider }) => provider);
  const sharesAName = near.every(({ provide }) => provide.exclusive === true);
  const proves = need.many === true || sharesAName || isOne(near);
  return { kind: 'found', proven: proves ? near : [], possible: proves ? unlike : [...near, ...unlike], told: true };
}

function amongFitting(
  need: Need,
  { keys, addresses }: NonNullable<Need['partly']>,
  providersOf: ProvidersOf,
  self: ComponentId,
): Choice {
  if (addresses === undefined) return anybody;
  const lists = keys.map(providersOf);
  if (lists.reduce((sum, one) => sum + one.length, 0) > mostCandidates) return anybody;
  const fitting = new Map<ComponentId, { readonly provider: Provider; readonly sure: boolean }>();
  const unseen = new Map<ComponentId, Provider>();
  for (const provider of lists.flat()) {
    const { id } = provider.component;
    if (fitting.get(id)?.sure === true) continue;
    if (showsNothing(provider)) {
      if (id !== self && nearness(need.where, provider.provide.where) !== 'other') unseen.set(id, provider);
      continue;
    }
    const fit = fitOf(addresses, provider.provide.addresses ?? []);
    const near = fit === 'no' ? 'other' : nearness(need.where, provider.provide.where);
    if (near === 'other') continue;
    const sure = fit === 'closely' && near !== 'unlike';
    if (sure || !fitting.has(id)) fitting.set(id, { provider, sure });
  }
  const isOwn = fitting.delete(self);
  const found = [...fitting.values()];
  const strangers = [...unseen.values()].filter(({ component }) => !fitting.has(component.id));
  if (found.length === 0) return isOwn ? { kind: 'self' } : { kind: 'nobody', strangers };
  const sure = found.filter((one) => one.sure).map(({ provider }) => provider);
  const unsure = found.filter((one) => !one.sure).map(({ provider }) => provider);
  const proves = need.many === true || (found.length === 1 && sure.length === 1);
  const possible = proves ? unsure : [...sure, ...unsure];
  return { kind: 'found', proven: proves ? sure : [], possible, told: sure.length > 1, strangers };
}

function showsNothing({ provide: { addresses = [] } }: Provider): boolean {
  return addresses.every(([store, name]) => isAllHole(name) && (store === '' || isAllHole(store)));
}

function isOne(providers: readonly Provider[]): boolean {
  return providers.every(({ component }) => component.id === providers[0]?.component.id);
}
