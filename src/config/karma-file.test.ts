import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isKarmaError } from '../model/errors.ts';
import { readKarmaFile } from './karma-file.ts';
import { karmaJsonSchema } from './karma-shape.ts';
import { schemaChecker } from './schema-check.ts';

function refusal(text: string): string {
  try {
    readKarmaFile('karma.yaml', text);
  } catch (error) {
    if (isKarmaError(error)) return `${error.code} ${error.message}`;
    throw error;
  }
  return 'accepted';
}

describe('karma.yaml', () => {
  test('is read into settings', () => {
    const karma = readKarmaFile(
      'karma.yaml',
      [
        'estate: acme',
        'prefix: /acme',
        'repositories:',
        '  modules: { path: ../aws-iac, kind: modules }',
        '  docs: ../openapi',
        'environments: [ "live/{environment}/**" ]',
        'references:',
        '  - { from: prod/a/x, to: prod/b/y, deny: true, reason: no longer }',
        'placement: { "prod/**": acme-prod }',
        'terraform: { roots: [stacks], varFiles: ["*.tfvars"] }',
      ].join('\n'),
    );
    expect(karma).toMatchObject({
      estate: 'acme',
      repositories: [
        { name: 'modules', path: '../aws-iac', kinds: ['modules'] },
        { name: 'docs', path: '../openapi', kinds: [] },
      ],
      settings: {
        prefix: '/acme',
        environments: [{ pattern: 'live/{environment}/**' }],
        references: [{ from: 'prod/a/x', deny: true }],
        placement: { modules: 'modules' },
        bindings: { 'prod/**': 'acme-prod' },
        roots: ['stacks'],
        varFiles: ['*.tfvars'],
      },
    });
    expect(karma?.lineOf('/references/0')).toBe(8);
  });

  test.each([
    ['webhook: http://example.org/x\n    secret: S', 'is sent to no address that is safe'],
    ['webhook: https://example.org/x', 'must name the variable that holds its secret'],
    ['webhook: https://a:b@example.org/x\n    secret: S', 'hooks.0.webhook'],
    ['run: [x]\n    secret: S', 'only a webhook has one'],
    ['run: []', 'names no program'],
    ['on: [applied]', 'must say either run or webhook'],
    ['run: [x]\n    on: [aplied]', 'applied'],
    ['run: [x]\n  - name: x\n    run: [y]', 'is called like another one'],
  ])('takes no hook that is %j', (text, words) => {
    const said = refusal(`estate: a\nhooks:\n  - name: x\n    ${text}\n`);
    expect(said).toMatch(/KARMA_CONFIG_INVALID karma\.yaml:\d+: /);
    expect(said).toContain(words);
  });

  test('takes hooks that are sent to an address or started here', () => {
    const hooks =
      '  - { name: a, on: [applied], webhook: "http://[::1]:1/x", secret: S }\n  - { name: b, run: [x, y] }\n';
    expect(readKarmaFile('karma.yaml', `estate: a\nhooks:\n${hooks}`)?.hooks).toEqual([
      { name: 'a', on: ['applied'], webhook: 'http://[::1]:1/x', secret: 'S' },
      { name: 'b', run: ['x', 'y'] },
    ]);
  });

  test.each([
    [
      'an unknown key',
      'estate: a\nrepositries: {}\n',
      'karma.yaml:2: unknown key "repositries"; did you mean "repositories"?',
    ],
    [
      'an unknown choice',
      'estate: a\nlayouts:\n  - terragunt\n',
      'karma.yaml:3: "layouts.0" must be one of adage, terragrunt, terraform; did you mean "terragrunt"?',
    ],
    ['a wrong type', 'estate: a\nprefix: 7\n', 'karma.yaml:2: "prefix" must be a string, not a integer'],
    [
      'a missing reason',
      'estate: a\nreferences:\n - from: x\n   to: y\n',
      'karma.yaml:3: "references.0" lacks the key "reason"',
    ],
    [
      'a code of findings that there is not',
      'estate: a\nfindings:\n - code: cycel\n   severity: info\n   reason: so\n',
      'karma.yaml:3: "findings.0.code" must be one of hcl-unreadable, json-unreadable, json-duplicate-key and ',
    ],
    [
      'a second document',
      'estate: a\n---\npolicies: []\n',
      'karma.yaml:2: the file holds several documents; only the first is read',
    ],
    ['broken YAML', 'estate: a\nx: [\n', 'karma.yaml:3: the file is not valid YAML from line 3 on'],
  ])('%s is refused with file, line and the nearest right word', (_what, text, message) => {
    expect(refusal(text)).toContain(`KARMA_CONFIG_INVALID ${message}`);
  });

  test.each(['browsers: [chrome]\n', '', '- a\n', 'x: [\n'])('%j belongs to some other tool', (text) => {
    expect(readKarmaFile('karma.yaml', text)).toBeUndefined();
  });

  test('the JSON Schema for editors is the one the shape gives, and accepts what validation accepts', () => {
    const written: unknown = JSON.parse(
      readFileSync(new URL('../../schemas/karma.schema.json', import.meta.url), 'utf8'),
    );
    expect(written).toEqual(karmaJsonSchema());
    const checker = schemaChecker(written);
    expect(checker.check({ estate: 'a', follow: 'main', consumers: [{ who: 'x', reads: 'y' }] })).toEqual([]);
    expect(checker.check({ estate: 'a', folow: 'main' })).toMatchObject([{ pointer: '/folow' }]);
  });
});

test.each([
  ['{ do: check }', 'karma.yaml:3: "schedules.0" must say either every or cron'],
  ['{ do: check, every: 1d, cron: "0 6 * * *" }', 'karma.yaml:3: "schedules.0" must say either every or cron'],
  ['{ do: check, every: soon }', 'karma.yaml:3: "schedules.0.every" does not have the form'],
  ['{ do: check, cron: daily }', 'karma.yaml:3: "schedules.0.cron" does not have the form'],
  ['{ do: deploy, every: 1d }', 'karma.yaml:3: "schedules.0.do" must be one of build, refresh, check, drift'],
  [
    '{ do: check, every: 1d }\n  - { do: check, every: 2d }',
    'karma.yaml:4: "schedules.1" is called like another one: "check"',
  ],
])('tells a schedule that is none with its line: %s', (schedule, message) => {
  expect(() => readKarmaFile('karma.yaml', `estate: a\nschedules:\n  - ${schedule}\n`)).toThrow(message);
});
