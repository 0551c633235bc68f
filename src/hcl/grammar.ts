import type { Parser } from 'web-tree-sitter';
import { grammarFile, runtimeFile } from './grammar-files.ts';

/**
 * The compiled HCL grammar and one parser that uses it: the only thing this room keeps between calls. The two `.wasm` files
 * lie in `grammar/` beside this file, or beside the bundle that it was built into.
 */
export interface Grammar {
  readonly parser: Parser;
  /** Name of each node kind by its number, so that a walk crosses into WebAssembly for a number only. */
  readonly kinds: readonly string[];
}

let loading: Promise<Grammar> | undefined;
let loaded: Grammar | undefined;
let isMissed = false;

/** Loads the grammar once a process; every later call is free. Parsing is synchronous from then on. */
export async function loadGrammar(): Promise<void> {
  loading ??= load();
  loaded = await loading;
  isMissed = false;
}

/** @throws when {@link loadGrammar} has not been awaited; see {@link missedGrammar}. */
export function grammar(): Grammar {
  if (loaded !== undefined) return loaded;
  isMissed = true;
  throw new Error('the HCL grammar is not loaded: await loadGrammar() first');
}

/**
 * Whether something could not be read because the grammar was not loaded. Most texts are read without it, and loading it takes
 * longer than reading them: whoever tries without asks this, and where it is so loads it and starts anew. What failed may have
 * been taken for something that does not evaluate, so an answer made meanwhile is worth nothing.
 */
export function missedGrammar(): boolean {
  return isMissed;
}

async function load(): Promise<Grammar> {
  const { Language, Parser } = await import('web-tree-sitter');
  await Parser.init({ wasmBinary: runtimeFile() });
  const language = await Language.load(grammarFile());
  const parser = new Parser();
  parser.setLanguage(language);
  const kinds = Array.from({ length: language.nodeTypeCount }, (_, id) => language.nodeTypeForId(id) ?? '');
  return { parser, kinds };
}
