import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeRow } from '../model/rows.ts';
import { at } from './adjacency.ts';
import { graphFrom } from './graph.ts';
import {
  component,
  estate,
  estateRows,
  finding,
  idsOf,
  randomEdges,
  randomGraph,
  randomId,
  reference,
  type,
} from './testing/small-estate.ts';

describe('the working graph', () => {
  it('numbers nodes by id and keeps edges both ways', () => {
    fc.assert(
      fc.property(randomEdges, (edges) => {
        const graph = randomGraph(edges);
        expect(graph.ids).toEqual([...graph.ids].sort());
        const { outStart, inStart, inEdges, edgeFrom, edgeTo } = graph.adjacency;
        const forth: string[] = [];
        const back: string[] = [];
        for (let node = 0; node < graph.size; node++) {
          for (let edge = at(outStart, node); edge < at(outStart, node + 1); edge++) {
            forth.push(`${graph.id(node)}|${graph.id(at(edgeTo, edge))}`);
          }
          for (let slot = at(inStart, node); slot < at(inStart, node + 1); slot++) {
            back.push(`${graph.id(at(edgeFrom, at(inEdges, slot)))}|${graph.id(node)}`);
          }
        }
        const given = edges.map(({ from, to }) => `${randomId(from)}|${randomId(to)}`).sort();
        expect(forth).toEqual(given);
        expect(back.sort()).toEqual(given);
      }),
    );
  });

  it('does not depend on the order of rows', () => {
    const rows = estateRows('a/x/1 -> a/y/2 /p\na/z/3 -> a/x/1');
    const graph = graphFrom([...rows].reverse());
    expect([...graph.rows()]).toEqual([...graphFrom(rows).rows()]);
    expect(graph.adjacency).toEqual(graphFrom(rows).adjacency);
  });

  it('finds the edge between two nodes, and none where there is none', () => {
    const graph = estate('a -> b /x\na -> c\nb -> c');
    const [a = 0, b = 0, c = 0] = ['a', 'b', 'c'].map((id) => graph.node(id) ?? -1);
    expect(graph.reference(graph.edgeBetween(a, c) ?? -1)).toMatchObject({ from: 'a', to: 'c' });
    expect(graph.edgeBetween(c, a)).toBeUndefined();
    expect(graph.edgeBetween(b, b)).toBeUndefined();
  });

  it('reads what is consumed without the rest of the row, also where a pointer looks like the end of the list', () => {
    const strange = '/a],"b';
    const graph = estate('', [component('a'), component('b'), reference('a', 'b', [strange, '/c'])]);
    expect(graph.consumes(0)).toEqual([strange, '/c']);
    expect(graph.orderOnly[0]).toBe(0);
  });

  it('keeps a reference to something that has no row', () => {
    const graph = estate('', [component('a/b/c'), reference('a/b/c', 'a/b/gone', ['/x'])]);
    expect(graph.ids).toEqual(['a/b/c', 'a/b/gone']);
    expect(graph.component(graph.node('a/b/gone') ?? -1)).toMatchObject({
      external: true,
      attributes: { missing: 'true' },
    });
  });

  it('takes the ends of a reference from its row when an id holds a bar', () => {
    const graph = estate('', [component('a|b'), component('c'), reference('a|b', 'c', [])]);
    expect(graph.ids).toEqual(['a|b', 'c']);
    expect(idsOf(graph, graph.adjacency.edgeTo)).toEqual(['c']);
  });

  it('lays notes over rows, and gives rows without a note their empty sites', () => {
    const graph = estate('', [component('a'), finding('cycle', 'a', { hint: 'cut it' }), type('components/a')]);
    expect(graph.component(0).sites).toEqual({});
    expect(graph.findings()).toMatchObject([{ code: 'cycle', message: 'cycle in a', hint: 'cut it' }]);
    expect(graph.types().get('components/a')?.sites).toEqual({});
  });

  it('looks lines up from the sites of the component, of its module, or of the module that holds the file', () => {
    const evidence = (site: string, file: string) => [{ rule: 'r', site, file }];
    const graph = estate('', [
      component('a', { module: 'm', sites: { 'config#/x': ['iac/a/config.json', 3] } }),
      component('b'),
      component('c'),
      component('d'),
      type('m', { sites: { 'data.y': ['m/main.tf', 7] } }),
      type('sub', { sites: { 'data.y': ['sub/main.tf', 9] } }),
      reference('a', 'b', [], { evidence: evidence('config#/x', 'iac/a/config.json') }),
      reference('a', 'c', [], { evidence: evidence('data.y', 'm/main.tf') }),
      reference('a', 'd', [], { evidence: evidence('data.y', 'sub/main.tf') }),
    ]);
    expect([0, 1, 2].map((edge) => graph.evidence(edge)[0]?.line)).toEqual([3, 7, 9]);
  });

  it('tells blind spots, and parses no row for a component without one', () => {
    const value = { id: 'a', blindSpots: [{ code: 'unknown-path', site: 'dependency.vpc', file: 'a/terragrunt.hcl' }] };
    const graph = graphFrom([
      makeRow('component', 'a', value, { sites: { 'dependency.vpc': ['a/terragrunt.hcl', 4] } }),
      component('b'),
    ]);
    expect(graph.blindSpots(0)).toMatchObject([{ component: 'a', code: 'unknown-path', evidence: { line: 4 } }]);
    expect(graph.blindSpots(1)).toEqual([]);
  });
});
