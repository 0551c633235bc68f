import { expect, test } from 'vitest';
import { isUnknown } from '../value.ts';
import { callFunction } from './registry.ts';

const unit = '/estate/infra/live/prod/vpc';

test.each<[string, readonly (string | number)[]]>([
  ['split', ['/', unit]],
  ['substr', [unit, 1, 6]],
  ['regex', ['^/([^/]+)', unit]],
  ['replace', [unit, '/', '-']],
  ['length', [unit]],
  ['sha1', [unit]],
  ['upper', [unit]],
  ['split', ['/', '/estate/_/live']],
])('what only holds where an estate lies now is unknown: %s(%j)', (name, args) => {
  expect(isUnknown(callFunction(name, args))).toBe(true);
});

test.each<[string, readonly string[], unknown]>([
  ['regex', ['live/([^/]+)', unit], ['prod']],
  ['replace', [unit, '/estate/infra', ''], '/live/prod/vpc'],
  ['trimprefix', [unit, '/estate/infra/'], 'live/prod/vpc'],
  ['trimsuffix', [unit, '/vpc'], '/estate/infra/live/prod'],
  ['endswith', [unit, 'vpc'], true],
  ['split', ['/', 'estate/live'], ['estate', 'live']],
  ['split', ['/', '/estates/live'], ['', 'estates', 'live']],
])('what holds anywhere is known: %s(%j)', (name, args, expected) => {
  expect(callFunction(name, args)).toEqual(expected);
});
