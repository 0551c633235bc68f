import { evaluate } from '../../../hcl/evaluate.ts';
import { lazyObject } from '../../../hcl/lazy-object.ts';
import { EvaluationError, type Scope } from '../../../hcl/scope.ts';
import type { Attribute, Expression } from '../../../hcl/tree.ts';
import { emptyObject, Unknown, type Value } from '../../../hcl/value.ts';
import { dependencySource } from './dependency-source.ts';
import { exposedInclude } from './exposed-include.ts';
import { functionsOf } from './functions.ts';
import { type Include, includesOf } from './includes.ts';
import { folderOf } from './paths.ts';
import type { Session } from './session.ts';
import type { SourceFile } from './source-file.ts';

/** Where an evaluation stands. All absolute. */
export interface Standpoint {
  /** The file whose expressions are evaluated. */
  readonly file: string;
  /** The configuration it is evaluated for: the unit, though the file be an include of it. */
  readonly config: string;
  /** The unit that everything started from; differs from `config` inside `read_terragrunt_config`. */
  readonly original: string;
  /** The include that brought the file in. */
  readonly through?: Include;
}

/**
 * One file's scope: its locals (in any order, each evaluated when asked for), its includes, features and values. What a run
 * alone could know stays unknown with its place: `dependency.vpc.outputs.id`.
 */
export class Frame implements Scope {
  readonly session: Session;
  readonly source: SourceFile;
  readonly at: Standpoint;
  readonly functions: Scope['functions'] & object;
  /** A scope around this one: that of the stack file which an autoinclude block was written in. */
  readonly #outer: Frame | undefined;
  /** Roots that this frame alone knows: `unit` and `stack` in a stack file. */
  readonly roots = new Map<string, Value>();
  readonly #locals = new Map<string, Value | EvaluationError | 'under way'>();
  #includes: readonly Include[] | undefined;
  #includeFrames = new Map<Include, Frame | undefined>();
  #values: Value | undefined | 'unread' = 'unread';

  constructor(session: Session, source: SourceFile, at: Standpoint, outer?: Frame) {
    this.session = session;
    this.source = source;
    this.at = at;
    this.#outer = outer;
    this.functions = outer?.functions ?? functionsOf(this);
  }

  /** The same file with further names, as inside one turn of an expansion. */
  with(names: Readonly<Record<string, Value>>): Frame {
    const inside = new Frame(this.session, this.source, this.at, this);
    for (const [name, value] of Object.entries(names)) inside.roots.set(name, value);
    return inside;
  }

  get includes(): readonly Include[] {
    // Terragrunt follows one level: what an included file includes is an error there.
    if (this.#includes === undefined) {
      // An include path that asks for an include finds none.
      this.#includes = [];
      if (this.at.through === undefined) this.#includes = includesOf(this);
    }
    return this.#includes;
  }

  /** The frame of one of its includes; undefined when the file is not there. */
  included(include: Include): Frame | undefined {
    if (!this.#includeFrames.has(include)) this.#includeFrames.set(include, this.#open(include));
    return this.#includeFrames.get(include);
  }

  #open(include: Include): Frame | undefined {
    if (include.path === undefined) return undefined;
    const { session } = this;
    const source = session.estate.files.read(session.view, session.estate.paths.inView(include.path));
    if (source === undefined) return undefined;
    return new Frame(session, source, { ...this.at, file: include.path, through: include });
  }

  evaluate(expression: Expression): Value {
    return evaluate(expression, this);
  }

