import { describe, expect, it } from 'vitest';
import { viewOf } from './memory-view.fixture.ts';
import { namesItsPlace } from './reads-itself.ts';

describe('code after a move', () => {
  it.each([
    ['basename(abspath(path.module))', true],
    ['basename(path.cwd)', true],
    ['file("${path.module}/x.json")', false],
    ['path.root', false],
  ])('may say something else: %s %s', (value, says) => {
    const view = viewOf({ 'a/main.tf': `output "o" { value = ${value} }`, 'a/README.md': 'path.cwd' });
    expect(namesItsPlace(view, ['a/main.tf', 'a/README.md'])).toBe(says);
  });
});
