import { describe, expect, it } from 'vitest';
import type { Finding, FindingRule } from '../model/finding.ts';
import { decidedBy, withSeverities } from './finding-rules.ts';

const finding = (code: string, subject: string, file?: string): Finding => ({
  code,
  severity: 'error',
  subject,
  key: '',
  message: '',
  evidence: file === undefined ? [] : [{ rule: code, site: 'x', file }],
});
const findings = [
  finding('cycle', 'live/a'),
  finding('hcl-unreadable', 'live/b', 'root.hcl'),
  finding('hcl-duplicate', 'type modules/net', 'modules/net/main.tf'),
];
const rule = (more: Partial<FindingRule>): FindingRule => ({ severity: 'info', reason: 'so', ...more });

describe('how bad findings are in one estate', () => {
  it.each<[string, FindingRule, readonly string[]]>([
    ['by code', rule({ code: 'cycle' }), ['cycle']],
    ['by whom they are told of', rule({ path: 'live/**' }), ['cycle', 'hcl-unreadable']],
    ['by the folder of a module', rule({ path: 'modules/*' }), ['hcl-duplicate']],
    ['by a file that shows them', rule({ path: 'root.hcl' }), ['hcl-unreadable']],
    ['by both', rule({ path: 'live/**', code: 'hcl-unreadable' }), ['hcl-unreadable']],
    ['any', rule({}), ['cycle', 'hcl-unreadable', 'hcl-duplicate']],
    ['none', rule({ path: 'stage/**' }), []],
  ])('%s', (_, one, codes) => {
    const lowered = withSeverities(findings, [one]).filter(({ severity }) => severity === 'info');
    expect(lowered.map(({ code }) => code)).toEqual(codes);
    expect(decidedBy(findings, [one])).toEqual([codes.length]);
  });

  it('is said by the first rule that fits', () => {
    const rules = [rule({ code: 'cycle', severity: 'warning' }), rule({})];
    expect(withSeverities(findings, rules).map(({ severity }) => severity)).toEqual(['warning', 'info', 'info']);
    expect(decidedBy(findings, rules)).toEqual([1, 2]);
  });
});
