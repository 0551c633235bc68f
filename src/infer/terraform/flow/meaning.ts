import { posix } from 'node:path';
import type { Body, Expression, Step, TemplatePart } from '../../../hcl/tree.ts';
import type { Value } from '../../../hcl/value.ts';
import { byCodeUnit, canonicalJson, sha256 } from '../../../model/digest.ts';
import type { FileView } from '../../../model/file-view.ts';
import { iteratorName, walkExpression } from '../expression-walk.ts';
import { Constants, type Place } from './constants.ts';
import { asWritten, FilesRead } from './files-read.ts';
import { isText, type Part } from './module-parts.ts';
import { type ModuleNode, modulesOf } from './module-tree.ts';
import { isPlain } from './plain.ts';

/**
 * What the parts of a root module and all below it mean: their code with every local, argument and output of a module that is at
 * hand put in its place. Names of those, and where they stand, mean nothing; what a block is called does, since Terraform keeps
 * it under that name. Equal meanings at two ends evaluate equal, or fail alike. Each part is looked at once.
 */
export class Meanings {
  readonly #places = new Map<ModuleNode, Place>();
  readonly #known = new Map<string, string | undefined>();
  readonly #given: ReadonlySet<string>;
  readonly #root: string;

  readonly #files: FilesRead | undefined;
  readonly #constants: Constants;
  readonly #values: ReadonlyMap<string, Value>;

  /**
   * @param given root variables whose defaults mean nothing
   * @param view what files say; without, a call that reads one is taken as written
   * @param values what root variables are given; without, a variable is whatever it is given
   */
  constructor(
    tree: ModuleNode,
    given: ReadonlySet<string>,
    view?: FileView,
    values: ReadonlyMap<string, Value> = new Map(),
  ) {
    this.#files = view === undefined ? undefined : new FilesRead(view, tree);
    this.#values = values;
    this.#constants = new Constants((node) => this.#places.get(node) ?? {}, values);
    this.#given = given;
    this.#root = tree.module.path;
    this.#places.set(tree, {});
    for (const node of modulesOf(tree))
      for (const [name, child] of node.children) {
        const call = node.parts.get(`module.${name}`);
        if (call !== undefined) this.#places.set(child, { caller: node, call });
      }
  }

  /** Undefined where something takes part that cannot be told. */
  of(node: ModuleNode, part: Part): string | undefined {
    return this.#once(`${node.prefix}${part.id}`, () => this.#meaning(node, part));
  }

