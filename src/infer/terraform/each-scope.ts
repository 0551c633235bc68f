import type { Scope, ScopeFunction } from '../../hcl/scope.ts';
import type { Value } from '../../hcl/value.ts';
import { Unknown } from '../../hcl/value.ts';

const none: Readonly<Record<string, ScopeFunction>> = {};

/** A module's scope inside one instance of a block: `each`, `count` and `self` mean that instance; so do iterators. */
export class ScopeOfInstance implements Scope {
  readonly functions: Readonly<Record<string, ScopeFunction>>;
  readonly #parent: Scope;
  readonly #names: Readonly<Record<string, Value>>;
  readonly #self: string | undefined;

  constructor(parent: Scope, names: Readonly<Record<string, Value>>, self: string | undefined) {
    this.functions = parent.functions ?? none;
    this.#parent = parent;
    this.#names = names;
    this.#self = self;
  }

  lookup(name: string): Value | undefined {
    if (Object.hasOwn(this.#names, name)) return this.#names[name];
    if (name === 'self' && this.#self !== undefined) return Unknown.at(this.#self);
    return this.#parent.lookup(name);
  }

  traverse(root: string, steps: readonly string[]): { readonly value: Value; readonly used: number } | undefined {
    if (Object.hasOwn(this.#names, root) || root === 'self') return undefined;
    return this.#parent.traverse?.(root, steps);
  }

  dropped(value: Value): void {
    this.#parent.dropped?.(value);
  }
}
