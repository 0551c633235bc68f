import type { Expression, Step } from '../../hcl/tree.ts';
import type { FileView } from '../../model/file-view.ts';
import { eitherShape, type OutputShape, unknownShape } from '../../model/output-shape.ts';
import { callShape, listOf, shapeOfType } from './call-shapes.ts';
import type { ModuleLoader } from './load-module.ts';
import type { Module, ModuleCall, Resource } from './module.ts';
import { localModulePath } from './module-source.ts';

/** How deep modules that call modules are followed, and how deep an expression is. */
const deepest = 64;

/**
 * The shapes of a module's outputs as its HCL shows them, whatever values it is given: what a run alone could tell is unknown.
 * Undefined for a module that is not there or that does not read cleanly, because what it says may be anything.
 */
export function outputShapesOf(
  loader: ModuleLoader,
  view: FileView,
  path: string,
  depth = 0,
): ReadonlyMap<string, OutputShape> | undefined {
  const module = loader.load(view, path);
  if (module === undefined || module.problems.length > 0 || depth > 8) return undefined;
  const reader = new ShapeReader(module, (call) => {
    if (call.source === undefined || !/^\.{1,2}(?:\/|$)/.test(call.source)) return undefined;
    return outputShapesOf(loader, view, localModulePath(path, call.source), depth + 1);
  });
  const shapes = new Map<string, OutputShape>();
  for (const [name, { value }] of module.outputs)
    shapes.set(name, value === undefined ? unknownShape : reader.shapeOf(value));
  for (const [name, shape] of reader.written()) {
    const own = shapes.get(name);
    // Written to a parameter and published as an output: only what both say is sure.
    shapes.set(name, own === undefined ? shape : eitherShape(own, shape));
  }
  return shapes;
}

/** Of these providers every id is a text. */
const idIsText = /^(?:aws|azuread|azurerm|google|kubernetes|null|random|tls)_/;

type Called = (call: ModuleCall) => ReadonlyMap<string, OutputShape> | undefined;
/** Names that a `for` binds. */
type Bound = ReadonlySet<string>;

class ShapeReader {
  readonly #module: Module;
  readonly #called: Called;
  readonly #locals = new Map<string, OutputShape>();
  readonly #calls = new Map<string, ReadonlyMap<string, OutputShape> | undefined>();
  #depth = 0;

  constructor(module: Module, called: Called) {
    this.#module = module;
    this.#called = called;
  }

  /** Members of JSON objects that the module writes to parameters; one that two of them write is unknown. */
  written(): ReadonlyMap<string, OutputShape> {
    const found = new Map<string, OutputShape>();
    for (const { mode, type, body } of this.#module.resources.values()) {
      const value = body.attributes.get('value')?.value ?? body.attributes.get('insecure_value')?.value;
      if (mode !== 'managed' || type !== 'aws_ssm_parameter' || value === undefined) continue;
      const shape = this.shapeOf(value);
      if (shape.kind !== 'json' || shape.holds.kind !== 'object') continue;
      for (const [name, member] of shape.holds.members) found.set(name, found.has(name) ? unknownShape : member);
    }
    return found;
  }

  shapeOf(expression: Expression, bound: Bound = new Set()): OutputShape {
    if (this.#depth > deepest) return unknownShape;
    this.#depth++;
    try {
      return this.#shapeOf(expression, bound);
    } finally {
      this.#depth--;
    }
  }

  #shapeOf(expression: Expression, bound: Bound): OutputShape {
    switch (expression.kind) {
      case 'literal':
        return { kind: literalKind(expression.value) };
      case 'template':
        return this.#template(expression, bound);
      case 'tuple':
        return listOf(expression.items.map((item) => this.shapeOf(item, bound)));
      case 'object':
        return this.#object(expression, bound);
      case 'for':
        return this.#loop(expression, bound);
      case 'call':
        if (expression.expand) return unknownShape;
        return callShape(
          expression.name,
          expression.args.map((argument) => this.shapeOf(argument, bound)),
        );
      case 'conditional':
        return eitherShape(this.shapeOf(expression.then, bound), this.shapeOf(expression.otherwise, bound));
      case 'unary':
        return { kind: expression.op === '!' ? 'boolean' : 'number' };
      case 'binary':
        return { kind: /^[-+*/%]$/.test(expression.op) ? 'number' : 'boolean' };
      case 'splat':
        return { kind: 'list', item: unknownShape };
      case 'access':
        return this.#access(expression, bound);
      default:
        return unknownShape;
    }
  }

