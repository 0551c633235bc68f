import { evaluate } from '../../hcl/evaluate.ts';
import { entries } from '../../hcl/functions/define.ts';
import { anyOf, keysOf } from '../../hcl/members.ts';
import type { Scope } from '../../hcl/scope.ts';
import { EvaluationError } from '../../hcl/scope.ts';
import type { At, Block, Body, Expression } from '../../hcl/tree.ts';
import type { Value } from '../../hcl/value.ts';
import { isObject, isUnknown, Unknown } from '../../hcl/value.ts';
import { ScopeOfInstance } from './each-scope.ts';
import { iteratorName, walkBody, walkExpression } from './expression-walk.ts';
import type { ModuleInstance } from './instance.ts';
import type { ModuleCall, Resource } from './module.ts';
import { callSettings } from './module.ts';

/** An expression whose value goes somewhere: what stands in it is consumed. */
export interface Sink {
  readonly kind:
    | 'local'
    | 'resource'
    | 'data'
    | 'provider'
    | 'argument'
    | 'output'
    | 'check'
    | 'import'
    | 'action'
    | 'variable'
    | 'settings';
  /** What it belongs to, without instance keys: `module.net.aws_subnet.a.cidr_block`. */
  readonly site: string;
  readonly file: string;
  readonly at: At;
  readonly expr: Expression;
  readonly scope: Scope;
  /** It decides which instances there are; what stands in them is consumed by them. */
  readonly repeats?: true;
  /** A value that is merely handed on is not consumed here: a local, an argument of a child that is read too. */
  readonly handsOn: boolean;
  /** Whether it is evaluated at all is known after a run: it stands in instances that cannot be told. */
  readonly unsure: boolean;
}

/**
 * Arguments that name blocks instead of holding values, by the block that they stand in: elsewhere a name such as `provider`
 * or `count` is an attribute like any other.
 */
const naming: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['top', new Set(['depends_on', 'provider', 'count', 'for_each'])],
  ['lifecycle', new Set(['ignore_changes'])],
  ['action_trigger', new Set(['actions'])],
]);

/** Every sink of a module and of the children that can be read. Instances that cannot differ are visited once. */
export function* sinksOf(instance: ModuleInstance): Generator<Sink> {
  const { module, prefix } = instance;
  const unsure = prefix.includes('[*]');
  for (const { name, value, file, at } of module.locals.values())
    yield {
      kind: 'local',
      site: siteOf(prefix, `local.${name}`),
      file,
      at,
      expr: value,
      scope: instance,
      handsOn: true,
      unsure,
    };
  for (const resource of module.resources.values()) yield* resourceSinks(instance, resource);
  for (const [name, { file, block }] of module.providers)
    yield* turningSinks(
      { kind: 'provider', site: siteOf(prefix, `provider.${name}`), file, unsure },
      block.body,
      instance,
    );
  for (const { file, block } of module.actions)
    yield* turningSinks(
      { kind: 'action', site: siteOf(prefix, ['action', ...block.labels].join('.')), file, unsure },
      block.body,
      instance,
    );
  for (const { file, block } of module.settings.blocks)
    yield* bodySinks(
      {
        kind: 'settings',
        site: siteOf(prefix, ['terraform', block.type, ...block.labels].join('.')),
        file,
        handsOn: false,
        unsure,
      },
      block.body,
      instance,
    );
  for (const { file, block } of module.checks)
    yield* bodySinks(
      { kind: 'check', site: siteOf(prefix, `check.${block.labels[0]}`), file, handsOn: false, unsure },
      block.body,
      instance,
    );
  for (const { file, block } of module.imports)
    yield* turningSinks(
      { kind: 'import', site: siteOf(prefix, 'import'), file, unsure },
      withoutTarget(block.body),
      instance,
    );
  for (const { name, file, body } of module.variables.values())
    for (const block of body.blocks)
      yield* bodySinks(
        { kind: 'variable', site: siteOf(prefix, `var.${name}`), file, handsOn: false, unsure },
        block.body,
        instance,
      );
  for (const { name, file, body } of module.outputs.values())
    yield* bodySinks(
      { kind: 'output', site: siteOf(prefix, `output.${name}`), file, handsOn: prefix !== '', unsure },
      body,
      instance,
    );
  for (const call of module.calls.values()) yield* callSinks(instance, call);
}