  /** The same, but for what `ignore_changes` lists. */
  ofConfigured(node: ModuleNode, part: Part): string | undefined {
    return this.#once(`${node.prefix}${part.id} as configured`, () =>
      this.#meaning(node, { ...part, ...(part.body === undefined ? {} : { body: withoutIgnored(part.body) }) }),
    );
  }

  /** Whether what hands a value on is evaluated without fail, whatever a run finds. */
  isEvaluated(node: ModuleNode, { kind, id, value, body }: Part): boolean {
    if (kind === 'variable') return node.prefix === '' || this.#constants.ofVariable(id.slice('var.'.length), node);
    const said =
      kind === 'local' || kind === 'argument'
        ? value
        : kind === 'output'
          ? body?.attributes.get('value')?.value
          : undefined;
    if (said === undefined) return false;
    return (
      isPlain(said, node.module) || this.#constants.comesTo(said, node) || this.#files?.isEvaluated(said, node) === true
    );
  }

  /** Whether conditions hold whatever a run finds. */
  holds(node: ModuleNode, { kind, id, body }: Part): boolean {
    if (kind !== 'condition' || body === undefined || body.attributes.size > 0 || body.blocks.length === 0)
      return false;
    return body.blocks.every(({ body: { attributes, blocks, duplicates } }) => {
      const condition = attributes.get('condition')?.value;
      // A message that is put together may fail.
      if (condition === undefined || attributes.size > 1 || blocks.length + duplicates.length > 0) return false;
      // Terraform refuses one that asks nothing, and of a variable one that asks something else.
      const asked = namesAsked(condition);
      const isAllowed = id.startsWith('?var.') ? asked.every((name) => name === id.slice(1)) : true;
      return asked.length > 0 && isAllowed && this.#constants.of(condition, node) === true;
    });
  }

  /** An undefined one that is being made needs itself. */
  #once(key: string, make: () => unknown): string | undefined {
    if (!this.#known.has(key)) {
      this.#known.set(key, undefined);
      try {
        this.#known.set(key, digestOf(make()));
      } catch (error) {
        if (!(error instanceof Untold)) throw error;
      }
    }
    return this.#known.get(key);
  }

  #meaning(node: ModuleNode, part: Part): unknown {
    const { kind, id, code, value, body = noBody, call } = part;
    if (kind === 'settings') return [code, this.#written(node).body(valuesOf(body))];
    if (kind === 'variable') return this.#variable(node, id.slice('var.'.length));
    if (kind === 'call' && call !== undefined) {
      const child = node.children.get(call.name);
      if (child !== undefined) return this.#context(child);
    }
    const written = this.#written(node);
    if (value !== undefined) return written.expression(value);
    const [said, ...more] = body.attributes.values();
    // An output that says nothing more is its value.
    if (kind === 'output' && node.prefix !== '' && said?.name === 'value' && more.length === 0)
      return written.expression(said.value);
    return [kind, this.#context(node), written.body(body, ofKind[kind])];
  }

  /** How a module is called: whether, how often, with which providers, behind what. */
  #context(node: ModuleNode): string {
    const { caller, call } = this.#places.get(node) ?? {};
    if (caller === undefined || call === undefined) return '';
    const settings = [...(call.body?.attributes ?? [])].filter(([name]) => name !== 'source' && name !== 'version');
    const made = this.#once(`${node.prefix}*`, () => [
      this.#context(caller),
      this.#written(caller).body({
        attributes: new Map(settings),
        blocks: call.body?.blocks ?? [],
        duplicates: [],
      }),
    ]);
    if (made === undefined) throw new Untold();
    return made;
  }

  /** As it is declared, and what it is given: of a root, whatever its name is given. */
  #variable(node: ModuleNode, name: string): unknown {
    const { caller, call } = this.#places.get(node) ?? {};
    const declared = node.module.variables.get(name);
    if (declared === undefined) throw new Untold();
    const argument = call?.call?.body.attributes.get(name);
    const isGiven = caller === undefined ? this.#given.has(name) : argument !== undefined && declared.nullable;
    const attributes = [...declared.body.attributes].filter(
      ([one, { value }]) =>
        !((one === 'description' || one === 'deprecated') && isText(value)) && !(one === 'default' && isGiven),
    );
    const said = attributes.map(([one, { value }]) => [one, asWritten(value)]).sort();
    if (caller === undefined)
      return ['variable', name, said, ...(this.#values.has(name) ? [canonicalJson(this.#values.get(name))] : [])];
    const handed = argument === undefined ? null : this.#written(caller).expression(argument.value);
    const isRepeated = call?.call?.count !== undefined || call?.call?.forEach !== undefined;
    if (isGiven && attributes.length === 0 && !isRepeated) return handed;
    // `each` and `count` of an argument are those of the call.
    return ['variable', isRepeated ? this.#context(node) : '', said, handed];
  }

  #written(node: ModuleNode): Written {
    return new Written({
      node,
      folder: posix.relative(this.#root, node.module.path),
      mentioned: (one, named) => this.#mentioned(one, named),
      files: this.#files,
      constants: this.#constants,
    });
  }

  #mentioned(node: ModuleNode, id: string): string {
    const part = node.parts.get(id);
    const made = part === undefined ? undefined : this.of(node, part);
    if (made === undefined) throw new Untold();
    return made;
  }
}

/** What is one already stays it. */
function digestOf(made: unknown): string {
  return typeof made === 'string' && made.startsWith('=') ? made : `=${sha256(JSON.stringify(made))}`;
}

/** Thrown where a meaning cannot be told. */
class Untold extends Error {}

const noBody: Body = { attributes: new Map(), blocks: [], duplicates: [] };
/** What names blocks in one, and reads none of their values. */
const naming: ReadonlySet<string> = new Set(['provider', 'providers', 'depends_on']);
const none: ReadonlySet<string> = new Set();
/** What Terraform takes as it is written: nothing is evaluated there. */
const stated: ReadonlySet<string> = new Set(['ignore_changes', 'prevent_destroy', 'create_before_destroy']);
const ofKind: Partial<Record<Part['kind'], (name: string) => boolean>> = {
  output: (name) => name !== 'value',
  provider: (name) => name === 'alias' || name === 'version',
};
const conditions: ReadonlySet<string> = new Set(['validation', 'precondition', 'postcondition', 'assert']);

/** What a condition mentions: `var.x`, `local`. */
function namesAsked(condition: Expression): string[] {
  const names: string[] = [];
  const inner = new Set<Expression>();
  walkExpression(condition, (one, bound) => {
    if (one.kind === 'access' && one.on.kind === 'variable' && one.step.kind === 'attr' && !bound.has(one.on.name)) {
      inner.add(one.on);
      names.push(`${one.on.name}.${one.step.name}`);
    } else if (one.kind === 'variable' && !inner.has(one) && !bound.has(one.name)) names.push(one.name);
  });
  return [...new Set(names)].sort();
}

