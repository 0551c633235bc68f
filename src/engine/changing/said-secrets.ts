import { keyedDigestsIn } from '../../model/secrets/keyed-digest.ts';
import { hideKnown } from '../../model/secrets/known.ts';
import { redacted } from '../../model/secrets/values.ts';
import type { EngineContext } from '../context.ts';
import { endOf } from '../range/end-of.ts';
import { claimsOf, viewOf } from '../view/load-view.ts';
import { openEstate } from '../view/open-estate.ts';
import { sealOf } from '../view/seal.ts';

/**
 * What somebody says, without the secrets of the estate as it is at these commits: what components are given under the name of a
 * secret, as a sensitive input, or in the form of one. They are known as digests under the estate's key, so the words are digested
 * and compared, and no secret is read for it.
 *
 * @param as the branch that the commits are or would be of
 */
export async function withoutSaidSecrets(
  context: EngineContext,
  said: string,
  commits: readonly string[],
  as: string | undefined,
): Promise<string> {
  const digests = new Set<string>();
  for (const commit of new Set(commits)) for (const digest of await secretsAt(context, commit, as)) digests.add(digest);
  return digests.size === 0 ? said : hideKnown(said, digests, await sealOf(context), redacted);
}

async function secretsAt(context: EngineContext, at: string, as: string | undefined): Promise<readonly string[]> {
  const estate = await openEstate(context, { at, ...(as === undefined ? {} : { as }) });
  const view = await viewOf(context, estate, 'revision', { needsEstate: true });
  const holders = view.graph.ids.filter((id) => {
    const node = view.graph.node(id);
    return node !== undefined && view.graph.component(node).secrets !== undefined;
  });
  if (holders.length === 0) return [];
  const claims = await claimsOf(context);
  const { end, missed } = endOf(estate, view, claims);
  let evaluated = holders.map((id) => end.claim(id)?.evaluated);
  if (missed()) {
    const whole = await viewOf(context, estate, 'revision', { needsEstate: true, needsClaims: true, claims });
    const again = endOf(estate, whole, claims).end;
    evaluated = holders.map((id) => again.claim(id)?.evaluated);
  }
  return evaluated.flatMap((one) => (one === undefined ? [] : keyedDigestsIn(JSON.stringify(one))));
}
