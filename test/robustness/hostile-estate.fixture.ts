import { createHash } from 'node:crypto';
import type { Files } from '../support/estates.ts';

/** An estate written to attack whoever reads it: every place in which a word of it could stand holds one that nobody should print. */

/** Names as file systems take them: markup, code of shells, characters that steer a terminal or a reader's eye, words of JavaScript. */
export const names = [
  '<img src=x onerror=alert(1)>',
  '"><script>alert(1)<',
  "';touch sprung;'",
  '$(touch sprung)',
  '`touch sprung`',
  '-rf',
  '--data=sprung',
  'esc\u001b]0;sprung\u0007\u001b[2J',
  'bidi\u202egpj.exe\u2066',
  'line\nbreak\rback',
  'tab\tnul-less\u0000'.replace('\u0000', '\u0001'),
  '__proto__',
  'constructor',
  'toString',
  '%2e%2e%2f%00',
  'a|b&c>d',
  '{{7*7}}${7*7}#{7*7}',
  'n'.repeat(200),
  'é'.normalize('NFD'),
  '\u{1f468}\u200d\u{1f469}',
] as const;

export const secret = 'pl4nted-Zk7Qw9-s3cret';

/** A secret as somebody may find it again: as it is, turned, wrapped, folded, and digested without a key. */
export const spellings: readonly string[] = [
  secret,
  [...secret].reverse().join(''),
  secret.toUpperCase(),
  Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  Buffer.from(secret).toString('hex'),
  ...['md5', 'sha1', 'sha256'].map((name) => createHash(name).update(secret).digest('hex')),
  createHash('sha256').update(JSON.stringify(secret)).digest('hex'),
];

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
const configOf = (environment: string) => {
  const given = Object.fromEntries(
    names.map((name, at) => [name, at % 2 === 0 ? `${environment} ${name}` : { [name]: [environment, name] }]),
  );
  return json({ ...given, ['__proto__x']: environment, password: secret, url: `https://u:${secret}@example.com/` });
};

const said = JSON.stringify(`<img src=y>${names[7]}${names[8]} token=${secret}`);

export const hostileFiles: Files = {
  'karma.yaml': [
    `estate: ${JSON.stringify('<hostile>\u202e')}`,
    'policies:',
    `  - { name: ${JSON.stringify(names[0])}, from: "env=dev", to: "env=dev", reason: ${said} }`,
    `  - { name: ${JSON.stringify(names[8])}, when: "change.components.exists(c, c.id == 'x')", then: ask, ask: { group: ${JSON.stringify(names[1])} }, reason: ${said} }`,
    `  - { name: long, when: ${JSON.stringify(`${'[1,2,3,4,5,6,7,8,9].all(a, '.repeat(8)}true${')'.repeat(8)}`)}, then: warn }`,
    'approvals:',
    `  - { select: "env=dev", count: 2, group: ${JSON.stringify(names[1])}, reason: ${said} }`,
    `  - { select: "(((((", reason: ${said} }`,
    'groups:',
    `  ${JSON.stringify(names[1])}: [${names.map((name) => JSON.stringify(name)).join(', ')}]`,
    'environments:',
    '  expected:',
    `    - { key: ${JSON.stringify('/**/**/**/**/**/**/x')}, object: ${JSON.stringify('*'.repeat(60))}, reason: ${said} }`,
    'consumers:',
    `  - { who: ${said}, reads: "dev/vpc/*", consumes: [/id] }`,
    'references:',
    `  - { from: ${JSON.stringify(`dev/vpc/${names[0]}`)}, to: ${JSON.stringify(`dev/vpc/${names[3]}`)}, reason: ${said} }`,
    'repositories:',
    `  ${JSON.stringify(names[0])}: { url: "https://127.0.0.1:1/x.git" }`,
    'schedules:',
    `  - { name: ${JSON.stringify(names[7])}, do: drift, every: 1s }`,
    '',
  ].join('\n'),
  CODEOWNERS: `iac/** @<script>\u001b[31m ${names[8]}\n`,
  'components/vpc/main.tf': `variable "config" {}\nvariable "password" { sensitive = true }\noutput "id" { value = 1 }\n`,
  'components/vpc/component.yaml': `inputs: { type: object, properties: { ${JSON.stringify(names[0])}: { description: ${said} } } }\nsensitive: [password]\n`,
  ...Object.fromEntries(
    ['dev', 'prod'].flatMap((environment) =>
      names.map((name) => [`iac/${environment}/vpc/${name}/config.json`, configOf(environment)]),
    ),
  ),
};
