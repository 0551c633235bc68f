import { describe, expect, it } from 'vitest';
import { component, estate, finding } from '../../graph/testing/small-estate.ts';
import { findingKinds } from '../../model/finding-codes.ts';
import { shownCauses } from './shown-findings.ts';

const graph = (...rows: Parameters<typeof estate>[1] & {}) =>
  estate('', [
    component('dev/vpc/main', { layout: 'adage', module: 'components/vpc' }),
    component('live/vpc', { layout: 'terragrunt', module: 'modules/vpc' }),
    component('net', { layout: 'terraform', module: 'net' }),
    ...rows,
  ]);
const hintOf = (...row: Parameters<typeof finding>) => {
  const made = graph(finding(...row));
  return shownCauses(made, made.findings())[0]?.hint;
};

describe('the next step of a finding', () => {
  it.each([
    ['dev/vpc/main', /component\.yaml/],
    ['type components/vpc', /component\.yaml/],
    ['live/vpc', /karma\.yaml/],
    ['net', /karma\.yaml/],
    ['type modules/vpc', /karma\.yaml/],
  ])('of a program that %s runs is in the words of its layout', (subject, words) => {
    expect(hintOf('program-unread', subject)).toMatch(words);
  });

  it('names no file of one layout where it holds for all', () => {
    const files = /component\.yaml|account_environments|config\.json|terragrunt\.hcl|get_env|terraform fmt/;
    const ofOneLayout = new Set<string>(['terragrunt-too-old', 'binding-invalid']);
    const wrong = Object.entries(findingKinds).filter(([code, { mend }]) => !ofOneLayout.has(code) && files.test(mend));
    expect(wrong).toEqual([]);
  });

  it('is its own where it has one, and the nearest name for what dangles', () => {
    expect(hintOf('cycle', 'net', { hint: 'cut it' })).toBe('cut it');
    expect(hintOf('dangling-reference', 'net', { key: 'unit:live/vcp' })).toBe('did you mean live/vpc?');
    expect(hintOf('dangling-reference', 'net', { key: 'unit:live/queue' })).toMatch(/^Correct the name/);
  });

  it('is nothing for a code that nobody knows', () => {
    expect(hintOf('own-code', 'net')).toBeUndefined();
  });
});
