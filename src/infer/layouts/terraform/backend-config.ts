import type { Body } from '../../../hcl/tree.ts';
import type { Value } from '../../../hcl/value.ts';
import { emptyObject } from '../../../hcl/value.ts';
import type { ModuleInstance } from '../../terraform/instance.ts';
import type { BackendConfig, StateAddress } from './state-address.ts';
import { providedAddress } from './state-address.ts';

/** The backend of a root module in one deployment. */
export interface Backend {
  readonly type: string;
  readonly config: BackendConfig;
  readonly address: StateAddress | undefined;
  /** Where the block stands; undefined for the local state that Terraform keeps by default. */
  readonly file: string | undefined;
  readonly line: number | undefined;
}

/** @param given what backend files add to the block, later ones over it. */
export function backendOf(instance: ModuleInstance, given: ReadonlyMap<string, Value>): Backend {
  const { settings, path } = instance.module;
  const block = settings.cloud ?? settings.backend;
  const type = settings.cloud !== undefined ? 'cloud' : (settings.backend?.type ?? 'local');
  const config: BackendConfig = new Map([
    ...(block === undefined ? [] : Object.entries(bodyValue(instance, block.block.body))),
    ...given,
  ]);
  return {
    type,
    config,
    address: providedAddress(type, config, path),
    file: block?.file,
    line: block?.at.line,
  };
}

/** A body as an object: nested blocks under their type, as the `config` of a data block writes them. */
export function bodyValue(instance: ModuleInstance, body: Body): Record<string, Value> {
  const result = emptyObject();
  for (const { name, value } of body.attributes.values()) result[name] = instance.attempt(value, instance);
  for (const block of body.blocks) result[block.type] = bodyValue(instance, block.body);
  return result;
}
