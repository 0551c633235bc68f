import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commitAll, estateMaker, terraformFiles, terragruntFiles, writeFiles } from '../support/estates.ts';
import { karma, karmaJson, karmaOk } from '../support/karma.ts';

/** `karma check` is the only judge: what it lets pass, what it stops, and in which words machines are told. */

const { folder, repository } = estateMaker();
const app = 'live/dev/app/terragrunt.hcl';

/** One error, one warning, one info. */
const flawed = () =>
  repository({
    ...terragruntFiles,
    'live/dev/bad/terragrunt.hcl':
      'dependency "none" { config_path = "../nonesuch" }\ndependency "run" { config_path = run_cmd("x") }\nterraform { source = "git::https://example.com/x.git//y" }\n',
  });

describe.concurrent('the exit code', () => {
  it.each([
    ['error', 2],
    ['warning', 2],
    ['info', 2],
    ['never', 0],
  ])('with --fail-on %s of an estate with an error is %d', async (level, code) => {
    expect((await karma(['check', '--fail-on', level, '-C', flawed()])).code).toBe(code);
  });

  it('is 0 without findings at or above the level', async () => {
    const estate = repository({
      ...terragruntFiles,
      [app]: `${terragruntFiles[app]}dependency "run" { config_path = run_cmd("x") }\n`,
    });
    expect((await karma(['check', '-C', estate])).code).toBe(0);
    expect((await karma(['check', '--fail-on', 'warning', '-C', estate])).code).toBe(2);
    expect((await karma(['check', '--fail-on', 'info', '-C', repository(terragruntFiles)])).code).toBe(0);
  });
});

describe.concurrent('a baseline', () => {
  it('accepts what is there today, and nothing that comes', async () => {
    const estate = flawed();
    const file = join(estate, '.karma-baseline.json');
    expect((await karmaOk(['check', '--write-baseline', '-C', join(estate, 'live')])).stdout).toMatch(
      /\d+ findings? accepted/,
    );
    expect(existsSync(file)).toBe(true);
    const once = readFileSync(file, 'utf8');
    await karmaOk(['check', '--write-baseline', '-C', estate]);
    expect(readFileSync(file, 'utf8')).toBe(once);
    const { stdout } = await karmaOk(['check', '-C', join(estate, 'live/dev')]);
    expect(stdout).toMatch(/0 errors, 0 warnings.* accepted by the baseline/);
    // Lines above move a finding; it is the same one.
    writeFiles(estate, {
      'live/dev/bad/terragrunt.hcl': `# moved\n\n${readFileSync(join(estate, 'live/dev/bad/terragrunt.hcl'), 'utf8')}`,
    });
    await karmaOk(['check', '-C', estate]);
    writeFiles(estate, { [app]: String(terragruntFiles[app]).replace('../vpc', '../vcp') });
    const worse = await karma(['check', '-C', estate]);
    expect(worse.code).toBe(2);
    expect(worse.stdout).toMatch(/dangling-reference {2}live\/dev\/app[\s\S]*did you mean live\/dev\/vpc\?/);
    expect(worse.stdout).not.toContain('nonesuch');
    writeFiles(estate, { [app]: String(terragruntFiles[app]), 'live/dev/bad/terragrunt.hcl': '' });
    expect((await karmaOk(['check', '-C', estate])).stdout).toMatch(/\d+ in the baseline are gone/);
  });

  it('that is none is refused', async () => {
    const estate = flawed();
    for (const [text, code] of [
      ['no json', 64],
      ['{}', 64],
      ['{"accepted": 7}', 64],
      ['{"accepted": [1, null]}', 64],
      ['[]', 64],
    ] as const) {
      writeFiles(estate, { 'b.json': text });
      const answer = await karma(['check', '--baseline', join(estate, 'b.json'), '-C', estate]);
      expect({ text, code: answer.code, stdout: answer.stdout }).toEqual({ text, code, stdout: '' });
      expect(answer.stderr).toMatch(/KARMA_INPUT_INVALID[\s\S]*--write-baseline/);
    }
    const none = await karma(['check', '--baseline', join(folder, 'nope.json'), '-C', estate]);
    expect(none.stderr).toMatch(/there is no baseline/);
  });
});

