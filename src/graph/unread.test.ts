import { expect, test } from 'vitest';
import { unreadWords } from './unread.ts';

const group = (code: string, what: string) => ({ code, what, components: 1 });

test('each kind of what was not looked into is counted once', () => {
  expect(
    unreadWords([
      group('module-not-read', 'git::https://example.com/a.git'),
      group('lookup-outside', 'ami'),
      group('module-not-read', 'git::https://example.com/b.git'),
      group('lookup-outside', 'zone'),
      group('parameter-outside', '/shared/vpc'),
      group('program-unread', 'sync.sh'),
    ]),
  ).toBe('2 modules elsewhere, 3 reads of something outside, 1 program');
});
