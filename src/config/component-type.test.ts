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
