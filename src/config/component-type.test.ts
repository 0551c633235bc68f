import { expect, test } from 'vitest';
import { readComponentType } from './component-type.ts';

const read = (files: Readonly<Record<string, string>>) => (type: string) => {
  const text = files[type];
  return text === undefined ? undefined : { file: `components/${type}/component.yaml`, text };
};

test('a child is laid over its parent', () => {
  const { declaration, findings } = readComponentType(
    'site',
    read({
      base: 'abstract: true\nsensitive: [admin.password]\nreferences:\n  vpc: { type: vpc, by: vpc_nickname }\ninputs:\n  name: { type: string }\n',
      site: 'extends: base\nreferences:\n  zone: route53-zone\ninputs:\n  size: { type: integer }\nalso_written_by:\n  deploy.py: [arn]\nsteps:\n  - run: [python3, x.py]\n    when: before\n',
    }),
  );
  expect(findings).toEqual([]);
  expect(declaration).toMatchObject({
    lineage: ['site', 'base'],
    abstract: false,
    inputs: { type: 'object', properties: { name: { type: 'string' }, size: { type: 'integer' } } },
    references: { vpc: { type: 'vpc', by: 'vpc_nickname', optional: false }, zone: { type: 'route53-zone', line: 3 } },
    sensitive: ['/admin/password'],
    steps: [{ name: 'python3', when: 'before', run: ['python3', 'x.py'] }],
    alsoWrittenBy: [{ who: 'deploy.py', outputs: ['arn'] }],
  });
});

test.each([
  ['an unknown key with its nearest word', 'refrences: {}\n', 'component-type-invalid', /references/],
  ['a wrong type', 'abstract: 3\n', 'component-type-invalid', /boolean/],
  ['a missing parent', 'extends: none\n', 'extends-broken', /none/],
  ['a loop', 'extends: site\n', 'extends-broken', /loop/],
  ['broken YAML', 'a: [1\n', 'json-unreadable', /YAML/],
])('%s is a finding', (_what, text, code, message) => {
  const { findings } = readComponentType('site', read({ site: text }));
  expect(findings).toMatchObject([{ code, subject: 'type site', message: expect.stringMatching(message) }]);
});

test('a chain of types without end is not followed', () => {
  const chain = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`t${at}`, `extends: t${at + 1}\n`]));
  const { declaration } = readComponentType('t0', read(chain));
  expect(declaration?.lineage).toHaveLength(17);
});

const typed = (inputs: string, outputs = '') => `inputs:\n${inputs}${outputs === '' ? '' : `outputs:\n${outputs}`}`;

test.each<[string, string, string, readonly string[]]>([
  ['a narrower range', '  size: { type: number, maximum: 9 }\n', '  size: { maximum: 3 }\n', []],
  ['an integer for a number', '  size: { type: number }\n', '  size: { type: integer }\n', []],
  ['an input of its own', '  size: { type: number }\n', '  more: { type: string }\n', []],
  ['a wider range', '  size: { maximum: 9 }\n', '  size: { maximum: 10 }\n', ['/inputs/size']],
  ['no bound any more', '  size: { minimum: 9 }\n', '  size: { minimum: null }\n', ['/inputs/size']],
  ['another type', '  size: { type: number }\n', '  size: { type: string }\n', ['/inputs/size']],
  ['one more choice', '  tier: { enum: [a, b] }\n', '  tier: { enum: [a, c] }\n', ['/inputs/tier']],
  ['fewer choices', '  tier: { enum: [a, b] }\n', '  tier: { enum: [a] }\n', []],
  ['an input less', '  size: { type: number }\n', '  size: null\n', ['/inputs/size']],
])('a child may narrow what it takes: %s', (_what, parent, child, pointers) => {
  const { findings } = readComponentType('site', read({ base: typed(parent), site: `extends: base\n${typed(child)}` }));
  expect(findings.map(({ code, key }) => `${code} ${key}`)).toEqual(pointers.map((one) => `type-widens ${one}`));
});

test('a child keeps the outputs of its parent, and what is required', () => {
  const base =
    'inputs:\n  type: object\n  properties: { a: { type: string } }\n  required: [a]\noutputs:\n  url: { type: string }\n  id: {}\n';
  const site =
    'extends: base\ninputs:\n  type: object\n  required: []\noutputs:\n  url: { type: number }\n  id: null\n';
  const { findings } = readComponentType('site', read({ base, site }));
  expect(findings.map(({ key, message }) => `${key}: ${message}`)).toEqual([
    '/inputs/a: site extends base, but a is not required any more',
    '/outputs/id: site extends base, but the output id is gone',
    '/outputs/url: site extends base, but the output url is number and was string',
  ]);
});
