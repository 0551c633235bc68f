import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { routeFor } from '../api/routes.ts';
import { changeQuestions, componentQuestions, fixedQuestions, questionName } from './questions.ts';
import type { Snapshot } from './snapshot.ts';
import { writeSite } from './write-site.ts';

const folder = mkdtempSync(join(tmpdir(), 'karma-site-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const snapshot: Snapshot = {
  index: {
    schemaVersion: 1,
    karma: '0.0.0',
    at: 'v1',
    ids: ['../../etc/passwd'],
    answers: { '/v1/overview': [0, 0] },
    components: [{ path: '/v1/component', parameter: 'id', firstPack: 1, packSize: 50 }],
    why: { firstPack: 2, packSize: 50 },
  },
  packs: [Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(3)],
};

function built(): string {
  const web = join(folder, 'web');
  mkdirSync(join(web, 'assets'), { recursive: true });
  writeFileSync(join(web, 'index.html'), '<html><head><title>Karma</title></head></html>');
  writeFileSync(join(web, 'assets', 'main.js'), 'run()');
  return web;
}

describe('a question in a snapshot', () => {
  it('has one name, however it is asked and whenever', () => {
    const name = (search: string) => questionName('/v1/graph', new URLSearchParams(search));
    expect(name('root=prod/a%23b&at=v4&depth=2')).toBe('/v1/graph?depth=2&root=prod%2Fa%23b');
    expect(name('depth=2&root=prod%2Fa%23b')).toBe(name('root=prod/a%23b&at=v9&depth=2'));
    expect(name('at=v4')).toBe('/v1/graph');
  });

  it.each(changeQuestions)('%s is asked of a change by a parameter', (path) => {
    expect(routeFor('GET', path, new URLSearchParams('id=cr-1'))?.path).toBe(path);
  });

  it.each([...fixedQuestions, ...componentQuestions.map(({ path, parameter }) => `${path}?${parameter}=x`)])(
    '%s is a route of the service, under its own name',
    (question) => {
      const { pathname, searchParams } = new URL(question, 'http://localhost');
      expect(routeFor('GET', pathname, searchParams)).toBeDefined();
      expect(questionName(pathname, searchParams)).toBe(question);
    },
  );
});

describe('a site', () => {
  it('is files with numbers for names, and a page that knows where the answers lie', () => {
    const site = join(folder, 'new', 'site');
    const written = writeSite(site, snapshot, built());
    expect(readdirSync(join(site, 'answers')).sort()).toEqual(['0.pack', '1.pack', '2.pack']);
    expect(JSON.parse(readFileSync(join(site, 'snapshot.json'), 'utf8'))).toEqual(snapshot.index);
    expect(readFileSync(join(site, 'index.html'), 'utf8')).toContain(
      '<meta name="karma-snapshot" content="./snapshot.json" />',
    );
    expect(written).toMatchObject({ files: 6, pages: true });
  });

  it('replaces what an earlier export left, and nothing else', () => {
    const site = join(folder, 'again');
    writeSite(site, snapshot, undefined);
    writeSite(site, { ...snapshot, packs: [Uint8Array.of(1)] }, undefined);
    expect(readdirSync(join(site, 'answers'))).toEqual(['0.pack']);
    const own = join(folder, 'own');
    mkdirSync(join(own, 'answers'), { recursive: true });
    expect(() => writeSite(own, snapshot, undefined)).toThrow('holds something else');
    expect(existsSync(join(own, 'answers'))).toBe(true);
  });
});
