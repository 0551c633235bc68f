import { pointerOf } from '../../../model/pointer.ts';
import { declaredNeed, dependsOnNeed } from '../../rules/declared.ts';
import { nicknameNeeds } from '../../rules/nickname-key.ts';
import {
  type PathValue,
  parameterNeed,
  parseParameterValue,
  parsePathValue,
  pathNeed,
} from '../../rules/path-value.ts';
import { findingAt } from '../../terraform/findings.ts';
import type { ComponentFacts } from './component-facts.ts';
import { kindsOfKey } from './config-uses.ts';
import { enterExternal } from './externals.ts';
import type { Gathered } from './gathered.ts';
import { missingReferences, type NamedReference } from './hand-over.ts';
import type { TypeModule } from './type-module.ts';

/** What the config itself says: paths, nickname keys as far as they prove something, declared references, `$depends_on`. */
export function configNeeds(facts: ComponentFacts, gathered: Gathered): void {
  const { subject, config, type } = facts;
  pathValues(facts, gathered);
  for (const reference of facts.references) {
    if (reference.declared !== undefined) declared(facts, reference, gathered);
    else if (provesReference(type.module, reference)) {
      const evidence = note(facts, pointerOf(reference.steps), gathered);
      gathered.needs.push(...nicknameNeeds(subject, reference, 'proven', evidence));
    }
  }
  for (const { name, key, reference } of missingReferences(config, type.declaration?.references ?? {}))
    gathered.findings.push(
      findingAt(
        'dangling-reference',
        subject.id,
        `reference:${name}`,
        `${type.name} needs a ${reference.type}, and the config has no ${key}`,
        {
          site: `component.yaml#/references/${name}`,
          file: reference.file,
          line: reference.line,
        },
      ),
    );
  const evidence = config.dependsOn.length === 0 ? undefined : note(facts, '/$depends_on', gathered);
  for (const written of config.dependsOn)
    if (evidence !== undefined)
      gathered.needs.push(dependsOnNeed(subject, written, { ...evidence, expression: written }));
}

/**
 * Whether a nickname key alone proves a reference: nobody reads the module, or the module uses the key where only a run could
 * follow. Where a use of it evaluates, evaluation has already decided; a key that nothing reads is a hint at most.
 */
export function provesReference(module: TypeModule | undefined, reference: NamedReference): boolean {
  if (module === undefined) return true;
  const handed = !module.selfPublishing && module.analysis.closure.modules[0]?.variables.has(reference.name) === true;
  if (handed) return false;
  const kinds = kindsOfKey(module.uses, reference.steps);
  if (kinds.has('name') || kinds.has('other')) return false;
  if (kinds.has('opaque')) return true;
  const key = reference.steps.at(-1) ?? '';
  const explained = kinds.size > 0 || module.uses.uses.some(({ steps }) => steps.includes(key));
  return isUnevaluable(module) && !explained && module.uses.names.has(key);
}

/** Something in the module keeps evaluation from following every use. */
function isUnevaluable({ analysis, blindSpots }: TypeModule): boolean {
  return analysis.undeclared.length > 0 || blindSpots.some(({ code }) => code === 'hcl-unreadable');
}

function declared(facts: ComponentFacts, reference: NamedReference, gathered: Gathered): void {
  const { subject, type } = facts;
  const pointer = pointerOf(reference.steps);
  const evidence = note(facts, pointer, gathered);
  const need = declaredNeed(subject, reference, reference.declared?.consumes ?? [], evidence);
  const seen = gathered.needs.some((other) => other.key === need.key);
  const handed = type.module?.analysis.closure.modules[0]?.variables.has(reference.name) === true;
  // Without anything that shows what is read of it, it may be anything.
  const silent = reference.declared?.consumes === undefined && !seen && !handed;
  gathered.needs.push(silent ? { ...need, consumes: ['*'] } : need);
}

function pathValues(facts: ComponentFacts, gathered: Gathered): void {
  const { subject, config, type } = facts;
  for (const { value, steps } of pathValuesIn(config.value, subject.prefix)) {
    const proof = provesPath(type.module, steps);
    if (proof === 'nothing') continue;
    const place = note(facts, pointerOf(steps), gathered);
    const need = typeof value === 'string' ? parameterNeed(subject, value, place) : pathNeed(subject, value, place);
    if (proof === 'proven') {
      gathered.needs.push(need);
      if (typeof value !== 'string') enterExternal(facts, value.parameter, need.evidence, gathered);
    } else if (gathered.needs.some((other) => other.key === need.key)) {
      // The module reads it as a parameter; which outputs of it is known from there.
      gathered.needs.push({ ...need, consumes: [], whenMissing: 'quiet' });
    }
  }
}

/** Whether a path in a config proves a reference by itself, or evaluation has already decided. */
export function provesPath(
  module: TypeModule | undefined,
  steps: readonly string[],
): 'proven' | 'evaluated' | 'nothing' {
  if (module === undefined) return 'proven';
  const kinds = kindsOfKey(module.uses, steps);
  if (kinds.has('other') || kinds.has('opaque')) return 'proven';
  if (kinds.size > 0) return 'evaluated';
  return isUnevaluable(module) && steps.some((step) => module.uses.names.has(step)) ? 'proven' : 'nothing';
}

/** Every runtime path in a config, or the name of another parameter, with the steps to it. */
export function pathValuesIn(
  config: unknown,
  prefix: string,
): { readonly value: PathValue | string; readonly steps: readonly string[] }[] {
  const found: { value: PathValue | string; steps: readonly string[] }[] = [];
  const visit = (value: unknown, steps: readonly string[]): void => {
    if (typeof value === 'string') {
      const path = parsePathValue(value, prefix) ?? parseParameterValue(steps.at(-1) ?? '', value, prefix);
      if (path !== undefined) found.push({ value: path, steps });
    } else if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) if (mayBePath(item)) visit(item, [...steps, String(index)]);
    } else if (value !== null && typeof value === 'object') {
      for (const key of Object.keys(value)) {
        const member = (value as Readonly<Record<string, unknown>>)[key];
        if (mayBePath(member)) visit(member, [...steps, key]);
      }
    }
  };
  visit(config, []);
  return found;
}

/** Most texts are no path; that is seen without making a list of steps for each. */
function mayBePath(value: unknown): boolean {
  return (
    (typeof value === 'object' && value !== null) ||
    (typeof value === 'string' && (value[0] === '/' || value.startsWith('arn:')))
  );
}

/** The place of a config key, kept among the component's sites. */
function note(facts: ComponentFacts, pointer: string, gathered: Gathered): ReturnType<ComponentFacts['site']> {
  const place = facts.site(pointer);
  if (place.file !== undefined && place.line !== undefined) gathered.sites.set(place.site, [place.file, place.line]);
  return place;
}
