import { describe, expect, it } from 'vitest';
import { canonicalJson, digestOf } from './digest.ts';
import { digitsOf, exactNumber, isLongNumber, parseExactJson, rounded } from './exact-number.ts';

describe('numbers with more digits than JavaScript keeps', () => {
  it.each([
    '0',
    '-0',
    '1',
    '0.1',
    '1.50',
    '1e3',
    '-2.5E-3',
    '9007199254740991',
    '9007199254740992',
    '1e21',
    '100000000000000000000',
    '0.30000000000000004',
  ])('%s is kept as a number', (text) => {
    expect(exactNumber(text)).toBe(Number(text));
  });
  it.each(['9007199254740993', '-12345678901234567890', '0.1000000000000000055', '1.23456789012345678901e-7', '1e400'])(
    '%s keeps its digits',
    (text) => {
      const held = exactNumber(text);
      expect(isLongNumber(held)).toBe(true);
      expect(digitsOf(String(held))).toBe(text);
      expect(canonicalJson({ a: [held] })).toBe(`{"a":[${text}]}`);
    },
  );
  it('are told apart by digest, and from texts', () => {
    const digest = (json: string) => digestOf(parseExactJson(json));
    expect(digest('{"a":9007199254740993}')).not.toBe(digest('{"a":9007199254740992}'));
    expect(digest('{"a":9007199254740993}')).not.toBe(digest('{"a":"9007199254740993"}'));
    expect(digest('[0.33333333333333333333]')).not.toBe(digest('[0.33333333333333334]'));
    expect(digest('[9007199254740993]')).toBe(digest('[ 9007199254740993 ]'));
    expect(digest('[12345678901234567, "9007199254740993"]')).toBe(digest('[12345678901234567,"9007199254740993"]'));
  });
  it('are rounded for who only asks whether they are numbers', () => {
    expect(rounded(parseExactJson('{"a":[9007199254740993,"x",null]}'))).toEqual({ a: [9007199254740992, 'x', null] });
  });
});
