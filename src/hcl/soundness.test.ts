import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { evaluate } from './evaluate.ts';
import { encodeJson } from './functions/encoding.ts';
import { loadGrammar, parseExpression } from './parse.ts';
import type { Scope } from './scope.ts';
import { EvaluationError } from './scope.ts';
import type { Place, Value } from './value.ts';
import { placesIn, Unknown } from './value.ts';

beforeAll(loadGrammar);

/**
 * The property that consumption rests on: when a change of one leaf of a document changes what an expression gives (or
 * whether it fails), then evaluating with the document unknown names a place that covers that leaf. Never missed.
 */

const leaves: readonly (readonly string[])[] = [
  ['id'],
  ['on'],
  ['n'],
  ['list', '0'],
  ['list', '1'],
  ['map', 'a'],
  ['map', 'b'],
  ['rows', '0', 'id'],
  ['rows', '1', 'id'],
  ['rows', '1', 'on'],
];

function documentWith(changed: readonly string[] | undefined): Value {
  const document = {
    id: 'i',
    on: true,
    n: 1,
    list: ['a', 'b'],
    map: { a: 'x', b: 'y' },
    rows: [
      { id: 'r', on: true },
      { id: 's', on: false },
    ],
  };
  if (changed === undefined) return document;
  const steps = [...changed];
  const last = steps.pop() ?? '';
  const holder = steps.reduce<Record<string, unknown>>(
    (inside, step) => inside[step] as Record<string, unknown>,
    document as Record<string, unknown>,
  );
  const before = holder[last];
  holder[last] = typeof before === 'boolean' ? !before : typeof before === 'number' ? before + 1 : `${String(before)}z`;
  return document;
}

const { expression } = fc.letrec<Record<'text' | 'flag' | 'list' | 'map' | 'expression', string>>((tie) => ({
  text: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(
      'd.id',
      'd.list[0]',
      'd.map.a',
      'd.map["b"]',
      'd.rows[1].id',
      '"k"',
      'd.map[d.list[0]]',
      'd.nope',
      'l.row.id',
      '{ a = "x" }.b',
    ),
    fc.tuple(tie('text'), tie('text')).map(([a, b]) => `"\${${a}}-\${${b}}"`),
    fc
      .tuple(tie('flag'), tie('text'), tie('text'))
      .map(([c, a, b]) => `"%{ if ${c} }\${${a}}%{ else }\${${b}}%{ endif }"`),
    fc.tuple(tie('list'), tie('text')).map(([l, b]) => `"%{ for x in ${l} }\${x}\${${b}}%{ endfor }"`),
    fc.tuple(tie('flag'), tie('text'), tie('text')).map(([c, a, b]) => `(${c} ? ${a} : ${b})`),
    fc.tuple(tie('text'), tie('text')).map(([a, b]) => `try(${a}, ${b})`),
    fc.tuple(tie('text'), tie('text')).map(([a, b]) => `coalesce(${a}, ${b})`),
    tie('text').map((a) => `upper(${a})`),
    tie('list').map((a) => `join(",", ${a})`),
    tie('list').map((a) => `element(${a}, 1)`),
    fc.tuple(tie('map'), tie('text')).map(([m, b]) => `lookup(${m}, "a", ${b})`),
    fc.tuple(tie('map'), tie('text')).map(([m, k]) => `${m}[${k}]`),
    tie('map').map((m) => `${m}.a`),
  ),
  flag: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('d.on', 'd.rows[0].on', 'd.n > 1', 'true', 'can(d.map.c)'),
    fc.tuple(tie('text'), tie('text')).map(([a, b]) => `(${a} == ${b})`),
    fc.tuple(tie('flag'), tie('flag')).map(([a, b]) => `(${a} && ${b})`),
    fc.tuple(tie('flag'), tie('flag')).map(([a, b]) => `(${a} || ${b})`),
    fc.tuple(tie('list'), tie('text')).map(([a, b]) => `contains(${a}, ${b})`),
    tie('list').map((a) => `length(${a}) > 1`),
  ),
  list: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('d.list', 'd.rows[*].id', '[for r in d.rows : r.id if r.on]', 'values(d.map)', 'keys(d.map)'),
    fc.tuple(tie('text'), tie('text')).map(([a, b]) => `[${a}, ${b}]`),
    fc.tuple(tie('list'), tie('list')).map(([a, b]) => `concat(${a}, ${b})`),
    tie('list').map((a) => `[for x in ${a} : "\${x}!" if d.on]`),
    fc.tuple(tie('list'), tie('text'), tie('flag')).map(([l, b, c]) => `[for x in ${l} : "\${x}\${${b}}" if ${c}]`),
    tie('list').map((a) => `distinct(${a})`),
    tie('map').map((a) => `[for k, v in ${a} : "\${k}\${v}"]`),
    fc.tuple(tie('flag'), tie('list'), tie('list')).map(([c, a, b]) => `(${c} ? ${a} : ${b})`),
  ),
  map: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('d.map', '{ a = d.id }', '{ for r in d.rows : r.id => r.id }', 'jsondecode(d.json)'),
    fc.tuple(tie('text'), tie('text')).map(([a, b]) => `{ a = ${a}, (${b}) = ${a} }`),
    fc.tuple(tie('map'), tie('map')).map(([a, b]) => `merge(${a}, ${b})`),
    fc.tuple(tie('map'), tie('map')).map(([a, b]) => `try(${a}, ${b})`),
    fc.tuple(tie('flag'), tie('map'), tie('map')).map(([c, a, b]) => `(${c} ? ${a} : ${b})`),
  ),
  expression: fc.oneof(tie('text'), tie('flag'), tie('list'), tie('map')),
}));

function outcome(source: string, document: Value): string {
  const scope: Scope = {
    lookup: (name) =>
      name === 'd' ? document : name === 'l' ? { row: { id: document === null ? '' : 'c' } } : undefined,
  };
  try {
    return encodeJson(evaluate(parseExpression(source), scope));
  } catch (error) {
    if (error instanceof EvaluationError || error instanceof Error) return 'fails';
    throw error;
  }
}

function placesRead(source: string): readonly Place[] | 'fails' {
  const places: Place[] = [];
  const scope: Scope = {
    lookup: (name) => (name === 'd' ? Unknown.at('d') : name === 'l' ? { row: { id: 'c' } } : undefined),
    dropped: (value) => void placesIn(value, places),
  };
  try {
    placesIn(evaluate(parseExpression(source), scope), places);
    return places;
  } catch (error) {
    if (error instanceof EvaluationError) return 'fails';
    throw error;
  }
}

/** Whether a place covers a leaf: it is on the way to it; `*` covers everything behind it. */
function covers({ steps }: Place, leaf: readonly string[]): boolean {
  const star = steps.indexOf('*');
  const fixed = star < 0 ? steps : steps.slice(0, star);
  return fixed.every((step, i) => leaf[i] === step);
}

it('names every place that a value rests on', () => {
  fc.assert(
    fc.property(expression, fc.constantFrom(...leaves), (source, leaf) => {
      if (outcome(source, documentWith(undefined)) === outcome(source, documentWith(leaf))) return;
      const places = placesRead(source);
      // What fails without the document is read part by part by whoever gathers.
      if (places === 'fails') return;
      expect(
        places.some((place) => covers(place, leaf)),
        `${source} rests on ${leaf.join('.')}`,
      ).toBe(true);
    }),
    { numRuns: 1500 },
  );
});
