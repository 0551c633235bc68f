import { isUnknown, Unknown, type Value } from '../../../hcl/value.ts';
import type { Need } from '../../../model/claim.ts';
import type { Evidence } from '../../../model/evidence.ts';
import { pointerOf } from '../../../model/pointer.ts';
import { blockNeeds } from '../../rules/block-rules.ts';
import { askedArgument, lookupNeed } from '../../rules/lookup-by-name.ts';
import { restsOnOwnNickname } from '../../rules/own-nickname.ts';
import { bareName, parseParameterName } from '../../rules/parameter-name.ts';
import { readParameter } from '../../rules/parameter-read.ts';
import { variableNeed } from '../../rules/variable.ts';
import { consumptionOf } from '../../terraform/consumption.ts';
import { findingAt } from '../../terraform/findings.ts';
import type { DataQuery } from '../../terraform/instance.ts';
import { parameterReads, templateOf } from '../../terraform/parameters.ts';
import { queriesOf } from '../../terraform/queries.ts';
import { withoutKeys } from '../../terraform/sinks.ts';
import type { ComponentFacts } from './component-facts.ts';
import { stepsInConfig } from './config-uses.ts';
import type { Consumed } from './consumed.ts';
import { enterExternal } from './externals.ts';
import type { Gathered } from './gathered.ts';
import type { NamedReference } from './hand-over.ts';
import type { TypeModule } from './type-module.ts';

const nothing: Consumed = { pointers: [], tolerated: [] };
const everything: Consumed = { pointers: ['*'], tolerated: [] };

/** What evaluating the module with this config shows: parameters read, names looked up, runtimes handed in as variables. */
export function moduleNeeds(facts: ComponentFacts, gathered: Gathered): void {
  const { instance } = facts;
  const { module } = facts.type;
  if (instance === undefined || module === undefined) return;
  for (const query of queriesOf(instance, readsOrLooksUp)) {
    if (parameterReads.has(query.resource.type)) readOne(facts, module, query, gathered);
    else lookUp(facts, query, gathered);
  }
  if (module.blockRules.needs)
    gathered.needs.push(...blockNeeds(facts.ruleSubject, instance, () => consumptionOf(instance)));
  if (!module.selfPublishing) for (const reference of facts.references) handOne(facts, module, reference, gathered);
}

function readsOrLooksUp({ mode, type }: DataQuery['resource']): boolean {
  return mode !== 'managed' && (parameterReads.has(type) || askedArgument(type) !== undefined);
}

function readOne(facts: ComponentFacts, module: TypeModule, query: DataQuery, gathered: Gathered): void {
  const base = withoutKeys(query.address);
  const byPath = query.resource.type === 'aws_ssm_parameters_by_path';
  const argument = byPath ? 'path' : 'name';
  const evidence = placeOf(query, base, argument);
  const consumed =
    facts.consumed(base) ?? (module.blindSpots.some(({ code }) => code === 'hcl-unreadable') ? everything : nothing);
  const template = module.nameTemplates.get(base);
  const written = query.argument(argument) ?? null;
  const name = byPath ? subtreeName(written, facts.subject.prefix) : written;
  const outcome = readParameter(facts.subject, {
    name,
    ownNickname: template !== undefined && fallsBack(facts, template),
    consumes: consumed.pointers,
    tolerated: consumed.tolerated,
    evidence: template === undefined ? evidence : withTemplate(evidence, template),
  });
  if (outcome.kind === 'unknown') unknownName(facts, base, evidence, name, gathered);
  if (outcome.kind !== 'need') return;
  gathered.needs.push(outcome.need);
  enterExternal(facts, outcome.parameter, outcome.need.evidence, gathered);
  for (const place of template?.places ?? []) {
    const steps = stepsInConfig(place, !module.selfPublishing);
    if (steps !== undefined) configEvidence(facts, steps, outcome.need, gathered);
  }
}

/**
 * A subtree of parameters is a runtime when it lies within one; `<prefix>/<type>/<nickname>` holds config and runtime. A wider
 * one may hold anybody's.
 */
function subtreeName(path: Value, prefix: string): Value {
  if (typeof path !== 'string') return path;
  const below = bareName(path);
  if (parseParameterName(below, prefix).kind !== 'other') return below;
  const whole = parseParameterName(`${below}/runtime`, prefix);
  return whole.kind === 'runtime' && whole.output === undefined
    ? whole.name
    : new Unknown(`everything below ${below}`, [{ source: 'parameters', steps: [below] }]);
}

