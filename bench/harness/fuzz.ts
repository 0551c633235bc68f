import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../random.ts';
import { faultsOf } from './product.ts';
import { commit, copied, type Files, type Harness, mixed, repository } from './world.ts';

/**
 * Estates and documents that somebody broke: bytes changed, cut, doubled, mixed up, or put there by one who means harm. Every
 * question ends with an answer or with words: never a bug, a stack trace, a hang, or what steers a terminal.
 */
export const fuzz: Harness = async ({ product, random, folder, faults, say }, rounds) => {
  const whole = repository(join(folder, 'fuzz-whole'), inFull);
  for (let round = 0; round < rounds; round += 1) {
    const estate = copied(whole, join(folder, `fuzz-${round}`));
    const data = join(folder, `fuzz-${round}-data`);
    const at = ['-C', estate, '--data', data];
    const changed: string[] = [];
    for (let count = 1 + random.below(4); count > 0; count -= 1) {
      const path = random.pick(Object.keys(inFull)) ?? '';
      changed.push(path);
      writeFileSync(join(estate, path), mutated(inFull[path] ?? '', random));
    }
    if (random.below(3) > 0) commit(estate);
    const document = join(folder, `fuzz-${round}.json`);
    writeFileSync(document, mutated(random.pick(documents) ?? '', random));
    const asked: string[] = [];
    for (let count = 0; count < 3; count += 1) {
      const question = questionIn(random, document);
      asked.push(question.args.join(' '));
      const args = [...question.args, ...at];
      // Now and then a process of its own, as a person starts one: how it begins and ends is part of an answer.
      const isAlone = question.input !== undefined || random.below(20) === 0;
      const told = await (isAlone
        ? product.ask(args, question.input === undefined ? {} : question)
        : product.askStaying(args));
      faults.push(...faultsOf(told).map((fault) => `${fault}\n  round ${round}, changed ${changed.join(', ')}`));
    }
    say(`fuzz ${round}: ${changed.join(', ')}: ${asked.join('; ')}`);
    for (const place of [estate, data, document]) rmSync(place, { recursive: true, force: true, maxRetries: 3 });
  }
};

/** The other layouts, and what an estate says of itself: policies, checks, exceptions, schemas, types, outside readers. */
export const inFull: Files = {
  ...mixed,
  'karma.yaml': `estate: harness
environments:
  paths: [{ pattern: 'live/**', environment: dev, owner: us }]
  expected:
    - { key: /size, object: '*/x', reason: "differs" }
policies:
  - name: small
    when: delta.changed.exists(c, c.startsWith('dev/')) && size(affected) > 1
    then: ask
    examples:
      - { name: large, holds: false, input: { change: { reason: much } } }
  - { name: apart, from: kind=a, to: kind=c, severity: warning, reason: "they were not to meet" }
findings:
  - { code: config-key-unread, path: 'live/**', severity: info, reason: "as they are" }
references:
  - { from: dev/c/x, to: dev/a/x, reason: "by hand" }
consumers:
  - { who: billing, reads: dev/a/x, consumes: [/id] }
placement: { dev/b/x: acme-dev }
assume:
  - { source: 'git::https://example.com/**', reason: "ours" }
schedules:
  - { do: check, every: 15m }
`,
  'components/b/component.yaml': `references:
  a: { type: a, by: a_nickname }
inputs:
  size: { type: integer, minimum: 1 }
  name: { type: string, pattern: "^[a-z]+(-[a-z]+)*$" }
checks:
  - "size(outputs.id) < 90"
  - { name: small, cel: "config.size < 9", message: "it is small" }
sensitive: password
steps:
  - { name: before, when: before, run: ["true"] }
`,
  'schemas/c.schema.json': '{"type": "object", "properties": {"size": {"type": "number"}, "x": {"pattern": "^a+$"}}}',
  'iac/stage/a/x/config.json': '{\r\n  "$extends": "dev/a/x",\r\n  "size": 2\r\n}\r\n',
};

