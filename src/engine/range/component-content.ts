import { posix } from 'node:path';
import type { RangeEnd } from '../../graph/impact-of-change/range-end.ts';
import type { Body } from '../../hcl/tree.ts';
import { parseTerraform } from '../../infer/terraform/load-module.ts';
import { isConfiguration } from '../../infer/terraform/module-files.ts';
import { localModulePath } from '../../infer/terraform/module-source.ts';
import type { ComponentId, ComponentRow } from '../../model/component.ts';
import { canonicalJson } from '../../model/digest.ts';
import type { FileView } from '../../model/file-view.ts';

/** What a component says, wherever it lies: neither its folder nor where its state is kept are part of it. */
export interface Content {
  /** What it makes: resources and modules by address, or the module that a unit runs. */
  readonly things: ReadonlySet<string>;
  /** Each value on its own, so that two contents can be more or less alike. */
  readonly statements: ReadonlySet<string>;
}

/** Needs `await loadGrammar()` once before. */
export function contentOf({ claim, graph }: RangeEnd, view: FileView, id: ComponentId): Content {
  const node = graph.node(id);
  const row = node === undefined ? undefined : graph.component(node);
  const evaluated = claim(id)?.evaluated;
  const content = { things: new Set<string>(), statements: new Set<string>() };
  if (row === undefined) return content;
  if (row.layout === 'adage') content.things.add(`type ${row.type}`);
  for (const [key, value] of Object.entries(evaluated ?? {})) sayEvaluated(content, row, key, value);
  if (row.layout !== 'adage') sayFolder(content, view, row.path);
  return content;
}

type Saying = { readonly things: Set<string>; readonly statements: Set<string> };

/** The state's address moves with a component. What it depends on is told by where that lies from it. */
function sayEvaluated({ things, statements }: Saying, row: ComponentRow, key: string, value: unknown): void {
  if (key === 'state' || key === 'backend' || key === 'modules') return;
  if (key === 'source' && typeof value === 'string') {
    things.add(`source ${value.replace(/\?.*$/, '')}`);
    statements.add(`source=${value}`);
    return;
  }
  const visit = (one: unknown, at: string): void => {
    if (one !== null && typeof one === 'object') {
      // A root with several deployments says all of this once for each.
      for (const [name, member] of Object.entries(one))
        if (!(name === 'backend' || name === 'from' || name === 'modules')) visit(member, `${at}/${name}`);
      return;
    }
    const isPath = typeof one === 'string' && /^dependenc(?:y\/[^/]+\/config_path|ies\/paths\/)/.test(at);
    statements.add(`${at}=${isPath ? posix.relative(row.path, one) : canonicalJson(one)}`);
  };
  visit(value, key);
}

/** The blocks of a module's own folder. */
function sayFolder(content: Saying, view: FileView, folder: string): void {
  for (const { name, kind } of view.list(folder)) {
    if (kind !== 'file' || !isConfiguration(name)) continue;
    const path = folder === '' ? name : `${folder}/${name}`;
    for (const { type, labels, body } of parseTerraform(view.read(path) ?? '', path).body.blocks)
      if (type !== 'terraform' && type !== 'provider' && type !== 'variable')
        sayBlock(content, [type, ...labels].join('.'), body, folder);
  }
}

function sayBlock({ things, statements }: Saying, address: string, body: Body, folder: string): void {
  if (/^(?:resource|module)\./.test(address)) things.add(address);
  const visit = ({ attributes, blocks }: Body, at: string): void => {
    statements.add(at);
    for (const { name, value } of attributes.values()) {
      const source = /^module\.[^.]+$/.test(at) && name === 'source' ? localSource(value, folder) : undefined;
      statements.add(`${at}.${name}=${source ?? JSON.stringify(value, withoutPlaces)}`);
    }
    for (const { type, labels, body: inner } of blocks) visit(inner, [at, type, ...labels].join('.'));
  };
  visit(body, address);
}

/** A module by where it lies: below the folder as seen from there, else as seen from the estate. */
function localSource(value: { readonly kind: string }, folder: string): string | undefined {
  const text = JSON.stringify(value, withoutPlaces);
  const source = /"(\.{1,2}\/[^"]*)"/.exec(text)?.[1];
  if (source === undefined) return undefined;
  const path = localModulePath(folder, source);
  return folder !== '' && path.startsWith(`${folder}/`) ? `./${path.slice(folder.length + 1)}` : path;
}

function withoutPlaces(key: string, value: unknown): unknown {
  return key === 'at' ? undefined : value;
}

/** From 0 to 1: how much of what two contents say is the same (Dice's coefficient). */
export function likeness(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (a.size + b.size === 0) return 1;
  let shared = 0;
  for (const one of a) if (b.has(one)) shared += 1;
  return (2 * shared) / (a.size + b.size);
}
