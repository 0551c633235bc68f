import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { LogFile } from './log-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'karma-log-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('holds nothing that steers the terminal of whoever prints it', () => {
  const redact = Object.assign((text: string) => text.replace('hunter2', '(redacted)'), { add: () => undefined });
  const log = new LogFile(join(folder, 'run.log'), redact);
  log.line('a \u001b[2J\u001b]0;title\u0007 b\rc \u009b31m \u202e hunter2');
  log.close();
  const text = readFileSync(log.path, 'utf8');
  expect(text).toBe('a \\u001b[2J\\u001b]0;title\\u0007 b\\u000dc \\u009b31m \\u202e (redacted)\n');
});
