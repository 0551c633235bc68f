import { describe, expect, it } from 'vitest';
import { isFloating, localModulePath, parseModuleSource } from './module-source.ts';

describe('module sources', () => {
  it.each([
    ['../net', { kind: 'local', path: '../net' }],
    [
      'git::https://example.com/m.git//sub/dir?ref=v1.2.0',
      { kind: 'git', url: 'https://example.com/m.git', folder: 'sub/dir', ref: 'v1.2.0' },
    ],
    [
      'git::ssh://git@example.com/m.git',
      { kind: 'git', url: 'ssh://git@example.com/m.git', folder: '', ref: undefined },
    ],
    ['github.com/acme/m//sub', { kind: 'git', url: 'https://github.com/acme/m', folder: 'sub', ref: undefined }],
    ['git@github.com:acme/m.git?ref=main', { kind: 'git', url: 'git@github.com:acme/m.git', folder: '', ref: 'main' }],
    ['terraform-aws-modules/vpc/aws', { kind: 'registry', address: 'terraform-aws-modules/vpc/aws', folder: '' }],
    [
      'app.terraform.io/acme/vpc/aws//sub',
      { kind: 'registry', address: 'app.terraform.io/acme/vpc/aws', folder: 'sub' },
    ],
    ['https://example.com/m.zip', { kind: 'other', url: 'https://example.com/m.zip' }],
    ['s3::https://s3.amazonaws.com/b/m.zip', { kind: 'other', url: 's3::https://s3.amazonaws.com/b/m.zip' }],
  ])('%s', (source, expected) => {
    expect(parseModuleSource(source)).toEqual(expected);
  });

  it.each<[source: string, version: string | undefined, floating: boolean]>([
    ['../net', undefined, false],
    ['git::https://e.com/m.git?ref=v1.2.0', undefined, false],
    ['git::https://e.com/m.git?ref=vpc-1.2.0', undefined, false],
    ['git::https://e.com/m.git?ref=0123456789abcdef0123456789abcdef01234567', undefined, false],
    ['git::https://e.com/m.git?ref=main', undefined, true],
    ['git::https://e.com/m.git', undefined, true],
    ['acme/vpc/aws', '5.1.0', false],
    ['acme/vpc/aws', '= 5.1.0', false],
    ['acme/vpc/aws', '~> 5.1', true],
    ['acme/vpc/aws', undefined, true],
    ['https://e.com/m.zip', undefined, true],
  ])('%s %s floats: %s', (source, version, floating) => {
    expect(isFloating(parseModuleSource(source), version)).toBe(floating);
  });

  it.each([
    ['live/app', '../../modules/net', 'modules/net'],
    ['', './net/', 'net'],
    ['a', '../../b', '../b'],
    ['a', '..', ''],
  ])('%s and %s lead to %s', (from, path, expected) => {
    expect(localModulePath(from, path)).toBe(expected);
  });
});