  /** `"${x}"` alone is x itself. */
  #template({ parts }: Expression & { readonly kind: 'template' }, bound: Bound): OutputShape {
    const [only] = parts;
    if (parts.length === 1 && only?.kind === 'interpolation') return this.shapeOf(only.value, bound);
    return { kind: 'string' };
  }

  #object({ items }: Expression & { readonly kind: 'object' }, bound: Bound): OutputShape {
    const members = new Map<string, OutputShape>();
    let open = false;
    for (const { key, value } of items) {
      if (key.kind === 'literal') members.set(String(key.value), this.shapeOf(value, bound));
      else open = true;
    }
    return { kind: 'object', members, open };
  }

  #loop(expression: Expression & { readonly kind: 'for' }, bound: Bound): OutputShape {
    const names = [expression.keyName, expression.valueName].filter((name) => name !== undefined);
    if (expression.key !== undefined) return { kind: 'object', members: new Map(), open: true };
    return { kind: 'list', item: this.shapeOf(expression.value, new Set([...bound, ...names])) };
  }

  #access(expression: Expression & { readonly kind: 'access' }, bound: Bound): OutputShape {
    const { on, steps } = stepsOf(expression);
    if (on.kind !== 'variable') return within(this.shapeOf(on, bound), steps);
    const root = on.name;
    if (bound.has(root)) return unknownShape;
    const [first, ...rest] = steps;
    const name = first?.kind === 'attr' ? first.name : undefined;
    if (name === undefined) return unknownShape;
    if (root === 'local') return within(this.#local(name), rest);
    if (root === 'var') {
      const variable = this.#module.variables.get(name);
      return variable?.type === undefined ? unknownShape : within(shapeOfType(variable.type), rest);
    }
    if (root === 'module') return this.#moduleOutput(name, rest);
    return root === 'data' ? unknownShape : this.#resource(this.#module.resources.get(`${root}.${name}`), rest);
  }

  #local(name: string): OutputShape {
    const known = this.#locals.get(name);
    if (known !== undefined) return known;
    const local = this.#module.locals.get(name);
    if (local === undefined) return unknownShape;
    // One that comes back to itself has no shape.
    this.#locals.set(name, unknownShape);
    const shape = this.shapeOf(local.value);
    this.#locals.set(name, shape);
    return shape;
  }

  #moduleOutput(name: string, steps: readonly Step[]): OutputShape {
    const call = this.#module.calls.get(name);
    const [first, ...rest] = steps;
    if (call === undefined || call.count !== undefined || call.forEach !== undefined) return unknownShape;
    if (first?.kind !== 'attr') return unknownShape;
    if (!this.#calls.has(name)) this.#calls.set(name, this.#called(call));
    const shape = this.#calls.get(name)?.get(first.name);
    return shape === undefined ? unknownShape : within(shape, rest);
  }

  /** Of a resource HCL shows how many there are, and that an id is a text; the rest is the provider's business. */
  #resource(resource: Resource | undefined, steps: readonly Step[]): OutputShape {
    if (resource === undefined) return unknownShape;
    const repeated = resource.count !== undefined || resource.forEach !== undefined;
    const [first, ...rest] = repeated ? steps.slice(1) : steps;
    if (repeated && steps.length === 0) {
      if (resource.count !== undefined) return { kind: 'list', item: unknownShape };
      return { kind: 'object', members: new Map(), open: true };
    }
    if (first === undefined) return { kind: 'object', members: new Map(), open: true };
    const isId = first.kind === 'attr' && first.name === 'id' && rest.length === 0;
    return isId && idIsText.test(resource.type) ? { kind: 'string' } : unknownShape;
  }
}

function literalKind(value: string | number | boolean | null): 'string' | 'number' | 'boolean' | 'null' {
  if (value === null) return 'null';
  return typeof value as 'string' | 'number' | 'boolean';
}

function stepsOf(expression: Expression): { readonly on: Expression; readonly steps: readonly Step[] } {
  const steps: Step[] = [];
  let at = expression;
  while (at.kind === 'access') {
    steps.unshift(at.step);
    at = at.on;
  }
  return { on: at, steps };
}

/** The shape behind some steps. */
function within(shape: OutputShape, steps: readonly Step[]): OutputShape {
  let at = shape;
  for (const step of steps) {
    const name = step.kind === 'attr' ? step.name : step.key.kind === 'literal' ? String(step.key.value) : undefined;
    if (at.kind === 'list') at = at.item;
    else if (at.kind === 'object' && name !== undefined) at = at.members.get(name) ?? unknownShape;
    else return unknownShape;
  }
  return at;
}
