import type { Expression } from '../../../hcl/tree.ts';
import type { FileRead } from './file-reads.ts';
import type { Frame } from './frame.ts';
import type { Layer } from './layers.ts';

/** A read with the file that it stands in, as evaluated for the unit. */
export interface PlacedRead {
  readonly read: FileRead;
  readonly frame: Frame;
}

/** What a configuration reads of each dependency, by label; `*` is any of them. */
export type Consumption = ReadonlyMap<string, readonly PlacedRead[]>;

/**
 * Every output that a unit's expressions name, those of its includes as merged: an include's input or block that the unit
 * replaces is not evaluated by Terragrunt, so it reads nothing.
 */
export function consumptionOf(layers: readonly Layer[]): Consumption {
  const found = new Map<string, PlacedRead[]>();
  const inputs = new Map<string, Expression>();
  const blocks = new Set<string>();
  for (const { frame, strategy } of layers) {
    const file = frame.session.estate.reads.of(frame.source);
    for (const read of file.reads) {
      if (read.input !== undefined && isReplaced(inputs.get(read.input), strategy)) continue;
      if (read.within.some((block) => blocks.has(block))) continue;
      const known = found.get(read.name);
      if (known === undefined) found.set(read.name, [{ read, frame }]);
      else known.push({ read, frame });
    }
    for (const [key, value] of file.inputs) if (!inputs.has(key)) inputs.set(key, value);
    for (const block of file.wholesale) blocks.add(block);
  }
  return found;
}

/** A deep merge keeps what is inside maps and lists; only a plain value surely replaces all. */
function isReplaced(by: Expression | undefined, strategy: Layer['strategy']): boolean {
  if (by === undefined) return false;
  return strategy === 'shallow' || (by.kind === 'literal' && Boolean(by.value)) || by.kind === 'template';
}