/** Nothing in the config gave the nickname that the component also has. */
function fallsBack({ subject, config }: ComponentFacts, { places }: Unknown): boolean {
  const given = places.some(({ source, steps }) => {
    if (source !== 'config' || steps.length === 0 || steps.at(-1) === 'nickname') return false;
    const value = textAt(config.value, steps);
    return value?.includes(subject.nickname) === true;
  });
  return !given && restsOnOwnNickname(places);
}

function withTemplate(evidence: Omit<Evidence, 'rule'>, template: Unknown): Omit<Evidence, 'rule'> {
  const expression = templateOf(template);
  return expression === undefined ? evidence : { ...evidence, expression };
}

/** The config key that chose the provider is evidence too; it consumes nothing of its own. */
function configEvidence(
  facts: ComponentFacts,
  steps: readonly string[],
  { key, rule }: Need,
  gathered: Gathered,
): void {
  if (steps.length === 0 || steps.includes('*')) return;
  if (textAt(facts.config.value, steps) === undefined) return;
  const pointer = pointerOf(steps);
  const evidence = { rule, ...facts.site(pointer) };
  if (evidence.file !== undefined && evidence.line !== undefined)
    gathered.sites.set(evidence.site, [evidence.file, evidence.line]);
  gathered.needs.push({
    key,
    rule,
    origin: 'inferred',
    strength: 'proven',
    consumes: [],
    evidence,
    whenMissing: 'quiet',
  });
}

function textAt(value: unknown, steps: readonly string[]): string | undefined {
  let at = value;
  for (const step of steps) {
    if (at === null || typeof at !== 'object' || !Object.hasOwn(at, step)) return undefined;
    at = (at as Readonly<Record<string, unknown>>)[step];
  }
  return typeof at === 'string' ? at : undefined;
}

/** A name that does not evaluate may hide a reference, whatever the reason. */
function unknownName(
  facts: ComponentFacts,
  base: string,
  evidence: Omit<Evidence, 'rule'>,
  name: Value,
  gathered: Gathered,
): void {
  const failed = isUnknown(name) && name.places.length === 0;
  const code = failed ? 'evaluation-failed' : 'unknown-path';
  gathered.blindSpots.push({ code, evidence: { ...evidence, rule: code } });
  // With a config that could not be read, everything fails; that is told once.
  if (!facts.isComplete) return;
  const why = isUnknown(name) ? (templateOf(name) ?? name.reason) : 'it is no text';
  const message = failed
    ? `the parameter's name does not evaluate: ${why}`
    : `the parameter's name is known in a run only: ${why}`;
  gathered.findings.push(
    findingAt(code, facts.subject.id, base, message, {
      site: evidence.site,
      file: evidence.file ?? '',
      line: evidence.line ?? 1,
    }),
  );
}

function lookUp(facts: ComponentFacts, query: DataQuery, gathered: Gathered): void {
  const argument = askedArgument(query.resource.type) ?? 'name';
  const base = withoutKeys(query.address);
  const consumed = facts.consumed(base);
  const attributes = consumed?.pointers.map((pointer) => (pointer === '*' ? '*' : (pointer.split('/')[1] ?? '*')));
  const evidence = { ...placeOf(query, base, argument), rule: 'lookup-by-name' };
  const need = lookupNeed(facts.subject, query.resource.type, query.argument(argument) ?? null, attributes, evidence);
  if (need !== undefined) gathered.needs.push(need);
}

function placeOf({ resource }: DataQuery, base: string, argument: string): Omit<Evidence, 'rule'> {
  const line = resource.body.attributes.get(argument)?.at.line ?? resource.at.line;
  return { site: `${base}.${argument}`, file: resource.file, line };
}

/** A variable with the name of a reference is handed the provider's runtime. */
function handOne(facts: ComponentFacts, module: TypeModule, reference: NamedReference, gathered: Gathered): void {
  const variable = module.analysis.closure.modules[0]?.variables.get(reference.name);
  if (variable === undefined) return;
  const site = `var.${reference.name}`;
  const consumed = facts.consumed(site) ?? nothing;
  const evidence = { site, file: variable.file, line: variable.at.line };
  const need = variableNeed(facts.subject, reference, consumed, evidence);
  gathered.needs.push(need);
  configEvidence(facts, reference.steps, need, gathered);
}
