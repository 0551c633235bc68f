import { expect, test } from 'vitest';
import { readBinding } from './binding.ts';

test('an older file: no environment, booleans as strings', () => {
  const text =
    '{"name": "prod", "iac_repo": "https://example.com/iac.git", "iac_branch": "main", "iac_strict": "true", "allow_drift": "false"}';
  const { binding, findings } = readBinding('account_environments/prod.json', text);
  expect(binding).toMatchObject({
    name: 'prod',
    environment: 'prod',
    iacBranch: 'main',
    iacStrict: true,
    allowDrift: false,
  });
  expect(findings).toEqual([]);
});

test('a file without a name goes by its file name', () => {
  expect(readBinding('account_environments/acme.json', '{"environment": "prod"}').binding).toMatchObject({
    name: 'acme',
    environment: 'prod',
  });
});

test.each([
  ['no environment and no name', '{}', ['binding-invalid'], false],
  ['not JSON', '{', ['json-unreadable'], false],
  ['a list', '[]', ['binding-invalid'], false],
  ['a flag that is no boolean', '{"name": "a", "allow_drift": "perhaps"}', ['binding-invalid'], true],
  ['a name that is no string', '{"name": 7, "environment": "dev"}', ['binding-invalid'], true],
])('%s', (_what, text, codes, usable) => {
  const { binding, findings } = readBinding('account_environments/x.json', text);
  expect(findings.map((one) => one.code)).toEqual(codes);
  expect(binding !== undefined).toBe(usable);
});
