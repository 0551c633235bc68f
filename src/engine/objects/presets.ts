import type { Presets } from '../../graph/objects/compare-environments.ts';
import { constantOf } from '../../infer/terraform/constant.ts';
import { ModuleLoader } from '../../infer/terraform/load-module.ts';
import type { ComponentRow } from '../../model/component.ts';
import type { EstateView } from '../../model/estate.ts';
import { moduleAt } from './judged-inputs.ts';

const none: Presets = new Map();

/** Defaults of modules' variables that are constants and no secrets, each module read once. Needs `await loadGrammar()` once before. */
export function presetsIn(estate: EstateView): (row: ComponentRow) => Presets {
  const loader = new ModuleLoader();
  const known = new Map<string, Presets>();
  return ({ layout, module: key }) => {
    // A config of Adage is the module's to read: it has no variables that defaults would stand for.
    if (layout === 'adage') return none;
    const before = known.get(key);
    if (before !== undefined) return before;
    const found = new Map<string, { value: unknown; nullable: boolean }>();
    for (const { name, default: preset, sensitive, nullable } of moduleAt(estate, loader, key)?.variables.values() ??
      []) {
      const value = preset === undefined || sensitive ? undefined : constantOf(preset);
      if (value !== undefined) found.set(name, { value, nullable });
    }
    known.set(key, found);
    return found;
  };
}
