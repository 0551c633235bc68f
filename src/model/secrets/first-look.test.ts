import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findSecretsInText } from './find.ts';
import { beginsAsText, firstLook } from './first-look.ts';

const printed = fc.string({ minLength: 14, maxLength: 60 });

describe('the first look', () => {
  it('passes by no base64 of a text, wherever it stands', () => {
    fc.assert(
      fc.property(printed, fc.constantFrom('', 'a: ', '["', 'x/y.'), fc.boolean(), (text, before, url) => {
        const run = Buffer.from(text).toString(url ? 'base64url' : 'base64');
        expect(beginsAsText(run)).toBe(true);
        expect(firstLook(`${before}${run}`).encoded).toBe(true);
      }),
    );
  });

  it('passes by paths and names', () => {
    for (const text of ['live/dev/eu-central-1/stack-0/vpc/terragrunt', 'aws_cloudwatch_log_group_of_everything'])
      expect(firstLook(text)).toEqual({ separated: false, encoded: false, spaced: false });
  });

  it('sees what stands between a name and its secret, blanks beyond ASCII too', () => {
    for (const text of ['a=b', 'a:b', 'a,b', 'a@b']) expect(firstLook(text).separated).toBe(true);
    for (const text of ['a b', 'a\tb', 'a\u00a0b', 'a\u2003b']) expect(firstLook(text).spaced).toBe(true);
  });

  it('is taken once of a text, with the same answer each time', () => {
    for (const text of ['nothing to hide here', '--password hunter22hunter'])
      expect(findSecretsInText(text)).toEqual(findSecretsInText(text));
  });
});
