import { EvaluationError } from '../../../hcl/scope.ts';
import type { At, Expression } from '../../../hcl/tree.ts';
import { type Place, placesIn } from '../../../hcl/value.ts';
import type { Need } from '../../../model/claim.ts';
import type { Evidence } from '../../../model/evidence.ts';
import { findingKinds } from '../../../model/finding-codes.ts';
import { type Pointer, pointerOf } from '../../../model/pointer.ts';
import { type DependencyBlock, pathOf } from './dependency-blocks.ts';
import { anothersSource } from './dependency-source.ts';
import type { Frame } from './frame.ts';
import type { Layer } from './layers.ts';
import { evidenceAt, needTo, seenThrough, targetsOf } from './needs.ts';
import type { ReadDependencies } from './session.ts';
import type { Troubles } from './troubles.ts';

/** An expression of a unit whose value counts, with the place that it is known by. */
interface Used {
  readonly expression: Expression;
  readonly frame: Frame;
  readonly site: string;
  readonly at: At;
}

/**
 * What a unit reads of units that another configuration depends on: `local.common.dependency.vpc.outputs.id`, or an input of
 * that configuration which rests on such an output. Terragrunt reads those outputs while it evaluates, and does not order by
 * them. To be asked once everything was evaluated: only then it is known which configurations are read.
 */
export function readsThroughConfigs(
  id: string,
  unit: Frame,
  layers: readonly Layer[],
  ordered: ReadonlySet<string>,
): Troubles & { readonly needs: readonly Need[] } {
  const found = { needs: [] as Need[], findings: [] as Troubles['findings'], blindSpots: [] as Troubles['blindSpots'] };
  const read = unit.session.dependenciesRead();
  if (read.size === 0) return found;
  const used = [...usedIn(layers)].map((one) => ({ ...one, places: placesOf(one) }));
  const told = new Set<string>();
  const add = (file: string, label: string, place: Pick<Place, 'steps' | 'tolerated'>, evidence: Evidence) => {
    const from = read.get(file);
    if (from === undefined) return;
    for (const block of from.dependencies.blocks.values()) {
      if (label !== '*' && block.label !== label) continue;
      const { trouble, enabled } = block;
      if (trouble !== undefined && enabled !== false)
        found.blindSpots.push({ component: id, code: trouble.code, evidence: { ...evidence, rule: trouble.code } });
      for (const need of needsOn(unit, from, block, place, evidence)) {
        found.needs.push(need);
        if (ordered.has(need.key) || told.has(need.key)) continue;
        told.add(need.key);
        const message = `${file} depends on ${need.key.slice('unit:'.length)}, whose outputs are read here: Terragrunt does not run it first`;
        const code = 'dependency-unordered';
        found.findings.push({
          code,
          severity: findingKinds[code].severity,
          subject: id,
          key: need.key,
          message,
          evidence: [evidence],
        });
      }
    }
  };
  for (const { frame, site, at, places } of used) {
    const evidence = evidenceAt(frame, 'dependency', site, at);
    // What fails to evaluate may rest on any of them.
    if (places === undefined) for (const file of read.keys()) add(file, '*', { steps: [] }, evidence);
    for (const { source, steps, tolerated } of places ?? []) {
      const another = anothersSource(source);
      if (another !== undefined)
        add(another.file, another.label, { steps, ...(tolerated === undefined ? {} : { tolerated }) }, evidence);
    }
  }
  return { ...found, needs: distinctNeeds(found.needs) };
}

function needsOn(
  unit: Frame,
  { folder }: ReadDependencies,
  block: DependencyBlock,
  { steps, tolerated }: Pick<Place, 'steps' | 'tolerated'>,
  evidence: Evidence,
): Need[] {
  const path = pathOf(block)?.path;
  const inside = stepsOf(block, steps);
  if (path === undefined || inside === undefined) return [];
  return targetsOf(unit, folder, path).map((target) => {
    const consumes: readonly Pointer[] = seenThrough(inside, target.labels).map(pointerOf);
    return {
      ...needTo(target.folder),
      rule: 'dependency',
      consumes,
      ...(tolerated === true ? { tolerated: consumes } : {}),
      ...(target.labels.length === 0 ? {} : { unchecked: true as const }),
      evidence,
    };
  });
}

/** Steps into the outputs; of a block with an expansion the first chooses one, and undefined is another one. */
function stepsOf({ key }: DependencyBlock, steps: readonly string[]): readonly string[] | undefined {
  if (key === undefined) return steps;
  const [chosen, part, ...inside] = steps;
  if (chosen !== undefined && chosen !== '*' && chosen !== key) return undefined;
  return part === 'outputs' ? inside : [];
}

function distinctNeeds(needs: readonly Need[]): Need[] {
  const seen = new Map(needs.map((need) => [JSON.stringify([need.key, need.consumes, need.evidence.site]), need]));
  return [...seen.values()];
}

/** Undefined where it fails. */
function placesOf({ expression, frame }: Used): readonly Place[] | undefined {
  try {
    return placesIn(frame.evaluate(expression));
  } catch (error) {
    if (error instanceof EvaluationError) return undefined;
    throw error;
  }
}

/** Everything but locals, which count where they are used, and what other rules follow. */
function* usedIn(layers: readonly Layer[]): Generator<Used> {
  for (const { frame } of layers) {
    const { body } = frame.source;
    for (const { name, value, at } of body.attributes.values())
      if (name === 'inputs' && value.kind === 'object')
        for (const { key, value: member } of value.items)
          yield { expression: member, frame, site: `inputs.${key.kind === 'literal' ? key.value : '*'}`, at: key.at };
      else yield { expression: value, frame, site: name, at };
    for (const block of body.blocks)
      if (followed.has(block.type)) yield* usedInBlock(frame, block, [block.type, ...block.labels].join('.'));
  }
}

const followed: ReadonlySet<string> = new Set(['generate', 'remote_state', 'terraform', 'exclude', 'errors']);

function* usedInBlock(frame: Frame, block: Frame['source']['body']['blocks'][number], site: string): Generator<Used> {
  for (const { name, value, at } of block.body.attributes.values())
    yield { expression: value, frame, site: `${site}.${name}`, at };
  for (const inner of block.body.blocks)
    yield* usedInBlock(frame, inner, [site, inner.type, ...inner.labels].join('.'));
}
