import { evaluate } from '../../hcl/evaluate.ts';
import type { Scope, ScopeFunction } from '../../hcl/scope.ts';
import { EvaluationError } from '../../hcl/scope.ts';
import type { At, Expression } from '../../hcl/tree.ts';
import type { Place, Value } from '../../hcl/value.ts';
import { emptyObject, isObject, isUnknown, placesIn, Unknown } from '../../hcl/value.ts';
import type { FileView } from '../../model/file-view.ts';
import { filePlace } from '../../model/file-view.ts';
import { tableOf } from '../../model/table.ts';
import { ScopeOfInstance } from './each-scope.ts';
import { estateRoot, type FileAccount, standingIn } from './file-account.ts';
import type { InstanceKeys } from './instance-keys.ts';
import { collectionOf, computeKeys, namesOf, suffixesOf, suffixFor } from './instance-keys.ts';
import type { ModuleLoader } from './load-module.ts';
import type { Module, ModuleCall, Resource } from './module.ts';
import { callSettings } from './module.ts';
import { moduleFunctions } from './module-functions.ts';
import { localSourcePath } from './module-source.ts';
import { convertTo } from './variable-type.ts';

/** What the caller gives for a variable: a value, something evaluated when it is asked for, or nothing. */
export type VariableSource = (name: string) => Value | undefined;

/**
 * One instance of a resource or data block, handed to the resolver. Everything is evaluated when it is asked for.
 */
export interface DataQuery {
  readonly resource: Resource;
  /** From the root: `module.net.data.aws_ssm_parameter.vpc["a"]`. The source of the places behind it. */
  readonly address: string;
  readonly module: ModuleInstance;
  readonly scope: Scope;
  /** An argument's value; undefined when it is not set, unknown when it does not evaluate. */
  argument(name: string): Value | undefined;
}

/** What a block's value is; undefined leaves it unknown, at the place of its address. */
export type ResolveData = (query: DataQuery) => Value | undefined;

export interface InstanceOptions {
  readonly loader: ModuleLoader;
  readonly view: FileView;
  readonly variables: VariableSource;
  readonly resolveData?: ResolveData;
  readonly workspace?: Value;
  /** Is told which files are read; without, nobody keeps account of them. */
  readonly account?: FileAccount;
  /** Where a call leads that is no local path: a module elsewhere in the estate, with the view that holds it. */
  readonly resolveModule?: (
    call: ModuleCall,
    caller: Module,
  ) => { readonly view: FileView; readonly path: string } | undefined;
}

const deepestCall = 24;
/** Instances of modules below one root. */
const mostChildren = 4_000;
const single: InstanceKeys = { kind: 'single' };
const nowhere: At = { line: 0, column: 0 };

/** How a module's child is reached. */
export type ChildModule =
  | { readonly kind: 'inside'; readonly view: FileView; readonly path: string; readonly module: Module }
  | { readonly kind: 'missing'; readonly path: string }
  | { readonly kind: 'remote' };

/**
 * A module with its variables: the scope in which its expressions are evaluated, lazily and each at most once. Child modules
 * of the repository are followed with their arguments evaluated here; others are unknown at the place `module.name`.
 */
export class ModuleInstance implements Scope {
  readonly module: Module;
  readonly view: FileView;
  /** `''` for the root, else `module.a.module.b["k"].` with the dot. */
  readonly prefix: string;
  readonly functions: Readonly<Record<string, ScopeFunction>>;
  readonly root: ModuleInstance;
  /** The call that made it; undefined for the root. */
  readonly caller: { readonly of: ModuleInstance; readonly call: ModuleCall } | undefined;
  readonly #dropped: Place[] = [];
  readonly #queries = new Map<string, DataQuery>();
  readonly #options: InstanceOptions;
  readonly #depth: number;
  /** Values decided that it is this module, or one of those that call it. */
  readonly #chosen: boolean;
  #made = 0;
  readonly #values = new Map<string, { value: Value } | { error: unknown } | 'evaluating'>();
  readonly #keys = new Map<string, InstanceKeys>();
  readonly #children = new Map<string, ModuleInstance | undefined>();

