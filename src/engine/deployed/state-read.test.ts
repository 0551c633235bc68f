import { describe, expect, it } from 'vitest';
import { addressRead, isAddress } from './state-read.ts';

const read = (backend: string, config: Readonly<Record<string, unknown>>) =>
  ({ kind: 'state', backend, config, workspace: 'dev', value: {} }) as const;

describe('the address that a state read names', () => {
  it.each([
    ['s3', { bucket: 'b', key: 'prod/vpc' }, 's3://b/prod/vpc'],
    ['gcs', { bucket: 'b', prefix: '/net/' }, 'gcs://b/net'],
    ['gcs', { bucket: 'b' }, 'gcs://b/default'],
    ['local', { path: '../.state/net.tfstate' }, 'local:live/.state/net.tfstate'],
    ['local', { path: '/srv/net.tfstate' }, 'local:/srv/net.tfstate'],
    ['azurerm', { storage_account_name: 'a', container_name: 'c', key: 'k' }, 'azurerm://a/c/k'],
    ['remote', { organization: 'acme', workspaces: { name: 'net-dev' } }, 'remote://app.terraform.io/acme/net-dev'],
    ['remote', { organization: 'acme', hostname: 'tfe', workspaces: [{ name: 'net' }] }, 'remote://tfe/acme/net'],
    ['s3', { bucket: 'b' }, undefined],
    ['http', { address: 'https://x' }, undefined],
  ])('%s %j is %s', (backend, config, address) => {
    expect(addressRead(read(backend, config), 'repo:live/app')).toBe(address);
  });

  it.each([
    ['s3://b/env:/*/vpc', 's3://b/env:/dev/vpc', true],
    ['s3://b/env:/*/vpc', 's3://b/env:/a/b/vpc', false],
    ['s3://?/vpc', 's3://b/vpc', true],
    ['remote://h/acme/net-*', 'remote://h/acme/net-dev', true],
    ['s3://b/a.b', 's3://b/aXb', false],
    ['s3://b/*', 's3://c/x', false],
  ])('%s and %s: %s', (written, address, same) => {
    expect(isAddress(written, address)).toBe(same);
  });
});
