import type { FileView } from '../model/file-view.ts';
import { filePlace } from '../model/file-view.ts';
import type { Finding } from '../model/finding.ts';
import { stepsOf } from '../model/pointer.ts';
import type { ConfigDocument } from './document.ts';
import { readJson } from './json-document.ts';
import { isJsonObject, type JsonObject, mergePatch } from './merge-patch.ts';
import { problemFindings } from './problem-findings.ts';

/** A component's config with its parents under it, and where each key came from. */
export interface EffectiveConfig {
  /** What is published: without `$`-keys. */
  readonly value: JsonObject;
  /** The component's own file first, then its parents, nearest first. */
  readonly layers: readonly ConfigLayer[];
  /** `$depends_on`, as written. */
  readonly dependsOn: readonly string[];
  readonly findings: readonly Finding[];
  /** Every file that was looked for, as its place in the estate; absent ones too. */
  readonly files: readonly string[];
  /** The layer and line a key of the effective config came from. */
  originOf(pointer: string): KeyOrigin;
}

export interface ConfigLayer {
  readonly file: string;
  readonly document: ConfigDocument;
}

export interface KeyOrigin {
  readonly file: string;
  readonly line: number;
}

/** Reads documents once per open estate. */
export type DocumentReader = (path: string) => ConfigDocument | undefined;

/** A reader over a view that keeps what it read. */
export function documentReader(view: FileView): DocumentReader {
  const read = new Map<string, ConfigDocument | undefined>();
  return (path) => {
    if (read.has(path)) return read.get(path);
    const text = view.read(path);
    const document = text === undefined ? undefined : readJson(text);
    read.set(path, document);
    return document;
  };
}

/** Parents above each other. */
const deepest = 32;

/** The config file of a component: `iac/<environment>/<type>/<nickname>/config.json`. */
export function configPath(id: string): string {
  return `iac/${id}/config.json`;
}

/**
 * Follows `$extends` and lays the configs over each other (JSON Merge Patch, RFC 7396), parents first. A parent that is
 * missing or a loop is a finding, and the config is used without it.
 */
export function readEffectiveConfig(id: string, read: DocumentReader, repo = ''): EffectiveConfig {
  const layers: ConfigLayer[] = [];
  const findings: Finding[] = [];
  const files: string[] = [];
  // Parents that share theirs are read once: else thirty levels of two would be read a thousand million times.
  const laid = new Map<string, unknown>();
  const lay = (current: string, chain: ReadonlySet<string>): unknown => {
    if (laid.has(current)) return laid.get(current);
    const value = layAnew(current, new Set([...chain, current]));
    laid.set(current, value);
    return value;
  };
  const layAnew = (current: string, chain: ReadonlySet<string>): unknown => {
    const path = configPath(current);
    const file = filePlace(repo, path);
    const document = read(path);
    if (!files.includes(file)) files.push(file);
    if (document === undefined) return undefined;
    layers.push({ file, document });
    findings.push(...problemFindings(document, file, id));
    const own = isJsonObject(document.value) ? document.value : {};
    const parents = parentsOf(document.value, current);
    // Mostly there are none, and then a config is what its file says.
    if (parents.length === 0) return own;
    // The first is what others are laid over: a `null` of its own is a value, in the others it takes away.
    let below: unknown;
    for (const parent of parents) {
      const broken = chain.has(parent) || chain.size > deepest;
      const value = broken ? undefined : lay(parent, chain);
      if (value === undefined) findings.push(brokenParent(id, file, document, parent, chain));
      else below = below === undefined ? value : mergePatch(below, value);
    }
    return mergePatch(unset(below ?? {}, stringsOf(own.$unset)), own);
  };
  const merged = lay(id, new Set());
  const value = isJsonObject(merged) ? merged : {};
  const own = layers[0];
  if (own !== undefined && own.document.problems.length === 0 && !isJsonObject(own.document.value)) {
    findings.push(notAnObject(id, own));
  }
  return {
    value: withoutMarks(value),
    layers,
    dependsOn: stringsOf(value.$depends_on),
    findings,
    files,
    originOf: (pointer) => originOf(layers, pointer),
  };
}

/** Without what parents say of these keys, `$unset`: pointers, or names of keys at the top. */
function unset(value: unknown, keys: readonly string[]): unknown {
  return keys.reduce((left, key) => withoutKey(left, key.startsWith('/') ? stepsOf(key) : [key]), value);
}

function withoutKey(value: unknown, [step, ...rest]: readonly string[]): unknown {
  if (step === undefined || !isJsonObject(value) || !Object.hasOwn(value, step)) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(
    rest.length === 0
      ? entries.filter(([key]) => key !== step)
      : entries.map(([key, member]) => [key, key === step ? withoutKey(member, rest) : member]),
  );
}

const none: readonly string[] = [];

/** The ids of the parents, in the order they are laid; `<type>/<nickname>` means the same environment. */
function parentsOf(value: unknown, id: string): readonly string[] {
  const written = isJsonObject(value) ? value.$extends : undefined;
  if (written === undefined) return none;
  return stringsOf(written).map((parent) => {
    const steps = parent.split('/').filter(Boolean);
    return steps.length === 2 ? [id.split('/')[0], ...steps].join('/') : steps.join('/');
  });
}

function stringsOf(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string');
}

/** Without Karma's own keys; the same object when it has none. */
function withoutMarks(value: JsonObject): JsonObject {
  const keys = Object.keys(value);
  if (!keys.some((key) => key.startsWith('$'))) return value;
  return Object.fromEntries(keys.filter((key) => !key.startsWith('$')).map((key) => [key, value[key]]));
}

/** The nearest layer that holds the key; else the own file's nearest parent of it. */
function originOf(layers: readonly ConfigLayer[], pointer: string): KeyOrigin {
  const holder = layers.find((layer) => holds(layer.document.value, pointer)) ?? layers[0];
  if (holder === undefined) return { file: '', line: 1 };
  return { file: holder.file, line: holder.document.lineOf(pointer) };
}

function holds(value: unknown, pointer: string): boolean {
  let at = value;
  for (const step of stepsOf(pointer)) {
    if (at === null || typeof at !== 'object' || !Object.hasOwn(at, step)) return false;
    at = (at as Readonly<Record<string, unknown>>)[step];
  }
  return true;
}

function brokenParent(
  id: string,
  file: string,
  document: ConfigDocument,
  parent: string,
  chain: ReadonlySet<string>,
): Finding {
  const message = chain.has(parent)
    ? `$extends ${parent} closes a loop`
    : chain.size > deepest
      ? `$extends ${parent} is more than ${deepest} parents away, and was not read`
      : `$extends names ${parent}, which is not there`;
  const evidence = { rule: 'extends', site: 'config#/$extends', file, line: document.lineOf('/$extends') };
  return { code: 'extends-broken', severity: 'error', subject: id, key: parent, message, evidence: [evidence] };
}

function notAnObject(id: string, layer: ConfigLayer): Finding {
  const evidence = { rule: 'config', site: 'config', file: layer.file, line: 1 };
  const message = 'a config must be a JSON object; it was read as empty';
  return { code: 'json-unreadable', severity: 'error', subject: id, key: 'shape', message, evidence: [evidence] };
}
