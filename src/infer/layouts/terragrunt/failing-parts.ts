import { EvaluationError } from '../../../hcl/scope.ts';
import type { At, Block, Body, Expression } from '../../../hcl/tree.ts';
import type { ClaimBlindSpot } from '../../../model/claim.ts';
import type { ComponentId } from '../../../model/component.ts';
import type { Finding } from '../../../model/finding.ts';
import { findingKinds } from '../../../model/finding-codes.ts';
import type { Frame } from './frame.ts';
import { cannotDoWithout } from './mentions.ts';
import { evidenceAt } from './needs.ts';
import { NotSetHere } from './not-set-here.ts';
import type { SourceFile } from './source-file.ts';
import type { Troubles } from './troubles.ts';

/** A part of a configuration that fails, whoever uses it. */
export interface FailingPart {
  readonly error: EvaluationError;
  readonly frame: Frame;
  /** Left out where the file cannot be read at all. */
  readonly site?: string;
  readonly at: At;
}

/**
 * What of a configuration and of all that it includes fails. Terragrunt evaluates each local and each attribute before it does
 * anything, used or not: where one fails, nobody who reads that file runs.
 */
export function failingParts(frame: Frame): readonly FailingPart[] {
  const found: FailingPart[] = [];
  for (const one of [frame, ...frame.includes.map((include) => frame.included(include))])
    if (one !== undefined) {
      const [broken] = one.source.errors;
      if (broken === undefined) failingIn(one, found);
      else found.push({ error: new EvaluationError(broken.message, broken.at), frame: one, at: broken.at });
    }
  return found;
}

function failingIn(frame: Frame, found: FailingPart[]): void {
  const { locals, body } = frame.source;
  const early = readTooEarly(frame.source);
  for (const [name, { at }] of locals)
    note(
      frame,
      `local.${name}`,
      at,
      () => {
        if (early.has(name)) throw new EvaluationError('a local is evaluated before any dependency is', at);
        frame.local(name);
      },
      found,
    );
  attributesOf(frame, body, '', found);
}

const tooEarly = new WeakMap<SourceFile, ReadonlySet<string>>();

/** Locals that need a dependency: Terragrunt evaluates all of them before it knows of one. */
function readTooEarly(source: SourceFile): ReadonlySet<string> {
  const known = tooEarly.get(source);
  if (known !== undefined) return known;
  const found = new Set(
    [...source.locals].filter(([, { value }]) => cannotDoWithout(value, 'dependency')).map(([name]) => name),
  );
  tooEarly.set(source, found);
  return found;
}

/** Each by itself: what one of two fails of, the other need not. */
function attributesOf(frame: Frame, { attributes, blocks }: Body, within: string, found: FailingPart[]): void {
  for (const { name, value, at } of attributes.values())
    for (const [key, part] of partsOf(value))
      note(frame, `${within}${name}${key}`, at, () => frame.evaluate(part), found);
  for (const block of blocks) {
    if (isLookedAtElsewhere(block)) continue;
    attributesOf(frame, block.body, `${within}${[block.type, ...block.labels].join('.')}.`, found);
  }
}

/** An object that is written out member by member, as it is told of. */
function* partsOf(value: Expression): Generator<readonly [key: string, part: Expression]> {
  if (value.kind !== 'object') yield ['', value];
  else
    for (const item of value.items) {
      if (item.key.kind !== 'literal') yield ['', item.key];
      yield [item.key.kind === 'literal' ? `.${item.key.value}` : '.*', item.value];
    }
}

/** Locals by their names; paths of dependencies and includes with what they lead to; what stands in a turn has names of its own. */
function isLookedAtElsewhere({ type, body }: Block): boolean {
  return (
    ['locals', 'include', 'dependency', 'dependencies', 'catalog'].includes(type) ||
    body.blocks.some((inner) => inner.type === 'expansion')
  );
}

function note(frame: Frame, site: string, at: At, evaluate: () => unknown, found: FailingPart[]): void {
  try {
    evaluate();
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    // What another machine has set is no fault of the file.
    if (!(error instanceof NotSetHere)) found.push({ error, frame, site, at });
  }
}

/** What of a unit, and of every configuration that it reads, fails: told once where it fails first. */
export function failures(
  id: ComponentId,
  parts: Iterable<FailingPart>,
  told: readonly Finding[],
): Pick<Troubles, 'findings' | 'blindSpots'> {
  const findings: Finding[] = [];
  const blindSpots: ClaimBlindSpot[] = [];
  const known = new Set(told.map(({ key }) => key));
  const errors = new Set<EvaluationError>();
  // Without an include nothing of it is there, and that is told.
  if (told.some((finding) => finding.code === 'include-missing')) return { findings, blindSpots };
  for (const { error, frame, site, at } of parts) {
    if (errors.has(error)) continue;
    errors.add(error);
    const isBroken = site === undefined;
    const code = isBroken ? 'hcl-unreadable' : 'evaluation-failed';
    const { expression, ...place } = evidenceAt(frame, 'unit', site ?? `line ${at.line}`, at);
    const evidence = isBroken || expression === undefined ? place : { ...place, expression };
    const key = isBroken ? `${place.file}#0` : frame.at.file === frame.at.original ? site : `${place.file} ${site}`;
    if (known.has(key) || (site !== undefined && known.has(site))) continue;
    known.add(key);
    const message = isBroken ? error.message : `${error.message}, in ${site}`;
    findings.push({ code, severity: findingKinds[code].severity, subject: id, key, message, evidence: [evidence] });
    // What fails hides no reference, since nothing runs until it is mended; what cannot be read may.
    blindSpots.push({ component: id, code, ...(isBroken ? {} : { on: [] }), evidence });
  }
  return { findings, blindSpots };
}
