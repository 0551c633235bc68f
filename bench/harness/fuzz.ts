import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../random.ts';
import { faultsOf } from './product.ts';
import { commit, type Harness, mixed, repository } from './world.ts';

/**
 * Estates and documents that somebody broke: bytes changed, cut, doubled, mixed up, or put there by one who means harm. Every
 * question ends with an answer or with words: never a bug, a stack trace, a hang, or what steers a terminal.
 */
export const fuzz: Harness = async ({ product, random, folder, faults, say }, rounds) => {
  for (let round = 0; round < rounds; round += 1) {
    const estate = repository(join(folder, `fuzz-${round}`), mixed);
    const data = join(folder, `fuzz-${round}-data`);
    const at = ['-C', estate, '--data', data];
    const changed: string[] = [];
    for (let count = 1 + random.below(4); count > 0; count -= 1) {
      const path = random.pick(Object.keys(mixed)) ?? '';
      changed.push(path);
      writeFileSync(join(estate, path), mutated(mixed[path] ?? '', random));
    }
    if (random.below(3) > 0) commit(estate);
    const document = join(folder, `fuzz-${round}.json`);
    writeFileSync(document, mutated(random.pick(documents) ?? '', random));
    const asked: string[] = [];
    for (let count = 0; count < 3; count += 1) {
      const question = questionIn(random, document);
      asked.push(question.args.join(' '));
      const told = await product.ask([...question.args, ...at], question.input === undefined ? {} : question);
      faults.push(...faultsOf(told).map((fault) => `${fault}\n  round ${round}, changed ${changed.join(', ')}`));
    }
    say(`fuzz ${round}: ${changed.join(', ')}: ${asked.join('; ')}`);
    for (const place of [estate, data, document]) rmSync(place, { recursive: true, force: true, maxRetries: 3 });
  }
};

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
