import { describe, expect, it } from 'vitest';
import type { OutputShape } from '../../model/output-shape.ts';
import { summaryLine, verdictLine } from '../../report/impact/summary.ts';
import { whereTheyDiffer } from '../../report/impact/where-they-differ.ts';
import { end, type SmallClaim } from '../testing/range.ts';
import { estateRows, finding, reference, type } from '../testing/small-estate.ts';
import { compareEnds } from './compare.ts';
import { diffEvaluated } from './evaluated-diff.ts';
import { unclaimedStates } from './state-changes.ts';

const at = (content: string, evaluated: Record<string, unknown>, more: SmallClaim['more'] = {}): SmallClaim => ({
  files: { '_envcommon/net.hcl': content },
  evaluated,
  more,
});
const only = (before: SmallClaim, after: SmallClaim) => {
  const { changed, identical, undecided } = compareEnds(end({ 'prod/vpc': before }), end({ 'prod/vpc': after }));
  return { changed, identical, undecided };
};

describe('compareEnds', () => {
  it('calls a component identical when an include changed and nothing that it evaluates to', () => {
    expect(only(at('1', { inputs: { size: 3 } }), at('2', { inputs: { size: 3 } }))).toEqual({
      changed: [],
      identical: ['prod/vpc'],
      undecided: [],
    });
  });

  it('names the keys that change, before and after', () => {
    const { changed } = only(
      at('1', { inputs: { size: 3, tags: { a: 'x' }, zones: ['a'] } }),
      at('2', { inputs: { size: 4, tags: { b: 'y' }, zones: ['a', 'b'] } }),
    );
    expect(changed).toEqual([
      {
        id: 'prod/vpc',
        is: 'changed',
        keys: [
          { pointer: '/inputs/size', before: 3, after: 4 },
          { pointer: '/inputs/tags/a', before: 'x' },
          { pointer: '/inputs/tags/b', after: 'y' },
          { pointer: '/inputs/zones', before: ['a'], after: ['a', 'b'] },
        ],
        reasons: [],
        files: ['_envcommon/net.hcl'],
      },
    ]);
  });

  it.each([
    [
      'the same place',
      { $unknown: 'run', place: 'dependency.vpc.outputs.id' },
      { $unknown: 'run', place: 'dependency.vpc.outputs.id' },
      'identical',
    ],
    ['the same text around it', { $unknown: 'run', text: 'a-${x}' }, { $unknown: 'run', text: 'a-${x}' }, 'identical'],
    [
      'another place',
      { $unknown: 'run', place: 'dependency.vpc.outputs.id' },
      { $unknown: 'run', place: 'dependency.net.outputs.id' },
      'undecided',
    ],
    ['nothing that tells', { $unknown: 'run_cmd' }, { $unknown: 'run_cmd' }, 'undecided'],
    ['a value that becomes unknown', 'x', { $unknown: 'run_cmd' }, 'undecided'],
  ])('an unknown with %s', (_, before, after, verdict) => {
    const answer = only(at('1', { inputs: { id: before } }), at('2', { inputs: { id: after } }));
    expect({
      changed: answer.changed.length > 0,
      identical: answer.identical.length > 0,
      undecided: answer.undecided.length > 0,
    }).toEqual({
      changed: false,
      identical: verdict === 'identical',
      undecided: verdict === 'undecided',
    });
  });

  it('cannot decide when another program reads the file, or the file is broken, or nothing was evaluated', () => {
    const opaque = only(
      at('1', {}, { opaqueFiles: ['_envcommon/net.hcl'] }),
      at('2', {}, { opaqueFiles: ['_envcommon/net.hcl'] }),
    );
    expect(opaque.undecided[0]?.reasons).toEqual(['_envcommon/net.hcl is read by another program']);
    const spot = { component: 'prod/vpc', code: 'hcl-unreadable', evidence: { rule: 'r', site: 's', file: 'a.hcl' } };
    expect(only(at('1', {}), at('2', {}, { blindSpots: [spot] })).undecided[0]?.reasons).toEqual([
      'hcl-unreadable: a.hcl',
    ]);
    const { evaluated: _, ...bare } = at('2', {});
    expect(
      only(
        { ...bare, files: { f: '1' }, more: { evaluated: undefined as never } },
        { ...bare, more: { evaluated: undefined as never } },
      ).undecided.length,
    ).toBe(1);
  });

  it("cannot decide where what is laid over a unit's module differs, though it is a file of Terraform and the module says the same", () => {
    const laid = (content: string): SmallClaim => ({
      files: { 'prod/vpc/extra.tf': content },
      evaluated: {},
      more: { opaqueFiles: ['prod/vpc/extra.tf'] },
      row: { module: 'modules/vpc', path: 'prod/vpc' },
    });
    const modules = [type('modules/vpc', { digest: 'a' })];
    const [before, after] = [end({ 'prod/vpc': laid('1') }, modules), end({ 'prod/vpc': laid('2') }, modules)];
    expect(compareEnds(before, after).undecided.map(({ reasons }) => reasons)).toEqual([
      ['prod/vpc/extra.tf is read by another program'],
    ]);
    const { identical } = compareEnds(before, after, { saysTheSame: (file) => file === 'prod/vpc/extra.tf' });
    expect(identical).toEqual(['prod/vpc']);
  });

  it('sees the module and what the row says, not only the config', () => {
    const before = end(
      { 'prod/vpc': { ...at('1', {}), row: { module: 'm', attributes: { source: 'git::x?ref=v1' } } } },
      [type('m', { digest: 'aaaaaaaaaaaaaaaa' })],
    );
    const after = end(
      { 'prod/vpc': { ...at('2', {}), row: { module: 'm', attributes: { source: 'git::x?ref=v2' } } } },
      [type('m', { digest: 'bbbbbbbbbbbbbbbb' })],
    );
    expect(compareEnds(before, after).changed[0]?.keys).toEqual([
      { pointer: 'module', before: 'aaaaaaaaaaaa', after: 'bbbbbbbbbbbb' },
      { pointer: 'source', before: 'git::x?ref=v1', after: 'git::x?ref=v2' },
    ]);
  });

  it('leaves alone what reads nothing that changed', () => {
    const answer = compareEnds(end({ a: at('1', { x: 1 }) }), end({ a: at('1', { x: 1 }) }));
    expect(answer).toMatchObject({
      readers: 0,
      changed: [],
      identical: [],
      undecided: [],
      affected: [],
      complete: true,
    });
  });

  it('asks the readers at both ends, names files nobody reads, and sees what a folder listing shows', () => {
    const before = end({
      a: { files: { 'x.hcl': '1', 'gone.hcl': '1' }, evaluated: {} },
      b: {
        files: {},
        evaluated: { n: 1 },
        more: { readSet: { files: {}, folders: { 'd/e': '1' }, environment: {}, parameters: {} } },
      },
    });
    const after = end({
      a: { files: { 'x.hcl': '1', 'gone.hcl': null }, evaluated: {} },
      b: {
        files: {},
        evaluated: { n: 2 },
        more: { readSet: { files: {}, folders: { 'd/e': '2' }, environment: {}, parameters: {} } },
      },
    });
    const index = (entries: Record<string, string[]>) => (file: string) => entries[file] ?? [];
    const answer = compareEnds(before, after, {
      readers: {
        changedFiles: ['gone.hcl', 'README.md', 'd/e/new.hcl'],
        before: index({ 'gone.hcl': ['a'], 'd/e': ['b'] }),
        after: index({ 'd/e': ['b'] }),
      },
    });
    expect(answer).toMatchObject({
      files: { changed: 3, unread: ['README.md'] },
      readers: 2,
      identical: ['a'],
      changed: [{ id: 'b' }],
    });
    expect(summaryLine(answer)).toBe(
      '3 files → read by 2 components → 1 changed, 1 identical, 0 undecided · 0 affected, 0 possible',
    );
  });

  const edges = [reference('db', 'vpc', ['/id']), reference('app', 'db', ['/url']), reference('log', 'vpc')];
  const product = (vpc: SmallClaim) => end({ vpc, db: {}, app: {}, log: {} }, edges);

  it('tells who follows, by steps, and what only orders', () => {
    const answer = compareEnds(product(at('1', { n: 1 })), product(at('2', { n: 2 })));
    expect(answer.affected.map(({ id, distance }) => [id, distance])).toEqual([
      ['db', 1],
      ['app', 2],
    ]);
    expect(answer.orderOnly).toEqual(['log']);
    expect(verdictLine(answer)).toBe('Complete: everything beyond this is proved untouched.');
  });

  it('counts undecided as changed, and blind spots as possible', () => {
    const blindSpots = [{ component: 'log', code: 'unknown-path' }];
    const answer = compareEnds(product(at('1', { n: { $unknown: 'x' } })), product(at('2', { n: { $unknown: 'x' } })), {
      blindSpots,
    });
    expect(answer.affected.map(({ id }) => id)).toEqual(['db', 'app']);
    expect(answer).toMatchObject({ possible: ['log'], complete: false });
    expect(verdictLine(answer)).toBe('Not proved to be all: 1 blind spot may hide more.');
  });

  it('tells what comes and goes, and who rests on what is gone', () => {
    const before = end({ vpc: {}, db: {}, old: {} }, [reference('db', 'vpc', ['/id'])]);
    const after = end({ db: {}, new: {} });
    expect(compareEnds(before, after)).toMatchObject({
      added: ['new'],
      removed: ['old', 'vpc'],
      affected: [{ id: 'db', distance: 1 }],
    });
  });

  it('names who read what a changed component does not provide any more, and who follows from that', () => {
    const chain = [reference('app', 'db', ['/url']), reference('log', 'vpc')];
    const estate = (content: string): Record<string, SmallClaim> => ({
      vpc: at(content, { n: content }),
      db: {},
      app: {},
      log: {},
    });
    const before = end(estate('1'), [...chain, reference('db', 'vpc', ['/id'])]);
    const answer = compareEnds(before, end(estate('2'), chain));
    expect(answer.affected.map(({ id }) => id)).toContain('db');
    expect(answer.affected.map(({ id }) => id)).toContain('app');
    const same = compareEnds(end(estate('1'), chain), end(estate('2'), chain));
    expect(same.affected.map(({ id }) => id)).not.toContain('db');
  });

  it('follows a move', () => {
    const before = end({ 'live/a': { ...at('1', { n: 1 }), state: 's3://b/live/a' } });
    const after = end({ 'live/b': { ...at('1', { n: 1 }), state: 's3://b/live/b' } });
    const answer = compareEnds(before, after, { renames: new Map([['live/a', 'live/b']]) });
    expect(answer).toMatchObject({ added: [], removed: [], identical: ['live/b'] });
    const named = compareEnds(before, after, {
      renames: new Map([['live/a', 'live/b']]),
      namesItsPlace: (read) => read.includes('_envcommon/net.hcl'),
    });
    expect(named.undecided.map(({ reasons }) => reasons)).toEqual([
      ['the folder that it lies in may be part of a value'],
    ]);
    expect(answer.states.moved).toEqual([
      {
        component: 'live/b',
        was: 'live/a',
        from: 's3://b/live/a',
        to: 's3://b/live/b',
        commands: [
          'aws s3 ls s3://b/live/b > /dev/null; [ $? = 1 ] && aws s3 cp s3://b/live/a s3://b/live/b   # only where none is',
        ],
      },
    ]);
  });

  it('calls nobody identical who reads a moved component of which no state is known', () => {
    const reads = (id: string, state: object) => ({
      ...at('1', { dependency: { a: { config_path: id } } }),
      ...state,
    });
    const moved = (state: object, states: readonly [object, object]) =>
      compareEnds(
        end({ 'live/a': { ...at('1', {}), ...states[0] }, app: reads('live/a', state) }),
        end({ 'live/b': { ...at('1', {}), ...states[1] }, app: { ...reads('live/b', state), files: { f: '2' } } }),
        { renames: new Map([['live/a', 'live/b']]) },
      );
    expect(moved({}, [{ state: 's3://b/a' }, { state: 's3://b/b' }]).identical).toEqual(['app', 'live/b']);
    expect(moved({}, [{ state: 's3://b/a' }, {}]).changed.map(({ id }) => id)).toEqual(['app']);
  });

  it('prints nothing that would copy a state over one that was kept there', () => {
    const before = end({ a: { ...at('1', {}), state: 's3://b/a' }, b: { ...at('1', {}), state: 's3://b/b' } });
    const after = end({ a: { ...at('2', {}), state: 's3://b/b' } });
    expect(compareEnds(before, after).states.moved).toMatchObject([{ from: 's3://b/a', to: 's3://b/b', commands: [] }]);
  });

  it('tells which state of several deployments became which by their names', () => {
    const parts = (states: Readonly<Record<string, string>>): SmallClaim => ({
      ...at(JSON.stringify(states), {}),
      row: { attributes: { state: Object.values(states).join(', ') } },
      more: {
        parts: Object.fromEntries(
          Object.entries(states).map(([name, state]) => [
            name,
            { provides: [`state:${state}`], runtimes: [state], needs: [] },
          ]),
        ),
      },
    });
    const before = end({ a: parts({ dev: 's3://b/1', prod: 's3://b/2' }) });
    const after = end({ a: parts({ prod: 's3://b/3' }) });
    expect(compareEnds(before, after).states.moved).toMatchObject([
      { component: 'a', deployment: 'prod', from: 's3://b/2', to: 's3://b/3' },
    ]);
  });

  it('tells states that come to be shared or abandoned, not those that were shared before', () => {
    const shown = (state: string): SmallClaim => ({ row: { attributes: { state } } });
    const before = end({
      a: { ...at('1', {}), state: 's1' },
      b: shown('s2'),
      c: shown('s3'),
      d: shown('s4'),
      e: shown('s4'),
    });
    const after = end({ a: { ...at('2', {}), state: 's2' }, b: shown('s2'), d: shown('s4'), e: shown('s4') });
    const { states } = compareEnds(before, after);
    expect(states.shared).toEqual([{ state: 's2', components: ['a', 'b'] }]);
    expect(states.abandoned).toEqual([{ state: 's3', component: 'c' }]);
    expect(unclaimedStates(after, ['s4', 's9', 's2'])).toEqual(['s9']);
  });

  it('tells outputs that vanish or change type, with who reads them', () => {
    const edgesOf = [
      reference('named', 'vpc', ['/id']),
      reference('careful', 'vpc', ['/id'], { tolerated: ['/id'] }),
      reference('all', 'vpc', ['*']),
    ];
    const of = (content: string, outputs: string[]) =>
      end({ vpc: { ...at(content, {}), row: { outputs } }, named: {}, careful: {}, all: {} }, edgesOf);
    const shapesOf = (side: 'before' | 'after') =>
      new Map<string, OutputShape>([
        ['cidr', side === 'before' ? { kind: 'string' } : { kind: 'list', item: { kind: 'string' } }],
        ['same', { kind: 'string' }],
        ['hidden', side === 'before' ? { kind: 'string' } : { kind: 'unknown' }],
      ]);
    const outputs = ['cidr', 'hidden', 'same'];
    const answer = compareEnds(of('1', ['id', ...outputs]), of('2', outputs), { shapesOf });
    expect(told(answer)).toEqual([
      ['cidr', 'string becomes list', 'listed', [], [], ['all']],
      ['id', 'dropped', 'refused', ['named'], ['careful'], ['all']],
    ]);
    expect(verdictLine(answer)).toBe(
      'Look at this before merging: 1 output that others read would break (a deploy refuses), 1 output to confirm with those who read everything.',
    );
  });

  const told = ({ contracts }: ReturnType<typeof compareEnds>) =>
    contracts.map(({ output, change, verdict, broken, tolerating, whole }) => [
      output,
      change,
      verdict,
      ...[broken, tolerating, whole].map((list) => list.map((one) => one.component)),
    ]);

  it('counts those outside the estate whom karma.yaml names among the readers', () => {
    const of = (content: string, outputs: string[]) => end({ vpc: { ...at(content, {}), row: { outputs } } });
    const reader = (name: string, pointers: string[], reads: (id: string) => boolean = (id) => id === 'vpc') => ({
      name,
      reads,
      pointers,
      evidence: { rule: 'declared', site: 'karma.yaml#/consumers/0', file: 'karma.yaml', line: 3 },
    });
    const outside = [
      reader('billing', ['/id']),
      reader('audit', []),
      reader('edge', ['/cidr']),
      reader('other', ['/id'], () => false),
    ];
    const ends = [of('1', ['id', 'cidr']), of('2', ['cidr'])] as const;
    const answer = compareEnds(...ends, { outside });
    expect(told(answer)).toEqual([['id', 'dropped', 'refused', ['billing'], [], ['audit']]]);
    expect(answer.contracts[0]?.broken[0]).toMatchObject({
      outside: true,
      evidence: [{ file: 'karma.yaml', line: 3 }],
    });
    const verdicts = (answer: ReturnType<typeof compareEnds>) => answer.contracts.map(({ verdict }) => verdict);
    expect(verdicts(compareEnds(...ends, { outside, contracts: 'warn' }))).toEqual(['warned']);
    expect(verdicts(compareEnds(...ends, { outside, contracts: 'off' }))).toEqual(['listed']);
    expect(verdicts(compareEnds(...ends))).toEqual(['unread']);
  });

  it('tells a member that goes to those who read it or what holds it, and to nobody else', () => {
    const edges = [
      reference('member', 'vpc', ['/net/ids']),
      reference('holder', 'vpc', ['/net']),
      reference('beside', 'vpc', ['/net/cidr']),
    ];
    const of = (content: string) =>
      end({ vpc: { ...at(content, {}), row: { outputs: ['net'] } }, member: {}, holder: {}, beside: {} }, edges);
    const shapesOf = (side: 'before' | 'after') => {
      const members = new Map<string, OutputShape>([['cidr', { kind: 'string' }]]);
      if (side === 'before') members.set('ids', { kind: 'list', item: { kind: 'string' } });
      return new Map<string, OutputShape>([['net', { kind: 'object', members, open: false }]]);
    };
    const answer = compareEnds(of('1'), of('2'), { shapesOf });
    expect(told(answer)).toEqual([['net', 'member ids is gone', 'refused', ['holder', 'member'], [], []]]);
    expect(answer.contracts[0]?.pointer).toBe('/net/ids');
  });

  it('tells variables that a module newly requires, and inputs it takes no more', () => {
    const variable = (name: string, required: boolean) => ({ name, required, sensitive: false });
    const of = (content: string, digest: string, variables: ReturnType<typeof variable>[]) =>
      end({ vpc: { ...at(content, { inputs: { old: 1, given: 2 } }), row: { module: 'm' } } }, [
        type('m', { digest, variables }),
      ]);
    const { variables } = compareEnds(
      of('1', 'd1', [variable('old', false), variable('same', true)]),
      of('2', 'd2', [variable('same', true), variable('given', true), variable('missing', true)]),
    );
    expect(variables).toEqual({
      required: [
        { component: 'vpc', variable: 'given', given: true },
        { component: 'vpc', variable: 'missing', given: false },
      ],
      untaken: [{ component: 'vpc', input: 'old' }],
    });
  });

  it('tells findings that are new', () => {
    const answer = compareEnds(end({ a: {} }), end({ a: {} }, [finding('cycle', 'a', { severity: 'error' })]));
    expect(answer.findingsNew).toMatchObject([{ code: 'cycle' }]);
  });

  it('works from nothing to something and back', () => {
    const some = end({ a: {}, b: {} }, estateRows('c -> a /x'));
    expect(compareEnds(end({}), some)).toMatchObject({ added: ['a', 'b', 'c'], removed: [] });
    expect(compareEnds(some, end({}))).toMatchObject({ added: [], removed: ['a', 'b', 'c'], affected: [] });
  });
});

