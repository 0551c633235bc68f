import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { generatedPages } from './docs/pages.ts';

const root = new URL('..', import.meta.url).pathname;
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const prose = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md'],
  ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`),
  ...readdirSync(join(root, 'docs/decisions')).map((name) => `docs/decisions/${name}`),
  ...readdirSync(join(root, 'examples')).map((name) => `examples/${name}/README.md`),
].filter((file) => file.endsWith('.md'));

describe('generated pages', () => {
  it.each([...generatedPages()])('%s repeats what the code says (node scripts/docs.ts)', (file, text) => {
    expect(read(file)).toBe(text);
  });
});

/** Each hit as `file: what`, so that one failure names all of them. */
function findIn(pattern: RegExp, isWrong: (hit: string, file: string) => boolean): string[] {
  return prose.flatMap((file) =>
    [...read(file).matchAll(pattern)]
      .map((match) => match[1] ?? '')
      .filter((hit) => isWrong(hit, file))
      .map((hit) => `${file}: ${hit}`),
  );
}

describe('pages that people wrote', () => {
  it('link to what is there', () => {
    const link = /\]\((?!https?:|#|mailto:)([^)#\s]+)/g;
    expect(findIn(link, (target, file) => !existsSync(join(root, dirname(file), target)))).toEqual([]);
  });

  it('name files that are there', () => {
    const path = /`((?:src|scripts|test|docs|examples|bench|infra|web|bin|schemas)\/[\w@./-]+)`/g;
    expect(findIn(path, (named) => !existsSync(join(root, named)))).toEqual([]);
  });

  it('name npm scripts that are there', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    expect(findIn(/npm run (?:-s )?([\w:-]+)/g, (name) => scripts[name] === undefined)).toEqual([]);
  });
});