/** What somebody hands over as a patch. */
const patch = `diff --git a/iac/dev/a/x/config.json b/iac/dev/a/x/config.json
--- a/iac/dev/a/x/config.json
+++ b/iac/dev/a/x/config.json
@@ -1 +1 @@
-{"size":1}
\\ No newline at end of file
+{"size":2}
\\ No newline at end of file
`;

const hostile = [
  ...['${', '}', '%{', '"', '<<EOT\n', '[*]', '[', ']', '{', '(', ')', '\\', '\u0000', '\u001b[2J', '\u202e', '\ufeff'],
  ...[
    '__proto__',
    'constructor',
    '../../../etc/passwd',
    '$(touch x)',
    '`id`',
    '-1',
    '1e999',
    '9'.repeat(400),
    'ünïcödé',
    '🚀',
  ],
  ...[
    'null',
    'true',
    '~',
    '&a [*a]',
    '*a',
    '!!js/function',
    '<<: *x',
    '---\n',
    '\r\n',
    '\t',
    '{{',
    '@',
    '#',
    '//',
    '/*',
  ],
  ...['(a+)+$', 'local.x', 'var.x', 'dependency.vpc', 'get_env()', 'file("/dev/zero")', 'run_cmd("sh")', 'range(1e9)'],
];

/** Changes that somebody's hand, disk or malice makes. Bytes, because a file need not be text. */
export function mutated(text: string, random: Random): Buffer {
  let bytes = Buffer.from(text);
  for (let count = 1 + random.below(5); count > 0; count -= 1) {
    const from = random.below(bytes.length + 1);
    const to = Math.min(bytes.length, from + random.below(40));
    const [before, part, after] = [bytes.subarray(0, from), bytes.subarray(from, to), bytes.subarray(to)];
    const more = Buffer.from(random.pick(hostile) ?? '');
    const ways: readonly (readonly Buffer[])[] = [
      [before, after],
      [before, part, part, after],
      [before],
      [before, more, part, after],
      [before, more, after],
      [before, ...Array.from({ length: 1 + random.below(300) }, () => more), part, after],
      [before, Buffer.from([random.below(256)]), after],
      [after, part, before],
    ];
    bytes = Buffer.concat(random.pick(ways) ?? [bytes]);
  }
  return bytes;
}

const documents = [
  patch,
  '{"format_version":"1.2","terraform_version":"1.9.0","resource_changes":[{"address":"a.b","type":"a","name":"b","change":{"actions":["create"],"before":null,"after":{"x":1}}}],"output_changes":{"id":{"actions":["create"],"after":"x"}}}',
  '{"version":4,"terraform_version":"1.9.0","serial":3,"lineage":"l","outputs":{"id":{"value":"x","type":"string"}},"resources":[]}',
  '{"Parameters":[{"Name":"/iac/a/x/runtime","Type":"String","Value":"{\\"id\\":1}","Version":1}]}',
  '{"id":{"sensitive":false,"type":"string","value":"net-1"}}',
  '[{"Name":"live/vpc","Started":"2026-01-01T00:00:00Z","Ended":"2026-01-01T00:01:00Z","Result":"succeeded"}]',
  '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"impact","arguments":{"id":"live/vpc"}}}\n',
];

interface Question {
  readonly args: readonly string[];
  readonly input?: string;
}

