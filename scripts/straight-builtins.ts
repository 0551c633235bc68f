import { readFileSync, writeFileSync } from 'node:fs';
import type { Metafile } from 'esbuild';

/**
 * Where a module imports one of Node's own, Node makes a module of it first and asks for everything it has: `node:process` opens
 * standard input so, `node:fs` loads its streams. That is a fifth of the start of a command. The bundle therefore asks for what it
 * uses and no more.
 */
export function straightBuiltins({ outputs }: Metafile): void {
  for (const [file, { imports }] of Object.entries(outputs)) {
    if (!file.endsWith('.js')) continue;
    const code = readFileSync(file, 'utf8');
    const taken: string[] = [];
    const rest = code.replace(fromNode, (_line, names: string, builtin: string) => {
      taken.push(`const ${asTaken(names)} = globalThis.process.getBuiltinModule(${JSON.stringify(builtin)});`);
      return '';
    });
    const known = imports.filter(({ kind, path, external }) => {
      return kind === 'import-statement' && external === true && path.startsWith('node:');
    });
    if (taken.length < new Set(known.map(({ path }) => path)).size)
      throw new Error(`${file} imports a module of Node in a way that is not known here`);
    if (taken.length > 0) writeFileSync(file, withFirst(taken, rest));
  }
}

/** As the bundler writes it: one statement, on lines of its own. */
const fromNode = /^import ([\w$]+|\* as [\w$]+|\{(?![^}]*\bdefault\b)[^{}'"]*\}) from "(node:[\w/]+)";\n/gm;

/** `{ join as join2 }` is `{ join: join2 }` where it is taken from a value. */
function asTaken(names: string): string {
  return names
    .replace(/^\* as /, '')
    .replaceAll(/([\w$]+) as ([\w$]+)/g, '$1: $2')
    .replaceAll(/\s+/g, ' ');
}

/** Before all else of the file: what is imported is there before its first line, and `#!` is none of these files. */
function withFirst(lines: readonly string[], code: string): string {
  return `${lines.join('\n')}\n${code}`;
}
