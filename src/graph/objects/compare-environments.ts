import type { Claim } from '../../model/claim.ts';
import { isOpenRead } from '../../model/claim.ts';
import type { ComponentId, ComponentRow } from '../../model/component.ts';
import { byCodeUnit, canonicalJson } from '../../model/digest.ts';
import type { ExpectedDifference } from '../../model/estate.ts';
import { isUnknownValue } from '../../model/evaluated.ts';
import type { Graph } from '../graph.ts';
import { diffEvaluated } from '../impact-of-change/evaluated-diff.ts';
import { namedAfterIt, whyExpected } from './expected.ts';
import type { Instance } from './instances.ts';
import { namesEnvironment, withName } from './names.ts';

/** One difference between an object in two environments; secrets are digests already. Of a runtime the types are told. */
export interface ObjectDifference {
  /** `config`: a key of what it is given; `code`: a block of a root module; the rest by what it is. */
  readonly kind: 'config' | 'module' | 'code' | 'output' | 'reference' | 'runtime';
  /** A pointer into what was evaluated, the address of a block, the name of an output, the object that is referred to. */
  readonly key: string;
  readonly from?: unknown;
  readonly to?: unknown;
  /** Why nobody wonders at it. */
  readonly expected?: string;
}

/** `same` and `differs` are proved; `unknown` says why neither is. */
export interface ComparedObject {
  readonly object: string;
  readonly from: ComponentId;
  readonly to: ComponentId;
  /** The deployments, of a component that has several. */
  readonly deployments?: readonly [from: string, to: string];
  readonly outcome: 'same' | 'differs' | 'unknown';
  readonly differences: readonly ObjectDifference[];
  /** What could not be told, in words. */
  readonly unknown: readonly string[];
}

export interface ComparedEnvironments {
  readonly compared: readonly ComparedObject[];
  readonly onlyFrom: readonly Instance[];
  readonly onlyTo: readonly Instance[];
}

/** What of an object's code is read from files, beside what inference keeps. */
export interface ObjectCode {
  /** The blocks of a root module, by address and attribute, each as text; undefined where a file was not read as a whole. */
  statements(folder: string): ReadonlyMap<string, { readonly means: string; readonly text: string }> | undefined;
}

export interface Compared {
  readonly graph: Graph;
  readonly claim: (id: ComponentId) => Claim | undefined;
  readonly code: ObjectCode;
  /** Defaults of the variables of a component's module, where they are constants; what `null` means to it stands for them too. */
  readonly presets?: (row: ComponentRow) => Presets;
  /** The types of what a deployment left, by name, and within an output by its name and pointer (`db/port`); undefined where that is not known. */
  readonly runtime?: (instance: Instance) => ReadonlyMap<string, string> | undefined;
  readonly expected: readonly ExpectedDifference[];
  /** The object of a component in an environment. */
  readonly objectOf: (id: ComponentId, environment: string) => string | undefined;
}

/** By variable. */
export type Presets = ReadonlyMap<string, { readonly value: unknown; readonly nullable: boolean }>;

/** Two environments object by object. O(size of what both hold). */
export function compareEnvironments(
  estate: Compared,
  from: ReadonlyMap<string, Instance>,
  to: ReadonlyMap<string, Instance>,
): ComparedEnvironments {
  const compared: ComparedObject[] = [];
  for (const [object, instance] of from) {
    const other = to.get(object);
    if (other !== undefined) compared.push(compareObject(estate, instance, other));
  }
  return {
    compared,
    onlyFrom: [...from.values()].filter(({ object }) => !to.has(object)),
    onlyTo: [...to.values()].filter(({ object }) => !from.has(object)),
  };
}

function compareObject(estate: Compared, from: Instance, to: Instance): ComparedObject {
  const rows = [rowOf(estate.graph, from.id), rowOf(estate.graph, to.id)] as const;
  const [given, unknown] = differencesOfConfig(estate, from, to);
  const code = from.id === to.id ? { differences: [], unknown: [] } : differencesOfCode(estate, rows);
  const told = [
    ...given,
    ...code.differences,
    ...differencesOfOutputs(rows),
    ...differencesOfRuntime(estate, from, to),
    ...differencesOfReferences(estate, from, to),
  ].map((one) => {
    const values = [one.from, one.to] as const;
    const why = whyExpected(
      { object: from.object, pointer: one.key, values },
      [from.environment, to.environment],
      estate.expected,
    );
    return why === undefined ? one : { ...one, expected: why };
  });
  const differences = withNamedKeys(told, [from.environment, to.environment]);
  const open = [...new Set([...unknown, ...code.unknown, ...readsNobodyCompared(estate, from, to)])].sort(byCodeUnit);
  const outcome = differences.some(({ expected }) => expected === undefined)
    ? 'differs'
    : open.length > 0
      ? 'unknown'
      : 'same';
  return {
    object: from.object,
    from: from.id,
    to: to.id,
    ...(from.deployment === '' && to.deployment === ''
      ? {}
      : { deployments: [from.deployment, to.deployment] as const }),
    outcome,
    differences,
    unknown: open,
  };
}

