import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse as parseYaml, stringify } from 'yaml';
import { loadGrammar } from '../hcl/parse.ts';
import { parseTfvars } from '../hcl/tfvars.ts';
import { constantOf } from '../infer/terraform/constant.ts';
import type { Json } from '../model/digest.ts';
import type { Edit } from './edit.ts';
import { editFile } from './edit-file.ts';
import { quoteHcl } from './hcl/write-value.ts';

type Members = { readonly [key: string]: Json };

const keys = fc.oneof(
  fc.constantFrom(
    'a',
    'b',
    'name',
    'zone_ids',
    'a/b',
    'm~n',
    '__proto__',
    'constructor',
    'x y',
    'for',
    'true',
    '${x}',
    'é',
    '1',
  ),
  fc.string({ minLength: 1, maxLength: 6 }).filter((key) => key !== '<<' && key.isWellFormed()),
);
const texts = fc.oneof(
  fc.constantFrom(
    '',
    'x',
    'yes',
    '010',
    '1e3',
    'null',
    '${var.x}',
    '%{ if x }',
    '$${x}',
    'a: b',
    '# no',
    '"',
    "it's",
    '\\n',
    'tab\t',
    'ü',
    '- x',
    '@x',
    '<<EOT',
  ),
  fc.string({ maxLength: 12 }).filter((text) => text.isWellFormed()),
  fc
    .array(fc.constantFrom('one', ' two', '', 'three${'), { minLength: 2, maxLength: 4 })
    .map((lines) => lines.join('\n')),
);
const scalars = fc.oneof(texts, fc.integer(), fc.boolean(), fc.constant(null), fc.constantFrom(1.5, -0.25));
const values = fc.letrec<{ value: Json; members: Members }>((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, scalars, fc.array(tie('value'), { maxLength: 4 }), tie('members')),
  members: fc.array(fc.tuple(keys, tie('value')), { maxLength: 5 }).map(asObject),
}));

function asObject(entries: readonly (readonly [string, Json])[]): Members {
  return Object.fromEntries(entries);
}

interface Format {
  readonly path: string;
  /** Writes a value in some style: a list of choices decides, over and over. */
  readonly write: (value: Members, choices: readonly number[]) => string;
  readonly read: (text: string) => unknown;
}

const formats: readonly (readonly [string, Format])[] = [
  [
    'JSON',
    {
      path: 'config.json',
      write: (value, [indent = 0, ending = 0]) =>
        JSON.stringify(value, null, [undefined, 2, 4, '\t'][indent % 4]).replaceAll(
          '\n',
          ending % 2 === 0 ? '\n' : '\r\n',
        ) + ['', '\n'][ending % 2],
      read: (text) => JSON.parse(text),
    },
  ],
  [
    'YAML',
    {
      path: 'config.yaml',
      write: (value, [indent = 0, seq = 0, flow = 0, quotes = 0]) =>
        stringify(withoutProto(value), {
          indent: 2 + (indent % 3),
          indentSeq: seq % 2 === 0,
          collectionStyle: flow % 4 === 0 ? 'flow' : 'any',
          defaultStringType: quotes % 3 === 0 ? 'QUOTE_DOUBLE' : quotes % 3 === 1 ? 'QUOTE_SINGLE' : 'PLAIN',
          lineWidth: 0,
          compat: 'yaml-1.1',
        }),
      read: (text) => parseYaml(text) ?? {},
    },
  ],
  [
    'a file of variables',
    {
      path: 'prod.tfvars',
      write: (value, choices) => writeVariables(value, choices),
      read: (text) => {
        const { body, errors } = parseTfvars(text);
        expect(errors).toEqual([]);
        return asObject([...body.attributes.values()].map(({ name, value }) => [name, constantOf(value) as Json]));
      },
    },
  ],
];

/** `stringify` takes an object with this key for one that has none. */
function withoutProto(value: Json): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(withoutProto);
  return new Map(Object.entries(value).map(([key, member]) => [key, withoutProto(member)]));
}

