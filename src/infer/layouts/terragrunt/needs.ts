import type { Need } from '../../../model/claim.ts';
import { byCodeUnit } from '../../../model/digest.ts';
import type { Evidence } from '../../../model/evidence.ts';
import { filePlace } from '../../../model/file-view.ts';
import { type Pointer, pointerOf, reducePointers } from '../../../model/pointer.ts';
import { isSecretKey } from '../../../model/secrets/names.ts';
import { redact } from '../../../model/secrets/values.ts';
import type { Consumption, PlacedRead } from './consumption.ts';
import { type Dependencies, type DependencyPath, pathOf } from './dependency-blocks.ts';
import type { Frame } from './frame.ts';
import { folderOf, join, nameOf, resolve } from './paths.ts';
import type { Session } from './session.ts';
import { writtenAt } from './source-file.ts';

/** The id of the unit in a folder of the view; the root's is `.`. */
export function unitId(path: string): string {
  return path === '' ? '.' : path;
}

export function unitKey(path: string): string {
  return `unit:${unitId(path)}`;
}

/**
 * What a unit needs of other units: for each path one need that orders, and one for each attribute that reads outputs, so
 * that the evidence names the place of each use.
 */
export function needsOf(unit: Frame, { blocks, paths }: Dependencies, consumption: Consumption): Need[] {
  const needs: Need[] = [];
  const seen = new Set<string>();
  for (const one of [...mergedPaths(blocks), ...paths]) {
    const once = `${one.path}\n${one.from?.name ?? ''}`;
    if (seen.has(once)) continue;
    seen.add(once);
    for (const target of targetsOf(unit, folderOf(unit.at.config), one.path)) {
      needs.push(orderingNeed(one, target));
      if (one.from !== undefined) needs.push(...readingNeeds(one.from, target, consumption));
    }
  }
  return needs.sort((a, b) => byCodeUnit(a.key, b.key) || byCodeUnit(a.evidence.site, b.evidence.site));
}

/** The path of each block as merged, which after a deep merge may be on no list. */
function* mergedPaths(blocks: Dependencies['blocks']): Iterable<DependencyPath> {
  for (const block of blocks.values()) {
    const path = pathOf(block);
    if (path !== undefined) yield path;
  }
}

export interface Target {
  /** A folder of the view. */
  readonly folder: string;
  /** Labels of the stack's blocks down to the unit; empty when the path leads to the unit itself. */
  readonly labels: readonly string[];
}

/** A path leads to a unit's folder, to its file, or to a stack: then to each of its units. Links are followed. */
export function targetsOf({ session }: Frame, from: string, written: string): Target[] {
  const { estate } = session;
  let absolute = resolve(from, written);
  if (nameOf(absolute) === estate.unitFile || nameOf(absolute) === 'terragrunt.hcl.json') absolute = folderOf(absolute);
  const path = realPath(session, estate.paths.inView(absolute));
  const stackAt = estate.paths.absolute(path);
  if (!path.startsWith('..') && session.view.isFile(estate.paths.inView(join(stackAt, 'terragrunt.stack.hcl')))) {
    const units = estate.generated.unitsOf(stackAt) ?? [];
    const stack = estate.generated.stackAt(stackAt);
    if (stack !== undefined) session.adopt(stack.frame.session);
    if (units.length > 0) return units.map(({ folder, labels }) => ({ folder: estate.paths.inView(folder), labels }));
  }
  return [{ folder: path, labels: [] }];
}

function realPath(session: Session, path: string): string {
  if (session.estate.generated.folders.has(path)) return path;
  return session.realPath(path) ?? path;
}

function orderingNeed({ rule, from, frame, at }: DependencyPath, { folder }: Target): Need {
  const site = from === undefined ? 'dependencies.paths' : `dependency.${from.name}.config_path`;
  // That nothing is there is said once, where the path is written.
  return {
    ...needTo(folder),
    rule,
    consumes: [],
    evidence: evidenceAt(frame, rule, site, at),
    whenMissing: 'dangling',
  };
}

function readingNeeds(
  from: NonNullable<DependencyPath['from']>,
  { folder, labels }: Target,
  consumption: Consumption,
): Need[] {
  const bySite = new Map<string, PlacedRead[]>();
  for (const placed of [...(consumption.get(from.label) ?? []), ...(consumption.get('*') ?? [])]) {
    if (placed.read.key !== undefined && from.key !== undefined && placed.read.key !== from.key) continue;
    const key = `${placed.read.site}\n${placed.frame.at.file}\n${placed.read.at.line}`;
    const known = bySite.get(key);
    if (known === undefined) bySite.set(key, [placed]);
    else known.push(placed);
  }
  const needs: Need[] = [];
  for (const reads of bySite.values()) {
    const [first] = reads;
    if (first === undefined) continue;
    const { consumes, tolerated } = pointersOf(reads, labels);
    needs.push({
      ...needTo(folder),
      rule: 'dependency',
      consumes,
      ...(tolerated.length === 0 ? {} : { tolerated }),
      ...(labels.length === 0 ? {} : { unchecked: true as const }),
      evidence: evidenceAt(first.frame, 'dependency', first.read.site, first.read.at),
    });
  }
  return needs;
}

/** What is read, and what of it is read with something to fall back to and not otherwise. */
function pointersOf(
  reads: readonly PlacedRead[],
  labels: readonly string[],
): { readonly consumes: readonly Pointer[]; readonly tolerated: readonly Pointer[] } {
  const strict = new Set<Pointer>();
  const tolerated = new Set<Pointer>();
  for (const { read } of reads)
    for (const steps of seenThrough(read.steps, labels)) (read.tolerated ? tolerated : strict).add(pointerOf(steps));
  const consumes = reducePointers([...strict, ...tolerated]);
  return { consumes, tolerated: consumes.filter((pointer) => !strict.has(pointer)) };
}

export function needTo(folder: string): Pick<Need, 'key' | 'origin' | 'strength' | 'whenMissing'> {
  return { key: unitKey(folder), origin: 'inferred', strength: 'proven', whenMissing: 'quiet' };
}

/**
 * The outputs of a stack lie under the labels of its units. So behind a stack `vpc.id` is `id` of the unit `vpc`; the pointer
 * as written stays beside it, because that is what the text names.
 */
export function seenThrough(steps: readonly string[], labels: readonly string[]): (readonly string[])[] {
  if (labels.length === 0) return [steps];
  const inside = labels.every((label, index) => index >= steps.length || steps[index] === label);
  return inside && steps.length > 0 ? [steps, steps.slice(labels.length)] : [steps];
}

export function evidenceAt(frame: Frame, rule: string, site: string, at: { line: number; column: number }): Evidence {
  const { estate } = frame.session;
  const file = filePlace(estate.view.main.repo, estate.paths.inView(frame.at.file));
  const expression = shownExpression(site, writtenAt(frame.source, at.line, at.column));
  return { rule, site, file, line: at.line, ...(expression === '' ? {} : { expression }) };
}

/** Nothing that looks like a secret is shown, whatever it is called. */
function shownExpression(site: string, written: string): string {
  if (isSecretKey(nameOf(site.replaceAll('.', '/')))) return '';
  return written.includes('"') ? String(redact(written)) : written;
}
