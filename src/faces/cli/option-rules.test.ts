import { describe, expect, it } from 'vitest';
import type { CommandSpec } from './command.ts';
import { commands } from './commands.ts';
import { checkTogether, longFlag, noOption, onceOnly, wordOf } from './option-rules.ts';

const specOf = (name: string): CommandSpec => commands.find((one) => one.name === name) ?? expect.fail(name);

function typed(
  name: string,
  args: readonly string[],
  options: Readonly<Record<string, string | boolean>> = {},
): () => void {
  return () => checkTogether(specOf(name), { args, named: new Set(Object.keys(options)), options });
}

describe('what is typed together', () => {
  it.each<[string, () => void, RegExp]>([
    ['a target beside a range', typed('impact', ['kms'], { since: 'main' }), /--since asks about all.*`kms`/],
    ['a depth beside a range', typed('impact', [], { since: 'main', depth: '1' }), /--since and --depth/],
    ['a selection beside a range', typed('impact', [], { since: 'main', filter: 'x' }), /--since and --filter/],
    ['a revision beside a range', typed('check', [], { since: 'main', at: 'v1' }), /--since and --at/],
    ['a listing of states without a range', typed('impact', ['kms'], { states: 'f' }), /only with --since/],
    ['a part written as the baseline', typed('check', ['kms'], { writeBaseline: true }), /--write-baseline/],
    ['parallelism of nothing', typed('status', [], { parallelism: '2' }), /only with --refresh/],
    ['two queries', typed('query', [], { gremlin: 'g', cypher: 'c' }), /--gremlin and --cypher/],
    ['two forms of an answer', typed('order', [], { json: true, output: 'matrix' }), /two answers/],
    ['JSON of what has none', typed('demo', [], { json: true }), /no JSON/],
  ])('%s is refused', (_, check, message) => {
    expect(check).toThrow(message);
  });

  it.each<[string, () => void]>([
    ['one form, said twice', typed('order', [], { json: true, output: 'json' })],
    ['a selection of what a range makes necessary', typed('order', ['kms'], { since: 'main', reverse: true })],
    ['a picture within a document', typed('graph draw', [], { json: true, format: 'dot' })],
    ['a target alone', typed('impact', ['kms'], { depth: '1', at: 'main' })],
  ])('%s is not', (_, check) => {
    expect(check).not.toThrow();
  });

  it('an option with one value is taken once', () => {
    const take = onceOnly('--at <revision>');
    expect(take('v1')).toBe('v1');
    expect(take('v1')).toBe('v1');
    expect(() => take('v2')).toThrow('--at is given twice, as v1 and as v2');
  });

  it('a value that is left out is not the option behind it', () => {
    const take = noOption('--unset <key>', new Set(['--json', '--write']));
    expect(take('--size')).toBe('--size');
    expect(() => take('--json')).toThrow('--unset needs a value, and --json is an option');
  });

  it('names only options that there are', () => {
    for (const { name, options = [] } of commands) {
      const known = new Set(['arguments', ...options.map(({ flags }) => longFlag(flags))]);
      for (const { notWith = [], onlyWith } of options)
        for (const other of [...notWith, ...(onlyWith === undefined ? [] : [onlyWith])])
          expect(known, name).toContain(other);
    }
  });

  it.each([
    ['--group-by', 'groupBy'],
    ['--no-cutoff', 'cutoff'],
    ['--output', 'output'],
  ])('%s is kept as %s', (flag, word) => {
    expect(wordOf(flag)).toBe(word);
  });
});