/** As people write them: with and without lines, commas and comments. */
function writeVariables(members: Members, choices: readonly number[]): string {
  let at = 0;
  const choose = (of: number) => (choices[at++ % Math.max(1, choices.length)] ?? 0) % of;
  const comment = () => ['', '', '  # why', '  // why', ' /* why */'][choose(5)];
  const write = (value: Json, indent: string): string => {
    if (typeof value === 'string') return quoteHcl(value);
    if (value === null || typeof value !== 'object') return String(value);
    const inner = `${indent}  `;
    const isFlat = choose(3) === 0;
    if (Array.isArray(value)) {
      if (value.length === 0) return '[]';
      if (isFlat) return `[${value.map((item) => write(item, indent)).join(', ')}]`;
      const trailing = choose(2) === 0 ? ',' : '';
      return `[\n${value.map((item, index) => `${inner}${write(item, inner)}${index < value.length - 1 ? ',' : trailing}${comment()}\n`).join('')}${indent}]`;
    }
    const entries = Object.entries(value);
    if (entries.length === 0) return '{}';
    // Lines whose `=` happens to stand in a column are taken for formatted ones, once there are only those.
    const isEven = new Set(entries.map(([key]) => quoteHcl(key).length)).size === 1;
    const sign = [isEven ? ' = ' : '=', ' : ', '   = ', '='][choose(4)];
    const separator = choose(3) === 0 ? ',' : '';
    const member = ([key, one]: readonly [string, Json], deep: string) => `${quoteHcl(key)}${sign}${write(one, deep)}`;
    if (isFlat && !entries.some(([, one]) => write(one, '').includes('\n')))
      return `{ ${entries.map((entry) => member(entry, indent)).join(', ')} }`;
    return `{\n${entries.map((entry) => `${inner}${member(entry, inner)}${separator}${comment()}\n`).join('')}${indent}}`;
  };
  return Object.entries(members)
    .map(([key, value]) => `${key} = ${write(value, '')}${comment()}\n${['', '', '\n', '# above\n'][choose(4)]}`)
    .join('');
}

