import { describe, expect, it } from 'vitest';
import type { KnownComponent } from './known-components.ts';
import { StateNames, stemOf } from './state-names.ts';

function known(id: string, over: Partial<KnownComponent> = {}): KnownComponent {
  const row = {
    id,
    kind: 'component',
    layout: 'terraform',
    external: false,
    type: '',
    nickname: '',
    environment: '',
    path: id,
    module: id,
    configDigest: '',
    attributes: {},
    sites: {},
  } as const;
  return { node: 0, row, deployments: [''], addresses: [], runtimes: [], alsoWritten: false, ...over };
}

const names = new StateNames([
  known('live/prod/vpc', {
    addresses: ['s3://states/prod/vpc/terraform.tfstate', 's3://states/env:/*/prod/vpc/terraform.tfstate'],
  }),
  known('live/prod/app'),
  known('live/dev/app'),
  known('network', { deployments: ['dev', 'prod'], addresses: ['gcs://states/net'] }),
  known('archive', {
    deployments: ['dev', 'prod'],
    addresses: ['s3://acme-dev-state/archive.tfstate', 's3://acme-prod-state/archive.tfstate'],
  }),
  known('queues', { addresses: ['remote://app.terraform.io/acme/prod-queues'] }),
  known('prod/vpc/main', { deployments: ['acme-1', 'acme-2'] }),
]);

describe('whose state a pulled file is', () => {
  it.each([
    ['live/prod/vpc.tfstate', 'live/prod/vpc', ''],
    ['live/prod/vpc/terraform.tfstate', 'live/prod/vpc', ''],
    ['live/prod/vpc/outputs.json', 'live/prod/vpc', ''],
    ['live/prod/vpc.outputs.json', 'live/prod/vpc', ''],
    ['live__prod__vpc.json', 'live/prod/vpc', ''],
    ['network/dev.tfstate', 'network', 'dev'],
    ['network@prod.json', 'network', 'prod'],
    ['network/terraform.tfstate.d/prod/terraform.tfstate', 'network', 'prod'],
    ['network/terraform.tfstate.d/other/terraform.tfstate', 'network', 'other'],
    ['network/terraform.tfstate', 'network', 'default'],
    ['acme-1/prod/vpc/main.tfstate', 'prod/vpc/main', 'acme-1'],
  ])('%s by its id: %s %s', (path, component, deployment) => {
    expect(names.find(path)).toEqual({ kind: 'one', by: 'id', owner: { component, deployment } });
  });

  it.each([
    ['prod/vpc/terraform.tfstate', 'live/prod/vpc', ''],
    ['bucket/prod/vpc/terraform.tfstate', 'live/prod/vpc', ''],
    ['env:/blue/prod/vpc/terraform.tfstate', 'live/prod/vpc', 'blue'],
    ['pulled/acme-prod-state/archive.tfstate', 'archive', 'prod'],
    ['prod-queues.tfstate', 'queues', ''],
    ['hcp/prod-queues.json', 'queues', ''],
    ['net/dev.tfstate', 'network', 'dev'],
    ['net/default.tfstate', 'network', 'default'],
  ])('%s by the key of its backend', (path, component, deployment) => {
    expect(names.find(path)).toEqual({ kind: 'one', by: 'address', owner: { component, deployment } });
  });

  it.each([
    ['copy/of/live/prod/vpc.tfstate', 'live/prod/vpc'],
    ['prod/app.tfstate', 'live/prod/app'],
    ['2026-11-24/prod/app.tfstate', 'live/prod/app'],
  ])('%s by what its path ends in', (path, component) => {
    expect(names.find(path)).toEqual({ kind: 'one', by: 'suffix', owner: { component, deployment: '' } });
  });

  it('what fits several is nobody’s', () => {
    expect(names.find('app.tfstate')).toEqual({ kind: 'several', components: ['live/dev/app', 'live/prod/app'] });
    expect(names.find('main.tfstate')).toEqual({ kind: 'several', components: ['prod/vpc/main'] });
    expect(names.find('something/else.tfstate')).toEqual({ kind: 'none' });
    expect(names.find('copies/archive.tfstate')).toEqual({ kind: 'several', components: ['archive'] });
    expect(names.find('backup/vpc.tfstate')).toEqual({ kind: 'none' });
  });

  it('takes the workspace out of a path', () => {
    expect(stemOf('terraform.tfstate.d/dev/terraform.tfstate')).toEqual({ stem: '.', workspace: 'dev' });
    expect(stemOf('terraform.tfstate')).toEqual({ stem: 'terraform', workspace: undefined });
  });
});
