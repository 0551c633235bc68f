import type { Need } from '../../../model/claim.ts';
import { byCodeUnit } from '../../../model/digest.ts';
import type { Evidence } from '../../../model/evidence.ts';
import { filePlace } from '../../../model/file-view.ts';
import { pointerOf, reducePointers } from '../../../model/pointer.ts';
import type { Consumption } from './consumption.ts';
import type { Dependencies, DependencyPath } from './dependency-blocks.ts';
import type { Frame } from './frame.ts';
import { folderOf, join, nameOf, resolve } from './paths.ts';
import { writtenAt } from './source-file.ts';

/** The id of the unit in a folder of the view; the root's is `.`. */
export function unitId(path: string): string {
  return path === '' ? '.' : path;
}

export function unitKey(path: string): string {
  return `unit:${unitId(path)}`;
}

/** What a unit needs of other units: one need a path, with what its expressions read of it. */
export function needsOf(unit: Frame, { blocks, paths }: Dependencies, consumption: Consumption): Need[] {
  const needs: Need[] = [];
  const seen = new Set<string>();
  // The path of a block as merged comes last, and may stand for no path of its own.
  const merged: DependencyPath[] = [];
  for (const { name, frame, block, path, enabled } of blocks.values())
    if (path !== undefined && enabled !== false)
      merged.push({
        path,
        rule: 'dependency',
        name,
        frame,
        at: block.body.attributes.get('config_path')?.at ?? block.at,
      });
  for (const one of [...merged, ...paths]) {
    const once = `${one.path}\n${one.name ?? ''}`;
    if (seen.has(once)) continue;
    seen.add(once);
    for (const target of targetsOf(unit, one.path)) needs.push(needFor(one, target, consumption));
  }
  return needs.sort((a, b) => byCodeUnit(a.key, b.key) || byCodeUnit(a.evidence.site, b.evidence.site));
}

interface Target {
  /** A folder of the view. */
  readonly folder: string;
  /** Labels of the stack's blocks down to the unit; empty when the path leads to the unit itself. */
  readonly labels: readonly string[];
}

/** A path leads to a unit's folder, to its file, or to a stack: then to each of its units. Links are followed. */
function targetsOf(unit: Frame, written: string): Target[] {
  const { session } = unit;
  const { estate } = session;
  let absolute = resolve(folderOf(unit.at.config), written);
  if (nameOf(absolute) === estate.unitFile || nameOf(absolute) === 'terragrunt.hcl.json') absolute = folderOf(absolute);
  const path = realPath(unit, estate.paths.inView(absolute));
  const stackAt = estate.paths.absolute(path);
  if (!path.startsWith('..') && session.view.isFile(estate.paths.inView(join(stackAt, 'terragrunt.stack.hcl')))) {
    const units = estate.generated.unitsOf(stackAt) ?? [];
    const stack = estate.generated.stackAt(stackAt);
    if (stack !== undefined) session.adopt(stack.frame.session);
    if (units.length > 0) return units.map(({ folder, labels }) => ({ folder: estate.paths.inView(folder), labels }));
  }
  return [{ folder: path, labels: [] }];
}

function realPath(unit: Frame, path: string): string {
  const { estate } = unit.session;
  if (estate.generated.folders.has(path)) return path;
  return estate.view.main.realPath?.(path) ?? path;
}

function needFor(
  { rule, name, frame, at }: DependencyPath,
  { folder, labels }: Target,
  consumption: Consumption,
): Need {
  const reads = name === undefined ? [] : [...(consumption.get(name) ?? []), ...(consumption.get('*') ?? [])];
  const strict = new Set<string>();
  const tolerated = new Set<string>();
  for (const read of reads)
    for (const steps of seenThrough(read.steps, labels)) (read.tolerated ? tolerated : strict).add(pointerOf(steps));
  const consumes = reducePointers([...strict, ...tolerated]);
  const only = consumes.filter((pointer) => !strict.has(pointer));
  return {
    key: unitKey(folder),
    rule,
    origin: 'inferred',
    strength: 'proven',
    consumes,
    ...(only.length === 0 ? {} : { tolerated: only }),
    evidence: evidenceAt(frame, rule, name === undefined ? 'dependencies.paths' : `dependency.${name}.config_path`, at),
    whenMissing: 'dangling',
  };
}

/**
 * The outputs of a stack lie under the labels of its units. So behind a stack `vpc.id` is `id` of the unit `vpc`; the pointer
 * as written stays beside it, because that is what the text names.
 */
function seenThrough(steps: readonly string[], labels: readonly string[]): (readonly string[])[] {
  if (labels.length === 0) return [steps];
  const inside = labels.every((label, index) => index >= steps.length || steps[index] === label);
  return inside && steps.length > 0 ? [steps, steps.slice(labels.length)] : [steps];
}

export function evidenceAt(frame: Frame, rule: string, site: string, at: { line: number; column: number }): Evidence {
  const { estate } = frame.session;
  const file = filePlace(estate.view.main.repo, estate.paths.inView(frame.at.file));
  const expression = writtenAt(frame.source, at.line, at.column);
  return { rule, site, file, line: at.line, ...(expression === '' ? {} : { expression }) };
}
