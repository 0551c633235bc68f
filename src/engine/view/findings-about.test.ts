import { expect, it } from 'vitest';
import { component, estate, finding } from '../../graph/testing/small-estate.ts';
import { findingsAbout } from './findings-about.ts';
import type { LoadedView } from './view.ts';

const graph = estate('', [
  component('net', { layout: 'terraform', module: 'net', type: 'net', environment: '' }),
  component('app', { layout: 'terraform', module: 'app', type: 'app', environment: '' }),
  component('web', { layout: 'terraform', module: 'app', type: 'app', environment: '' }),
  component('dev/vpc/main', { module: 'components/vpc' }),
  finding('own', 'net'),
  finding('of-its-module', 'type net'),
  finding('of-a-module-of-two', 'type app'),
  finding('of-its-type', 'type vpc'),
  finding('of-its-environment', 'environment dev'),
  finding('of-a-file', 'shared/common.yaml'),
  finding('of-the-estate', 'estate'),
  finding('cycle', 'app', { key: 'app net' }),
]);
const readers = new Map([['shared/common.yaml', ['net']]]);
const view = { graph, readers: () => readers } as unknown as LoadedView;

it.each([
  ['net', ['cycle', 'of-a-file', 'of-its-module', 'own']],
  ['app', ['cycle', 'of-a-module-of-two']],
  ['web', ['of-a-module-of-two']],
  ['dev/vpc/main', ['of-its-environment', 'of-its-type']],
])('of %s', (id, codes) => {
  const about = findingsAbout(view, [graph.node(id) ?? -1]);
  expect(
    graph
      .findings()
      .filter(about)
      .map(({ code }) => code),
  ).toEqual(codes);
});