/**
 * A key may be called after its environment, and hold in both what is one but for such names: then it is gone from the one and new in
 * the other, and nothing more.
 */
function withNamedKeys(
  differences: readonly ObjectDifference[],
  [from, to]: readonly [string, string],
): readonly ObjectDifference[] {
  const isOpen = ({ kind, expected }: ObjectDifference) => kind === 'config' && expected === undefined;
  const come = new Map(
    differences.flatMap((one) => (isOpen(one) && one.from === undefined ? [[one.key, one] as const] : [])),
  );
  const folded = new Set<ObjectDifference>();
  for (const one of come.size === 0 ? [] : differences) {
    if (!isOpen(one) || one.to !== undefined || !namesEnvironment(one.key, from)) continue;
    const other = come.get(withName(one.key, from, to));
    const [was, is] = [one.from, other?.to].map((value) => canonicalJson(value ?? null));
    if (other === undefined || was === undefined || was.includes('"$unknown"')) continue;
    if (withName(was, from, to) === is) folded.add(one).add(other);
  }
  return folded.size === 0
    ? differences
    : differences.map((one) => (folded.has(one) ? { ...one, expected: namedAfterIt } : one));
}

function rowOf(graph: Graph, id: ComponentId): ComponentRow {
  return graph.component(graph.node(id) ?? -1);
}

/** What it is given, evaluated. Where modules lie is code, and compared as such. */
function differencesOfConfig(
  { graph, claim, presets = () => new Map() }: Compared,
  from: Instance,
  to: Instance,
): readonly [ObjectDifference[], readonly string[]] {
  const [a, b] = [from, to].map((one) => givenTo(claim(one.id), one.deployment));
  if (a === undefined || b === undefined) return [[], ['what it is given was not evaluated']];
  const { changed, undecided } = diffEvaluated(
    withPresets(a, b, presets(rowOf(graph, from.id))),
    withPresets(b, a, presets(rowOf(graph, to.id))),
  );
  return [
    changed.map(({ pointer, before, after }) => ({
      kind: pointer === '/source' ? 'module' : 'config',
      key: pointer,
      ...(before === undefined ? {} : { from: before }),
      ...(after === undefined ? {} : { to: after }),
    })),
    undecided.map(({ pointer, why }) => `${pointer === '' ? '/' : pointer} is not known: ${why}`),
  ];
}

/** What it is given, with the default of each variable that the other one sets and this one does not: it has a value all the same. */
function withPresets(given: Given, other: Given, presets: Presets): Given {
  const filled: Record<string, unknown> = { ...given };
  for (const part of ['variables', 'inputs']) {
    const [own, set] = [given[part] ?? {}, other[part]];
    if (!isRecord(own) || !isRecord(set)) continue;
    const missing = Object.keys(set).flatMap((name) => {
      const preset = presets.get(name);
      const isUnset = !Object.hasOwn(own, name) || (own[name] === null && preset?.nullable === true);
      return preset === undefined || !isUnset ? [] : [[name, preset.value] as const];
    });
    if (missing.length > 0) filled[part] = { ...own, ...Object.fromEntries(missing) };
  }
  return filled;
}

function isRecord(value: unknown): value is Given {
  return value !== null && typeof value === 'object' && !Array.isArray(value) && !isUnknownValue(value);
}

type Given = Readonly<Record<string, unknown>>;

function givenTo(claim: Claim | undefined, deployment: string): Given | undefined {
  const evaluated = claim?.evaluated;
  const part = deployment === '' ? evaluated : evaluated?.[deployment];
  if (part === null || typeof part !== 'object') return undefined;
  // How the modules are written from a root's own folder; what they say is compared by their code.
  return Object.fromEntries(Object.entries(part).filter(([key]) => key !== 'modules'));
}

