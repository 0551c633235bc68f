import { expect, it } from 'vitest';
import { commandOf } from './shell-word.ts';

it.each([
  [['list', 'env=dev'], 'karma list env=dev'],
  [['impact', 'prod/vpc/main#/id'], 'karma impact prod/vpc/main#/id'],
  [['list', 'env=dev and not type=vpc'], "karma list 'env=dev and not type=vpc'"],
  [['show', "it's; rm -rf ~"], "karma show 'it'\\''s; rm -rf ~'"],
  [['show', '$(reboot)'], "karma show '$(reboot)'"],
  [['list', undefined], 'karma list'],
])('%j is typed %s', (words, command) => {
  expect(commandOf(...words)).toBe(command);
});
