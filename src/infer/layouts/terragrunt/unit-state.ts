import { isObject, type Value } from '../../../hcl/value.ts';
import { type BackendConfig, providedAddress, type StateAddress } from '../terraform/state-address.ts';
import { blockObject, firstBlock } from './config-object.ts';
import type { Frame } from './frame.ts';
import { type GeneratedFile, knownText, member } from './generated-files.ts';
import type { Layer } from './layers.ts';

/** Where a unit keeps its Terraform state. */
export interface UnitState {
  readonly address: StateAddress;
  readonly backend: string;
  readonly config: { readonly [key: string]: Value };
  readonly site: string;
  readonly frame: Frame | undefined;
  readonly line: number;
}

/** From `remote_state`, else from a generated file that holds a backend block. */
export function unitState(
  unit: Frame,
  folder: string,
  layers: readonly Layer[],
  files: readonly GeneratedFile[],
): UnitState | undefined {
  const block = firstBlock(layers, 'remote_state');
  if (block !== undefined) {
    const object = blockObject(block.frame, block.block);
    const backend = member(object, 'backend');
    const config = member(object, 'config');
    if (typeof backend !== 'string' || config === undefined || !isObject(config)) return undefined;
    return stateOf(unit, folder, backend, config, {
      site: 'remote_state.config',
      frame: block.frame,
      line: block.block.at.line,
    });
  }
  for (const { label, contents } of files) {
    const found = /\bbackend\s+"(\w+)"\s*\{([^}]*)\}/.exec(knownText(contents));
    if (found === null) continue;
    const config = Object.fromEntries(
      [...(found[2] ?? '').matchAll(/^\s*(\w+)\s*=\s*"([^"]*)"/gm)].map(([, key = '', text = '']) => [key, text]),
    );
    return stateOf(unit, folder, found[1] ?? '', config, {
      site: `generate.${label}.contents`,
      frame: undefined,
      line: 0,
    });
  }
  return undefined;
}

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
  const address = providedAddress(backend, values satisfies BackendConfig, folder);
  return address === undefined ? undefined : { address, backend, config, ...place };
}
