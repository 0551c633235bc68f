import { describe, expect, test } from 'vitest';
import { explainConfig } from './config-explain.ts';
import { configPath, readEffectiveConfig } from './effective-config.ts';
import { readJson } from './json-document.ts';

function estate(files: Readonly<Record<string, string>>) {
  return (path: string) => {
    const text = Object.entries(files).find(([id]) => configPath(id) === path)?.[1];
    return text === undefined ? undefined : readJson(text);
  };
}

describe('$extends', () => {
  test('lays a config over its parents and remembers where each key came from', () => {
    const read = estate({
      '_base/vpc/main': '{\n "cidr": "10.0.0.0/16",\n "tags": {\n  "Owner": "platform"\n }\n}',
      'dev/vpc/main': '{\n "$extends": "_base/vpc/main",\n "nat": false,\n "tags": { "Env": "dev" }\n}',
    });
    const config = readEffectiveConfig('dev/vpc/main', read);
    expect(config.value).toEqual({ cidr: '10.0.0.0/16', tags: { Owner: 'platform', Env: 'dev' }, nat: false });
    expect(explainConfig(config).map(({ pointer, file, line }) => `${pointer} ${file}:${line}`)).toEqual([
      '/cidr iac/_base/vpc/main/config.json:2',
      '/tags/Owner iac/_base/vpc/main/config.json:4',
      '/tags/Env iac/dev/vpc/main/config.json:4',
      '/nat iac/dev/vpc/main/config.json:3',
    ]);
  });

  test('null takes a key away; $-keys are never published; $depends_on is kept apart', () => {
    const read = estate({
      'dev/a/parent': '{ "x": 1, "y": 2, "$depends_on": ["b/one"] }',
      'dev/a/child': '{ "$extends": "a/parent", "x": null, "$note": "hello" }',
    });
    expect(readEffectiveConfig('dev/a/child', read)).toMatchObject({
      value: { y: 2 },
      dependsOn: ['b/one'],
      findings: [],
    });
  });

  test('$unset takes away what parents say, and nothing that is said beside it', () => {
    const read = estate({
      'dev/a/parent': '{ "x": { "y": 1, "z": 2 }, "w": 3, "a/b": 4 }',
      'dev/a/child': '{ "$extends": "a/parent", "$unset": ["/x/y", "w", "/a~1b", "/not/there"], "w": null, "v": 5 }',
    });
    expect(readEffectiveConfig('dev/a/child', read).value).toEqual({ x: { z: 2 }, v: 5 });
  });

  test('reads parents once that many ways lead to', () => {
    const level = (at: number) => ({
      [`dev/a/${at}l`]: `{"$extends": ["a/${at - 1}l", "a/${at - 1}r"], "l${at}": 1}`,
      [`dev/a/${at}r`]: `{"$extends": ["a/${at - 1}l", "a/${at - 1}r"], "r${at}": 1}`,
    });
    const levels = Array.from({ length: 30 }, (_, at) => level(at + 1));
    const read = estate(Object.assign({ 'dev/a/0l': '{"l0": 1}', 'dev/a/0r': '{"r0": 1}' }, ...levels));
    const { value, layers, findings } = readEffectiveConfig('dev/a/30l', read);
    expect([Object.keys(value).length, layers.length, findings]).toEqual([61, 61, []]);
  });

  test('reads no chain of parents without end', () => {
    const chain = Array.from({ length: 40 }, (_, at) => [`dev/a/${at}`, `{"$extends": "a/${at + 1}"}`]);
    const { findings } = readEffectiveConfig('dev/a/0', estate(Object.fromEntries(chain)));
    expect(findings).toMatchObject([{ code: 'extends-broken', message: expect.stringContaining('32 parents away') }]);
  });

  test.each([
    ['a missing parent', { 'dev/a/x': '{"$extends": "dev/a/none", "k": 1}' }, 'dev/a/none'],
    ['itself', { 'dev/a/x': '{"$extends": "dev/a/x", "k": 1}' }, 'dev/a/x'],
    ['a loop', { 'dev/a/x': '{"$extends": "dev/a/y", "k": 1}', 'dev/a/y': '{"$extends": "dev/a/x"}' }, 'dev/a/x'],
  ])('%s is a finding, and the config is used without it', (_what, files, parent) => {
    const config = readEffectiveConfig('dev/a/x', estate(files));
    expect(config.findings).toMatchObject([{ code: 'extends-broken', subject: 'dev/a/x', key: parent }]);
    expect(config.value).toEqual({ k: 1 });
  });

  test('a list is no config', () => {
    expect(readEffectiveConfig('dev/a/x', estate({ 'dev/a/x': '[1]' }))).toMatchObject({
      value: {},
      findings: [{ code: 'json-unreadable' }],
    });
  });
});
