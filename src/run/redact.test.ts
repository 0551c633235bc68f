import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leavesOf, makeRedactor, markedLeaves } from './redact.ts';

describe('redaction', () => {
  it.each([
    ['as it is', 'the key is p4ss"word!', 'the key is (sensitive)'],
    ['inside JSON', JSON.stringify({ key: 'p4ss"word!' }), '{"key":"(sensitive)"}'],
    ['in a URL', 'https://u:p4ss%22word!@host', 'https://u:(sensitive)@host'],
    ['as base64', `Basic ${Buffer.from('p4ss"word!').toString('base64')}`, 'Basic (sensitive)'],
  ])('hides a secret %s', (_name, text, expected) => {
    expect(makeRedactor(['p4ss"word!'])(text)).toBe(expected);
  });

  it('hides a longer secret before one that is part of it', () => {
    expect(makeRedactor(['abcd', 'abcdefgh'])('abcdefgh abcd')).toBe('(sensitive) (sensitive)');
  });

  it('hides each line of a secret of many lines', () => {
    const key = '-----BEGIN KEY-----\nMIIEvQIBADANBg\nkqhkiG9w0BAQEF\n-----END KEY-----';
    expect(makeRedactor([key])('> MIIEvQIBADANBg')).toBe('> (sensitive)');
  });

  it('leaves short words alone: they stand everywhere', () => {
    expect(makeRedactor(['on', 'dev'])('on dev')).toBe('on dev');
  });

  it('learns secrets later', () => {
    const redact = makeRedactor();
    redact.add(['later-secret']);
    expect(redact('later-secret')).toBe('(sensitive)');
  });

  it('takes only what the marks say out of a value', () => {
    const value = { a: 'open', b: { c: 'hidden', d: ['x', 'also hidden'] }, e: 12345 };
    expect(markedLeaves(value, { b: { c: true, d: [false, true] } })).toEqual(['hidden', 'also hidden']);
    expect(markedLeaves(value, true).sort()).toEqual(leavesOf(value).sort());
    expect(markedLeaves(value, false)).toEqual([]);
  });

  it('leaves no trace of any secret in any text', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 6 }), fc.string(), fc.string(), (secret, before, after) => {
        const text = makeRedactor([secret])(`${before}${secret}${after}`);
        expect(text.replaceAll('(sensitive)', '')).not.toContain(secret);
      }),
    );
  });
});
