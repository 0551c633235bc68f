import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readKarmaFile } from '../src/config/karma-file.ts';
import { commands } from '../src/faces/cli/commands.ts';
import { generatedPages } from './docs/pages.ts';
import { blocksOf, notPrinted, openSession, type Step, stepsOf } from './docs/sessions.ts';
import { environment } from './support/karma.ts';

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

  it('list each decision in the index of decisions, in order', () => {
    const listed = [...read('docs/decisions/README.md').matchAll(/\]\((\d{4}-[\w-]+\.md)\)/g)].map(([, page]) => page);
    expect(listed).toEqual(
      readdirSync(join(root, 'docs/decisions'))
        .filter((name) => /^\d/.test(name))
        .sort(),
    );
  });

  it('name npm scripts that are there', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    expect(findIn(/npm run (?:-s )?([\w:-]+)/g, (name) => scripts[name] === undefined)).toEqual([]);
  });
});

describe('README.md, typed by a reader', () => {
  const folder = mkdtempSync(join(tmpdir(), 'karma-readme-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const blocks = blocksOf('README.md');
  const hasTerraform = (process.env['PATH'] ?? '')
    .split(delimiter)
    .some((place) => existsSync(join(place, 'terraform')));
  let type: (command: string) => string;
  beforeAll(() => {
    type = openSession('twelve', folder);
  });

  const session = blocks.filter(({ where }) => where === 'twelve').flatMap(stepsOf);
  const deployAt = session.findIndex(({ command }) => command.startsWith('karma deploy'));
  const needsTerraform = ({ command }: Step, at: number) =>
    command.startsWith('karma deploy') || (at > deployAt && command.startsWith('karma why'));

  it('has a session', () => expect(session.length).toBeGreaterThan(5));

  for (const [at, step] of session.entries()) {
    const skipped = needsTerraform(step, at) && !hasTerraform && process.env['CI'] !== 'true';
    it.skipIf(skipped)(`$ ${step.command}${skipped ? ' (needs terraform)' : ''}`, () => {
      expect(notPrinted(step.shown, type(step.command))).toEqual([]);
    });
  }

  /** In tables and running text, in whatever state the session left the estate. */
  const inline = [...read('README.md').matchAll(/`(karma [^`]*)`/g)]
    .map(([, command = '']) => command)
    .filter((command) => !/ (?:DIR|PATH)\b| --repo | export$|^karma record$/.test(command));
  /** They end when somebody ends them; what they do is tested elsewhere. */
  const staying = commands.filter(({ stays }) => stays === true).map(({ name }) => `karma ${name}`);
  it.each([...new Set(inline)])('`%s`', (command) => {
    if (staying.some((one) => command === one || command.startsWith(`${one} `))) {
      expect(() => type(`${command} --help`)).not.toThrow();
      return;
    }
    const here = command.replaceAll('origin/main', 'main');
    expect(() => type(`${here} ${here.startsWith('karma --') ? '' : '--quiet'} || test $? = 2`)).not.toThrow();
  });

  it('of other estates shows only commands that there are', () => {
    const elsewhere = blocks.filter(({ where }) => where === 'elsewhere').flatMap(stepsOf);
    for (const { command } of elsewhere) expect(type(command)).not.toBe('');
  });

  it('shows a karma.yaml that is accepted', () => {
    for (const { text } of blocks.filter(({ language }) => language === 'yaml'))
      expect(readKarmaFile('karma.yaml', text)).toBeDefined();
  });

  it('runs the demo that it promises', () => {
    const demo = blocks.some(({ text }) => text.includes('npm run demo'));
    expect(demo).toBe(true);
    const said = execFileSync('npm', ['run', '-s', 'demo'], { cwd: root, encoding: 'utf8', env: environment() });
    expect(said).toContain('karma impact');
  });

  it('has no block of commands that nobody runs', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const npm = /^npm (?:ci|test|run (?:-s )?([\w:-]+))$/;
    const isKnown = (command: string) => {
      const [whole, script] = npm.exec(command) ?? [];
      return whole !== undefined && (script === undefined || scripts[script] !== undefined);
    };
    const others = blocks.filter(({ language, where }) => where === undefined && language !== 'yaml');
    const shown = others.flatMap(({ text }) => text.trim().split('\n')).flatMap((line) => line.split(' && '));
    expect(shown.filter((command) => !isKnown(command))).toEqual([]);
    expect(read('README.md')).not.toMatch(/^ {4}(?:\$ )?(?:karma|npm|npx) /m);
  });
});