  constructor(
    module: Module,
    options: InstanceOptions,
    parent?: { readonly of: ModuleInstance; readonly call: ModuleCall; readonly prefix: string },
  ) {
    this.module = module;
    this.view = options.view;
    this.prefix = parent?.prefix ?? '';
    this.root = parent?.of.root ?? this;
    this.#options = options;
    this.caller = parent;
    this.#chosen = parent === undefined ? false : parent.of.#isChosen(parent.call);
    this.#depth = parent === undefined ? 0 : parent.of.#depth + 1;
    this.functions = moduleFunctions({
      view: options.view,
      base: this.root.module.repo === module.repo ? this.root.module.path : module.path,
      module: module.path,
      account: options.account,
    });
  }

  /** What is told of the files that are read. */
  get account(): FileAccount | undefined {
    return this.#options.account;
  }

  /** Places that took part in a value which is known without them; gathered at the root. */
  get droppedPlaces(): readonly Place[] {
    return this.root.#dropped;
  }

  dropped(value: Value): void {
    placesIn(value, this.root.#dropped);
  }

  /** Every instance of a resource or data block whose value was asked for, by address; gathered at the root. */
  get queries(): ReadonlyMap<string, DataQuery> {
    return this.root.#queries;
  }

  /** A place behind the instance it belongs to: the first step behind a collection of unknown instances chooses one. */
  instancePlace(place: Place): Place {
    const { source, steps } = place;
    if (source.endsWith(']') || !this.root.#queries.has(`${source}[*]`)) return place;
    return { ...place, source: `${source}[*]`, steps: steps.slice(1) };
  }

  lookup(name: string): Value | undefined {
    const whole = wholes[name];
    return whole === undefined ? this.#resourcesOfType(name) : whole(this);
  }

  traverse(root: string, steps: readonly string[]): { readonly value: Value; readonly used: number } | undefined {
    const [first = '', second] = steps;
    if (root === 'var') return { value: this.variable(first), used: 1 };
    if (root === 'local') return { value: this.local(first), used: 1 };
    if (root === 'module') return this.#moduleStep(first, steps);
    if (root === 'path') return { value: this.#path(first), used: 1 };
    if (root === 'terraform') return { value: this.#terraform(first), used: 1 };
    if (root === 'data' || root === 'ephemeral')
      return second === undefined ? undefined : this.#resourceStep(`${root}.${first}.${second}`, steps, 2);
    if (root === 'each' || root === 'count' || root === 'self') return undefined;
    return this.#resourceStep(`${root}.${first}`, steps, 1);
  }

  /** A variable that is not declared is unknown at its place: the file that declares it may be broken. So with all names. */
  variable(name: string): Value {
    return this.#once(`var.${name}`, () => {
      const declared = this.module.variables.get(name);
      if (declared === undefined) return this.#undeclared(`var.${name}`);
      let value = this.#options.variables(name);
      if (value === undefined || (value === null && !declared.nullable))
        value = declared.default === undefined ? undefined : evaluate(declared.default, this);
      if (value === undefined) return Unknown.at(`${this.prefix}var.${name}`, [], 'a variable that nothing sets');
      return declared.type === undefined ? value : convertTo(declared.type, value);
    });
  }

  /** @throws EvaluationError when the local needs itself. */
  local(name: string): Value {
    return this.#once(`local.${name}`, () => {
      const declared = this.module.locals.get(name);
      if (declared === undefined) return this.#undeclared(`local.${name}`);
      return evaluate(declared.value, this);
    });
  }

