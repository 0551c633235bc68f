import { describe, expect, it } from 'vitest';
import type { EditsAnswer } from '../../../engine/verbs/config-edit.ts';
import { editLines } from './edits.ts';
import { styleFor } from './style.ts';

const answer = (diff: string): EditsAnswer => ({
  view: { kind: 'worktree', label: 'work tree', position: 'worktree', hash: 'a'.repeat(64) },
  files: [{ path: 'a.json', diff }],
  refused: [],
  also: [],
  written: false,
});

describe('a patch as it is printed', () => {
  const style = styleFor({}, {}, false);

  it.each([
    ['of a file that ends with empty lines', '@@ -1,3 +1,3 @@\n-a\n+b\n \n \n'],
    ['of a file with carriage returns', '@@ -1,2 +1,2 @@\r\n-a\r\n+b\r\n }\r\n'],
  ])('%s is byte for byte what it is', (_, diff) => {
    const text = style.harmless(`${editLines(answer(diff), style).join('\n')}\n`);
    expect(text).toBe(`${diff}\nnothing was written: --write does\n`);
  });

  it('takes no carriage return within a line, which would write over its beginning', () => {
    expect(style.harmless('shown\rhidden\r\n')).toBe('shown\\u000dhidden\r\n');
  });
});
