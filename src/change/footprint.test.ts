import { describe, expect, it } from 'vitest';
import { contentsMark, contentsPlace } from '../model/contents.ts';
import { type Footprint, relationOf } from './footprint.ts';

interface Given {
  readonly writes?: Partial<Footprint['writes']>;
  readonly reads?: Partial<Footprint['reads']>;
  readonly readers?: readonly string[];
  readonly whole?: string;
  readonly proved?: boolean;
}

const footprint = ({ writes, reads, readers = [], whole, proved = true }: Given): Footprint => ({
  writes: { components: [], files: [], listed: [], keys: [], names: [], ...writes },
  reads: { components: [], files: [], folders: [], keys: [], ...reads },
  readers,
  ...(whole === undefined ? {} : { whole }),
  proved,
});

const vpc: Given = { writes: { components: ['vpc'], files: ['vpc.json'] }, reads: { components: ['vpc', 'eks'] } };
const dns: Given = { writes: { components: ['dns'], files: ['dns.json'] }, reads: { components: ['dns', 'site'] } };

describe('two changes', () => {
  it('commute where neither writes what the other writes or reads', () => {
    expect(relationOf(footprint(vpc), footprint(dns), undefined)).toEqual({ is: 'commutes', over: [], more: 0 });
  });

  it.each<[string, Given, Given, string]>([
    ['both write a component', vpc, { ...dns, writes: { components: ['vpc'] } }, 'vpc'],
    ['one writes what the other affects', vpc, { ...dns, writes: { components: ['eks'] } }, 'eks'],
    ['both write a file', vpc, { ...dns, writes: { components: ['dns'], files: ['vpc.json'] } }, 'the file vpc.json'],
    ['one reads a file that the other writes', vpc, { ...dns, reads: { files: ['vpc.json'] } }, 'the file vpc.json'],
    ['one affects who reads a file that the other writes', { ...vpc, readers: ['site'] }, dns, 'site'],
    [
      'one lists a folder in which the other makes a file',
      { writes: { files: ['live/a/new.hcl'], listed: ['live/a/new.hcl'] } },
      { reads: { folders: ['live'] } },
      'the file live/a/new.hcl',
    ],
    [
      'one reads all below a folder in which the other writes',
      { writes: { files: ['code/a.py'] } },
      { reads: { files: [contentsPlace({ folder: 'code', pattern: '*', all: true }), contentsMark('code')] } },
      'the file code/a.py',
    ],
    [
      'one provides what the other looks for, and neither knows of it',
      { writes: { keys: ['param:/iac/db/runtime'] } },
      { reads: { keys: ['param:/iac/db/runtime'] } },
      'param:/iac/db/runtime',
    ],
    [
      'both provide one name',
      { writes: { names: ['state:s3://b/k'] } },
      { writes: { names: ['state:s3://b/k'] } },
      'state:s3://b/k',
    ],
    ['one says how everything is read', { ...vpc, whole: 'karma.yaml' }, dns, 'karma.yaml'],
    ['one is not proved', { ...vpc, proved: false }, dns, 'what could not be read may tie them together'],
  ])('wait where %s', (_, one, other, over) => {
    for (const [a, b] of [
      [one, other],
      [other, one],
    ] as const) {
      const { is, over: told } = relationOf(footprint(a), footprint(b), undefined);
      expect(is).toBe('waits');
      expect(told).toContain(over);
    }
  });

  it('clash where Git cannot put their files together', () => {
    const { is, over } = relationOf(footprint(vpc), footprint(vpc), { conflicts: ['vpc.json'] });
    expect({ is, over }).toEqual({ is: 'clashes', over: ['the file vpc.json'] });
  });

  it('wait where Git was not asked', () => {
    expect(relationOf(footprint(vpc), footprint(dns), { untold: 'a merge driver' }).is).toBe('waits');
  });
});
