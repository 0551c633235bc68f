import type { ObjectCode } from '../../graph/objects/compare-environments.ts';
import type { Body } from '../../hcl/tree.ts';
import { parseTerraform } from '../../infer/terraform/load-module.ts';
import { isConfiguration } from '../../infer/terraform/module-files.ts';
import { localModulePath } from '../../infer/terraform/module-source.ts';
import type { FileView } from '../../model/file-view.ts';
import { hideInText } from '../../model/secrets/text.ts';

type Statements = Map<string, { readonly means: string; readonly text: string }>;

/** The longest line of code that is shown. */
const longest = 160;

/**
 * What root modules of a repository say, block by block. Where the state is kept is no part of it. Needs `await loadGrammar()`
 * once before; each folder is read once.
 */
export function rootCode(view: FileView): ObjectCode {
  const known = new Map<string, Statements | undefined>();
  return {
    statements(folder) {
      if (!known.has(folder)) known.set(folder, statementsOf(view, folder));
      return known.get(folder);
    },
  };
}

function statementsOf(view: FileView, folder: string): Statements | undefined {
  const statements: Statements = new Map();
  for (const { name, kind } of view.list(folder)) {
    if (kind !== 'file' || !isConfiguration(name)) continue;
    const text = view.read(folder === '' ? name : `${folder}/${name}`) ?? '';
    const { body, errors } = parseTerraform(text, name);
    if (errors.length > 0) return undefined;
    const lines = text.split('\n');
    for (const { type, labels, body: inner } of body.blocks)
      if (type !== 'terraform') say(statements, `/${[type, ...labels].join('.')}`, inner, { folder, lines });
  }
  return statements;
}

function say(
  statements: Statements,
  at: string,
  { attributes, blocks }: Body,
  file: { readonly folder: string; readonly lines: readonly string[] },
): void {
  if (attributes.size + blocks.length === 0) statements.set(at, { means: '{}', text: '{}' });
  for (const { name, value, at: place } of attributes.values()) {
    const module = name === 'source' && /^\/module\.[^/]+$/.test(at) ? moduleFrom(file.folder, value) : undefined;
    const line = module ?? (file.lines[place.line - 1] ?? '').trim();
    statements.set(`${at}/${name}`, {
      means: module ?? JSON.stringify(value, (key, member) => (key === 'at' ? undefined : member)),
      text: cut(hideInText(line)),
    });
  }
  const counts = new Map<string, number>();
  for (const { type, labels, body } of blocks) {
    const name = [type, ...labels].join('.');
    const count = counts.get(name) ?? 0;
    counts.set(name, count + 1);
    say(statements, `${at}/${name}${count === 0 ? '' : `/${count}`}`, body, file);
  }
}

/** A module of the repository by where it lies: one module is called from two folders by two texts. */
function moduleFrom(folder: string, value: unknown): string | undefined {
  const source = /"(\.{1,2}\/[^"]*)"/.exec(JSON.stringify(value) ?? '')?.[1];
  return source === undefined ? undefined : localModulePath(folder, source);
}

function cut(line: string): string {
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}
