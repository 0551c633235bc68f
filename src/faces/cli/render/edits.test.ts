import { describe, expect, it } from 'vitest';
import type { EditsAnswer } from '../../../engine/verbs/config-edit.ts';
import { tellEdits } from './edits.ts';
import { styleFor } from './style.ts';

const answer = (diff: string): EditsAnswer => ({
  view: { kind: 'worktree', label: 'work tree', position: 'worktree', hash: 'a'.repeat(64) },
  files: [{ path: 'a.json', diff }],
  refused: [],
  also: [],
  written: false,
});

function told(diff: string, env: Readonly<Record<string, string>> = {}): string {
  const style = styleFor({}, env, true);
  const written: string[] = [];
  const patch = (text: string) => written.push(style.harmlessPatch(text));
  tellEdits(answer(diff), { style, patch, answer: (text) => written.push(style.harmless(`${text}\n`)) });
  return written.join('');
}

describe('a patch as it is printed', () => {
  it.each([
    ['of a file that ends with empty lines', '@@ -1,3 +1,3 @@\n-a\n+b\n \n \n'],
    ['of a file with carriage returns', '@@ -1,2 +1,2 @@\r\n-a\r\n+b\r\n }\r\n'],
  ])('%s is byte for byte what it is', (_, diff) => {
    expect(told(diff)).toBe(`${diff}\nnothing was written: --write does\n`);
  });

  it('is the same in colours, but for the colours', () => {
    const diff = '@@ -1,2 +1,2 @@\r\n-a\r\n+b\r\n }\r\n';
    const colours = /\u001b\[\d+m/g;
    expect(told(diff, { FORCE_COLOR: '1' })).toMatch(colours);
    expect(told(diff, { FORCE_COLOR: '1' }).replaceAll(colours, '')).toBe(told(diff));
  });

  it('takes no carriage return within a line, which would write over its beginning', () => {
    expect(told('-a\rhidden\r\n')).toContain('-a\\u000dhidden\r\n');
  });

  it('is the only text that keeps one: whatever else is shown ends its lines with a line feed', () => {
    expect(styleFor({}, {}, false).harmless('shown\r\n')).toBe('shown\\u000d\n');
  });
});
