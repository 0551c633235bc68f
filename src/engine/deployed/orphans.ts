import { dirname } from 'node:path';
import type { Drift } from '../../consequence/drift.ts';
import { byCodeUnit } from '../../model/digest.ts';
import type { RunRecord } from '../../model/record.ts';
import { isTrouble, stateAt } from '../../observe/estate/states.ts';
import { observedState } from './observed-state.ts';
import type { ComponentStatus, StatusFacts } from './status-facts.ts';

/**
 * What was deployed and stands still as far as anybody knows, though nothing in the estate names it any more: its config was taken
 * out, and nobody destroyed it. Somebody else's leftovers in a store are `external`; these are one's own. Sorted by key.
 */
export function orphansIn(facts: StatusFacts): readonly ComponentStatus[] {
  const lineages = lineagesElsewhere(facts);
  return [...facts.records]
    .filter(([, { last, finished }]) => last.action === 'apply' && finished !== undefined)
    .filter(([, { last }]) => isGone(facts, last.component))
    .filter(([, { last }]) => !lineages.has(last.state?.lineage ?? ''))
    .filter(([, { last }]) => !isEmpty(facts, last))
    .sort(([a], [b]) => byCodeUnit(a, b))
    .map(([, { last }]) => statusOf(facts, last));
}

function isGone({ components }: StatusFacts, id: string): boolean {
  const component = components.get(id);
  return component === undefined || component.row.external;
}

/** A state that a component of now has was moved with it: it stands under another name. */
function lineagesElsewhere({ components, observed }: StatusFacts): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { row } of components.values())
    if (!row.external)
      for (const deployment of observed.deployments(row.id)) {
        const lineage = observed.of(row.id, deployment)?.state?.lineage;
        if (lineage !== undefined && lineage !== '') found.add(lineage);
      }
  return found;
}

/** Destroyed by hand: its state is there and holds nothing any more. */
function isEmpty({ seal }: StatusFacts, { place }: RunRecord): boolean {
  const file = place?.state;
  const document = file === undefined ? undefined : stateAt(file, dirname(file));
  if (file === undefined || document === undefined || isTrouble(document)) return false;
  const observation = observedState({ ...document, file, own: true }, seal);
  return !('reason' in observation) && observation.empty;
}

const none = { state: 'not-applicable', reasons: [] } as const;
const noDrift: Drift = { unpublished: none, stale: none, edited: none, drifted: { state: 'not-asked', reasons: [] } };

function statusOf({ observed }: StatusFacts, last: RunRecord): ComponentStatus {
  const { component, deployment, id, at, actor, reconstructed, source, state, place } = last;
  const absent = observed.absent(component, deployment);
  return {
    component,
    deployment,
    status: 'orphaned',
    drift: noDrift,
    reasons: [
      'the estate does not have it any more, and nobody is known to have destroyed it',
      ...(absent === undefined ? [] : [`the state it left at ${absent} is not there any more`]),
    ],
    lastRun: { id, at, reconstructed, ...(actor === undefined ? {} : { actor }) },
    environment: place?.environment ?? '',
    restsOn: { source, ...(state === undefined ? {} : { serial: state.serial }) },
  };
}
