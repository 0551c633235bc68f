import { describe, expect, it } from 'vitest';
import type { ListedComponent } from '../../api/answers.ts';
import { arrange } from './arrange.ts';

const one = (id: string, kind: string, usedBy: number): ListedComponent => ({
  id,
  kind,
  environment: id.split('/')[0] ?? '',
  external: false,
  dependsOn: 0,
  usedBy,
  findings: 0,
  columns: {},
});
const components = [one('dev/a', 'vpc', 1), one('dev/b', 'zone', 9), one('prod/c', 'vpc', 9)];
const statuses = new Map([
  ['dev/a', 'deployed'],
  ['dev/b', 'failed'],
] as const);

const shown = (options: Partial<Parameters<typeof arrange>[1]>) =>
  arrange(components, { statuses, sort: 'id', ...options }).map((row) =>
    'heading' in row ? `# ${row.heading} ${row.count}` : row.id,
  );

describe('the table of components', () => {
  it.each([
    [{}, ['dev/a', 'dev/b', 'prod/c']],
    [{ sort: '-id' }, ['prod/c', 'dev/b', 'dev/a']],
    [{ sort: '-usedBy' }, ['dev/b', 'prod/c', 'dev/a']],
    [{ sort: 'status' }, ['dev/b', 'dev/a', 'prod/c']],
    [{ status: 'failed' }, ['dev/b']],
    [{ status: 'stale' }, []],
    [{ group: 'kind' }, ['# vpc 2', 'dev/a', 'prod/c', '# zone 1', 'dev/b']],
    [{ group: 'environment', sort: '-usedBy' }, ['# dev 2', 'dev/b', 'dev/a', '# prod 1', 'prod/c']],
  ])('%j', (options, rows) => {
    expect(shown(options)).toEqual(rows);
  });
});
