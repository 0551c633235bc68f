import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadGrammar, parseHcl } from '../hcl/parse.ts';
import { digestOf } from '../model/digest.ts';
import { failure, wantsInit } from './failure.ts';
import { initNeeds } from './needs-init.ts';
import { firstJson, readOutputValues } from './outputs.ts';
import { readPlanDocument } from './plan-document.ts';
import { parseStreamLine } from './stream.ts';
import { findTool } from './tool.ts';
import { chooseVariables } from './variables.ts';

const seal = (value: unknown) => `k1:${digestOf(value)}`;

describe('whether init is needed', () => {
  beforeAll(() => loadGrammar());

  it.each([
    ['built-in resources', 'resource "terraform_data" "x" {}', false, false],
    ['a state of others', 'data "terraform_remote_state" "x" {\n  backend = "local"\n}', false, false],
    ['only outputs', 'output "x" { value = 1 }', false, false],
    ['a provider', 'resource "aws_vpc" "x" {}', true, true],
    ['a data source', 'data "aws_vpc" "x" {}', true, true],
    ['a provider block', 'provider "aws" {}', true, true],
    [
      'required providers',
      'terraform {\n  required_providers {\n    aws = { source = "hashicorp/aws" }\n  }\n}',
      true,
      true,
    ],
    ['a module', 'module "x" { source = "../x" }', true, false],
    ['a backend', 'terraform {\n  backend "s3" {}\n}', true, false],
    ['a cloud block', 'terraform {\n  cloud {}\n}', true, false],
  ])('%s', (_name, text, needed, providers) => {
    const answer = initNeeds([parseHcl(text)]);
    expect([answer.needed, answer.providers]).toEqual([needed, providers]);
    expect(answer.reasons.length > 0).toBe(needed);
  });

  it('reads the path of a local backend', () => {
    expect(initNeeds([parseHcl('terraform {\n  backend "local" {\n    path = "../s.tfstate"\n  }\n}')])).toMatchObject({
      backend: 'local',
      localPath: '../s.tfstate',
    });
  });
});

describe('the JSON stream', () => {
  it.each([
    ['Warning: Unable to open CLI configuration file', 'text'],
    ['{ not json', 'text'],
    ['{"type":"something_new","@message":"m"}', 'text'],
    ['{"type":"change_summary","changes":{"add":1,"change":2,"remove":3,"import":1}}', 'summary'],
    ['{"type":"outputs","outputs":{"a":{"sensitive":true}}}', 'outputs'],
    ['{"type":"apply_start","hook":{"resource":{"addr":"x.y"},"action":"create"}}', 'progress'],
    ['{"type":"diagnostic","diagnostic":{"severity":"error","summary":"s"}}', 'progress'],
  ])('%s is %s', (line, kind) => {
    expect(parseStreamLine(line).kind).toBe(kind);
  });

  it('counts imports as added', () => {
    const said = parseStreamLine('{"type":"change_summary","changes":{"add":1,"change":2,"remove":3,"import":1}}');
    expect(said).toMatchObject({ changes: { add: 2, change: 2, destroy: 3 } });
  });

  it('takes the JSON behind a warning that OpenTofu prints first', () => {
    expect(firstJson('\nWarning: Unable to open\n\n{"a":{"value":1}}')).toEqual({ a: { value: 1 } });
  });
});

describe('a plan document', () => {
  it('gives actions, known outputs, digests, and what must not be logged', () => {
    const change = (actions: string[], more = {}) => ({ actions, ...more });
    const facts = readPlanDocument(
      {
        variables: { pw: { value: 'from variable' }, open: { value: 'seen' } },
        configuration: { root_module: { variables: { pw: { sensitive: true }, open: {} } } },
        planned_values: {
          outputs: {
            known: { sensitive: false, value: [1] },
            hidden: { sensitive: true, value: 'hidden value' },
            later: { sensitive: false },
            nothing: { sensitive: false },
          },
        },
        output_changes: {
          known: change(['create'], { before: null, after: [1], after_unknown: false }),
          hidden: change(['update'], {
            before: 'old hidden',
            after: 'hidden value',
            before_sensitive: true,
            after_sensitive: true,
          }),
          later: change(['create'], { before: null, after_unknown: true }),
          nothing: change(['no-op'], { before: null, after: null, after_unknown: false }),
          gone: change(['delete'], { before: 1 }),
        },
        resource_changes: [
          { address: 'b', mode: 'managed', change: change(['delete', 'create']) },
          {
            address: 'a',
            mode: 'managed',
            change: change(['update'], { after: { p: 'resource secret' }, after_sensitive: { p: true } }),
          },
          { address: 'c', mode: 'managed', change: change(['no-op']) },
          { address: 'data.d', mode: 'data', change: change(['read']) },
        ],
        resource_drift: [{ address: 'z', change: change(['update']) }],
        prior_state: { values: { root_module: { child_modules: [{ resources: [{ mode: 'managed' }] }] } } },
      },
      seal,
    );
    expect(facts).toMatchObject({
      changes: { add: 1, change: 1, destroy: 1 },
      resources: [
        { address: 'a', action: 'update' },
        { address: 'b', action: 'replace' },
      ],
      unknownOutputs: ['later'],
      droppedOutputs: ['gone'],
      drifted: ['z'],
      stateEmpty: false,
      secrets: ['from variable', 'hidden value', 'old hidden', 'resource secret'],
    });
    // As a state has it, in which no output is null.
    expect(facts.outputs['nothing']).toBeUndefined();
    expect(facts.unknownOutputs).not.toContain('nothing');
    const told = { nothing: { sensitive: false, value: null }, hidden: { sensitive: true, value: null } };
    expect(readOutputValues(told, seal)).toEqual({});
    expect(facts.outputs['hidden']).toEqual({ sensitive: true, digest: seal('hidden value') });
  });
});

