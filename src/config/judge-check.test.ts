import { describe, expect, it } from 'vitest';
import type { DeclaredCheck } from '../model/check.ts';
import { readComponentType } from './component-type.ts';
import { Hidden } from './expression.ts';
import { judgeCheck } from './judge-check.ts';

const file = 'components/db/component.yaml';

function read(text: string, parents: Readonly<Record<string, string>> = {}) {
  const texts: Readonly<Record<string, string>> = { db: text, ...parents };
  return readComponentType('db', (type) => {
    const found = texts[type];
    return found === undefined ? undefined : { file: `components/${type}/component.yaml`, text: found };
  });
}

const input = {
  outputs: { port: 5432, endpoint: 'db.example', password: new Hidden('the output password, which is a secret') },
  config: { size: 'small' },
  upstream: { vpc: { id: 'vpc-1' }, 'vpc/main': { id: 'vpc-1' } },
};

function judged(text: string) {
  const [check] = read(`checks:\n  - ${text}\n`).declaration?.checks ?? [];
  const { outcome, reasons } = judgeCheck(check as DeclaredCheck, input);
  return [outcome, ...reasons];
}

describe('checks that a type declares', () => {
  it('are read with their places, a text being a condition', () => {
    const { declaration, findings } = read(
      [
        'checks:',
        '  - outputs.port > 1024',
        '  - name: shape',
        '    outputs: { port: { type: integer } }',
        '  - run: [./probe, --fast]',
        '',
      ].join('\n'),
    );
    expect(findings).toEqual([]);
    expect(declaration?.checks.map(({ name, kind, line }) => [name, kind, line])).toEqual([
      ['outputs.port > 1024', 'cel', 2],
      ['shape', 'outputs', 3],
      ['./probe', 'program', 5],
    ]);
  });

  it('of a parent hold for the child, before its own', () => {
    const { declaration } = read('extends: base\nchecks: [{ name: own, cel: "true" }]\n', {
      base: 'abstract: true\nchecks: [{ name: base, cel: "true" }]\n',
    });
    expect(declaration?.checks.map(({ name, file: where }) => [name, where])).toEqual([
      ['base', 'components/base/component.yaml'],
      ['own', file],
    ]);
  });

  it.each([
    ['{ cel: "outputs.port >" }', /it is no CEL/],
    ['{ cel: output.port == 1 }', /there is no output: it may speak of outputs, config, upstream/],
    ['{ cel: "true", run: [x] }', /it says one of outputs, cel and run/],
    ['{ name: nothing }', /it says one of outputs, cel and run/],
    ['{ outputs: { type: object, properties: { a: { type: nonsense } } } }', /its schema cannot be used/],
    ['{ run: [] }', /run is a program and its arguments/],
    ['7', /cel is a text/],
  ])('%s cannot be used: a finding with its line, and never passed', (text, why) => {
    const { findings } = read(`description: x\nchecks:\n  - ${text}\n`);
    const about = findings.filter(({ message }) => why.test(message));
    expect(about).toMatchObject([{ code: 'component-type-invalid', evidence: [{ file, line: 3 }] }]);
    expect(judged(text)).toEqual(['unknown', expect.stringMatching(why)]);
  });

  it.each([
    ['outputs.port == 5432 && config.size == "small"', ['passed']],
    ['upstream.vpc.id == upstream["vpc/main"].id', ['passed']],
    ['outputs.port < 1024', ['failed', 'outputs.port < 1024 does not hold']],
    [
      '{ cel: outputs.port < 1024, message: it listens where only root may }',
      ['failed', 'it listens where only root may'],
    ],
    ['outputs.host == "x"', ['unknown', 'there is no host']],
    ['outputs.password != ""', ['unknown', 'it rests on the output password, which is a secret']],
    ['{ outputs: { port: { type: integer }, endpoint: { pattern: "[.]example$" } } }', ['passed']],
    ['{ outputs: { port: { maximum: 1023 } } }', ['failed', 'output "port" must be <= 1023']],
    ['{ outputs: { type: object, required: [port, password] } }', ['passed']],
    ['{ outputs: { type: object, required: [host] } }', ['failed', "the runtime must have required property 'host'"]],
    [
      '{ outputs: { password: { minLength: 12 } } }',
      ['unknown', 'the output password is a secret: leave it out of the schema'],
    ],
    ['{ outputs: { port: { maximum: 1 }, password: { minLength: 12 } } }', ['failed', 'output "port" must be <= 1']],
    [
      '{ outputs: { anyOf: [{ required: [port] }] } }',
      ['unknown', 'its schema may be about the output password, which is a secret'],
    ],
    [
      '{ outputs: { type: object, properties: { port: true, endpoint: true }, additionalProperties: false } }',
      ['unknown', 'the output password is a secret: leave it out of the schema'],
    ],
  ])('%s: %j', (text, expected) => {
    expect(judged(text)).toEqual(expected);
  });
});
