import { expect, it } from 'vitest';
import type { EstateSettings } from '../../../model/estate.ts';
import { viewOf } from '../../terraform/memory-view.fixture.ts';
import { discoverRoots } from './discover.ts';

const files = {
  'net/main.tf': 'terraform {\n  backend "s3" {}\n}\n',
  'tools/image/main.tf': 'output "a" { value = 1 }\n',
  'net/envs/prod.tfvars': 'a = 1\n',
};

function told(settings: EstateSettings): readonly string[] {
  const main = viewOf(files);
  const estate = { main, repos: new Map([['', main]]), environment: {}, parameters: new Map(), settings };
  return discoverRoots(estate).findings.map(({ code, key, message }) => `${code} ${key}: ${message}`);
}

it.each<[string, EstateSettings, readonly string[]]>([
  ['roots that are there', { roots: ['tools/image', './net/'] }, []],
  [
    'one that is not',
    { roots: ['tools/imag'] },
    [
      'entry-unmatched terraform/roots|tools/imag: karma.yaml names the root module tools/imag, and there is no module; did you mean tools/image?',
    ],
  ],
  [
    'files of variables, from the root and from a module',
    { varFiles: ['envs/{environment}.tfvars', '**/*.tfvars'] },
    [],
  ],
  [
    'files that nothing fits',
    { varFiles: ['env/{environment}.tfvars'] },
    [
      'entry-unmatched terraform/varFiles|env/{environment}.tfvars: karma.yaml names files of variables env/{environment}.tfvars, which no file fits',
    ],
  ],
])('what karma.yaml says of root modules: %s', (_what, settings, expected) => {
  expect(told(settings)).toEqual(expected);
});
