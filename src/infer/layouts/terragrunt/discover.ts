import { byCodeUnit } from '../../../model/digest.ts';
import type { Candidate, Discovery } from '../../layout.ts';
import { unitId } from './needs.ts';
import { oldUnits } from './old-units.ts';
import type { OpenEstate } from './open-estate.ts';
import { passedOverFolder } from './passed-over.ts';
import { folderOf, nameOf } from './paths.ts';
import { stackFindings } from './stack-findings.ts';

/**
 * Every folder with a unit's file, as Terragrunt walks: hidden folders count, its own caches do not. Folders that stacks would
 * generate are among them, and those a stack cannot fill because their source lies elsewhere.
 */
export function discoverUnits(estate: OpenEstate): Discovery {
  estate.generated.build();
  const units = new Map<string, Candidate>();
  const templates = estate.generated.templateUnits();
  const skipped = new Map<string, number>();
  const add = (file: string) => {
    const name = nameOf(file);
    if (name !== estate.unitFile && name !== 'terragrunt.hcl.json') return;
    const folder = passedOverFolder(file);
    if (folder !== undefined) skipped.set(folder, (skipped.get(folder) ?? 0) + 1);
    else {
      const path = file.includes('/') ? folderOf(file) : '';
      if (!units.has(path)) units.set(path, candidateOf(path, file, templates.has(path)));
    }
  };
  const isUnit = (file: string) => file.endsWith(estate.unitFile) || file.endsWith('terragrunt.hcl.json');
  for (const file of estate.view.main.files()) if (isUnit(file)) add(file);
  const view = estate.generated.over(estate.view.main);
  for (const path of estate.generated.sortedFolders()) {
    for (const file of view.files(path)) if (isUnit(file)) add(file);
    const generated = estate.generated.folders.get(path);
    if (generated?.component.kind === 'unit' && !units.has(path)) units.set(path, candidateOf(path, '', false));
  }
  const old = oldUnits(estate);
  const passedOver = [...skipped].map(([path, count]) => ({ path, reason: `a cache with ${count} unit files` }));
  return {
    candidates: [...units.values()].sort((a, b) => byCodeUnit(a.id, b.id)),
    passedOver: [...passedOver, ...old.passedOver, ...estate.generated.passedOver].sort((a, b) =>
      byCodeUnit(a.path, b.path),
    ),
    findings: [...stackFindings(estate), ...old.findings],
  };
}

/** @param isTemplate whether stacks are made from it, which its claim rests on beside its files */
function candidateOf(path: string, file: string, isTemplate: boolean): Candidate {
  return { layout: 'terragrunt', id: unitId(path), path, seed: { file, ...(isTemplate ? { template: 'yes' } : {}) } };
}