describe('diffEvaluated', () => {
  it('enters lists of one length and escapes keys', () => {
    expect(diffEvaluated({ 'a/b~': [1, { x: 1 }] }, { 'a/b~': [1, { x: 2 }] })).toEqual({
      changed: [{ pointer: '/a~1b~0/1/x', before: 1, after: 2 }],
      undecided: [],
    });
  });

  it('does not take a missing key for null, nor an object for a list', () => {
    expect(diffEvaluated({ a: null }, {}).changed).toEqual([{ pointer: '/a', before: null }]);
    expect(diffEvaluated({ a: [] }, { a: {} }).changed).toEqual([{ pointer: '/a', before: [], after: {} }]);
  });
});

describe('whereTheyDiffer', () => {
  const long = (middle: string) => `${'a'.repeat(50)}${middle}${'b'.repeat(50)}`;
  it.each([
    ['short', 'x', 'y', ['x', 'y']],
    ['a number', 1, long('x'), [1, long('x')]],
    ['a middle', long('one'), long('two'), ['…aaaaaaaaaaaaonebbbbbbbbbbbb…', '…aaaaaaaaaaaatwobbbbbbbbbbbb…']],
    ['something put in', long(''), long('new'), ['…aaaaaaaaaaaabbbbbbbbbbbb…', '…aaaaaaaaaaaanewbbbbbbbbbbbb…']],
  ])('%s', (_, was, is, shown) => {
    expect(whereTheyDiffer(was, is)).toEqual(shown);
  });
});
