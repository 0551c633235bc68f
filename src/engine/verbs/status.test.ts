import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { decideCutoff } from '../../consequence/cutoff.ts';
import { appendWithRecord } from '../../deploy/records.ts';
import { digestOf } from '../../model/digest.ts';
import type { EventDraft } from '../../model/event.ts';
import type { RunRecord } from '../../model/record.ts';
import { openEngine } from '../../wiring/open.ts';
import type { EngineContext } from '../context.ts';
import { inputsReader } from '../deployed/run-inputs.ts';
import { statusFacts } from '../deployed/status-facts.ts';
import { status } from '../deployed/tell-status.ts';
import { order } from './order.ts';
import { ask } from './table.ts';

/** Records of Karma's own: the only facts on which anything is ever called deployed. */
const folder = mkdtempSync(join(tmpdir(), 'karma-records-'));
const opened: EngineContext[] = [];
afterEach(async () => {
  for (const context of opened.splice(0)) await context.stores.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let estates = 0;
function estate(files: Readonly<Record<string, string>>): string {
  const at = join(folder, `estate-${++estates}`);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(at, path)), { recursive: true });
    writeFileSync(join(at, path), text);
  }
  return at;
}

function contextOf(at: string): EngineContext {
  const context = openEngine({
    options: { dir: at, data: `${at}.data` },
    env: {},
    version: 'test',
  }).as({ door: 'cli' });
  opened.push(context);
  return context;
}

const roots = {
  'network/main.tf':
    'terraform {\n  backend "local" {}\n}\nresource "terraform_data" "n" {\n  input = 1\n}\noutput "id" {\n  value = "n-1"\n}\n',
  'app/main.tf':
    'terraform {\n  backend "local" {}\n}\ndata "terraform_remote_state" "n" {\n  backend = "local"\n  config = {\n    path = "../network/terraform.tfstate"\n  }\n}\noutput "url" {\n  value = data.terraform_remote_state.n.outputs.id\n}\n',
};

function stateOf(outputs: Readonly<Record<string, unknown>>, serial = 1): string {
  const wrapped = Object.entries(outputs).map(([name, value]) => [name, { value, type: 'string' }]);
  return JSON.stringify({ version: 4, serial, lineage: 'l', outputs: Object.fromEntries(wrapped), resources: [] });
}

/** What a run of Karma's own would keep: everything it consumed just now, and what it left. */
async function ran(at: string, component: string, outputs: Readonly<Record<string, unknown>>): Promise<RunRecord> {
  const context = contextOf(at);
  const facts = await statusFacts(context, {});
  const known = facts.components.get(component);
  if (known === undefined) throw new Error(component);
  const digests = Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, digestOf(value)]));
  const record: RunRecord = {
    ...inputsReader(facts)(known, '', { binary: 'terraform 1.11.4', variables: 'v' }),
    id: `r-${component}`,
    action: 'apply',
    source: 'run',
    reconstructed: false,
    at: '2026-11-24T10:00:00Z',
    outcome: 'finished',
    outputs: digests,
    version: digestOf(digests),
    state: { serial: 1, lineage: 'l' },
    dependsOn: [],
  };
  await keep(context, record);
  return record;
}

async function keep(context: EngineContext, record: RunRecord): Promise<void> {
  const draft: EventDraft = {
    ...{ action: 'run.applied', actor: 'ted', door: 'cli', subject: record.component, outcome: 'ok', at: record.at },
    details: { record },
  };
  await appendWithRecord(await context.stores.ledger(), [draft], record);
}

async function wordsIn(at: string): Promise<Record<string, string>> {
  const { components } = await status(contextOf(at), { selection: [] });
  return Object.fromEntries(components.map((one) => [one.component, [one.status, ...one.reasons].join(': ')]));
}

