import { describe, expect, it } from 'vitest';
import { makeRow, type Row } from '../../../model/rows.ts';
import { type ApplyPlan, applyPlan, recordsPerRequest } from './apply-requests.ts';

const mark = { hash: 'h', by: 'b' };
const component = (n: number) =>
  makeRow('component', `prod/vpc/${n}`, { type: 'vpc', kind: 'component', environment: 'prod' });
const reference = (from: number, to: number) =>
  makeRow('reference', `prod/vpc/${from}|prod/vpc/${to}`, { strength: 'proven', consumes: ['/id'] }, { line: from });
const many = (count: number, make: (n: number) => Row) => Array.from({ length: count }, (_, n) => make(n));
const planOf = (...put: readonly Row[]) => applyPlan('shop', 2, { put, remove: [] }, mark);
const all = ({ stages, last }: ApplyPlan) => [...stages.flat(2), last];
/** As AWS counts: labels and properties that a request may write, and steps. */
const written = (gremlin: string) => gremlin.match(/\.property\(|addE\(|T\.label|,'(estate|name)':/g)?.length ?? 0;
const steps = (gremlin: string) => gremlin.replaceAll(/'(?:[^'\\]|\\.)*'/g, '').match(/[A-Za-z]\(/g)?.length ?? 0;

describe('applyPlan', () => {
  it.each([
    ['ten components', many(10, component)],
    ['ten references between components that may be new', many(10, (n) => reference(n, n + 10))],
    ['nothing but the version', []],
  ])('makes one request of %s', (_, rows) => expect(planOf(...rows).stages).toEqual([]));

  it('keeps every request of a large delta under what AWS takes, guarded, and moves the head in the last one alone', () => {
    const put = [...many(300, component), ...many(299, (n) => reference(n + 1, Math.floor(n / 7)))];
    const remove = many(500, (n) => reference(n, 900)).map(({ table, key }) => ({ table, key }));
    const plan = applyPlan('shop', 2, { put, remove }, mark);
    for (const request of all(plan)) {
      expect(request.startsWith("g.V('head|shop').has('gen',1L)")).toBe(true);
      expect(steps(request)).toBeLessThan(1_500);
    }
    for (const request of plan.stages[0]?.flat() ?? []) expect(written(request)).toBeLessThan(recordsPerRequest + 4);
    const moving = all(plan).filter((request) => request.includes("property(single,'gen',2L)"));
    expect(moving).toEqual([plan.last]);
    for (const row of [...put, ...remove]) {
      const named = all(plan).filter((request) => request.includes(`'${row.key}'`) || request.includes(`|${row.key}'`));
      expect(named.length, row.key).toBeGreaterThan(0);
    }
  });

  it('makes vertices first, and keeps edges to one vertex, states among them, out of one another’s way', () => {
    const put = [...many(1500, component), ...many(1499, (n) => reference(n + 1, n < 400 ? 0 : n))];
    const [vertices = [], edges = []] = planOf(...put).stages;
    expect(vertices.flat().join('')).not.toContain('addE');
    expect(vertices).toHaveLength(4);
    expect(edges).toHaveLength(4);
    const lanes = edges.map((lane) => lane.join(''));
    const targets = lanes.map(
      (lane) => new Set([...lane.matchAll(/\.to\(__\.V\('([^']+)'\)\)/g)].map(([, target]) => target)),
    );
    for (const [index, some] of targets.entries())
      for (const others of targets.slice(index + 1)) expect([...some].filter((id) => others.has(id))).toEqual([]);
  });

  it('makes in each request the vertices that its edges hang on, once each', () => {
    const put = many(60, (n) => reference(n + 1, 0));
    for (const request of planOf(...put).stages.flat(2)) {
      const made = [...request.matchAll(/mergeV\(\[\(T\.id\):'([^']+)'/g)].map(([, id]) => id);
      expect(new Set(made).size).toBe(made.length);
      for (const [, id] of request.matchAll(/\.V\('(c\|[^']+)'\)/g)) expect(made).toContain(id);
    }
  });
});
