import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Json } from '../../../../src/model/digest.ts';
import { redacted } from '../../../../src/model/secrets/values.ts';
import type { Deeds, Finding, Proposed } from '../../api/answers.ts';
import { send } from '../../api/send.ts';
import { countOf, type Edits } from './edits-between.ts';

export type Where = NonNullable<Deeds['/v1/changes']['ask']['where']>;

/** What somebody types is asked about when they pause. */
const pause = 300;

export function usePaused<Value>(value: Value): Value {
  const [paused, setPaused] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setPaused(value), pause);
    return () => clearTimeout(timer);
  }, [value]);
  return paused;
}

type Proposal = Omit<Deeds['/v1/changes']['ask'], 'reason'>;
export type Creation = NonNullable<Proposal['create']>[number];

/** What somebody is writing: values of a component, which may be a new one. */
export interface Writing {
  readonly id: string;
  readonly edits: Edits;
  readonly where: Where;
  readonly create?: Creation | undefined;
}

/** The proposal of what is written, tried out or meant. */
export function proposalOf({ id, edits: { set, unset }, where, create }: Writing): Proposal {
  const isEdited = countOf({ set, unset }) > 0;
  return {
    where,
    ...(create === undefined ? {} : { create: [create] }),
    ...(isEdited ? { edits: [{ id, set, unset }] } : {}),
  };
}

/** Whether there is anything to propose. */
export function isSomething({ edits, create }: Pick<Writing, 'edits' | 'create'>): boolean {
  return create !== undefined || countOf(edits) > 0;
}

/** What it would do, found out and not kept: the content of a change that nothing names. */
export function useTrial(writing: Writing, revise?: string) {
  return useTrialOf({ ...proposalOf(writing), ...(revise === undefined ? {} : { revise }) }, isSomething(writing));
}

export function useTrialOf(proposal: Proposal, enabled: boolean) {
  return useQuery<Proposed>({
    queryKey: ['/v1/changes', 'tried', proposal],
    queryFn: ({ signal }) => send('/v1/changes', { ...proposal, reason: 'being written', dryRun: true }, { signal }),
    enabled,
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 60_000,
  });
}

/** What would be wrong of the config by its schema and its module, by pointer. Of what has no config of its own nobody asks. */
export function useValidation(id: string, config: Json, at: string | undefined): ReadonlyMap<string, Finding> {
  const { data } = useQuery({
    queryKey: ['/v1/config/validate', id, config, at],
    queryFn: ({ signal }) =>
      send('/v1/config/validate', { id, config, ...(at === undefined ? {} : { at }) }, { signal }),
    enabled: at !== undefined,
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 60_000,
  });
  return new Map(
    (data?.findings ?? [])
      .filter(({ key, severity }) => severity !== 'info' && key.startsWith('/') && !isHidden(config, key))
      .map((finding) => [finding.key, finding]),
  );
}

/** A secret is not sent to where it came from. */
function isHidden(config: Json, pointer: string): boolean {
  let value: unknown = config;
  for (const step of pointer.slice(1).split('/')) {
    if (typeof value !== 'object' || value === null) return false;
    value = (value as Readonly<Record<string, unknown>>)[step.replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  return value === redacted;
}
