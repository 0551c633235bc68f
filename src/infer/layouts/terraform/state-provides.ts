import type { Provide } from '../../../model/claim.ts';
import type { ComponentRow } from '../../../model/component.ts';
import type { EvaluatedRoot } from './deployment.ts';
import { rule } from './remote-state.ts';

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
  const provide = {
    runtime: address.shown,
    ...(component.outputs === undefined ? {} : { outputs: component.outputs }),
    evidence,
  };
  // States of one key under different prefixes are never kept in the default workspace.
  const prefixed = backend.config.has('workspace_key_prefix');
  const own = prefixed ? address.keys[1] : address.keys[0];
  return [
    ...address.keys.map((key) => ({
      key,
      ...provide,
      ...(address.known && key === own ? { exclusive: true } : {}),
      ...(key !== own ? { fallback: true } : {}),
    })),
    ...[...address.guesses, ...(address.shapes ?? [])].map((key) => ({ key, ...provide, fallback: true })),
  ];
}
