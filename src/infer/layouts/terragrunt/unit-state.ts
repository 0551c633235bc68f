import type { Block } from '../../../hcl/tree.ts';
import { emptyObject, isObject, Unknown, type Value } from '../../../hcl/value.ts';
import { type BackendConfig, providedAddress, type StateAddress } from '../terraform/state-address.ts';
import { attempt } from './attempt.ts';
import { blockObject, firstBlock } from './config-object.ts';
import type { Frame } from './frame.ts';
import { bodyWith, type GeneratedBlocks } from './generated-blocks.ts';
import { member } from './generated-files.ts';
import type { Layer } from './layers.ts';

/** Where a unit keeps its Terraform state. */
export interface UnitState {
  readonly address: StateAddress;
  readonly backend: string;
  readonly config: BackendConfig;
  readonly site: string;
  readonly frame: Frame | undefined;
  readonly line: number;
}

/** From `remote_state`, else from a generated file that holds a backend block. */
export function unitState(
  unit: Frame,
  folder: string,
  layers: readonly Layer[],
  generated: readonly GeneratedBlocks[],
): UnitState | undefined {
  const block = firstBlock(layers, 'remote_state');
  if (block !== undefined) {
    const object = blockObject(block.frame, block.block);
    const backend = member(object, 'backend');
    const config = configOf(block) ?? member(object, 'config');
    if (typeof backend !== 'string') return undefined;
    // Of a config that cannot be told it is known still which kind of store it is.
    return stateOf(unit, folder, backend, config !== undefined && isObject(config) ? config : {}, {
      site: 'remote_state.config',
      frame: block.frame,
      line: block.block.at.line,
    });
  }
  for (const { label, blocks } of generated)
    for (const { type, body } of blocks) {
      const found = type === 'terraform' ? body.blocks.find((one) => keepsState.has(one.type)) : undefined;
      if (found === undefined) continue;
      const backend = found.type === 'cloud' ? 'cloud' : (found.labels[0] ?? '');
      const place = { site: `generate.${label}.contents`, frame: undefined, line: 0 };
      // A backend takes no variables.
      return stateOf(unit, folder, backend, bodyWith(found.body, emptyObject), place);
    }
  return undefined;
}

const keepsState: ReadonlySet<string> = new Set(['backend', 'cloud']);

function stateOf(
  unit: Frame,
  folder: string,
  backend: string,
  config: { readonly [key: string]: Value },
  place: Pick<UnitState, 'site' | 'frame' | 'line'>,
): UnitState | undefined {
  const { paths } = unit.session.estate;
  const values = new Map<string, Value>();
  for (const key of Object.keys(config)) {
    const value = member(config, key) ?? null;
    // The pretended root is no part of an address.
    values.set(
      key,
      typeof value === 'string' && value.startsWith(`${paths.root}/`) ? value.slice(paths.root.length) : value,
    );
  }
  const address = providedAddress(backend, values, folder);
  return address === undefined ? undefined : { address, backend, config: values, ...place };
}

/** Written out it is evaluated setting by setting: one that fails leaves the others known. */
function configOf({ frame, block }: { readonly frame: Frame; readonly block: Block }): Value | undefined {
  const written = block.body.attributes.get('config')?.value;
  if (written?.kind !== 'object') return undefined;
  const config = emptyObject();
  for (const { key, value } of written.items) {
    if (key.kind !== 'literal') return undefined;
    const result = attempt(frame, value);
    config[String(key.value)] = 'error' in result ? new Unknown(result.error.message) : result.value;
  }
  return config;
}
