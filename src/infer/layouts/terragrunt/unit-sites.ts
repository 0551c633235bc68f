import type { Need } from '../../../model/claim.ts';
import { byCodeUnit } from '../../../model/digest.ts';
import type { Sites } from '../../../model/evidence.ts';
import { filePlace } from '../../../model/file-view.ts';
import type { Frame } from './frame.ts';
import type { ModuleReference } from './module-reference.ts';

/** Where what the unit's evidence names stands. The first of two places with one name counts. */
export function unitSites(
  unit: Frame,
  needs: readonly Need[],
  module: ModuleReference | undefined,
): Record<string, Sites[string]> {
  const { paths, view } = unit.session.estate;
  const placeOf = (frame: Frame) => filePlace(view.main.repo, paths.inView(frame.at.file));
  const found = new Map<string, Sites[string]>();
  for (const { evidence } of needs)
    if (evidence.file !== undefined && evidence.line !== undefined && !found.has(evidence.site))
      found.set(evidence.site, [evidence.file, evidence.line]);
  for (const { name, block } of unit.includes)
    found.set(name === '' ? 'include' : `include.${name}`, [placeOf(unit), block.at.line]);
  if (module?.frame !== undefined && module.at !== undefined)
    found.set('terraform.source', [placeOf(module.frame), module.at.line]);
  const sites: Record<string, Sites[string]> = {};
  for (const site of [...found.keys()].sort(byCodeUnit)) {
    const place = found.get(site);
    if (place !== undefined) sites[site] = place;
  }
  return sites;
}
