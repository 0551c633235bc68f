import { textsIn } from '../../edit/texts-in.ts';
import type { ComparedEnvironments, ComparedObject } from '../../graph/objects/compare-environments.ts';
import type { ComponentRow } from '../../model/component.ts';
import type { ExpectedDifference } from '../../model/estate.ts';
import { stepsOf } from '../../model/pointer.ts';
import type { EvaluatedView } from './evaluated-view.ts';
import { inputsOf, isJudged } from './judged-inputs.ts';
import { ownFilesOf } from './own-files.ts';
import { ValuesOfEnvironment } from './values-of-environment.ts';

interface Ends {
  readonly from: string;
  readonly to: string;
  readonly expected: readonly ExpectedDifference[];
}

/** What the objects that both environments have show of what belongs to each: their own files, pair by pair, and what they come to. */
export function learnValues(
  evaluated: EvaluatedView,
  { compared }: ComparedEnvironments,
  { from, to, expected }: Ends,
): ValuesOfEnvironment {
  const values = new ValuesOfEnvironment(from, to);
  const { graph } = evaluated.view;
  const rowOf = (id: string) => graph.component(graph.node(id) ?? -1);
  for (const { key } of expected) values.expect(keyOf(key));
  for (const one of compared) {
    for (const { key, expected: why } of one.differences) if (why !== undefined) values.expect(keyOf(key));
    const [a, b] = [rowOf(one.from), rowOf(one.to)];
    if (a !== b) values.learnPlaces(a.attributes, b.attributes);
    learnFiles(evaluated, values, [a, b], one);
    const [given, taken] = one.deployments ?? ['', ''];
    learnTexts(values, '', [
      inputsOf(a, evaluated.claim(a.id)).get(given),
      inputsOf(b, evaluated.claim(b.id)).get(taken),
    ]);
  }
  return values;
}

/** The last step of a pointer that is a name: what a value is called. */
export function keyOf(pointer: string): string {
  return stepsOf(pointer).findLast((step) => !/^(?:\d+|-|\*+)$/.test(step)) ?? '';
}

function learnFiles(
  { estate }: EvaluatedView,
  values: ValuesOfEnvironment,
  rows: readonly [ComponentRow, ComponentRow],
  { deployments }: ComparedObject,
): void {
  const { main } = estate.view;
  const [a, b] = rows.map((row, at) =>
    ownFilesOf(estate.view, row, deployments?.[at as 0 | 1] ?? '').map((file) => {
      const bytes = new TextEncoder().encode(main.read(file.path) ?? '');
      return [file.name, textsIn({ path: file.path, bytes })] as const;
    }),
  );
  const there = new Map(b);
  for (const [name, texts] of a ?? []) {
    const others = new Map(there.get(name)?.map(({ pointer, text }) => [pointer, text]));
    for (const { pointer, text } of texts) {
      const other = others.get(pointer);
      if (other !== undefined) values.learn(keyOf(pointer), text, other);
    }
  }
}

function learnTexts(values: ValuesOfEnvironment, key: string, [a, b]: readonly [unknown, unknown]): void {
  if (typeof a === 'string' && typeof b === 'string') {
    if (isJudged(a) && isJudged(b)) values.learn(key, a, b);
    return;
  }
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return;
  const isList = Array.isArray(a);
  if (isList !== Array.isArray(b)) return;
  for (const [name, member] of Object.entries(a))
    if (Object.hasOwn(b, name))
      learnTexts(values, isList ? key : name, [member, (b as Readonly<Record<string, unknown>>)[name]]);
}