function askedBy(type: string, condition: Expression): unknown {
  const names = namesAsked(condition);
  return type === 'validation' ? names : names.length > 0;
}

interface Writing {
  readonly node: ModuleNode;
  /** As seen from the root, which is what `path.module` says. */
  readonly folder: string;
  readonly mentioned: (node: ModuleNode, id: string) => string;
  readonly files: FilesRead | undefined;
  readonly constants: Constants;
}

/** Code as digests and lists of those, without places, with a meaning for each mention of something that has one. */
class Written {
  readonly #node: ModuleNode;
  readonly #folder: string;
  readonly #mentioned: Writing['mentioned'];
  readonly #files: FilesRead | undefined;
  readonly #constants: Constants;

  constructor({ node, folder, mentioned, files, constants }: Writing) {
    this.#constants = constants;
    this.#node = node;
    this.#folder = folder;
    this.#mentioned = mentioned;
    this.#files = files;
  }

  /** @param isStated whether Terraform takes an attribute as it is written and evaluates nothing in it */
  body(body: Body, isStated: (name: string) => boolean = () => false): unknown {
    return this.#body(body, none, (name) => naming.has(name) || isStated(name));
  }

  #body(
    { attributes, blocks, duplicates }: Body,
    bound: ReadonlySet<string>,
    isNaming: (name: string) => boolean,
  ): unknown {
    if (duplicates.length > 0) throw new Untold();
    return [
      [...attributes.values()]
        .sort((a, b) => byCodeUnit(a.name, b.name))
        .map(({ name, value }) => [name, isNaming(name) ? asWritten(value) : this.expression(value, bound)]),
      blocks.map(({ type, labels, body }) => {
        const iterator = type === 'dynamic' ? iteratorName(body, labels[0] ?? '') : undefined;
        const inside = iterator === undefined ? bound : new Set([...bound, iterator]);
        const said = this.#body(body, inside, (name) => type === 'lifecycle' && stated.has(name));
        // Terraform refuses a condition that asks nothing, and of a variable one that asks something else.
        const condition = conditions.has(type) ? body.attributes.get('condition')?.value : undefined;
        return [type, labels, said, ...(condition === undefined ? [] : [askedBy(type, condition)])];
      }),
    ];
  }

  expression(expr: Expression, bound: ReadonlySet<string> = none): string {
    const constant = bound.size === 0 ? this.#constants.of(expr, this.#node) : undefined;
    return digestOf(constant === undefined ? this.#said(expr, bound) : ['value', constant]);
  }

  #said(expr: Expression, bound: ReadonlySet<string>): unknown {
    const go = (one: Expression) => this.expression(one, bound);
    switch (expr.kind) {
      case 'literal':
        return ['literal', expr.value];
      case 'template':
        return ['template', this.#parts(expr.parts, bound)];
      case 'variable':
      case 'access':
      case 'splat':
        return this.#chain(expr, bound);
      case 'call': {
        const read = this.#files?.readBy(expr, this.#node);
        if (read !== undefined) return ['read', expr.name, read.says, read.with === undefined ? null : go(read.with)];
        const args = expr.args.map(go);
        // It takes the first that does not fail, or fails as all of them do.
        if (expr.name === 'try' && !expr.expand && new Set(args).size === 1) return args[0];
        return ['call', expr.name, args, expr.expand];
      }
      case 'unary':
        return ['unary', expr.op, go(expr.operand)];
      case 'binary':
        return ['binary', expr.op, go(expr.left), go(expr.right)];
      case 'conditional':
        return ['conditional', go(expr.condition), go(expr.then), go(expr.otherwise)];
      case 'tuple':
        return ['tuple', expr.items.map(go)];
      case 'object':
        return ['object', expr.items.map(({ key, value }) => [go(key), go(value)])];
      case 'for': {
        const read = this.#files?.readBy(expr, this.#node);
        if (read !== undefined) return ['read in a loop', asWritten(expr), read.says];
        const { keyName, valueName, collection, key, value, condition, grouping } = expr;
        const inside = new Set([...bound, valueName, ...(keyName === undefined ? [] : [keyName])]);
        const inner = (one: Expression | undefined) => (one === undefined ? null : this.expression(one, inside));
        return ['for', keyName, valueName, go(collection), inner(key), inner(value), inner(condition), grouping];
      }
      case 'bad':
        throw new Untold();
    }
  }

  #parts(parts: readonly TemplatePart[], bound: ReadonlySet<string>): unknown {
    return parts.map((part) => {
      if (part.kind === 'text') return part.text;
      if (part.kind === 'interpolation') return [this.expression(part.value, bound)];
      if (part.kind === 'if')
        return [
          'if',
          this.expression(part.condition, bound),
          this.#parts(part.then, bound),
          this.#parts(part.otherwise, bound),
        ];
      const { keyName, valueName, collection, body } = part;
      const inside = new Set([...bound, valueName, ...(keyName === undefined ? [] : [keyName])]);
      return ['for', keyName, valueName, this.expression(collection, bound), this.#parts(body, inside)];
    });
  }

  #chain(expr: Expression, bound: ReadonlySet<string>): unknown {
    const steps: Taken[] = [];
    let on = expr;
    for (;;) {
      if (on.kind === 'access') {
        steps.unshift(on.step);
        on = on.on;
      } else if (on.kind === 'splat') {
        steps.unshift({ kind: 'splat', of: on.steps.length }, ...on.steps);
        on = on.on;
      } else break;
    }
    const behind = (from: number) =>
      steps.slice(from).map((step) => {
        if (step.kind === 'attr') return ['.', step.name];
        return step.kind === 'splat' ? ['*', step.of] : ['[', this.expression(step.key, bound)];
      });
    const stepping = (from: string, at: number) => (at === steps.length ? from : ['steps', from, behind(at)]);
    if (on.kind !== 'variable') return stepping(this.expression(on, bound), 0);
    if (bound.has(on.name)) return ['bound', on.name, behind(0)];
    const { prefix, module } = this.#node;
    const [first, second] = steps;
    const name = first?.kind === 'attr' ? first.name : undefined;
    if (on.name === 'var' || on.name === 'local') {
      if (name !== undefined) return stepping(this.#mentioned(this.#node, `${on.name}.${name}`), 1);
      const all = on.name === 'var' ? module.variables : module.locals;
      const members = [...all.keys()].sort().map((one) => [one, this.#mentioned(this.#node, `${on.name}.${one}`)]);
      return ['all', members, behind(0)];
    }
    if (on.name === 'module') return this.#output(name, steps, behind);
    if (on.name === 'path') return ['path', name === 'module' ? this.#folder : '', behind(0)];
    const type = on.name === 'data' || on.name === 'ephemeral' ? `${on.name}.${name}` : on.name;
    const label = type === on.name ? first : second;
    const isBlock = label?.kind === 'attr' && module.resources.has(`${type}.${label.name}`);
    return ['name', isBlock ? prefix : '', on.name, behind(0)];
  }

  /** An output of a module that is at hand is what it says there. */
  #output(name: string | undefined, steps: readonly Taken[], behind: (from: number) => readonly unknown[]): unknown {
    const child = name === undefined ? undefined : this.#node.children.get(name);
    const call = name === undefined ? undefined : this.#node.module.calls.get(name);
    if (call === undefined) throw new Untold();
    if (child === undefined) return ['name', this.#node.prefix, 'module', behind(0)];
    const isRepeated = call.count !== undefined || call.forEach !== undefined;
    const at = isRepeated ? 2 : 1;
    const output = steps[at];
    if (output?.kind !== 'attr') {
      const outputs = [...child.module.outputs.keys()].sort();
      const said = outputs.map((one) => [one, this.#mentioned(child, `output.${one}`)]);
      return ['all', this.#mentioned(this.#node, `module.${name}`), said, behind(1)];
    }
    if (!child.module.outputs.has(output.name)) throw new Untold();
    const said = this.#mentioned(child, `output.${output.name}`);
    if (isRepeated) {
      const [, instance] = behind(0);
      return ['output', this.#mentioned(this.#node, `module.${name}`), said, instance, behind(at + 1)];
    }
    // What the module waits for, its outputs wait for.
    if (call.body.attributes.has('depends_on'))
      return ['output', this.#mentioned(this.#node, `module.${name}`), said, behind(at + 1)];
    return at + 1 === steps.length ? said : ['steps', said, behind(at + 1)];
  }
}

type Taken = Step | { readonly kind: 'splat'; readonly of: number };

/** Without requirements, which name providers and no values. */
function valuesOf(body: Body): Body {
  return { ...body, blocks: body.blocks.filter(({ type }) => type !== 'required_providers') };
}

function withoutIgnored(body: Body): Body {
  const blocks = body.blocks.map((block) => {
    if (block.type !== 'lifecycle') return block;
    const attributes = [...block.body.attributes].filter(([name]) => name !== 'ignore_changes');
    return { ...block, body: { ...block.body, attributes: new Map(attributes) } };
  });
  // A block that says nothing more is none.
  const isEmpty = ({ type, body: inner }: (typeof blocks)[number]) =>
    type === 'lifecycle' && inner.attributes.size + inner.blocks.length === 0;
  return { ...body, blocks: blocks.filter((block) => !isEmpty(block)) };
}
