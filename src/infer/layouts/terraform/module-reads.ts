import type { ClaimBlindSpot, Need, Provide } from '../../../model/claim.ts';
import type { Finding } from '../../../model/finding.ts';
import { blockNeeds, blockProvides } from '../../rules/block-rules.ts';
import type { EvaluatedRoot } from './deployment.ts';
import { foreignReads } from './foreign-reads.ts';
import { lookups } from './lookups.ts';
import { parametersRead, parametersWritten } from './parameters.ts';

/** What an evaluated root module has to do with others, beside the state that it keeps. */
export interface ModuleReads {
  readonly needs: readonly Need[];
  readonly provides: readonly Provide[];
  readonly findings: readonly Finding[];
  readonly blindSpots: readonly ClaimBlindSpot[];
}

/**
 * What a root module reads of others and writes for them: states, parameters, names, and systems that are not followed. One
 * set of rules for the roots of every layout, because Terraform reads alike whoever runs it.
 *
 * @param environment the environment in which names are looked for first; `''` for none
 * @param shared whether one name means one thing in all accounts
 */
export function moduleReads(id: string, environment: string, root: EvaluatedRoot, shared: boolean): ModuleReads {
  const foreign = foreignReads(id, root);
  const named = lookups(id, environment, root, shared);
  const subject = { id, environment, runtime: id };
  return {
    needs: [
      ...blockNeeds(subject, root.instance, () => root.consumption),
      ...parametersRead(root, environment),
      ...named.needs,
    ],
    provides: [...blockProvides(subject, root.instance), ...parametersWritten(root, environment), ...named.provides],
    findings: foreign.findings,
    blindSpots: foreign.blindSpots,
  };
}
