import type { Finding } from '../../../model/finding.ts';
import { findingKinds } from '../../../model/finding-codes.ts';
import { unitId } from './needs.ts';
import type { OpenEstate } from './open-estate.ts';
import { passedOverFolder } from './passed-over.ts';
import { folderOf } from './paths.ts';

const oldName = 'terraform.tfvars';
const oldBlock = /^[ \t]*terragrunt[ \t]*=[ \t]*\{/m;
const shownAtMost = 5;

/** Units as Terragrunt took them before 0.19. They are not read; that is told once, with some of them. */
export function oldUnits(estate: OpenEstate): {
  readonly passedOver: readonly { readonly path: string; readonly reason: string }[];
  readonly findings: readonly Finding[];
} {
  const { main } = estate.view;
  const found: { readonly file: string; readonly line: number }[] = [];
  for (const file of main.files()) {
    if (!file.endsWith(oldName) || (file !== oldName && !file.endsWith(`/${oldName}`))) continue;
    if (passedOverFolder(file) !== undefined) continue;
    const text = main.read(file) ?? '';
    const at = text.search(oldBlock);
    if (at >= 0) found.push({ file, line: text.slice(0, at).split('\n').length });
  }
  if (found.length === 0) return { passedOver: [], findings: [] };
  const code = 'terragrunt-too-old';
  const evidence = found
    .slice(0, shownAtMost)
    .map(({ file, line }) => ({ rule: 'unit', site: 'terragrunt', file, line }));
  const units = found.length === 1 ? 'one unit is' : `${found.length} units are`;
  const message = `${units} written for Terragrunt before 0.19, in ${oldName}; only terragrunt.hcl is read`;
  return {
    passedOver: found.map(({ file }) => ({
      path: unitId(file.includes('/') ? folderOf(file) : ''),
      reason: 'a unit as Terragrunt took it before 0.19',
    })),
    findings: [{ code, severity: findingKinds[code].severity, subject: '.', key: oldName, message, evidence }],
  };
}