interface Sarif {
  readonly $schema: string;
  readonly version: string;
  readonly runs: readonly {
    readonly tool: {
      readonly driver: {
        readonly name: string;
        readonly version: string;
        readonly rules: readonly { readonly id: string }[];
      };
    };
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex?: number;
      readonly level: string;
      readonly message: { readonly text: string };
      readonly locations?: readonly {
        readonly physicalLocation?: {
          readonly artifactLocation: { readonly uri: string };
          readonly region?: { readonly startLine: number };
        };
      }[];
      readonly partialFingerprints?: Readonly<Record<string, string>>;
    }[];
  }[];
}

describe.concurrent('for machines', () => {
  it('SARIF is of version 2.1.0, each result with rule, level, place and fingerprint', async () => {
    const estate = repository({
      ...terragruntFiles,
      'live/a b/ü/terragrunt.hcl': 'dependency "none" { config_path = "../nonesuch" }\n',
    });
    const { stdout } = await karma(['check', '--output', 'sarif', '-C', estate]);
    const { $schema, version, runs } = JSON.parse(stdout) as Sarif;
    expect({ version, runs: runs.length }).toEqual({ version: '2.1.0', runs: 1 });
    expect($schema).toMatch(/^https:\/\/.*sarif.*2\.1\.0/);
    const [run] = runs;
    const rules = run?.tool.driver.rules ?? [];
    expect(run?.tool.driver).toMatchObject({
      name: expect.stringMatching(/karma/i) as string,
      version: expect.any(String) as string,
    });
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
    expect(run?.results.length).toBeGreaterThan(0);
    for (const result of run?.results ?? []) {
      expect(rules.map(({ id }) => id)).toContain(result.ruleId);
      if (result.ruleIndex !== undefined) expect(rules[result.ruleIndex]?.id).toBe(result.ruleId);
      expect(['none', 'note', 'warning', 'error']).toContain(result.level);
      expect(result.message.text).toMatch(/\S/);
      expect(Object.values(result.partialFingerprints ?? {})[0]).toMatch(/^[0-9a-f]+/);
      for (const { physicalLocation } of result.locations ?? []) {
        // A relative reference by RFC 3986: no spaces, no scheme, nothing above the root.
        expect(physicalLocation?.artifactLocation.uri).toMatch(/^(?!\/|\.\.)[A-Za-z0-9\-._~!$&'()*+,;=:@%/]+$/);
        if (physicalLocation?.region !== undefined) expect(physicalLocation.region.startLine).toBeGreaterThan(0);
      }
    }
  });

  it('SARIF without findings has an empty list of results', async () => {
    const { stdout } = await karmaOk(['check', '--output', 'sarif', '-C', repository(terragruntFiles)]);
    expect((JSON.parse(stdout) as Sarif).runs[0]?.results).toEqual([]);
  });

  it('JUnit is well-formed, counts what it lists, and escapes what it quotes', async () => {
    const estate = repository({
      ...terragruntFiles,
      'live/<a>&"b"/terragrunt.hcl': 'dependency "none" { config_path = "../none<such>&" }\n',
    });
    const { stdout } = await karma(['check', '--output', 'junit', '-C', estate]);
    expect(stdout).toMatch(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites?[ >]/);
    const failures = [...stdout.matchAll(/<failure[ >]/g)].length;
    expect(failures).toBeGreaterThan(0);
    expect(Number(/failures="(\d+)"/.exec(stdout)?.[1])).toBe(failures);
    expect(Number(/tests="(\d+)"/.exec(stdout)?.[1])).toBe([...stdout.matchAll(/<testcase[ >]/g)].length);
    wellFormed(stdout);
  });

  it('JSON has everything the table has', async () => {
    const { findings, counts } = await karmaJson<{
      findings: readonly { severity: string }[];
      counts: Record<string, number>;
    }>(['check', '--fail-on', 'never', '-C', flawed()]);
    for (const severity of ['error', 'warning', 'info'])
      expect(findings.filter((one) => one.severity === severity)).toHaveLength(counts[severity] ?? -1);
  });

  it('--since tells only what a range makes worse, in every form', async () => {
    const estate = flawed();
    writeFiles(estate, { 'README.md': '#\n' });
    commitAll(estate, 'no worse');
    await karmaOk(['check', '--since', 'HEAD~1', '-C', estate]);
    writeFiles(estate, { [app]: String(terragruntFiles[app]).replace('../vpc', '../vcp') });
    commitAll(estate, 'worse');
    for (const output of ['table', 'json', 'sarif', 'junit']) {
      const { code, stdout } = await karma(['check', '--since', 'HEAD~1', '--output', output, '-C', estate]);
      expect(code).toBe(2);
      expect(stdout).toContain('live/dev/app');
      expect(stdout).not.toContain('nonesuch');
    }
  });
});

/** Tags nest and close, and no bare `&` or `<` stands in a text: what any XML parser asks first. */
function wellFormed(xml: string): void {
  const open: string[] = [];
  for (const [, closing = '', name = '', , self = ''] of xml.matchAll(
    /<(\/?)([a-z]+)((?:\s+[a-z]+="[^"<]*")*)\s*(\/?)>/g,
  )) {
    if (closing === '/') expect(open.pop()).toBe(name);
    else if (self === '') open.push(name);
  }
  expect(open).toEqual([]);
  const between = xml.replace(/<\?xml[^>]*\?>/, '').replace(/<\/?[a-z]+(?:\s+[a-z]+="[^"<]*")*\s*\/?>/g, '');
  expect(between).not.toMatch(/<|&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-f]+);)/);
}

describe.concurrent('the judge agrees with the answer', () => {
  it('about an output that goes while others read it', async () => {
    const estate = repository(terraformFiles);
    writeFiles(estate, { 'network/main.tf': String(terraformFiles['network/main.tf']).replace('"vpc_id"', '"id"') });
    const { stdout } = await karma(['impact', '--since', 'HEAD', '-C', estate]);
    expect(stdout).toContain('a deploy refuses');
    const judged = await karma(['check', '--since', 'HEAD', '-C', estate]);
    expect(judged.code).toBe(2);
    expect(judged.stdout).toMatch(/error {3}contract-broken {2}network\n.*app reads it {2}app\/main\.tf:\d+/);
    expect(judged.stdout).not.toContain('contract-mismatch');
    for (const part of ['app', 'network'])
      expect(await karma(['check', '--since', 'HEAD', part, '-C', estate])).toMatchObject({ code: 2 });
  });

  it('about the module of a component', async () => {
    const estate = repository({
      ...terraformFiles,
      'network/more.tf': 'resource "aws_vpc" "v" { cidr_block = var.cidrs }\n',
    });
    const judged = await karma(['check', 'network', '-C', estate]);
    expect(judged).toMatchObject({ code: 2, stdout: expect.stringContaining('var.cidrs') as string });
    expect((await karmaOk(['show', 'network', '-C', estate])).stdout).toContain('var.cidrs');
    expect(await karma(['check', 'app', '-C', estate])).toMatchObject({ code: 0 });
  });

  it('about how bad a finding is, as karma.yaml says, whatever is in the baseline', async () => {
    const estate = flawed();
    await karmaOk(['check', '--write-baseline', '-C', estate]);
    writeFiles(estate, {
      'karma.yaml': `estate: a
findings:
  - { code: dangling-reference, severity: warning, reason: it comes next week }
  - { path: stage/**, severity: info, reason: an old one }
`,
    });
    expect((await karmaOk(['check', '-C', estate])).stdout).toMatch(
      /0 errors, 0 warnings.* accepted by the baseline$/m,
    );
    const judged = await karma([
      'check',
      '--baseline',
      `${writeFiles(`${estate}-none`, { b: '{"accepted":[]}' })}/b`,
      '-C',
      estate,
    ]);
    expect(judged).toMatchObject({ code: 0, stdout: expect.stringMatching(/warning dangling-reference/) as string });
    const { stdout } = await karmaOk(['doctor', '-C', estate]);
    expect(stdout).toMatch(/dangling-reference: warning {2}decides 1 finding {2}it comes next week/);
    expect(stdout).toMatch(/any finding in stage\/\*\*: info {2}decides nothing now/);
  });
});

describe.concurrent('one cause', () => {
  it('is told once, with whom it is told of', async () => {
    const estate = repository({ ...terragruntFiles, 'root.hcl': 'locals {\n  region = "eu-west-1"\n' });
    const { stdout } = await karma(['check', '-C', estate]);
    expect(stdout.match(/hcl-unreadable/g)).toHaveLength(1);
    expect(stdout).toContain('hcl-unreadable  live/dev/app, live/dev/vpc');
    expect(stdout).toMatch(/^1 error, .*\(\d+ findings in all\)/m);
    const { stdout: all } = await karmaOk(['overview', '--json', '-C', estate]);
    expect(JSON.parse(all)).toMatchObject({
      counts: { causes: { error: 1 }, findings: { error: 2 } },
      causes: [{ code: 'hcl-unreadable', findings: 2, subjects: ['live/dev/app', 'live/dev/vpc'] }],
    });
  });
});
