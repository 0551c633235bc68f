import type { Compared } from '../../graph/objects/compare-environments.ts';
import { ruleFor } from '../../graph/objects/expected.ts';
import type { Instance } from '../../graph/objects/instances.ts';
import { namesEnvironment } from '../../graph/objects/names.ts';
import type { Claim } from '../../model/claim.ts';
import { pointerOf } from '../../model/pointer.ts';
import { inputsOf } from './judged-inputs.ts';
import type { LookAt } from './object-drafts.ts';

/** What a new object comes to that still names the environment it comes from, or that is expected to differ: for a person to look at. */
export function leftOfEnvironment(
  claim: Claim | undefined,
  { object, deployment }: Pick<Instance, 'object' | 'deployment'>,
  { from, compared }: { readonly from: string; readonly compared: Pick<Compared, 'expected'> },
): readonly LookAt[] {
  if (claim === undefined) return [];
  const above = { adage: [], terragrunt: ['inputs'], terraform: ['variables'] }[claim.component.layout];
  const found: LookAt[] = [];
  const visit = (value: unknown, steps: readonly string[]): void => {
    const pointer = pointerOf([...above, ...steps]);
    const rule = steps.length === 0 ? undefined : ruleFor(object, pointer, compared.expected);
    if (rule !== undefined) found.push({ pointer, why: `expected to differ: ${rule}` });
    else if (typeof value === 'string') {
      if (namesEnvironment(value, from)) found.push({ pointer, why: `it still names ${from}` });
    } else if (value !== null && typeof value === 'object' && !('$unknown' in value))
      for (const [key, member] of Object.entries(value)) visit(member, [...steps, key]);
  };
  visit(inputsOf(claim.component, claim).get(deployment) ?? {}, []);
  return found;
}
