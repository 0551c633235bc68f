import { describe, expect, it } from 'vitest';
import { component, estate, finding, reference } from '../../graph/testing/small-estate.ts';
import type { Finding } from '../../model/finding.ts';
import { exportLines } from './jsonl.ts';
import { junitOf } from './junit.ts';
import { sarifOf } from './sarif.ts';

const graph = estate('', [
  component('prod/vpc/main', { outputs: ['id'], attributes: { owner: 'net' } }),
  component('prod/db/main'),
  component('prod/param:/iac/ami'),
  reference('prod/db/main', 'prod/vpc/main', ['/id'], { consumesFrom: { '/iac/vpc/main/runtime': ['/id'] } }),
  finding('cycle', 'prod/db/main', { severity: 'error', key: 'k', hint: 'cut it' }),
]);

describe('exportLines', () => {
  const lines = [...exportLines(graph)].map((line) => JSON.parse(line) as Record<string, unknown>);

  it('writes components, parameters, references and findings, in that order', () => {
    expect(lines.map(({ kind, id, from, code }) => [kind, id ?? from ?? code])).toEqual([
      ['component', 'prod/db/main'],
      ['component', 'prod/vpc/main'],
      ['parameter', 'prod/param:/iac/ami'],
      ['reference', 'prod/db/main'],
      ['finding', 'cycle'],
    ]);
  });

  it('writes what was promised of each', () => {
    expect(lines[1]).toMatchObject({ outputs: ['id'], attributes: { owner: 'net' }, environment: 'prod', type: 'vpc' });
    expect(lines[2]).toMatchObject({ name: '/iac/ami' });
    expect(lines[3]).toEqual({
      kind: 'reference',
      from: 'prod/db/main',
      to: 'prod/vpc/main',
      origin: 'inferred',
      strength: 'proven',
      rules: ['nickname-key'],
      consumes: ['/id'],
      consumesFrom: { '/iac/vpc/main/runtime': ['/id'] },
      tolerated: [],
      marks: [],
      evidence: [{ rule: 'nickname-key', site: 'config#/nickname', file: 'iac/prod/db/main/config.json' }],
    });
    expect(lines[4]).toMatchObject({ severity: 'error', subject: 'prod/db/main', hint: 'cut it', evidence: [] });
  });

  it('gives equal bytes for equal rows in another order', () => {
    expect([...exportLines(estate('', [...graph.rows()].reverse()))]).toEqual([...exportLines(graph)]);
  });
});

const findings: readonly Finding[] = [
  {
    code: 'cycle',
    severity: 'error',
    subject: 'prod/db/main',
    key: 'k',
    message: 'a <loop> & "more"',
    hint: 'cut it',
    evidence: [{ rule: 'r', site: 's', file: 'iac/a b.json', line: 3 }],
  },
  {
    code: 'module-not-read',
    severity: 'info',
    subject: 'prod/vpc/main',
    key: '',
    message: 'far',
    evidence: [{ rule: 'r', site: 's', file: 'mods:net/main.tf' }],
  },
  { code: 'own-code', severity: 'warning', subject: 'estate', key: '', message: 'odd', evidence: [] },
];

describe('sarifOf', () => {
  const log = JSON.parse(sarifOf(findings, '1.2.3', () => 'karma.yaml'));

  it('names rules once, with what they mean', () => {
    const { rules, version } = log.runs[0].tool.driver;
    expect(version).toBe('1.2.3');
    expect(rules.map((rule: { id: string }) => rule.id)).toEqual(['cycle', 'module-not-read', 'own-code']);
    expect(rules[0]).toMatchObject({ defaultConfiguration: { level: 'error' }, help: { text: expect.any(String) } });
    expect(rules[2]).toEqual({ id: 'own-code' });
  });

  it('places results: by file and line, in other repositories, and where there is no place', () => {
    const places = log.runs[0].results.map(
      (result: { locations: readonly { physicalLocation: unknown }[] }) => result.locations[0]?.physicalLocation,
    );
    expect(places).toEqual([
      { artifactLocation: { uri: 'iac/a%20b.json' }, region: { startLine: 3 } },
      { artifactLocation: { uri: 'net/main.tf', uriBaseId: 'mods' } },
      { artifactLocation: { uri: 'karma.yaml' } },
    ]);
    expect(
      log.runs[0].results.map(({ level, ruleIndex }: { level: string; ruleIndex: number }) => [level, ruleIndex]),
    ).toEqual([
      ['error', 0],
      ['note', 1],
      ['warning', 2],
    ]);
  });

  it('keeps fingerprints when wording or lines change', () => {
    const [first] = findings;
    const reworded = first === undefined ? [] : [{ ...first, message: 'other', evidence: [] }];
    const again = JSON.parse(sarifOf(reworded, '9'));
    expect(again.runs[0].results[0].partialFingerprints).toEqual(log.runs[0].results[0].partialFingerprints);
    expect(again.runs[0].results[0].locations).toEqual([]);
  });
});

describe('junitOf', () => {
  it('shows a case for each subject, and failures from the severity asked', () => {
    const xml = junitOf(findings, { subjects: ['prod/app/web', 'prod/vpc/main'], failOn: 'warning' });
    expect(xml.split('\n')).toEqual([
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<testsuites name="karma check" tests="4" failures="2" errors="0">',
      '  <testsuite name="karma check" tests="4" failures="2" errors="0">',
      '    <testcase classname="karma" name="estate">',
      '      <failure type="own-code" message="odd">warning own-code: odd</failure>',
      '    </testcase>',
      '    <testcase classname="karma" name="prod/app/web"/>',
      '    <testcase classname="karma" name="prod/db/main">',
      '      <failure type="cycle" message="a &lt;loop&gt; &amp; &quot;more&quot;">error cycle: a &lt;loop&gt; &amp; &quot;more&quot; (iac/a b.json:3)&#10;  cut it</failure>',
      '    </testcase>',
      '    <testcase classname="karma" name="prod/vpc/main">',
      '      <system-out>info module-not-read: far (mods:net/main.tf)</system-out>',
      '    </testcase>',
      '  </testsuite>',
      '</testsuites>',
    ]);
  });
});
