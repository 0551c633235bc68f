import type { Block, Body, Expression } from '../../../hcl/tree.ts';
import { iteratorName, walkExpression } from '../expression-walk.ts';
import type { Module } from '../module.ts';

/**
 * What the expressions of a block mention of its module: ids of parts, see `parts.ts`. `module.m.x` is an output of a call,
 * `aws_vpc.v` a block, `aws_vpc.v#` what a provider tells of it beyond what makes it that block.
 */
export interface References {
  readonly ids: ReadonlySet<string>;
  /** It calls the clock or chance: another value each time. */
  readonly differs: boolean;
  /** It reads files by a function. */
  readonly readsFiles: boolean;
}

const differing: ReadonlySet<string> = new Set(['timestamp', 'plantimestamp', 'uuid', 'bcrypt']);
const ofFiles = /^(?:core::)?(?:file\w*|templatefile)$/;
/** Roots that are no part of a module. */
const builtIn: ReadonlySet<string> = new Set(['each', 'count', 'self', 'path', 'terraform']);
/**
 * Attributes that say which thing it is. As long as the block is the same, so are they, whatever else happens around it; of
 * every other attribute that it does not set itself a provider may tell something new.
 */
const identity: ReadonlySet<string> = new Set(['id', 'arn', 'self_link', 'name', 'unique_id']);

/** Everything is mentioned that `var`, `local`, `data` or `module` as such may hold. */
export const all = { var: 'var.*', local: 'local.*', data: 'data.*', module: 'module.*' } as const;
/** A name that the module does not declare: nobody can tell what it is. */
export const undeclared = '?';

export class ReferenceCollector {
  readonly ids = new Set<string>();
  differs = false;
  readsFiles = false;
  readonly #module: Module;

  constructor(module: Module) {
    this.#module = module;
  }

  /** A block; what names a provider or an attribute in it is no value. */
  body(body: Body): this {
    for (const { name, value } of body.attributes.values())
      if (name === 'provider' || name === 'providers') this.#providers(value);
      else this.expression(value);
    for (const block of body.blocks) this.#inner(block, none);
    return this;
  }

  #inner({ type, labels, body }: Block, iterators: ReadonlySet<string>): void {
    const iterator = type === 'dynamic' ? iteratorName(body, labels[0] ?? '') : undefined;
    const inside = iterator === undefined ? iterators : new Set([...iterators, iterator]);
    for (const { name, value } of body.attributes.values())
      if (type !== 'lifecycle' || name !== 'ignore_changes') this.expression(value, inside);
    for (const block of body.blocks) this.#inner(block, inside);
  }

  expression(expr: Expression, iterators: ReadonlySet<string> = none): this {
    const inner = new Set<Expression>();
    walkExpression(expr, (one, bound) => {
      if (one.kind === 'call') {
        if (differing.has(one.name.replace(/^core::/, ''))) this.differs = true;
        if (ofFiles.test(one.name)) this.readsFiles = true;
      }
      if (one.kind !== 'access' && one.kind !== 'splat' && one.kind !== 'variable') return;
      const isInner = inner.has(one);
      if (one.kind !== 'variable') inner.add(one.on);
      if (isInner) return;
      const chain = chainOf(one);
      if (chain !== undefined && !bound.has(chain.root) && !iterators.has(chain.root)) this.#mention(chain);
    });
    return this;
  }

  /** `aws`, `aws.east`, `{ aws = aws.by[var.region] }`: words and accesses that mean provider blocks. */
  #providers(expr: Expression): void {
    walkExpression(expr, (one) => {
      if (one.kind === 'access' && one.step.kind === 'index') this.expression(one.step.key);
      const chain = one.kind === 'access' || one.kind === 'variable' ? chainOf(one) : undefined;
      if (chain === undefined) return;
      const [alias] = chain.steps;
      this.ids.add(`provider.${chain.root}${alias === undefined ? '' : `.${alias}`}`);
    });
  }

  #mention({ root, steps }: Chain): void {
    const { resources, calls, variables, locals } = this.#module;
    const [first, second] = steps;
    if (builtIn.has(root)) return;
    if (root === 'var') this.#named('var', first, variables);
    else if (root === 'local') this.#named('local', first, locals);
    else if (root === 'module') {
      const call = first === undefined ? undefined : calls.get(first);
      if (first === undefined) this.ids.add(all.module);
      else if (call === undefined) this.ids.add(undeclared);
      else {
        const output = steps[call.count === undefined && call.forEach === undefined ? 1 : 2];
        this.ids.add(output === undefined ? `module.${first}.*` : `module.${first}.${output}`);
      }
    } else if (root === 'data' || root === 'ephemeral') {
      if (first === undefined || second === undefined) this.ids.add(all.data);
      else this.#block(`${root}.${first}.${second}`, steps.slice(2));
    } else if (root === 'action') this.ids.add(`action.${first ?? ''}.${second ?? ''}`);
    else if (first !== undefined && resources.has(`${root}.${first}`)) this.#block(`${root}.${first}`, steps.slice(1));
    else if (first === undefined) {
      // A word (`any`, `aws`), or every block of a type.
      for (const resource of resources.values())
        if (resource.mode === 'managed' && resource.type === root) this.#block(resource.address, []);
    } else this.ids.add(undeclared);
  }

  #named(kind: 'var' | 'local', name: string | undefined, declared: ReadonlyMap<string, unknown>): void {
    this.ids.add(name === undefined ? all[kind] : declared.has(name) ? `${kind}.${name}` : undeclared);
  }

  #block(address: string, behind: readonly (string | undefined)[]): void {
    const resource = this.#module.resources.get(address);
    if (resource === undefined) {
      this.ids.add(undeclared);
      return;
    }
    this.ids.add(address);
    const attribute = behind[resource.count === undefined && resource.forEach === undefined ? 0 : 1];
    if (attribute === undefined || !isSettled(resource.body, attribute)) this.ids.add(`${address}#`);
  }
}

const none: ReadonlySet<string> = new Set();

/** An attribute of a block that only a change of the block itself changes. */
function isSettled(body: Body, attribute: string): boolean {
  const ignored = body.blocks.some(
    ({ type, body: inner }) => type === 'lifecycle' && inner.attributes.has('ignore_changes'),
  );
  return !ignored && (identity.has(attribute) || body.attributes.has(attribute));
}

interface Chain {
  readonly root: string;
  /** From the root on; undefined for a step that is not constant, and for each of them. */
  readonly steps: readonly (string | undefined)[];
}

function chainOf(expr: Expression): Chain | undefined {
  const steps: (string | undefined)[] = [];
  let on = expr;
  for (;;) {
    if (on.kind === 'access') {
      const { step } = on;
      if (step.kind === 'attr') steps.push(step.name);
      else steps.push(step.key.kind === 'literal' && step.key.value !== null ? String(step.key.value) : undefined);
      on = on.on;
    } else if (on.kind === 'splat') {
      for (const step of [...on.steps].reverse()) steps.push(step.kind === 'attr' ? step.name : undefined);
      steps.push(undefined);
      on = on.on;
    } else break;
  }
  return on.kind === 'variable' ? { root: on.name, steps: steps.reverse() } : undefined;
}