function questionIn(random: Random, document: string): Question {
  const id =
    random.pick([
      'live/vpc',
      'live/app',
      'dev/a/x',
      'dev/c/x',
      'roots/net',
      'roots/web',
      'x',
      random.pick(hostile) ?? '',
    ]) ?? '';
  const odd =
    random.pick([
      'env=',
      'env=dev',
      'type=a,b',
      '!',
      'a..b',
      '...',
      '*',
      '**/x',
      '-',
      '--',
      'x y',
      `${id}+`,
      `+${id}`,
      `env=${id}`,
      '',
    ]) ?? '';
  const clean = (text: string) => text.replaceAll('\u0000', '');
  const questions: readonly (readonly string[])[] = [
    ...[
      'overview',
      'list',
      'check',
      'order',
      'status',
      'export',
      'doctor',
      'build',
      'type list',
      'env list',
      'graph draw --format dot',
    ],
    ...[
      'check --output sarif',
      'list --json',
      'check --json',
      'config validate',
      'config publish --all --dry-run',
      'modules list',
    ],
    ...[
      'impact --since HEAD',
      'impact --since HEAD~1',
      'diff HEAD..',
      'log verify',
      'store verify',
      'graph versions',
      'list --layout x',
    ],
  ].map((line) => line.split(' '));
  const about: readonly (readonly string[])[] = [
    ...['show', 'outputs', 'impact', 'why', 'config show', 'log list', 'type show', 'explain'].map((verb) => [
      ...verb.split(' '),
      id,
    ]),
    ...[
      ['impact', id, '--json'],
      ['show', id, '--json'],
      ['why', id, 'live/vpc'],
      ['query', `components where id = ${id}`],
    ],
    ...[
      ['plan', odd],
      ['plan', '--dry-run', odd],
      ['deploy', odd, '--yes', '--dry-run'],
      ['destroy', odd, '--yes'],
      ['list', odd],
    ],
    ...[
      ['config', 'set', id, `size=${odd}`],
      ['config', 'set', id, `${odd}=3`, '--there'],
      ['config', 'set', id, '--unset', odd, '--write'],
      ['config', 'set', 'dev/a/x', 'size=7', '--override'],
      ['config', 'show', id, '--explain'],
      ['env', 'promote', 'dev', 'stage'],
      ['env', 'promote', 'stage', 'dev', '--write', '--override'],
      ['env', 'diff', 'dev', 'stage'],
      ['env', 'diff', 'dev', 'stage', odd],
      ['env', 'switch', 'dev/a/x', '--to', id],
      ['change', 'propose', 'dev/a/x', '--set', 'size=9', '--reason', odd],
      ['change', 'propose', id, '--set', odd, '--reason', 'because'],
      ['change', 'propose', '--from-worktree', '--reason', 'as it is'],
      ['change', 'propose', '--rename', `dev/a/x=${id}`, '--reason', 'moves', '--dry-run'],
      ['change', 'propose', '--new', 'a/y', '--in', 'dev', '--from', id, '--reason', 'new'],
      ['change', 'propose', '--remove', id, '--reason', 'goes'],
      ['change', 'show', odd],
      ['change', 'diff', odd],
      ['policy', 'test'],
      ['init', '--print'],
      ['worker', '--once'],
      ['type', 'infer', 'a'],
      ['type', 'schema', 'b'],
      ['order', odd],
      ['check', odd],
      ['status', odd],
      ['diff', odd],
      ['impact', '--since', odd],
      ['impact', odd, '--depth', '-1'],
    ],
  ].map((words) => words.map(clean));
  const given: readonly Question[] = [
    { args: ['record', document, '--component', 'live/vpc'] },
    { args: ['record', document] },
    { args: ['parameter', 'import', document, '--binding', 'acme-dev'] },
    { args: ['status', '--states', document] },
    { args: ['deploy', '--plan', document, '--yes'] },
    { args: ['change', 'propose', '--patch', document, '--reason', 'as discussed'] },
    {
      args: ['change', 'propose', '--patch', '-', '--reason', 'as discussed'],
      input: mutated(patch, random).toString(),
    },
    { args: ['change', 'propose', 'dev/a/x', '--input', document, '--reason', 'laid over', '--dry-run'] },
    { args: ['mcp'], input: `${initialize}${mutated(documents.at(-1) ?? '', random).toString()}` },
    { args: ['mcp'], input: mutated(initialize, random).toString() },
    {
      args: ['parameter', 'put', '/iac/x', '-', '--binding', 'acme-dev'],
      input: mutated('{"a": 1}', random).toString(),
    },
  ];
  const kind = random.below(5);
  if (kind === 0) return random.pick(given) as Question;
  return { args: (kind < 3 ? random.pick(questions) : random.pick(about)) ?? [] };
}

const initialize =
  '{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"h","version":"1"}}}\n{"jsonrpc":"2.0","method":"notifications/initialized"}\n';
