import { expect, it } from 'vitest';
import { handedText, redactorOf } from './job-files.ts';
import type { RunJob } from './port.ts';

it('hides credentials of a backend, also inside of an object', () => {
  const redact = redactorOf({
    environment: {},
    backendConfig: {
      bucket: 'shop-terraform-state',
      secret_key: 'planted-key-1',
      assume_role_with_web_identity: '{"role_arn":"arn:aws:iam::1:role/state","web_identity_token":"planted-token-2"}',
      endpoints: '{"s3":"http://127.0.0.1:5000"}',
    },
  } as unknown as RunJob);
  expect(redact('bucket=shop-terraform-state planted-key-1 {"web_identity_token":"planted-token-2"}')).not.toMatch(
    /planted/,
  );
  expect(redact('bucket=shop-terraform-state role/state http://127.0.0.1:5000')).toBe(
    'bucket=shop-terraform-state role/state http://127.0.0.1:5000',
  );
});

it('hands variables over in Terraform’s own syntax, so that what is text stays text', () => {
  const variables = { name: 'a${b} %{c} "d" \\ \b\f\n', nested: { 'k-e.y': [1, -2.5, true, null] }, none: undefined };
  expect(handedText({ variables })).toBe(
    [
      'name = "a$${b} %%{c} \\"d\\" \\\\ \\u0008\\u000c\\n"',
      'nested = {"k-e.y":[1,-2.5,true,null]}',
      'none = null',
      '',
    ].join('\n'),
  );
  expect(handedText({})).toBeUndefined();
});
