import type { Provide } from '../../../model/claim.ts';
import type { ComponentRow } from '../../../model/component.ts';
import { partKeys } from '../../partly-known.ts';
import { rule } from '../../rules/remote-state.ts';
import type { EvaluatedRoot } from './deployment.ts';
import type { StateAddress } from './state-address.ts';

/** The state of a root module in one deployment, under every key it may be read by. */
export function stateProvides(
  component: ComponentRow,
  { backend }: Pick<EvaluatedRoot, 'backend'>,
): readonly Provide[] {
  const { address } = backend;
  if (address === undefined) return [];
  const { module } = component;
  const evidence = {
    rule,
    site: backend.type === 'cloud' ? 'terraform.cloud' : `terraform.backend.${backend.type}`,
    file: backend.file ?? module,
    ...(backend.line === undefined ? {} : { line: backend.line }),
  };
  // States of one key under different prefixes are never kept in the default workspace.
  const own = backend.config.has('workspace_key_prefix') ? 1 : 0;
  return providedUnder(address, { runtime: address.shown, ...outputsOf(component), evidence }, own);
}

function outputsOf({ outputs }: ComponentRow): Pick<Provide, 'outputs'> {
  return outputs === undefined ? {} : { outputs };
}

/**
 * A state under the keys of its address, and for those who know a part of it.
 * @param own the place of the key that nobody else may keep a state under
 */
export function providedUnder(address: StateAddress, provide: Omit<Provide, 'key'>, own = 0): readonly Provide[] {
  const { addresses, backend, keys, known } = address;
  return [
    ...keys.map((key, at) => ({
      key,
      ...provide,
      ...(known && at === own ? { exclusive: true } : {}),
      ...(at === own ? {} : { fallback: true }),
    })),
    { ...partKeys(`state-near:${backend}`, addresses), ...provide, addresses, fallback: true },
  ];
}
