import { describe, expect, it } from 'vitest';
import { makeRedactor } from './redact.ts';
import { valueChanges } from './value-changes.ts';

const nothing = makeRedactor();
const lines = (change: Readonly<Record<string, unknown>>, hide = nothing) =>
  valueChanges(change, hide).map(({ path, before, after }) => `${path}: ${before} → ${after}`);

describe('what a change does to each value', () => {
  it('leaf by leaf, what stays left out', () => {
    const before = { name: 'a', size: 1, tags: { env: 'dev', owner: 'ted' }, ports: [80, 443] };
    const after = { name: 'a', size: 2, tags: { env: 'prod', owner: 'ted' }, ports: [80] };
    expect(lines({ before, after, after_unknown: {} })).toEqual([
      'ports.1: 443 → null',
      'size: 1 → 2',
      'tags.env: "dev" → "prod"',
    ]);
  });

  it('what only the apply will tell, as such, also where nothing stood', () => {
    expect(lines({ before: null, after: { name: 'a' }, after_unknown: { id: true } })).toEqual([
      'id: null → (known after apply)',
      'name: null → "a"',
    ]);
  });

  it.each([
    [
      'marked',
      { before: { v: 'one' }, after: { v: 'two' }, before_sensitive: { v: true }, after_sensitive: { v: true } },
    ],
    [
      'marked in a part of what will be unknown',
      { before: { v: { p: 'one' } }, after: {}, after_unknown: { v: true }, before_sensitive: { v: { p: true } } },
    ],
    ['named like a secret', { before: { password: 'one' }, after: { password: 'two' } }],
  ])('sensitive ones without their value: %s', (_what, change) => {
    expect(JSON.stringify(lines(change))).not.toMatch(/one|two/);
  });

  it('nor a secret that Terraform handed on without its mark', () => {
    const change = { before: { out: { more: 'hunter2-"x"' } }, after: {}, after_unknown: { out: true } };
    expect(lines(change, makeRedactor(['hunter2-"x"'])).join()).not.toContain('hunter2');
  });
});
