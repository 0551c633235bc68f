import { describe, expect, it } from 'vitest';
import { component, estate, idsOf, reference } from '../testing/small-estate.ts';
import { groupBy } from './group-by.ts';
import { mustHaveOutputs, outputsOf } from './outputs.ts';

const product = estate('app -> db /url\ndb -> vpc /id\nlog -> vpc\nalone\nalone/param:/x');
const node = (id: string): number => product.node(id) ?? -1;

describe('outputs', () => {
  const graph = estate('', [
    component('vpc', { outputs: ['id', 'cidr', 'subnets'] }),
    component('a'),
    component('b'),
    reference('a', 'vpc', ['/id', '/subnets/0']),
    reference('b', 'vpc', ['/zone'], { tolerated: ['/zone'] }),
  ]);

  it('tells who reads what, what nobody reads, and what is read and not published', () => {
    const { outputs, known } = outputsOf(graph, graph.node('vpc') ?? -1);
    expect(known).toBe(true);
    expect(
      outputs.map(({ name, published, unread, readers }) => [
        name,
        published,
        unread,
        readers.map((one) => one.pointer),
      ]),
    ).toEqual([
      ['cidr', true, true, []],
      ['id', true, false, ['/id']],
      ['subnets', true, false, ['/subnets/0']],
      ['zone', false, false, ['/zone']],
    ]);
    expect(outputs[3]?.readers[0]).toMatchObject({
      component: 'b',
      tolerated: true,
      evidence: [{ file: 'iac/b/config.json' }],
    });
  });

  it('shows first where an output is read, then why its component is depended on', () => {
    const evidence = ['"../vpc"', 'net = dependency.vpc.outputs.vpc_id', 'id = dependency.vpc.outputs.id'].map(
      (expression, line) => ({ rule: 'dependency', site: `line ${line}`, file: 'a/terragrunt.hcl', line, expression }),
    );
    const read = estate('', [
      component('vpc'),
      component('a'),
      reference('a', 'vpc', ['/id', '/vpc_id'], { evidence }),
    ]);
    const { outputs } = outputsOf(read, read.node('vpc') ?? -1);
    expect(outputs.map(({ readers }) => readers[0]?.evidence.map(({ line }) => line))).toEqual([
      [2, 0, 1],
      [1, 0, 2],
    ]);
  });

  it('calls nothing unread while somebody reads the whole', () => {
    const whole = estate('', [component('vpc', { outputs: ['id'] }), component('a'), reference('a', 'vpc', ['*'])]);
    const found = outputsOf(whole, whole.node('vpc') ?? -1);
    expect(found.outputs[0]?.unread).toBe(false);
    expect(found.wholeReaders).toMatchObject([{ component: 'a', pointer: '*' }]);
  });

  it('says when the outputs are not known', () => {
    expect(outputsOf(product, node('alone'))).toEqual({ outputs: [], wholeReaders: [], known: false });
  });
});

describe('groupBy', () => {
  it('sorts by value, those without one last', () => {
    const graph = estate('', [
      component('dev/a/1', { attributes: { owner: 'web' } }),
      component('dev/a/2'),
      component('prod/b/3', { attributes: { owner: 'data' } }),
    ]);
    const groups = (key: string) => [...groupBy(graph, key)].map(([value, nodes]) => [value, idsOf(graph, nodes)]);
    expect(groups('owner')).toEqual([
      ['data', ['prod/b/3']],
      ['web', ['dev/a/1']],
      ['', ['dev/a/2']],
    ]);
    expect(groups('env').map(([value]) => value)).toEqual(['dev', 'prod']);
    expect(groups('folder').map(([value]) => value)).toEqual(['dev/a', 'prod/b']);
  });
});

describe('outputs that somebody names', () => {
  const graph = estate('', [
    component('vpc', { outputs: ['id', 'a.b'] }),
    component('far', { module: 'nowhere' }),
    component('app'),
    reference('app', 'vpc', ['/by_script/x']),
    reference('app', 'far', ['/url']),
  ]);
  const must = (id: string, ...pointers: string[]) => mustHaveOutputs(graph, graph.node(id) ?? -1, pointers);

  it.each([['/id'], ['/id/0'], ['/a.b'], ['/by_script'], ['*']])('%s is there: published, or read', (pointer) => {
    expect(must('vpc', pointer)).toEqual([]);
  });

  it('are refused where they are not there, with the nearest', () => {
    expect(() => must('vpc', '/id', '/di')).toThrow('vpc has no output di');
    expect(() => must('vpc', '/idd')).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('did you mean id?') }),
    );
  });

  it('cannot be judged where the module was not read: those that nobody reads are told', () => {
    expect(must('far', '/url', '/other')).toEqual(['/other']);
  });
});