function differencesOfCode(
  { graph, code }: Compared,
  [from, to]: readonly [ComponentRow, ComponentRow],
): { readonly differences: readonly ObjectDifference[]; readonly unknown: readonly string[] } {
  const digest = (row: ComponentRow) => graph.types().get(row.module)?.digest;
  if (from.module === to.module || (digest(from) !== undefined && digest(from) === digest(to)))
    return { differences: [], unknown: [] };
  // A unit or a config names its module: another module is a difference that its source tells of.
  if (from.layout !== 'terraform' || to.layout !== 'terraform')
    return { differences: [{ kind: 'module', key: '/module', from: from.module, to: to.module }], unknown: [] };
  const [was, is] = [code.statements(from.path), code.statements(to.path)];
  if (was === undefined || is === undefined)
    return { differences: [], unknown: ['a file of the root module was not read as a whole'] };
  const differences = [...new Set([...was.keys(), ...is.keys()])]
    .filter((key) => was.get(key)?.means !== is.get(key)?.means)
    .sort(byCodeUnit)
    .map((key): ObjectDifference => {
      const [a, b] = [was.get(key), is.get(key)];
      return {
        kind: 'code',
        key,
        ...(a === undefined ? {} : { from: a.text }),
        ...(b === undefined ? {} : { to: b.text }),
      };
    });
  // What is left are comments, or the modules that both call from where they lie.
  if (differences.length > 0) return { differences, unknown: [] };
  const called = (row: ComponentRow) =>
    canonicalJson((graph.types().get(row.module)?.modules ?? []).map(({ name }) => name));
  return {
    differences: [],
    unknown: called(from) === '[]' && called(to) === '[]' ? [] : ['the modules that it calls differ, or lie elsewhere'],
  };
}

function differencesOfOutputs([from, to]: readonly [ComponentRow, ComponentRow]): ObjectDifference[] {
  const [was, is] = [new Set(from.outputs), new Set(to.outputs)];
  return [...new Set([...was, ...is])]
    .filter((name) => was.has(name) !== is.has(name))
    .sort(byCodeUnit)
    .map((name) => ({ kind: 'output', key: name, ...(was.has(name) ? { from: name } : { to: name }) }));
}

/** What both left, by the types of what is there: values differ between environments, and must. */
function differencesOfRuntime({ runtime }: Compared, from: Instance, to: Instance): ObjectDifference[] {
  const [was, is] = [runtime?.(from), runtime?.(to)];
  if (was === undefined || is === undefined) return [];
  return (
    [...new Set([...was.keys(), ...is.keys()])]
      // Within an output keys are an environment's own: only what both have can be of another type.
      .filter((name) => was.get(name) !== is.get(name) && (!name.includes('/') || (was.has(name) && is.has(name))))
      .sort(byCodeUnit)
      .map((key): ObjectDifference => {
        const [a, b] = [was.get(key), is.get(key)];
        return { kind: 'runtime', key, ...(a === undefined ? {} : { from: a }), ...(b === undefined ? {} : { to: b }) };
      })
  );
}

/** What it depends on, by object where that is in its own environment, and what it consumes there. */
function differencesOfReferences(estate: Compared, from: Instance, to: Instance): ObjectDifference[] {
  if (from.id === to.id) return [];
  const [was, is] = [referencesOf(estate, from), referencesOf(estate, to)];
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter((key) => was.get(key) !== is.get(key))
    .sort(byCodeUnit)
    .map((key): ObjectDifference => {
      const [a, b] = [was.get(key), is.get(key)];
      return { kind: 'reference', key, ...(a === undefined ? {} : { from: a }), ...(b === undefined ? {} : { to: b }) };
    });
}

function referencesOf({ graph, objectOf }: Compared, { id, environment }: Instance): Map<string, string> {
  const node = graph.node(id) ?? -1;
  const found = new Map<string, string>();
  const { outStart } = graph.adjacency;
  for (let edge = outStart[node] ?? 0; edge < (outStart[node + 1] ?? 0); edge++) {
    const { to, consumes } = graph.reference(edge);
    found.set(
      objectOf(to, environment) ?? to,
      consumes.length === 0 ? 'order only' : [...consumes].sort(byCodeUnit).join(' '),
    );
  }
  return found;
}

/** Files whose content is not in what was evaluated, and reads that are not known: nothing proves them the same. */
function readsNobodyCompared({ graph, claim }: Compared, from: Instance, to: Instance): string[] {
  if (from.id === to.id) return [];
  const found: string[] = [];
  const [a, b] = [claim(from.id), claim(to.id)];
  const opaque = (one: Claim | undefined, row: ComponentRow) =>
    (one?.opaqueFiles ?? []).map((file) => {
      const within = row.path !== '' && file.startsWith(`${row.path}/`) ? file.slice(row.path.length) : file;
      return `${within} ${one?.readSet.files[file] ?? ''}`;
    });
  const rows = [rowOf(graph, from.id), rowOf(graph, to.id)] as const;
  if (canonicalJson(opaque(a, rows[0]).sort(byCodeUnit)) !== canonicalJson(opaque(b, rows[1]).sort(byCodeUnit)))
    found.push('a program reads files that were not compared');
  if (rows[0].readsDigest !== rows[1].readsDigest) found.push('it reads files as data that were not compared');
  for (const one of [a, b])
    for (const { code, evidence } of one?.blindSpots ?? [])
      if (isOpenRead(code)) found.push(`${evidence.site}: which file it reads is not known`);
  return found;
}
