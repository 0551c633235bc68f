import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../model/finding.ts';
import { countBySeverity, findingCauses } from './findings-by-cause.ts';

const finding = (
  code: string,
  subject: string,
  message: string,
  place?: string,
  more: Partial<Finding> = {},
): Finding => {
  const [file = '', line = '1'] = place?.split(':') ?? [];
  const evidence = place === undefined ? [] : [{ rule: code, site: 'x', file, line: Number(line) }];
  return { code, severity: 'warning', subject, key: message, message, evidence, ...more };
};
const told = (findings: readonly Finding[]) =>
  findingCauses(findings).map(({ code, subjects, findings: count }) => [code, subjects.join(' '), count]);

describe('findings by cause', () => {
  it('one place that many read is one cause', () => {
    expect(
      told(['c', 'a', 'b'].map((id) => finding('hcl-unreadable', id, 'a brace is missing', 'root.hcl:1'))),
    ).toEqual([['hcl-unreadable', 'a b c', 3]]);
  });

  it('what many need and is missing is one cause, wherever they say so', () => {
    const needs = (id: string) => finding('module-not-read', id, 'the module m lies elsewhere', `${id}/x.hcl:3`);
    expect(told([needs('a'), needs('b'), finding('module-not-read', 'c', 'the module n lies elsewhere')])).toEqual([
      ['module-not-read', 'a b', 2],
      ['module-not-read', 'c', 1],
    ]);
  });

  it('the same words at two places are two causes', () => {
    const undeclared = (id: string) =>
      finding('hcl-undeclared-reference', `type ${id}`, 'var.x is not declared', `${id}/main.tf:4`);
    expect(told([undeclared('a'), undeclared('b')])).toHaveLength(2);
  });

  it('a file that each names by a value of its own is one cause, with how many there are', () => {
    const outside = (id: string) =>
      finding('file-outside', id, `/srv/${id} is read and is not in the repository`, 'modules/m/main.tf:6');
    const all = [outside('a'), outside('b'), outside('c')];
    expect(told(all)).toEqual([['file-outside', 'a b c', 3]]);
    expect(findingCauses(all)[0]?.message).toBe(
      '/srv/a is read and is not in the repository (and 2 more of them here)',
    );
    expect(told([outside('a'), finding('file-outside', 'a', 'x', 'modules/m/main.tf:7')])).toHaveLength(2);
  });

  it('without a place each is its own', () => {
    expect(told([finding('schema-violation', 'a', 'x'), finding('schema-violation', 'b', 'x')])).toHaveLength(2);
  });

  it('come worst first, and lose and invent no finding, in whatever order they are given', () => {
    const some = fc.record({
      code: fc.constantFrom('hcl-unreadable', 'module-not-read', 'cycle'),
      severity: fc.constantFrom('error' as const, 'warning' as const, 'info' as const),
      subject: fc.constantFrom('a', 'b', 'c'),
      message: fc.constantFrom('x', 'y'),
      place: fc.constantFrom(undefined, 'f:1', 'g:2'),
    });
    fc.assert(
      fc.property(fc.array(some, { maxLength: 12 }), (given) => {
        const all = given.map(({ code, subject, message, place, severity }) =>
          finding(code, subject, message, place, { severity }),
        );
        const causes = findingCauses(all);
        expect(causes.reduce((sum, one) => sum + one.findings, 0)).toBe(all.length);
        expect(new Set(causes.map(({ severity }) => severity))).toEqual(new Set(all.map(({ severity }) => severity)));
        const ranks = causes.map(({ severity }) => ['error', 'warning', 'info'].indexOf(severity));
        expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
        const names = (list: typeof causes) =>
          list.map(({ code, message, subjects, findings }) => [code, message, subjects, findings]);
        expect(names(findingCauses([...all].reverse()))).toEqual(names(causes));
        const counts = countBySeverity(causes);
        expect(counts.error + counts.warning + counts.info).toBe(causes.length);
      }),
    );
  });
});
