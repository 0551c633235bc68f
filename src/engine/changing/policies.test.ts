import { describe, expect, it } from 'vitest';
import { emptyPolicyInput, type PolicyInput } from '../../change/policy.ts';
import { readKarmaFile } from '../../config/karma-file.ts';
import { blockersOfPolicies, brokenPolicies, judgePolicies, tryExamples } from './policies.ts';

const written = (policies: string) => {
  const file = readKarmaFile('karma.yaml', `estate: acme\npolicies:\n${policies}`);
  if (file === undefined) throw new Error('no karma.yaml');
  return file;
};

const noFriday = `  - name: no-friday
    when: time.weekday == 'friday' && environments.exists(e, e == 'prod')
    then: hold
    reason: nobody is there on Saturday
    examples:
      - name: a friday in prod
        input: { environments: [prod], time: { weekday: friday } }
        holds: true
      - name: a friday in dev
        input: { environments: [dev], time: { weekday: friday } }
        holds: false
`;

const input = (over: Partial<PolicyInput>): PolicyInput => ({ ...emptyPolicyInput, ...over });
const friday = { ...emptyPolicyInput.time, weekday: 'friday' };

describe('a policy over changes', () => {
  it.each<[string, Partial<PolicyInput>, readonly string[]]>([
    ['holds', { environments: ['prod'], time: friday }, ['hold holds']],
    ['does not hold elsewhere', { environments: ['dev'], time: friday }, []],
    ['does not hold on another day', { environments: ['prod'] }, []],
  ])('%s', (_, over, expected) => {
    const verdicts = judgePolicies(written(noFriday).changePolicies, input(over));
    expect(verdicts.map(({ outcome, is }) => `${outcome} ${is}`)).toEqual(expected);
    expect(blockersOfPolicies(verdicts).map(({ code }) => code)).toEqual(expected.map(() => 'policy-hold'));
  });

  it('that nobody can evaluate counts as one that holds', () => {
    const file = written(`  - { name: plans, when: "change.plans > 3" }\n  - { name: odd, when: "nonsense(" }\n`);
    const verdicts = judgePolicies(file.changePolicies, emptyPolicyInput);
    expect(verdicts.map(({ policy, outcome, is }) => [policy, outcome, is])).toEqual([
      ['plans', 'refuse', 'unknown'],
      ['odd', 'refuse', 'unknown'],
    ]);
    expect(blockersOfPolicies(verdicts)).toHaveLength(2);
    expect(brokenPolicies(file)).toEqual([expect.stringMatching(/^karma\.yaml:4: policy odd: it is no CEL/)]);
  });

  it.each(['ask', 'warn'])('that says %s blocks nothing', (word) => {
    const file = written(`  - { name: p, when: "true", then: ${word} }\n`);
    expect(blockersOfPolicies(judgePolicies(file.changePolicies, emptyPolicyInput))).toEqual([]);
  });

  it('is tried by the examples beside it', () => {
    const [policy] = written(noFriday.replace('holds: false', 'holds: true')).changePolicies;
    expect(policy && tryExamples(policy)).toMatchObject([
      { example: 'a friday in prod', passed: true },
      { example: 'a friday in dev', passed: false, found: 'does not hold' },
    ]);
  });

  it('is none over the graph, and the other way round', () => {
    const file = written(`${noFriday}  - { name: graph, from: env=dev, to: env=prod }\n`);
    expect(file.settings.policies?.map(({ name }) => name)).toEqual(['graph']);
    expect(file.changePolicies.map(({ name }) => name)).toEqual(['no-friday']);
  });
});
