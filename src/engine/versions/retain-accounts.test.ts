import { describe, expect, it } from 'vitest';
import { makeRow, type Row, rowId } from '../../model/rows.ts';
import { retainUnseen } from './retain-accounts.ts';

const component = (id: string, path: string) => makeRow('component', id, { id, path });
const deployment = (of: string, name: string, digest: string) =>
  makeRow('deployment', `${of}@${name}`, { component: of, deployment: name, runtimes: { runtime: digest } });
const reference = (from: string, to: string) => makeRow('reference', `${from}|${to}`, { from, to });
const rows = (...all: readonly Row[]) => new Map(all.map((row) => [rowId(row), row]));

const vpc = component('dev/vpc/main', 'iac/dev/vpc/main');
const gone = component('dev/app/old', 'shop-dev:/iac/app/old/config');
const odd = makeRow('finding', 'app', { code: 'config-without-module', subject: 'dev/app/old' });
const before = rows(vpc, gone, odd, deployment('dev/vpc/main', '', 'a'), reference('dev/app/old', 'dev/vpc/main'));
const now = rows(vpc);

describe('an account that was never read here', () => {
  it('keeps what only it could say', () => {
    const unseen = { bindings: ['shop-dev'], environments: new Set(['dev']) };
    expect(retainUnseen(before, now, unseen)).toEqual(before);
  });

  it('does not speak for other accounts', () => {
    const unseen = { bindings: ['shop-prod'], environments: new Set(['prod']) };
    expect(retainUnseen(before, now, unseen)).toEqual(now);
  });

  it('lets a component go that went in Git', () => {
    const unseen = { bindings: ['shop-dev'], environments: new Set(['dev']) };
    const kept = retainUnseen(before, rows(), unseen);
    expect([...kept.keys()]).toEqual(['component|dev/app/old', 'finding|app']);
  });

  it('keeps its own part of an environment that spans several', () => {
    const two = rows(vpc, deployment('dev/vpc/main', 'east', 'a'), deployment('dev/vpc/main', 'west', 'b'));
    const seen = rows(vpc, deployment('dev/vpc/main', 'east', 'c'));
    const kept = retainUnseen(two, seen, { bindings: ['west'], environments: new Set() });
    expect(kept.get('deployment|dev/vpc/main@west')).toEqual(deployment('dev/vpc/main', 'west', 'b'));
    expect(kept.get('deployment|dev/vpc/main@east')).toEqual(deployment('dev/vpc/main', 'east', 'c'));
  });
});
