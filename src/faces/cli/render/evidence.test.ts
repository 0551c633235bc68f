import { describe, expect, it } from 'vitest';
import { pointers, shownExpression } from './evidence.ts';

describe('an expression as it is shown', () => {
  it.each([
    ['"../common", "../eks"]', '"../common"'],
    ['"../eks"]', '"../eks"'],
    ['kms_arn                   = dependency.common.outputs.kms_arn', 'kms_arn = dependency.common.outputs.kms_arn'],
    ['paths = ["../a", "../b"]', 'paths = ["../a", "../b"]'],
    ['merge(local.a, { b = 1 })', 'merge(local.a, { b = 1 })'],
    ['name = "two  spaces, and ] inside", next', 'name = "two  spaces, and ] inside"'],
    ['"begun and not ended', '"begun and not ended'],
    ['inputs = {', 'inputs = {'],
  ])('%s', (text, shown) => {
    expect(shownExpression(text)).toBe(shown);
  });
});

describe('outputs in a row of a table', () => {
  it('names the first ones and counts the rest', () => {
    expect(pointers(['/a', '*', '/c', '/d', '/e'], 3)).toBe('/a, all of it, /c and 2 more');
    expect(pointers(['/a', '/b'], 3)).toBe('/a, /b');
    expect(pointers([], 3)).toBe('order only');
  });
});
