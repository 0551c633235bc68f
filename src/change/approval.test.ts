import { describe, expect, it } from 'vitest';
import { type ApprovalRule, barredFrom, type GivenApproval, mayAgree, standingOf } from './approval.ts';

const rule = (over: Partial<ApprovalRule> = {}): ApprovalRule => ({
  ...{ name: 'approvals[0]', count: 1, proposer: false, applies: true },
  ...over,
});

const given = (by: string, holds = true): GivenApproval => ({
  ...{ by, holds, at: '2026-11-30T10:00:00Z', revision: 1, head: 'h', simulation: 's', consequence: 'c' },
});

const standing = (over: Partial<ApprovalRule>, ...approvals: readonly GivenApproval[]) =>
  standingOf([{ rule: rule(over), because: 'prod/vpc/main' }], approvals, ['ted', 'oidc/tia']);

describe('who must agree', () => {
  it.each<[string, Partial<ApprovalRule>, readonly GivenApproval[], boolean]>([
    ['somebody', {}, [given('ada')], true],
    ['nobody did', {}, [], false],
    ['who proposed it does not count', {}, [given('ted')], false],
    ['nor behind a token of theirs', {}, [given('api/ted')], false],
    ['nor does who gave it another content', { count: 2 }, [given('ada'), given('tia')], false],
    ['but where the rule says so', { proposer: true }, [given('ted')], true],
    ['two people', { count: 2 }, [given('ada'), given('ben')], true],
    ['one through two doors is one', { count: 2 }, [given('ada'), given('api/ada')], false],
    ['of a group', { group: 'network', members: ['ada'] }, [given('ben')], false],
    ['of a group, as it names them', { group: 'network', members: ['ada'] }, [given('api/ada')], false],
    ['what does not hold', {}, [given('ada', false)], false],
  ])('%s', (_, over, approvals, met) => {
    expect(standing(over, ...approvals).met).toBe(met);
  });

  it('is nobody where no rule asks', () => {
    expect(standingOf([], [], ['ted'])).toEqual({ asked: [], given: [], met: true });
  });

  it('keeps who agreed from applying where a rule says so', () => {
    expect(barredFrom(standing({ applies: false }, given('ada')), 'api/ada')).toHaveLength(1);
    expect(barredFrom(standing({ applies: false }, given('ada')), 'ben')).toEqual([]);
    expect(barredFrom(standing({}, given('ada')), 'ada')).toEqual([]);
  });

  it('says whether somebody would count', () => {
    expect(mayAgree(rule(), 'ted', ['ted'])).toBe(false);
    expect(mayAgree(rule({ members: ['ada'] }), 'ada', ['ted'])).toBe(true);
  });
});