describe('what went wrong', () => {
  const end = { code: 1, signal: null, stopped: undefined };
  const failed = (summary: string, tail: string[] = []) =>
    failure({
      program: 'terraform',
      verb: 'apply',
      end,
      diagnostics: summary === '' ? [] : [{ severity: 'error', summary, detail: '' }],
      tail,
      log: '/log',
    });

  it.each([
    ['No value for required variable', /asks for a variable/],
    ['Error acquiring the state lock', /somebody else works on this state/],
    ['Saved plan is stale', /plan again/],
    ['Something else', /its log is \/log/],
  ])('%s: says what to do', (summary, hint) => {
    expect(failed(summary)).toMatchObject({
      code: 'KARMA_RUN_FAILED',
      message: `terraform apply ended with 1: ${summary}`,
    });
    expect(failed(summary).hint).toMatch(hint);
  });

  it('takes the last words of a program that speaks no JSON', () => {
    expect(failed('', ['first', 'last']).message).toContain('ended with 1: last');
    const boxed = ['╷', '│ Error: Failed to query available provider packages', '│ ', '│   terraform providers', '╵'];
    expect(failed('', boxed).message).toContain('ended with 1: Failed to query available provider packages');
    expect(failed('', ['ERROR  Error: Unknown variable', 'There is no variable named "values".']).message).toContain(
      'ended with 1: Unknown variable',
    );
  });

  it('knows a call for init', () => {
    expect(wantsInit([{ severity: 'error', summary: 'Module not installed', detail: '' }], [])).toBe(true);
    expect(wantsInit([{ severity: 'error', summary: 'Invalid reference', detail: '' }], [])).toBe(false);
  });
});

describe('finding the program', () => {
  it('takes the first one that is on PATH, and a configured one before all', () => {
    const folder = mkdtempSync(join(tmpdir(), 'karma-tool-'));
    for (const name of ['tofu', 'mine']) {
      writeFileSync(join(folder, name), '#!/bin/sh\n');
      chmodSync(join(folder, name), 0o755);
    }
    mkdirSync(join(folder, 'terraform'));
    const path = `/nowhere:${folder}`;
    expect(findTool({ names: ['terraform', 'tofu'], path })).toEqual({ name: 'tofu', program: join(folder, 'tofu') });
    expect(findTool({ names: ['terraform'], configured: join(folder, 'mine'), path })).toEqual({
      name: 'terraform',
      program: join(folder, 'mine'),
    });
  });

  it('says how to get one that is missing', () => {
    expect(() => findTool({ names: ['terraform', 'tofu'], path: '/nowhere' })).toThrow(
      /terraform or tofu is not on PATH/,
    );
    try {
      findTool({ names: ['terraform'], path: undefined });
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: 'KARMA_TOOL_MISSING', hint: expect.stringContaining('install it from') });
    }
  });
});

describe('the variables of a plain module', () => {
  const variable = (name: string, over = {}) => ({ name, required: true, sensitive: false, ...over });

  it('are exactly those it declares, from the first source that has them', () => {
    const chosen = chooseVariables(
      [
        variable('nickname'),
        variable('vpc'),
        variable('size'),
        variable('other', { required: false }),
        variable('needed'),
      ],
      {
        own: { nickname: 'web', region: 'eu' },
        references: { vpc: { vpc_id: 'v' } },
        config: { size: 3, nickname: 'from config', unread: true },
      },
    );
    expect(chosen).toEqual({
      values: { nickname: 'web', size: 3, vpc: { vpc_id: 'v' } },
      sensitive: [],
      missing: ['needed'],
      twice: [{ name: 'nickname', sources: ['own', 'config'] }],
    });
  });
});