describe('status from records of Karma’s own', () => {
  const given = async () => {
    const at = estate({
      ...roots,
      'network/terraform.tfstate': stateOf({ id: 'n-1' }),
      'app/terraform.tfstate': stateOf({ url: 'n-1' }),
    });
    await ran(at, 'network', { id: 'n-1' });
    await ran(at, 'app', { url: 'n-1' });
    return at;
  };

  it('deployed: when everything it consumed and left is as it was', async () => {
    expect(await wordsIn(await given())).toEqual({ app: 'deployed', network: 'deployed' });
  });

  it('stale: when its module changed, or what it consumed', async () => {
    const at = await given();
    writeFileSync(join(at, 'app/more.tf'), 'locals {\n  x = 1\n}\n');
    writeFileSync(join(at, 'network/terraform.tfstate'), stateOf({ id: 'n-2' }, 2));
    const words = await wordsIn(at);
    expect(words['app']).toBe('stale: its module changed: network#/id changed');
    expect(words['network']).toBe('edited: /id is not what the last run wrote');
  });

  it('unknown: when somebody else ran it since, though nothing differs', async () => {
    const at = await given();
    writeFileSync(join(at, 'app/terraform.tfstate'), stateOf({ url: 'n-1' }, 5));
    expect((await wordsIn(at))['app']).toMatch(/^unknown: somebody else ran it after run r-app/);
  });

  it('failed: when its last run did, until one finishes', async () => {
    const at = await given();
    const record = await ran(at, 'app', { url: 'n-1' });
    const context = contextOf(at);
    await keep(context, { ...record, id: 'r9', outcome: 'failed' });
    expect((await wordsIn(at))['app']).toBe('failed: run r9 failed');
    await keep(context, { ...record, id: 'r10' });
    expect((await wordsIn(at))['app']).toBe('deployed');
  });

  it('never run: when its config is published, and nothing else of it is there', async () => {
    const at = estate({
      'karma.yaml': 'estate: acme\n',
      'account_environments/acme-dev.json': '{ "name": "acme-dev", "environment": "dev" }',
      'components/vpc/main.tf': 'variable "size" {}\noutput "size" { value = var.size }\n',
      'iac/dev/vpc/main/config.json': '{ "size": 1 }',
    });
    const context = contextOf(at);
    await ask(context, 'config-publish', { all: true });
    expect((await ask(context, 'parameters', {})).parameters.map(({ name }) => name)).toEqual(['/iac/vpc/main/config']);
    const { components } = await status(contextOf(at), { selection: [] });
    expect(components.map((one) => [one.component, one.status, one.reasons])).toEqual([
      ['dev/vpc/main', 'never run', ['it has no runtime']],
    ]);
  });

  it('never run: when a local state is not where it must be', async () => {
    expect(await wordsIn(estate(roots))).toEqual({
      app: 'never run: there is no state at app/terraform.tfstate',
      network: 'never run: there is no state at network/terraform.tfstate',
    });
  });

  it('a backend path that leads out of the estate is not followed', async () => {
    const at = estate({
      'app/main.tf':
        'terraform {\n  backend "local" {\n    path = "../../outside.tfstate"\n  }\n}\noutput "x" {\n  value = 1\n}\n',
    });
    writeFileSync(join(folder, 'outside.tfstate'), stateOf({ x: 1 }));
    const { components, states } = await status(contextOf(at), { selection: [] });
    expect(states).toBe(0);
    expect(components.map((one) => one.lastRun)).toEqual([undefined]);
  });

  it.each([
    ['Atmos', { 'atmos.yaml': 'base_path: ""\n' }, 'atmos.yaml'],
    ['Terramate', { 'stacks/globals.tm.hcl': 'globals {\n  a = 1\n}\n' }, 'stacks/globals.tm.hcl'],
    [
      'Terraspace',
      { 'config/app.rb': '', 'app/stacks/web/main.tf': 'output "x" {\n  value = 1\n}\n' },
      'app/stacks/web/main.tf',
    ],
  ])('unknown: where %s may hand it values, and then nothing is skipped', async (title, files, mark) => {
    const at = await given();
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(at, path)), { recursive: true });
      writeFileSync(join(at, path), text);
    }
    const spot = `layout-not-read ${mark}: ${title} may hand it values, and is not read`;
    const words = await wordsIn(at);
    expect([words['app'], words['network']]).toEqual([`unknown: ${spot}`, `unknown: ${spot}`]);
    const record = await ran(at, 'app', { url: 'n-1' });
    const { outputs } = record;
    expect(decideCutoff({ record, now: record, selected: false, outputs })).toMatchObject({
      skip: false,
      reasons: [{ code: 'blind-spot', text: spot }],
    });
    const { complete, unread } = await status(contextOf(at), { selection: ['app'] });
    expect([complete, unread.map(({ code }) => code)]).toEqual([false, ['layout-not-read']]);
    expect((await order(contextOf(at), { selection: [], reverse: false })).complete).toBe(false);
  });

  it('deployed all the same: where a layout is not read that hands roots nothing', async () => {
    const at = await given();
    writeFileSync(join(at, 'cdktf.json'), '{}');
    expect((await wordsIn(at))['app']).toBe('deployed');
  });

  it('complete: where nothing that it or an order rests on could not be read', async () => {
    const at = await given();
    const { complete, blindSpots } = await status(contextOf(at), { selection: [] });
    expect({ complete, blindSpots }).toEqual({ complete: true, blindSpots: [] });
    expect(await order(contextOf(at), { selection: [], reverse: false })).toMatchObject({ complete: true, unread: [] });
    writeFileSync(join(at, 'network/more.tf'), 'locals {\n  x = file(var.path)\n}\nvariable "path" {}\n');
    expect((await status(contextOf(at), { selection: ['network'] })).complete).toBe(false);
    expect((await status(contextOf(at), { selection: ['app'] })).complete).toBe(true);
  });
});
