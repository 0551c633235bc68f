import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { noState } from '../model/record.ts';
import { leftByRun, leftInFile } from './plan-state.ts';

const folder = mkdtempSync(join(tmpdir(), 'karma-left-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const mark = (serial: number, lineage = 'l') => ({ serial, lineage });

describe('the state that a run left', () => {
  it.each([
    ['a plan that changes nothing, of the state that stands', mark(3), mark(3), false, mark(3)],
    ['one after which somebody else wrote', mark(3), mark(4), false, undefined],
    ['one of another state', mark(3), mark(3, 'm'), false, undefined],
    ['a first apply', noState, mark(1), true, mark(1)],
    ['an apply', mark(3), mark(4), true, mark(4)],
    ['an apply after which somebody else wrote, or that wrote several times', mark(3), mark(5), true, undefined],
    ['one of which the plan does not tell', undefined, mark(5), true, undefined],
    ['one after which nobody can look', mark(3), undefined, true, undefined],
  ])('%s', (_what, planned, found, applied, left) => expect(leftByRun(planned, found, applied)).toEqual(left));
});

describe('the state that a run left in a file', () => {
  const put = (name: string, serial: number | undefined) =>
    serial === undefined
      ? rmSync(join(folder, name), { force: true })
      : writeFileSync(join(folder, name), `{"version":4,"serial":${serial},"lineage":"l"}`);

  it.each([
    ['a first apply, however often it wrote', noState, 4, undefined, mark(4)],
    ['an apply', mark(3), 7, 3, mark(7)],
    ['an apply after which somebody else wrote', mark(3), 9, 7, undefined],
    ['a first one after which somebody else wrote', noState, 5, 4, undefined],
    ['one that wrote nothing', mark(7), 7, 3, mark(7)],
    ['one of which the plan does not tell', undefined, 7, 3, undefined],
  ])('%s', (_what, planned, now, before, left) => {
    put('s', now);
    put('s.backup', before);
    expect(leftInFile(planned, join(folder, 's'))).toEqual(left);
  });

  it('behind a link, as in a checkout: the backup may lie beside the file', () => {
    put('s', 7);
    put('s.backup', 3);
    symlinkSync(join(folder, 's'), join(folder, 'link'));
    expect(leftInFile(mark(3), join(folder, 'link'))).toEqual(mark(7));
    put('s.backup', 6);
    expect(leftInFile(mark(3), join(folder, 'link'))).toBeUndefined();
  });

  it('or beside the link, where nobody wrote at the file behind it', () => {
    put('t', 7);
    symlinkSync(join(folder, 't'), join(folder, 'other'));
    put('other.backup', 3);
    expect(leftInFile(mark(3), join(folder, 'other'))).toEqual(mark(7));
    put('t.backup', 1);
    expect(leftInFile(mark(3), join(folder, 'other'))).toEqual(mark(7));
    put('t.backup', 6);
    expect(leftInFile(mark(3), join(folder, 'other'))).toBeUndefined();
  });
});