function* resourceSinks(instance: ModuleInstance, resource: Resource): Generator<Sink> {
  const { file, body, address, mode } = resource;
  const kind = mode === 'managed' ? 'resource' : 'data';
  const site = siteOf(instance.prefix, address);
  yield* repetitionSinks(kind, site, file, body, instance);
  const unsure = isUnsure(instance, resource);
  for (const { scope } of distinctInstances(instance, resource))
    yield* bodySinks({ kind, site, file, handsOn: false, unsure }, body, scope);
}

function* callSinks(instance: ModuleInstance, call: ModuleCall): Generator<Sink> {
  const { file, body } = call;
  const site = siteOf(instance.prefix, `module.${call.name}`);
  yield* repetitionSinks('argument', site, file, body, instance);
  const place = instance.childModule(call);
  const unsure = isUnsure(instance, call);
  const declared = place.kind === 'inside' ? place.module.variables : undefined;
  for (const { suffix, scope } of distinctInstances(instance, call)) {
    const where: Where = { kind: 'argument', site, file, handsOn: false, unsure };
    for (const { name, value, at } of body.attributes.values())
      if (name === 'providers') yield* chosenSinks(where, name, value, at, scope);
      else if (name === 'source' || name === 'version')
        yield { ...where, site: `${site}.${name}`, at, expr: value, scope };
      else if (!callSettings.has(name))
        yield {
          kind: 'argument',
          site: `${site}.${name}`,
          file,
          at,
          expr: value,
          scope,
          handsOn: declared?.has(name) === true,
          unsure,
        };
    const child = instance.child(call, suffix);
    if (child !== undefined) yield* sinksOf(child);
  }
}

function isUnsure(instance: ModuleInstance, block: Resource | ModuleCall): boolean {
  return instance.prefix.includes('[*]') || instance.keysOf(block).kind === 'unknown';
}

/** `count` and `for_each` are evaluated outside of the instances they make. */
function* repetitionSinks(
  kind: Sink['kind'],
  site: string,
  file: string,
  body: Body,
  scope: ModuleInstance,
): Generator<Sink> {
  for (const name of ['count', 'for_each']) {
    const set = body.attributes.get(name);
    if (set !== undefined)
      yield {
        kind,
        site: `${site}.${name}`,
        file,
        at: set.at,
        expr: set.value,
        scope,
        handsOn: false,
        repeats: true,
        unsure: scope.prefix.includes('[*]'),
      };
  }
}

function distinctInstances(
  instance: ModuleInstance,
  block: Resource | ModuleCall,
): readonly { readonly suffix: string; readonly scope: Scope }[] {
  const all = instance.instancesOf(block);
  return all.length > 1 && !differs(block.body) ? all.slice(0, 1) : all;
}

const differing = new WeakMap<Body, boolean>();

/** Whether instances of a block may differ: something in it names `each`, `count` or `self`. */
function differs(body: Body): boolean {
  let known = differing.get(body);
  if (known === undefined) {
    known = false;
    walkBody(body, (expr) =>
      walkExpression(expr, (one) => {
        if (one.kind === 'variable' && (one.name === 'each' || one.name === 'count')) known = true;
      }),
    );
    differing.set(body, known);
  }
  return known;
}

type Where = Pick<Sink, 'kind' | 'site' | 'file' | 'handsOn' | 'unsure'>;

function* bodySinks(where: Where, body: Body, scope: Scope, within = 'top'): Generator<Sink> {
  const isOutput = where.kind === 'output' && within === 'top';
  for (const { name, value, at } of body.attributes.values()) {
    if (naming.get(within)?.has(name) === true) {
      if (name === 'provider') yield* chosenSinks(where, name, value, at, scope);
      continue;
    }
    if (isOutput && name !== 'value') continue;
    yield { ...where, site: isOutput ? where.site : `${where.site}.${name}`, at, expr: value, scope };
  }
  for (const block of body.blocks) {
    if (where.kind === 'check' && block.type === 'data') continue;
    if (block.type === 'dynamic') yield* dynamicSinks(where, block, scope);
    else
      yield* bodySinks(
        { ...where, site: `${where.site}.${block.type}`, handsOn: false },
        block.body,
        scope,
        block.type,
      );
  }
}

