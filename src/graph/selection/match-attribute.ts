import type { ComponentRow } from '../../model/component.ts';
import { nearest } from '../../model/nearest.ts';
import { attributeKeys, attributeOf, layoutAttributes } from '../attributes.ts';
import { environmentsOf } from '../deployments.ts';
import { joinPath } from '../operations/find.ts';
import type { Evaluation } from './context.ts';
import type { Expression } from './expression.ts';
import { selectionFault } from './fault.ts';
import { compileGlob, type Glob, isGlob } from './glob.ts';
import { matchName } from './match-path.ts';

/** Words that people take for keys, and what answers them. */
const elsewhere: ReadonlyMap<string, string> = new Map([
  ['status', 'What is deployed, stale or failed is no part of the graph: `karma status` tells it. '],
]);

type AttributeExpression = Expression & { readonly is: 'attribute' };
type Test = (node: number) => boolean;

/** Terragrunt's own keys; all others are Karma's. */
const terragruntKeys: Readonly<Record<string, (run: Evaluation, of: AttributeExpression) => Test>> = {
  name: testName,
  type: testType,
  external: testExternal,
  reading: testReading,
  source: testSource,
};

/** `key=value`, or a bare name; values may hold wildcards. @throws KARMA_SELECTION when nothing has such a key */
export function matchAttribute(
  run: Evaluation,
  of: AttributeExpression,
  among: ReadonlySet<number>,
): ReadonlySet<number> {
  const test = (Object.hasOwn(terragruntKeys, of.key) ? terragruntKeys[of.key] : undefined) ?? testOwn;
  const matches = test(run, of);
  const nodes = new Set([...among].filter(matches));
  if (nodes.size > 0) return nodes;
  if (of.bare && !isGlob(of.value)) return matchName(run, of.value, among);
  run.unmatched.set(of.bare ? of.value : `${of.key}=${of.value}`, nearestValues(run, of));
  return nodes;
}

/** `env=stagin` → `env=staging`: values that components have under the key. A pattern is no misspelling. */
function nearestValues({ graph }: Evaluation, { key, value, bare }: AttributeExpression): readonly string[] {
  if (bare || isGlob(value) || Object.hasOwn(terragruntKeys, key)) return [];
  const held = new Set<string>();
  for (const node of graph.ids.keys()) {
    const row = graph.component(node);
    const one = attributeOf(row, key);
    if (one !== undefined) held.add(one);
    if (key === 'env' || key === 'environment') for (const name of environmentsOf(row)) held.add(name);
  }
  return nearest(value, held, 3).map((one) => `${key}=${one}`);
}

/** A component's name is the last step of its path; in Adage that is its nickname. */
function testName({ graph }: Evaluation, { value }: AttributeExpression): Test {
  const matches = compileGlob(value);
  return (node) => {
    const id = graph.id(node);
    return matches(id.slice(id.lastIndexOf('/') + 1));
  };
}

function testType({ graph, text }: Evaluation, { value, at }: AttributeExpression): Test {
  if (value !== 'unit' && value !== 'stack') {
    const hint = `The component type is \`kind=${value}\`.`;
    throw selectionFault(text, at, `type= takes 'unit' or 'stack', not '${value}'`, hint);
  }
  return (node) => {
    const row = graph.component(node);
    return row.kind === 'component' && (row.attributes.unit === 'stack') === (value === 'stack');
  };
}

/** Outside the working directory, as in Terragrunt, or not managed by this estate. */
function testExternal({ graph, text, context }: Evaluation, { value, at }: AttributeExpression): Test {
  if (value !== 'true' && value !== 'false') {
    throw selectionFault(text, at, `external= takes 'true' or 'false', not '${value}'`);
  }
  const here = context.workingDirectory ?? '';
  const inside = (path: string): boolean => here === '' || path === here || path.startsWith(`${here}/`);
  return (node) => {
    const row = graph.component(node);
    return (row.external || !(inside(row.id) || inside(row.path))) === (value === 'true');
  };
}

/** Files as seen from the root, absolute, or from the working directory. */
function testReading({ graph, context }: Evaluation, { value }: AttributeExpression): Test {
  const globs: Glob[] = [compileGlob(value)];
  for (const folder of new Set(['', context.workingDirectory ?? ''])) {
    const cleaned = joinPath(folder, value);
    if (cleaned !== undefined) globs.push(compileGlob(cleaned));
  }
  const matches = (file: string): boolean => globs.some((glob) => glob(file) || glob(`/${file}`));
  if (context.reading !== undefined) {
    const readers = new Set(context.reading(matches));
    return (node) => readers.has(graph.id(node));
  }
  return (node) => filesOf(graph.component(node), graph.types().get(graph.component(node).module)?.sites).some(matches);
}

/** The files the graph itself knows of: those that sites of the component and its module stand in. */
function filesOf(row: ComponentRow, module: ComponentRow['sites'] | undefined): string[] {
  return [...Object.values(row.sites), ...Object.values(module ?? {})].map(([file]) => file);
}

function testSource({ graph }: Evaluation, { value }: AttributeExpression): Test {
  const matches = compileGlob(value);
  return (node) => {
    const row = graph.component(node);
    return [row.attributes.source, row.module].some(
      (source) => source !== undefined && source !== '' && matches(source),
    );
  };
}

function testOwn({ graph, text, context }: Evaluation, { key, value, at }: AttributeExpression): Test {
  const matches = compileGlob(value);
  const given =
    context.attributes !== undefined && Object.hasOwn(context.attributes, key) ? context.attributes[key] : undefined;
  if (given !== undefined) {
    return (node) => {
      const held = given(graph.id(node));
      return held !== undefined && matches(held);
    };
  }
  const known = [...attributeKeys, ...layoutAttributes(graph)];
  if (!known.includes(key)) {
    const keys = [...new Set([...Object.keys(terragruntKeys), ...known, ...Object.keys(context.attributes ?? {})])];
    const [near] = nearest(key, keys);
    const meant = near === undefined ? '' : `Did you mean \`${near}=\`? `;
    const hint = `${meant}${elsewhere.get(key) ?? ''}Keys there are: ${keys.sort().join(', ')}.`;
    throw selectionFault(text, at, `no component is selected by '${key}='`, hint);
  }
  if (key === 'env' || key === 'environment') return (node) => environmentsOf(graph.component(node)).some(matches);
  return (node) => {
    const held = attributeOf(graph.component(node), key);
    return held !== undefined && matches(held);
  };
}
