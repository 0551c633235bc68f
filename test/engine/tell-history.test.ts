import { afterEach, describe, expect, it } from 'vitest';
import type { EngineContext } from '../../src/engine/context.ts';
import { everyEvent } from '../../src/engine/history/every-event.ts';
import { build } from '../../src/engine/versions/build.ts';
import type { LedgerEvent } from '../../src/model/event.ts';
import { TemporaryFolder } from '../../src/observe/git/temporary-repository.ts';
import { openEngine } from '../../src/wiring/open.ts';

const opened: EngineContext[] = [];
afterEach(async () => {
  for (const context of opened.splice(0)) await context.stores.close();
});

function contextOf(folder: string): EngineContext {
  const context = openEngine({ options: { dir: folder }, env: {}, version: 'test' }).as({ door: 'cli' });
  opened.push(context);
  return context;
}

async function eventsOf(context: EngineContext): Promise<LedgerEvent[]> {
  const all: LedgerEvent[] = [];
  for await (const event of everyEvent(context)) all.push(event);
  return all;
}

const told = (events: readonly LedgerEvent[]) =>
  events
    .filter(({ reconstructed }) => reconstructed === true)
    .map(({ action, subject, at, actor, details }) => [at.slice(0, 10), action, subject, actor, details['message']]);

const root = (name: string) =>
  `terraform {\n  backend "local" {}\n}\nmodule "m" {\n  source = "../modules/m"\n}\noutput "${name}" {\n  value = 1\n}\n`;

describe('history on first contact', () => {
  it('takes each commit once, under the name a component has today, oldest first', async () => {
    using folder = new TemporaryFolder();
    const repository = folder.repository('estate').write({
      'old/main.tf': root('x'),
      'modules/m/main.tf': 'output "y" {\n  value = 1\n}\n',
      'README.md': 'x',
    });
    repository.commit('begin');
    repository.write({ 'old/main.tf': root('z') }).commit('use AKIAABCDEFGHIJKLMNOP');
    repository.git('mv', 'old', 'new');
    repository.commit('move');
    repository.write({ 'README.md': 'y' }).commit('elsewhere');
    repository.write({ 'modules/m/main.tf': 'output "y" {\n  value = 2\n}\n' }).commit('module');
    await build(contextOf(repository.root));
    const first = await eventsOf(contextOf(repository.root));
    expect(told(first)).toEqual([
      ['2026-01-01', 'config.committed', 'new', 'Test', 'begin'],
      ['2026-01-01', 'module.committed', 'type modules/m', 'Test', 'begin'],
      ['2026-01-02', 'config.committed', 'new', 'Test', 'use (redacted)'],
      ['2026-01-03', 'config.committed', 'new', 'Test', 'move'],
      ['2026-01-05', 'module.committed', 'type modules/m', 'Test', 'module'],
    ]);
    expect(first.at(-1)?.action).toBe('graph.published');
    await build(contextOf(repository.root));
    expect(await eventsOf(contextOf(repository.root))).toHaveLength(first.length);

    repository.write({ 'new/main.tf': root('w') }).commit('again');
    await build(contextOf(repository.root));
    expect(told(await eventsOf(contextOf(repository.root))).at(-1)).toEqual([
      '2026-01-06',
      'config.committed',
      'new',
      'Test',
      'again',
    ]);
  });

  it('two builds at once take it once', async () => {
    using folder = new TemporaryFolder();
    const repository = folder.repository('estate').write({ 'a/main.tf': root('x'), 'b/main.tf': root('x') });
    repository.commit('begin');
    await Promise.all([build(contextOf(repository.root)), build(contextOf(repository.root))]);
    await build(contextOf(repository.root));
    const subjects = told(await eventsOf(contextOf(repository.root))).map(([, , subject]) => subject);
    expect(subjects).toEqual(['a', 'b']);
  });

  it('history that was rewritten adds what is new', async () => {
    using folder = new TemporaryFolder();
    const repository = folder.repository('estate').write({ 'a/main.tf': root('x') });
    repository.commit('begin');
    await build(contextOf(repository.root));
    repository.git('checkout', '-q', '--orphan', 'other');
    repository.commit('anew');
    await build(contextOf(repository.root));
    const messages = told(await eventsOf(contextOf(repository.root))).map(([, , , , message]) => message);
    expect(messages).toEqual(['begin', 'anew']);
  });
});