/** Of an argument that names a block, what chooses the instance: the key in `aws.by_region[var.region]`. */
function* chosenSinks(where: Where, name: string, value: Expression, at: At, scope: Scope): Generator<Sink> {
  const keys: Expression[] = [];
  walkExpression(value, (one) => {
    if (one.kind === 'access' && one.step.kind === 'index' && one.step.key.kind !== 'literal') keys.push(one.step.key);
  });
  for (const expr of keys) yield { ...where, handsOn: false, site: `${where.site}.${name}`, at, expr, scope };
}

/** The id of what is taken over counts; where to is an address. */
function withoutTarget(body: Body): Body {
  return { ...body, attributes: new Map([...body.attributes].filter(([name]) => name !== 'to')) };
}

/** A block that no other names by its instances: one scope for each turn of its `for_each`. */
function* turningSinks(where: Omit<Where, 'handsOn'>, body: Body, instance: ModuleInstance): Generator<Sink> {
  const { kind, site, file } = where;
  yield* repetitionSinks(kind, site, file, body, instance);
  const forEach = body.attributes.get('for_each')?.value;
  const count = body.attributes.has('count') ? { count: { index: new Unknown('the index of a count') } } : {};
  const scopes =
    forEach === undefined
      ? [body.attributes.has('count') ? new ScopeOfInstance(instance, count, undefined) : instance]
      : turnsOf(forEach, instance).map((each) => new ScopeOfInstance(instance, { each }, undefined));
  for (const scope of scopes) yield* bodySinks({ ...where, handsOn: false }, body, scope);
}

function* dynamicSinks(where: Where, block: Block, scope: Scope): Generator<Sink> {
  const label = block.labels[0] ?? '';
  const site = `${where.site}.${label}`;
  const forEach = block.body.attributes.get('for_each');
  if (forEach !== undefined)
    yield {
      ...where,
      handsOn: false,
      repeats: true,
      site: `${site}.for_each`,
      at: forEach.at,
      expr: forEach.value,
      scope,
    };
  const iterator = iteratorName(block.body, label);
  const labels = block.body.attributes.get('labels');
  const content = block.body.blocks.filter((inner) => inner.type === 'content');
  const turns = turnsOf(forEach?.value, scope);
  const unsure = where.unsure || turns.some((turn) => isObject(turn) && isUnknown(turn.key ?? null));
  for (const turn of turns) {
    const inner = new ScopeOfInstance(scope, { [iterator]: turn }, undefined);
    const here = { ...where, site, handsOn: false, unsure };
    if (labels !== undefined)
      yield { ...here, site: `${site}.labels`, at: labels.at, expr: labels.value, scope: inner };
    for (const one of content) yield* bodySinks(here, one.body, inner, label);
  }
}

/** What the loop variable of a `dynamic` block stands for; one unknown turn when it cannot be told. */
function turnsOf(forEach: Expression | undefined, scope: Scope): readonly Value[] {
  if (forEach === undefined) return [];
  let value: Value;
  try {
    value = evaluate(forEach, scope);
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    value = new Unknown(error.message);
  }
  if (isUnknown(value)) return [{ key: keysOf(value), value: anyOf(value) }];
  try {
    return entries(value).map(([key, item]) => ({ key, value: item }));
  } catch {
    return [];
  }
}

function siteOf(prefix: string, address: string): string {
  return withoutKeys(prefix) + address;
}

/** An address without instance keys: where it stands in the source. */
export function withoutKeys(address: string): string {
  return address.includes('[') ? address.replace(/\[(?:\*|\d+|"(?:[^"\\]|\\.)*")\]/g, '') : address;
}
