import { readFileSync } from 'node:fs';

/** The two `.wasm` files of the grammar, wherever this program keeps them; a bundle of one file holds them itself. */

export function runtimeFile(): Uint8Array {
  return readFirst([
    () => new URL('./grammar/web-tree-sitter.wasm', import.meta.url),
    () => new URL('./web-tree-sitter.wasm', import.meta.url),
    () => new URL(import.meta.resolve('web-tree-sitter/web-tree-sitter.wasm')),
  ]);
}

export function grammarFile(): Uint8Array {
  return readFirst([
    () => new URL('./grammar/tree-sitter-terraform.wasm', import.meta.url),
    () => new URL('./tree-sitter-terraform.wasm', import.meta.url),
    () => new URL('../grammar/tree-sitter-terraform.wasm', import.meta.url),
  ]);
}

/** The first of several places that holds a file; the last one's error when none does. */
function readFirst(places: readonly (() => URL)[]): Uint8Array {
  let failure: unknown;
  for (const place of places) {
    try {
      return readFileSync(place());
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}
