import { anyOf, keysOf } from './members.ts';
import type { Scope, ScopeFunction } from './scope.ts';
import type { Value } from './value.ts';
import { Unknown } from './value.ts';

const none: Readonly<Record<string, ScopeFunction>> = {};

/** A scope with one or two more names; what it hides, it hides from traversal too. */
export class ForScope implements Scope {
  readonly functions: Readonly<Record<string, ScopeFunction>>;
  readonly #parent: Scope;
  readonly #keyName: string | undefined;
  readonly #valueName: string;
  readonly #key: Value;
  readonly #value: Value;

  constructor(parent: Scope, keyName: string | undefined, valueName: string, key: Value, value: Value) {
    this.functions = parent.functions ?? none;
    this.#parent = parent;
    this.#keyName = keyName;
    this.#valueName = valueName;
    this.#key = key;
    this.#value = value;
  }

  lookup(name: string): Value | undefined {
    if (name === this.#valueName) return this.#value;
    return name === this.#keyName ? this.#key : this.#parent.lookup(name);
  }

  traverse(root: string, steps: readonly string[]): { readonly value: Value; readonly used: number } | undefined {
    if (root === this.#valueName || root === this.#keyName) return undefined;
    return this.#parent.traverse?.(root, steps);
  }

  dropped(value: Value): void {
    this.#parent.dropped?.(value);
  }
}

/** The scope of one turn of a loop over something unknown: its elements are unknown too. */
export function eachUnknown(
  loop: { readonly keyName: string | undefined; readonly valueName: string },
  collection: Unknown,
  scope: Scope,
): Scope {
  const key = new Unknown('a key known after a run', keysOf(collection).places);
  return new ForScope(scope, loop.keyName, loop.valueName, key, anyOf(collection));
}
