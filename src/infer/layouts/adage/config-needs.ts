import { pointerOf } from '../../../model/pointer.ts';
import { declaredNeed, dependsOnNeed } from '../../rules/declared.ts';
import { nicknameNeeds } from '../../rules/nickname-key.ts';
import { parsePathValue, pathNeed } from '../../rules/path-value.ts';
import { findingAt } from '../../terraform/findings.ts';
import type { Gathered } from './claim.ts';
import type { ComponentFacts } from './component-facts.ts';
import { kindsOfKey } from './config-uses.ts';
import { missingReferences, type NamedReference } from './hand-over.ts';
import { enterExternal } from './module-needs.ts';
import type { TypeModule } from './types.ts';

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
  eachText(config.value, [], (text, steps) => {
    const value = parsePathValue(text, subject.prefix);
    if (value === undefined) return;
    const proof = provesPath(type.module, steps);
    if (proof === 'nothing') return;
    const need = pathNeed(subject, value, note(facts, pointerOf(steps), gathered));
    if (proof === 'evaluated') {
      // The module reads it as a parameter; which outputs of it is known from there.
      if (gathered.needs.some((other) => other.key === need.key))
        gathered.needs.push({ ...need, consumes: [], whenMissing: 'quiet' });
      return;
    }
    gathered.needs.push(need);
    enterExternal(facts, value.parameter, need.evidence, gathered);
  });
}

function provesPath(module: TypeModule | undefined, steps: readonly string[]): 'proven' | 'evaluated' | 'nothing' {
  if (module === undefined) return 'proven';
  const kinds = kindsOfKey(module.uses, steps);
  if (kinds.has('other') || kinds.has('opaque')) return 'proven';
  if (kinds.size > 0) return 'evaluated';
  return isUnevaluable(module) && steps.some((step) => module.uses.names.has(step)) ? 'proven' : 'nothing';
}

function eachText(
  value: unknown,
  steps: readonly string[],
  visit: (text: string, steps: readonly string[]) => void,
): void {
  if (typeof value === 'string') visit(value, steps);
  else if (Array.isArray(value))
    for (const [index, item] of value.entries()) eachText(item, [...steps, String(index)], visit);
  else if (value !== null && typeof value === 'object')
    for (const [key, member] of Object.entries(value))
      if (typeof member === 'string' ? member.includes('/runtime') : typeof member === 'object')
        eachText(member, [...steps, key], visit);
}

/** The place of a config key, kept among the component's sites. */
function note(facts: ComponentFacts, pointer: string, gathered: Gathered): ReturnType<ComponentFacts['site']> {
  const place = facts.site(pointer);
  if (place.file !== undefined && place.line !== undefined) gathered.sites.set(place.site, [place.file, place.line]);
  return place;
}
