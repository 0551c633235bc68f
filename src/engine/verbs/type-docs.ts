import { object, text as textShape } from '../../config/shape-parts.ts';
import type { Graph } from '../../graph/graph.ts';
import { outputsOf } from '../../graph/operations/outputs.ts';
import type { ComponentId } from '../../model/component.ts';
import { byCodeUnit } from '../../model/digest.ts';
import { code, text } from '../../report/markdown-parts.ts';
import type { EngineContext } from '../context.ts';
import { loadView } from '../view/load-view.ts';
import { stampOf, type ViewStamp } from '../view/view.ts';
import { type InferredType, inferType } from './type-infer.ts';
import { at, defineVerb } from './verb.ts';

export interface TypeDocs extends Pick<InferredType, 'name' | 'module'> {
  readonly view: ViewStamp;
  readonly usedBy: readonly ComponentId[];
  readonly inputs: readonly {
    readonly name: string;
    /** As a schema says it: `string`, `array of string`, `one of "a", "b"`. */
    readonly type: string;
    readonly required: boolean;
    readonly default?: unknown;
    readonly description?: string;
    readonly sensitive?: true;
  }[];
  readonly outputs: readonly { readonly name: string; readonly readBy: readonly ComponentId[] }[];
  /** Types that its components depend on, with how many of them do. */
  readonly dependsOn: readonly { readonly type: string; readonly components: number }[];
}

/** What somebody wants to know who is about to use a type. */
export async function typeDocs(context: EngineContext, name: string, when?: string): Promise<TypeDocs> {
  const inferred = await inferType(context, name, when);
  const view = await loadView(context, when);
  const { graph } = view;
  const nodes = usersOf(graph, inferred.module);
  const { inputs, sensitive = [] } = inferred.declaration;
  const required = new Set(Array.isArray(inputs['required']) ? inputs['required'] : []);
  const properties = Object.entries((inputs['properties'] ?? {}) as Readonly<Record<string, Schema>>);
  return {
    view: stampOf(view),
    name: inferred.name,
    module: inferred.module,
    usedBy: nodes.map((node) => graph.id(node)).sort(byCodeUnit),
    inputs: properties.map(([input, schema]) => ({
      name: input,
      type: inWords(schema),
      required: required.has(input),
      ...(schema.default === undefined ? {} : { default: schema.default }),
      ...(schema.description === undefined ? {} : { description: schema.description }),
      ...(sensitive.includes(input) ? { sensitive: true as const } : {}),
    })),
    outputs: readersByOutput(graph, nodes, Object.keys(inferred.declaration.outputs ?? {})),
    dependsOn: typesBelow(graph, nodes),
  };
}

interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly default?: unknown;
  readonly description?: string;
}

function inWords({ type, enum: among, items, additionalProperties, anyOf, properties }: Schema): string {
  if (among !== undefined)
    return `one of ${among
      .filter((one) => one !== null)
      .map((one) => JSON.stringify(one))
      .join(', ')}`;
  const [first] = anyOf ?? [];
  if (first !== undefined) return inWords(first);
  const types = (typeof type === 'string' ? [type] : (type ?? ['any'])).filter((one) => one !== 'null');
  const kind = types.join(' or ');
  if (kind === 'array' && items !== undefined) return `array of ${inWords(items)}`;
  if (kind === 'object' && additionalProperties !== undefined) return `map of ${inWords(additionalProperties)}`;
  if (kind === 'object' && properties !== undefined) return `object of ${Object.keys(properties).join(', ')}`;
  return kind;
}

function usersOf(graph: Graph, module: string): number[] {
  const nodes: number[] = [];
  for (let node = 0; node < graph.size; node++) {
    const { kind, external } = graph.head(node);
    if (kind === 'component' && !external && graph.component(node).module === module) nodes.push(node);
  }
  return nodes;
}

function readersByOutput(graph: Graph, nodes: readonly number[], names: readonly string[]): TypeDocs['outputs'] {
  const readers = new Map<string, Set<ComponentId>>(names.map((name) => [name, new Set()]));
  for (const node of nodes)
    for (const { name, readers: who } of outputsOf(graph, node).outputs) {
      const all = readers.get(name) ?? new Set();
      for (const { component } of who) all.add(component);
      readers.set(name, all);
    }
  return [...readers].map(([name, all]) => ({ name, readBy: [...all].sort(byCodeUnit) }));
}

function typesBelow(graph: Graph, nodes: readonly number[]): TypeDocs['dependsOn'] {
  const types = new Map<string, number>();
  const { outStart, edgeTo } = graph.adjacency;
  for (const node of nodes) {
    const own = new Set<string>();
    for (let edge = outStart[node] ?? 0; edge < (outStart[node + 1] ?? 0); edge++)
      own.add(graph.head(edgeTo[edge] ?? 0).type);
    for (const type of own) types.set(type, (types.get(type) ?? 0) + 1);
  }
  return [...types].map(([type, components]) => ({ type, components })).sort((a, b) => byCodeUnit(a.type, b.type));
}

/** The same as a page of Markdown. */
export function typeMarkdown({ name, module, usedBy, inputs, outputs, dependsOn }: TypeDocs): string {
  const rows = (title: readonly string[], lines: readonly (readonly string[])[]) =>
    lines.length === 0
      ? []
      : [
          `| ${title.join(' | ')} |`,
          `|${' --- |'.repeat(title.length)}`,
          ...lines.map((line) => `| ${line.join(' | ')} |`),
          '',
        ];
  const who = (ids: readonly string[]) =>
    ids.length === 0
      ? 'nobody'
      : `${ids.slice(0, 5).map(code).join(', ')}${ids.length > 5 ? ` and ${ids.length - 5} more` : ''}`;
  return [
    `# ${text(name)}`,
    '',
    `Module ${code(module)}, used by ${usedBy.length === 1 ? '1 component' : `${usedBy.length} components`}: ${who(usedBy)}.`,
    '',
    ...(inputs.length > 0 ? ['## Inputs', ''] : []),
    ...rows(
      ['input', 'type', 'default', 'what it is'],
      inputs.map((one) => [
        code(one.name),
        text(one.type),
        one.required ? '**required**' : one.default === undefined ? '' : code(JSON.stringify(one.default)),
        text(`${one.description ?? ''}${one.sensitive === true ? ' (sensitive)' : ''}`.trim()),
      ]),
    ),
    ...(outputs.length > 0 ? ['## Outputs', ''] : []),
    ...rows(
      ['output', 'read by'],
      outputs.map((one) => [code(one.name), who(one.readBy)]),
    ),
    ...(dependsOn.length > 0 ? ['## Depends on', ''] : []),
    ...dependsOn.map(({ type, components }) => `- ${text(type)} (${components} of ${usedBy.length})`),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n');
}

export const typeDocsVerb = defineVerb({
  about: 'A type for who is about to use it: inputs, outputs and who reads each, what it depends on.',
  query: object('Which.', { name: textShape('A type, or its module folder.'), at }, 'name'),
  writes: 'nothing',
  run: (context, { name, at: when }) => typeDocs(context, name, when),
});
