import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { printablePatch } from '../model/printable.ts';
import { unifiedDiff } from './unified-diff.ts';

test('a changed line is shown with three lines around it', () => {
  const before = 'a\nb\nc\nd\ne\nf\ng\nh\ni\n';
  expect(unifiedDiff('x.txt', before, before.replace('e\n', 'E\n'))).toBe(
    'diff --git a/x.txt b/x.txt\n--- a/x.txt\n+++ b/x.txt\n@@ -2,7 +2,7 @@\n b\n c\n d\n-e\n+E\n f\n g\n h\n',
  );
});

test('git makes the second text of the first', () => {
  const folder = mkdtempSync(join(tmpdir(), 'karma-diff-'));
  const line = fc.constantFrom('a\n', 'b\n', 'c\n', '\n', 'a\r\n');
  const text = fc
    .tuple(fc.array(line, { maxLength: 30 }), fc.constantFrom('', 'end'))
    .map(([lines, end]) => lines.join('') + end)
    .filter((one) => one !== '');
  try {
    fc.assert(
      fc.property(text, text, (before, after) => {
        writeFileSync(join(folder, 'x.txt'), before);
        const patch = unifiedDiff('x.txt', before, after);
        if (patch !== '') execFileSync('git', ['apply', '--whitespace=nowarn', '-'], { cwd: folder, input: patch });
        expect(readFileSync(join(folder, 'x.txt'), 'utf8')).toBe(after);
      }),
      { numRuns: 40 },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test.each([
  'with blanks in it.txt',
  'two\nlines.txt',
  '"quoted" \\ and\ttabbed.txt',
  'é\u202eodd.txt',
  '\u001b[2Jclears.txt',
  'x\n+++ b\nsays another.txt',
])('git takes a patch of a file called %j, and nothing in its name steers a terminal', (name) => {
  const folder = mkdtempSync(join(tmpdir(), 'karma-diff-'));
  try {
    writeFileSync(join(folder, name), 'a\n');
    const patch = unifiedDiff(name, 'a\n', 'b\n');
    expect(printablePatch(patch)).toBe(patch);
    execFileSync('git', ['apply', '-'], { cwd: folder, input: patch });
    expect(readFileSync(join(folder, name), 'utf8')).toBe('b\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