  /** @throws EvaluationError when there is no such output. */
  output(name: string): Value {
    return this.#once(`output.${name}`, () => {
      const declared = this.module.outputs.get(name);
      if (declared === undefined) throw new EvaluationError(`there is no output ${name}`, nowhere);
      return declared.value === undefined ? null : evaluate(declared.value, this);
    });
  }

  #undeclared(address: string): Unknown {
    return Unknown.at(`${this.prefix}${address}`, [], `${address} is not declared`);
  }

  /** Evaluates at most once; a value that needs itself is an error. */
  #once(key: string, compute: () => Value): Value {
    const known = this.#values.get(key);
    if (known === 'evaluating') throw new EvaluationError(`${key} needs itself`, nowhere);
    if (known !== undefined) {
      if ('error' in known) throw known.error;
      return known.value;
    }
    this.#values.set(key, 'evaluating');
    try {
      const value = compute();
      this.#values.set(key, { value });
      return value;
    } catch (error) {
      this.#values.set(key, { error });
      throw error;
    }
  }

  #path(name: string): Value {
    const { path } = this.module;
    const rootPath = this.root.module.path;
    if (name === 'module') return this.module.repo === this.root.module.repo ? relative(rootPath, path) : '.';
    if (name === 'root') return '.';
    if (name === 'cwd') return `${estateRoot}/${rootPath}`.replace(/\/$/, '');
    throw new EvaluationError(`there is no path.${name}`, nowhere);
  }

  #terraform(name: string): Value {
    if (name === 'workspace') return this.#options.workspace ?? Unknown.at('terraform', ['workspace']);
    return Unknown.at('terraform', [name]);
  }

  // Repetition

  /** The instances of a resource or a module call. An expression that fails makes them unknown. */
  keysOf(block: Resource | ModuleCall): InstanceKeys {
    if (block.count === undefined && block.forEach === undefined) return single;
    const address = 'address' in block ? block.address : `module.${block.name}`;
    let keys = this.#keys.get(address);
    if (keys === undefined) {
      // A block whose repetition needs itself would not end.
      this.#keys.set(address, { kind: 'unknown', value: new Unknown('it needs itself'), mode: 'count' });
      keys = computeKeys(block, (expr) => this.attempt(expr, this));
      this.#keys.set(address, keys);
    }
    return keys;
  }

  /** A value, or unknown with the reason why it does not evaluate. */
  attempt(expr: Expression, scope: Scope): Value {
    try {
      return evaluate(expr, scope);
    } catch (error) {
      if (error instanceof EvaluationError) return new Unknown(error.message);
      throw error;
    }
  }

  /** The scopes of a block's instances, each with the suffix of its address: `''`, `[0]`, `["a"]`, `[*]`. */
  instancesOf(block: Resource | ModuleCall): readonly { readonly suffix: string; readonly scope: Scope }[] {
    const keys = this.keysOf(block);
    return suffixesOf(keys).map((suffix) => ({ suffix, scope: this.#scopeFor(block, keys, suffix) }));
  }

  #scopeFor(block: Resource | ModuleCall, keys: InstanceKeys, suffix: string): Scope {
    const self = 'address' in block ? { address: `${this.prefix}${block.address}${suffix}` } : undefined;
    if (keys.kind === 'single') return self === undefined ? this : new ScopeOfInstance(this, {}, self.address);
    return new ScopeOfInstance(this, namesOf(keys, suffix), self?.address);
  }

  // Resources and data

  #resourceStep(
    address: string,
    steps: readonly string[],
    named: number,
  ): { readonly value: Value; readonly used: number } | undefined {
    const resource = this.module.resources.get(address);
    if (resource === undefined) return { value: this.#undeclared(address), used: named };
    const keys = this.keysOf(resource);
    if (keys.kind === 'single') return this.#attributeStep(resource, '', steps, named);
    const key = steps[named];
    if (key === undefined) return { value: this.#allInstances(resource, keys), used: named };
    // Before Terraform 0.12 a counted block could be read without an index.
    if (keys.kind === 'count' && keys.count > 0 && /^[a-z_]/i.test(key))
      return this.#attributeStep(resource, '[0]', steps, named);
    const suffix = suffixFor(address, keys, key);
    return suffix === undefined ? undefined : this.#attributeStep(resource, suffix, steps, named + 1);
  }

  /** An attribute that the block itself sets is what it sets; another one only a run could know. */
  #attributeStep(
    resource: Resource,
    suffix: string,
    steps: readonly string[],
    used: number,
  ): { readonly value: Value; readonly used: number } {
    const value = this.instanceValue(resource, suffix);
    const name = steps[used];
    const answered = isUnknown(value) ? value.place?.steps.length !== 0 : !isObject(value);
    if (name === undefined || answered || (isObject(value) && Object.hasOwn(value, name))) return { value, used };
    const set = resource.body.attributes.get(name);
    if (set === undefined || resourceSettings.has(name)) {
      if (isUnknown(value)) return { value, used };
      return { value: Unknown.at(`${this.prefix}${resource.address}${suffix}`, [name]), used: used + 1 };
    }
    const own = this.#once(`${resource.address}${suffix}.${name}`, () =>
      this.attempt(set.value, this.#scopeFor(resource, this.keysOf(resource), suffix)),
    );
    if (!isUnknown(own) || own.places.length > 0) return { value: own, used: used + 1 };
    return { value: Unknown.at(`${this.prefix}${resource.address}${suffix}`, [name]), used: used + 1 };
  }

  /** The value of one instance of a resource or data block, as the resolver says, else unknown at its address. */
  instanceValue(resource: Resource, suffix: string): Value {
    return this.#once(`${resource.address}${suffix}`, () => {
      const query = this.query(resource, suffix);
      this.root.#queries.set(query.address, query);
      const answer = this.#options.resolveData?.(query);
      return answer === undefined ? Unknown.at(query.address) : answer;
    });
  }

  query(resource: Resource, suffix: string): DataQuery {
    return new InstanceQuery(this, resource, suffix);
  }

  /** The scope of one instance of a block. */
  scopeOf(block: Resource | ModuleCall, suffix: string): Scope {
    return this.#scopeFor(block, this.keysOf(block), suffix);
  }

  #allInstances(resource: Resource, keys: InstanceKeys): Value {
    if (keys.kind === 'count')
      return Array.from({ length: keys.count }, (_one, i) => this.instanceValue(resource, `[${i}]`));
    if (keys.kind === 'each') {
      const result = emptyObject();
      for (const key of keys.items.keys()) result[key] = this.instanceValue(resource, `[${JSON.stringify(key)}]`);
      return result;
    }
    // Each instance stands at the same place, so the collection does too; what its keys rest on takes part.
    const one = this.instanceValue(resource, keys.kind === 'single' ? '' : '[*]');
    return keys.kind === 'single' ? one : collectionOf(`${this.prefix}${resource.address}`, one, keys.value);
  }

  #resourcesOfType(type: string): Value | undefined {
    const found = [...this.module.resources.values()].filter((one) => one.mode === 'managed' && one.type === type);
    if (found.length === 0) return undefined;
    const result = emptyObject();
    for (const resource of found) result[resource.name] = this.#allInstances(resource, this.keysOf(resource));
    return result;
  }

  // Child modules

  #moduleStep(name: string, steps: readonly string[]): { readonly value: Value; readonly used: number } | undefined {
    const call = this.module.calls.get(name);
    if (call === undefined) return { value: this.#undeclared(`module.${name}`), used: 1 };
    const keys = this.keysOf(call);
    const used = keys.kind === 'single' ? 1 : 2;
    const key = steps[1];
    if (used === 2 && key === undefined) return { value: this.#allModules(call, keys), used: 1 };
    const suffix = key === undefined || used === 1 ? '' : suffixFor(`module.${name}`, keys, key);
    if (suffix === undefined) return undefined;
    const child = this.child(call, suffix);
    if (child === undefined) return { value: Unknown.at(`${this.prefix}module.${name}${suffix}`), used };
    const output = steps[used];
    return output === undefined ? { value: child.outputs(), used } : { value: child.output(output), used: used + 1 };
  }

  #allModules(call: ModuleCall, keys: InstanceKeys): Value {
    const one = (suffix: string): Value =>
      this.child(call, suffix)?.outputs() ?? Unknown.at(`${this.prefix}module.${call.name}${suffix}`);
    if (keys.kind === 'count') return Array.from({ length: keys.count }, (_one, i) => one(`[${i}]`));
    if (keys.kind === 'single') return one('');
    if (keys.kind === 'unknown') return collectionOf(`${this.prefix}module.${call.name}`, one('[*]'), keys.value);
    const result = emptyObject();
    for (const key of keys.items.keys()) result[key] = one(`[${JSON.stringify(key)}]`);
    return result;
  }

  /** All outputs; one that does not evaluate is unknown. */
  outputs(): Value {
    const result = emptyObject();
    for (const name of this.module.outputs.keys()) {
      try {
        result[name] = this.output(name);
      } catch (error) {
        if (!(error instanceof EvaluationError)) throw error;
        result[name] = new Unknown(error.message);
      }
    }
    return result;
  }

  /** Where a call leads. */
  childModule(written: ModuleCall): ChildModule {
    const call = this.sourced(written);
    const known = this.#options.resolveModule?.(call, this.module);
    let place = known;
    if (place === undefined) {
      const path = call.source === undefined ? undefined : localSourcePath(this.module.path, call.source);
      if (path === undefined) return { kind: 'remote' };
      place = { view: this.view, path };
    }
    // Which module it is rests on values, so the module's digest may be one of another: it counts as data that is read.
    if (this.#isChosen(written)) this.account?.contents(place.view, place.path);
    const module = this.#options.loader.load(place.view, place.path);
    if (module === undefined) return { kind: 'missing', path: filePlace(place.view.repo, place.path) };
    return { kind: 'inside', ...place, module };
  }

  /** A call with its source evaluated, where that is no plain text: by locals and constant variables, as `init` does. */
  sourced(call: ModuleCall): ModuleCall {
    const set = call.source === undefined ? call.body.attributes.get('source') : undefined;
    if (set === undefined) return call;
    const source = this.#once(`source of ${call.name}`, () => {
      this.account?.enter({ site: `module.${call.name}.source`, file: call.file, line: set.at.line });
      const value = this.attempt(set.value, this);
      const from = standingIn(this.view, this.module.path);
      if (isUnknown(value) && value.text !== undefined)
        this.account?.unread(from, value, new Unknown('any file of it'));
      return value;
    });
    return typeof source === 'string' ? { ...call, source } : call;
  }

  #isChosen({ source }: ModuleCall): boolean {
    return source === undefined || this.#chosen;
  }

  /** The child that a call makes, or undefined when it is not in the repository or calls itself without end. */
  child(call: ModuleCall, suffix: string): ModuleInstance | undefined {
    const key = `${call.name}${suffix}`;
    if (!this.#children.has(key)) this.#children.set(key, this.#makeChild(call, suffix));
    return this.#children.get(key);
  }

  /** A module that calls itself, or one that called it, would have no end. */
  #isWithin(module: Module): boolean {
    if (this.module.key === module.key) return true;
    const parent = this.caller?.of;
    return parent === undefined ? false : parent.#isWithin(module);
  }

  #makeChild(call: ModuleCall, suffix: string): ModuleInstance | undefined {
    if (this.#depth >= deepestCall) return undefined;
    if (this.root.#made >= mostChildren) return undefined;
    const place = this.childModule(call);
    if (place.kind !== 'inside' || this.#isWithin(place.module)) return undefined;
    this.root.#made += 1;
    const scope = this.#scopeFor(call, this.keysOf(call), suffix);
    const variables: VariableSource = (name) => {
      const set = callSettings.has(name) ? undefined : call.body.attributes.get(name);
      return set === undefined ? undefined : evaluate(set.value, scope);
    };
    const options = { ...this.#options, view: place.view, variables };
    return new ModuleInstance(place.module, options, {
      of: this,
      call,
      prefix: `${this.prefix}module.${call.name}${suffix}.`,
    });
  }
}

/** Arguments of every resource that are not its attributes. */
const resourceSettings: ReadonlySet<string> = new Set(['count', 'for_each', 'provider', 'depends_on']);

/** A root name that stands alone, without a step behind it. */
const wholes = tableOf<(of: ModuleInstance) => Value>({
  var: (of) => membersOf(of.module.variables.keys(), (name) => of.variable(name)),
  local: (of) => membersOf(of.module.locals.keys(), (name) => of.local(name)),
  path: () => new Unknown('all paths at once'),
  terraform: () => Unknown.at('terraform'),
  module: () => new Unknown('all modules at once'),
  data: () => new Unknown('all data sources at once'),
});

function membersOf(names: Iterable<string>, answer: (name: string) => Value): Value {
  const result = emptyObject();
  for (const name of names) {
    try {
      result[name] = answer(name);
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      result[name] = new Unknown(error.message);
    }
  }
  return result;
}

/** A folder seen from another one, as `path.module` shows it: `.` or `modules/x`. */
function relative(from: string, to: string): string {
  const [a, b] = [from === '' ? [] : from.split('/'), to === '' ? [] : to.split('/')];
  let common = 0;
  while (common < a.length && common < b.length && a[common] === b[common]) common++;
  const parts = [...a.slice(common).map(() => '..'), ...b.slice(common)];
  return parts.length === 0 ? '.' : parts.join('/');
}

/** Asked for by the ten thousand and mostly for one argument: the scope is made when something is evaluated. */
class InstanceQuery implements DataQuery {
  readonly resource: Resource;
  readonly module: ModuleInstance;
  readonly #suffix: string;
  #scope: Scope | undefined;

  constructor(module: ModuleInstance, resource: Resource, suffix: string) {
    this.module = module;
    this.resource = resource;
    this.#suffix = suffix;
  }

  get address(): string {
    return `${this.module.prefix}${this.resource.address}${this.#suffix}`;
  }

  get scope(): Scope {
    this.#scope ??= this.module.scopeOf(this.resource, this.#suffix);
    return this.#scope;
  }

  readonly argument = (name: string): Value | undefined => {
    const set = this.resource.body.attributes.get(name);
    return set === undefined ? undefined : this.module.attempt(set.value, this.scope);
  };
}
