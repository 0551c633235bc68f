import { expect, test } from 'vitest';
import { isNetworkAddress, plainAddress, repositoryName, sameRepository } from './remote-address.ts';

test.each<[address: string, plain: string]>([
  ['git@github.com:usekarma/aws-iac.git', 'github.com/usekarma/aws-iac'],
  ['https://user:secret@GitHub.com/usekarma/aws-iac.git', 'github.com/usekarma/aws-iac'],
  ['ssh://git@github.com:22/usekarma/aws-iac', 'github.com/usekarma/aws-iac'],
  ['git::https://github.com/usekarma/aws-iac.git//modules/vpc?ref=v1.2', 'github.com/usekarma/aws-iac'],
  ['git::ssh://git@github.com/usekarma/aws-iac.git', 'github.com/usekarma/aws-iac'],
  ['github.com/usekarma/aws-iac//modules/vpc', 'github.com/usekarma/aws-iac'],
  ['usekarma/aws-iac', 'usekarma/aws-iac'],
  ['aws-iac/', 'aws-iac'],
])('%s is %s', (address, plain) => {
  expect(plainAddress(address)).toBe(plain);
});

test.each<[a: string, b: string, same: boolean]>([
  ['usekarma/aws-iac', 'git@github.com:usekarma/aws-iac.git', true],
  ['aws-iac', 'https://github.com/usekarma/aws-iac', true],
  ['iac', 'https://github.com/usekarma/aws-iac', false],
  ['https://gitlab.com/usekarma/aws-iac', 'https://github.com/usekarma/aws-iac', false],
  ['', 'https://github.com/usekarma/aws-iac', false],
])('%s and %s: %s', (a, b, same) => {
  expect(sameRepository(a, b)).toBe(same);
  expect(sameRepository(b, a)).toBe(same);
});

test.each<[address: string, network: boolean]>([
  ['git@github.com:o/r.git', true],
  ['https://github.com/o/r', true],
  ['/srv/git/r.git', false],
  ['file:///srv/git/r.git', false],
  ['../r', false],
])('%s leads over the network: %s', (address, network) => {
  expect(isNetworkAddress(address)).toBe(network);
});

test('a repository is called by the last step', () => {
  expect(repositoryName('git@github.com:usekarma/aws-iac.git')).toBe('aws-iac');
});