function step(key: string): string {
  return `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** Every place of a value, and one in each collection where nothing stands yet. */
function places(value: Json, path = ''): string[] {
  if (value === null || typeof value !== 'object') return [path];
  if (Array.isArray(value)) return [path, `${path}/-`, ...value.flatMap((item, at) => places(item, `${path}/${at}`))];
  return [
    path,
    `${path}/fresh_key`,
    ...Object.entries(value).flatMap(([key, member]) => places(member, path + step(key))),
  ];
}

const nothing = Symbol('nothing');

function at(value: Json, path: string): Json | typeof nothing {
  let found: Json = value;
  for (const key of stepsIn(path)) {
    if (found === null || typeof found !== 'object' || !Object.hasOwn(found, key)) return nothing;
    found = (found as Members)[key] ?? null;
  }
  return found;
}

function stepsIn(path: string): string[] {
  return path
    .split('/')
    .slice(1)
    .map((one) => one.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** What a value is with one place of it changed, worked out apart from the room that is tested. */
function changed(value: Json, [key, ...rest]: readonly string[], set: Json | typeof nothing): Json | typeof nothing {
  if (key === undefined) return set;
  if (Array.isArray(value)) {
    const items = [...value] as Json[];
    const index = key === '-' ? items.length : Number(key);
    const item = changed(items[index] ?? null, rest, set);
    if (item === nothing) items.splice(index, 1);
    else items[index] = item;
    return items;
  }
  const entries = new Map(Object.entries(value !== null && typeof value === 'object' ? (value as Members) : {}));
  const member = changed(entries.get(key) ?? null, rest, set);
  if (member === nothing) entries.delete(key);
  else entries.set(key, member);
  return asObject([...entries]);
}

function edit(path: string, text: string, ...edits: readonly Edit[]): string | undefined {
  const answer = editFile({ path, bytes: new TextEncoder().encode(text) }, edits);
  return 'bytes' in answer ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(answer.bytes) : undefined;
}

const rounds = Number(process.env['KARMA_ROUNDS'] ?? 1);

beforeAll(() => loadGrammar());

describe.each(formats)('%s', (name, { path, write, read }) => {
  /** A variable has a name. */
  const whole = values.members.map((members) =>
    name === 'a file of variables'
      ? asObject(Object.entries(members).map(([, value], at) => [`v_${at}`, value]))
      : members,
  );
  const scene = fc.record({
    members: whole,
    choices: fc.array(fc.nat(60), { minLength: 6, maxLength: 20 }),
    place: fc.nat(),
    set: values.value,
    takenAway: fc.boolean(),
  });

  test('an edit says what was asked for and nothing else, and edited back it says what it said', () => {
    let made = 0;
    fc.assert(
      fc.property(scene, ({ members, choices, place, set, takenAway }) => {
        const text = write(members, choices);
        // As it is read: what a format cannot tell apart is no part of it.
        const before = read(text) as Json;
        const all = places(before).filter((one) => one !== '');
        const where = all[place % all.length];
        if (where === undefined) return;
        const old = at(before, where);
        const isNew = old === nothing;
        const edited = edit(path, text, takenAway && !isNew ? { path: where, unset: true } : { path: where, set });
        if (edited === undefined) return;
        made += 1;
        const wanted = changed(before, stepsIn(where), takenAway && !isNew ? nothing : set);
        expect(read(edited)).toEqual(plain(wanted));
        const isList = where.endsWith('/-') || Array.isArray(at(before, where.slice(0, where.lastIndexOf('/'))));
        if (isList && (isNew || takenAway)) return;
        const back = edit(path, edited, isNew ? { path: where, unset: true } : { path: where, set: old });
        expect(back).toBeDefined();
        expect(read(back ?? '')).toEqual(plain(before));
      }),
      { numRuns: 400 * rounds, seed: Number(process.env['KARMA_SEED'] ?? 17) },
    );
    // What cannot be written is refused: that must stay the exception.
    expect(made).toBeGreaterThan(300 * rounds);
  });

  test('a key that is added and taken away again, and a value that is changed and changed back, leave the bytes as they were', () => {
    fc.assert(
      fc.property(scene, ({ members, choices, place, set }) => {
        const text = write(members, choices);
        const before = read(text) as Json;
        const all = places(before).filter((one) => one !== '' && !one.endsWith('/-'));
        const where = all[place % all.length];
        if (where === undefined) return;
        const old = at(before, where);
        const isScalar = old === null || typeof old !== 'object';
        const fresh =
          old === nothing ? set : typeof old === 'number' ? 17 : typeof old === 'boolean' ? !old : 'seventeen';
        if (old !== nothing && (!isScalar || old === null || (typeof old === 'string' && old.includes('\n')))) return;
        const edited = edit(path, text, { path: where, set: fresh });
        if (edited === undefined) return;
        const back = edit(path, edited, old === nothing ? { path: where, unset: true } : { path: where, set: old });
        expect({ where, edited, back }).toEqual({ where, edited, back: text });
      }),
      { numRuns: 400 * rounds, seed: Number(process.env['KARMA_SEED'] ?? 17) },
    );
  });

  test('any bytes are edited or refused in words that quote none of them', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 60 }),
          scene.map(({ members, choices }) => new TextEncoder().encode(write(members, choices))),
        ),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 }),
        keys,
        (bytes, damages, key) => {
          const damaged = Uint8Array.from(bytes);
          for (const [where, letter] of damages) if (damaged.length > 0) damaged[where % damaged.length] = letter;
          const answer = editFile({ path, bytes: damaged }, [{ path: step(key), set: 'fresh' }]);
          if ('bytes' in answer) {
            const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(answer.bytes);
            expect(text).toContain('fresh');
          } else expect(answer.refusal.line).toBeGreaterThan(0);
        },
      ),
      { numRuns: 400 * rounds, seed: Number(process.env['KARMA_SEED'] ?? 17) },
    );
  });
});

/** As an own copy: maps of other rooms have no prototype, and `-0` is no other number. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