  lookup(name: string): Value | undefined {
    const own = this.roots.get(name);
    if (own !== undefined) return own;
    if (this.#outer !== undefined && name !== 'dependency') return this.#outer.lookup(name);
    switch (name) {
      case 'local':
        return lazyObject(this.source.locals.keys(), (key) => this.local(key));
      case 'include':
        return this.#include();
      case 'dependency':
        return new Unknown('outputs of a dependency');
      case 'feature':
        return lazyObject(this.#features().keys(), (key) => this.#feature(key));
      case 'values':
        return this.values();
    }
    return undefined;
  }

  traverse(root: string, steps: readonly string[]): { readonly value: Value; readonly used: number } | undefined {
    if (this.roots.has(root)) return undefined;
    if (root === 'dependency') return dependencyAt(this, steps);
    if (this.#outer !== undefined) return this.#outer.traverse(root, steps);
    const [first = '', second] = steps;
    if (root === 'local' && this.source.locals.has(first)) return { value: this.local(first), used: 1 };
    if (root === 'include') return this.#includeAt(first, second);
    return undefined;
  }

  local(name: string): Value {
    const known = this.#locals.get(name);
    if (known instanceof EvaluationError) throw known;
    const attribute = this.source.locals.get(name);
    if (attribute === undefined) throw new EvaluationError(`there is no local ${name}`, { line: 1, column: 1 });
    if (known === 'under way') throw new EvaluationError(`local ${name} refers to itself`, attribute.at);
    if (known !== undefined) return known;
    this.#locals.set(name, 'under way');
    try {
      const value = evaluate(attribute.value, this);
      this.#locals.set(name, value);
      return value;
    } catch (error) {
      if (error instanceof EvaluationError) this.#locals.set(name, error);
      else this.#locals.delete(name);
      throw error;
    }
  }

  /** `terragrunt.values.hcl` beside the file, or what a stack would write there. */
  values(): Value | undefined {
    if (this.#values === 'unread') {
      this.#values = undefined;
      this.#values = this.session.estate.generated.valuesFor(this.session, folderOf(this.at.file));
    }
    return this.#values;
  }

  /** `feature` blocks, those of includes below those of the file. */
  #features(): Map<string, { readonly frame: Frame; readonly attribute: Attribute }> {
    const features = new Map<string, { frame: Frame; attribute: Attribute }>();
    for (const frame of [...this.includes.map((include) => this.included(include)), this])
      for (const block of frame?.source.body.blocks ?? []) {
        const attribute = block.body.attributes.get('default');
        const name = block.labels[0];
        if (block.type === 'feature' && name !== undefined && attribute !== undefined && frame !== undefined)
          features.set(name, { frame, attribute });
      }
    return features;
  }

  #feature(name: string): Value {
    const feature = this.#features().get(name);
    if (feature === undefined) return null;
    const result = emptyObject();
    result.name = name;
    result.value = feature.frame.evaluate(feature.attribute.value);
    return result;
  }

  /** A single include without label is exposed as `include` itself, others by label. */
  #include(): Value | undefined {
    const { includes } = this;
    const exposed = includes.filter(({ expose }) => expose);
    const [only] = exposed;
    if (includes.length === 0) return undefined;
    if (includes.length === 1 && only?.name === '') return exposedInclude(this, only);
    return lazyObject(
      exposed.map(({ name }) => name),
      (name) => {
        // Of two with one label Terragrunt answers the last.
        const include = exposed.findLast((one) => one.name === name);
        return include === undefined ? null : exposedInclude(this, include);
      },
    );
  }

  /** `include.root.locals.x` asks for one local, not for the whole configuration. */
  #includeAt(first: string, second: string | undefined): { value: Value; used: number } | undefined {
    const { includes } = this;
    if (includes.length === 1 && includes[0]?.name === '') return undefined;
    const include = includes.findLast(({ name }) => name === first);
    if (include?.expose !== true || second === undefined) return undefined;
    return { value: exposedInclude(this, include), used: 1 };
  }
}

/** `dependency.vpc.outputs.id` is at the place `dependency.vpc` with the step `id`; what else a dependency has is nowhere. */
function dependencyAt(frame: Frame, steps: readonly string[]): { value: Value; used: number } {
  const [name = '', part] = steps;
  const source = dependencySource(frame, name);
  if (part === undefined) return { value: Unknown.at(source), used: 1 };
  if (part === 'outputs') return { value: Unknown.at(source, [], 'an output of a dependency'), used: 2 };
  return { value: new Unknown(`${part} of a dependency`), used: 2 };
}
