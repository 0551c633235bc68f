import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commitAll, estateMaker, writeFiles } from '../support/estates.ts';
import { karmaSeveral } from '../support/karma.ts';
import { hostileFiles, names, spellings } from './hostile-estate.fixture.ts';

const { folder, repository } = estateMaker();

/** What a person types after they cloned it. */
function questions(id: string): readonly (readonly string[])[] {
  return [
    ['overview'],
    ['doctor'],
    ['trust'],
    ['init', '--print'],
    ['show', id],
    ['outputs', id],
    ['impact', id],
    ['impact', '--since', 'HEAD~1'],
    ['impact', '--since', 'HEAD~1', '--output', 'markdown'],
    ['impact', '--since', 'HEAD~1', '--output', 'html'],
    ['impact', '--since', 'HEAD~1', '--output', 'matrix'],
    ['check', '--output', 'sarif'],
    ['check', '--output', 'junit'],
    ['config', 'show', id],
    ['config', 'show', id, '--explain'],
    ['config', 'set', id, 'a=b'],
    ['env', 'list'],
    ['env', 'diff', 'dev', 'prod'],
    ['env', 'diff', 'dev', 'prod', '--output', 'markdown'],
    ['env', 'promote', 'dev', 'prod'],
    ['env', 'promote', 'dev', 'prod', '--output', 'patch'],
    ['env', 'switch', id, '--to', `dev/vpc/${names[3]}`],
    ['type', 'show', 'vpc'],
    ['type', 'docs', 'vpc'],
    ['type', 'infer', 'vpc'],
    ['type', 'schema', 'vpc'],
    ['schemas'],
    ['graph', 'draw', '--format', 'svg'],
    ['graph', 'draw', '--format', 'dot'],
    ['graph', 'draw', '--format', 'mermaid'],
    ['graph', 'draw', '--out', join(folder, 'drawn.svg')],
    ['export', '--format', 'site', '--out', join(folder, 'site')],
    ['policy', 'test'],
    ['policy', 'backtest'],
    ['repository', 'fetch'],
    ['modules', 'list'],
    ['change', 'propose', id, '--set', 'a=b', '--reason', names[7]],
    ['change', 'propose', '--from', 'HEAD~1..HEAD', '--reason', `${names[8]} ${names[0]}`],
    ['change', 'list'],
    ['change', 'show', 'cr-1'],
    ['change', 'show', 'cr-1', '--output', 'policy-input'],
    ['change', 'diff', 'cr-1'],
    ['change', 'simulate', 'cr-1'],
    ['change', 'score'],
    ['change', 'approve', 'cr-1'],
    ['change', 'reject', 'cr-1', '--reason', names[10]],
    ['change', 'cancel', 'cr-2', '--reason', names[7]],
    ['run', 'request', 'deploy', id, '--reason', names[7]],
    ['run', 'requests'],
    ['run', 'list'],
    ['run', 'log', id],
    ['run', 'cancel', 'no-such'],
    ['token', 'create', names[0]],
    ['token', 'create', names[7]],
    ['token', 'list'],
    ['build'],
    ['log', 'list'],
    ['log', 'verify'],
    ['status', id],
    ['completion', 'bash'],
  ];
}

describe('an estate that was written to attack its reader', () => {
  /** Longer than any file system takes, alone and as one step of a path. */
  it.each([300, 5000])('is named in words, however long somebody makes a name: %i', { retry: 0 }, async (length) => {
    const estate = repository({ ...hostileFiles });
    const long = 'n'.repeat(length);
    const asked = [
      ['list', '--at', long],
      ['list', '--config', long],
      ['list', '-C', long],
      ['list', '--data', long],
      ['show', long],
      ['impact', long],
      ['impact', '--since', long],
      ['diff', `${long}..${long}`],
      ['check', '--baseline', long],
      ['status', '--states', long],
      ['config', 'show', 'dev/vpc/-rf', '--at', `refs/heads/${long}`],
      ['change', 'propose', '--from', long, '--reason', 'x'],
      ['change', 'propose', '--patch', long, '--reason', 'x'],
      ['change', 'show', long],
      ['run', 'log', long],
      ['graph', 'draw', '--out', long],
      ['schemas', '--out', long],
      ['token', 'create', long],
    ];
    const data = ['--data', join(folder, `long-${length}`)];
    const answers = await karmaSeveral(
      asked.map((words) => (words.includes('--data') ? words : [...words, ...data])),
      { cwd: estate },
    );
    for (const [at, { code, stderr }] of answers.entries())
      if (code !== 0 && code !== 2)
        expect([asked[at]?.slice(0, 2), stderr]).toEqual([
          asked[at]?.slice(0, 2),
          expect.stringMatching(/KARMA_(?!BUG)/),
        ]);
  });

  it('steers nothing, tells no secret, and starts nothing, whatever is asked of it', { retry: 0 }, async () => {
    const estate = repository({ 'README.md': 'before\n' });
    writeFiles(estate, hostileFiles);
    commitAll(estate, 'hostile');
    const data = join(folder, 'data');
    const asked = [names[0], names[8], names[11]].flatMap((name, at) => {
      const all = questions(`dev/vpc/${name}`);
      // The names differ, and most questions do not name one.
      const some = at === 0 ? all : all.filter((words) => words.some((word) => word.endsWith(name)));
      return some.flatMap((words) => (at === 0 ? [words, [...words, '--json']] : [words]));
    });
    const answers = await karmaSeveral(
      asked.map((words) => [...words, '--data', data]),
      { cwd: estate },
    );
    const wrong = answers.flatMap(({ code, stdout, stderr }, at) => {
      const heard = stdout + stderr;
      const words = asked[at] ?? [];
      return [
        // What could not be done of many things is an answer: `env promote`, `repository fetch`.
        ...(![0, 2].includes(code) && heard === '' ? [`exit ${code}, nothing said`] : []),
        ...told(heard),
        ...(words.includes('html') || words.includes('svg') ? markup(stdout) : []),
      ].map((what) => `karma ${JSON.stringify(words)}: ${what}\n${heard.slice(0, 500)}`);
    });
    expect(wrong).toEqual([]);
    const drawn = readFileSync(join(folder, 'drawn.svg'), 'utf8');
    expect([...told(drawn), ...markup(drawn)]).toEqual([]);
    for (const file of filesIn(data)) expect([file, ...told(readFileSync(file, 'latin1'))]).toEqual([file]);
    for (const file of filesIn(join(folder, 'site')).filter((one) => !/assets/.test(one)))
      expect([file, ...told(readFileSync(file, 'latin1'))]).toEqual([file]);
    expect(readdirSync(estate).filter((name) => name.includes('sprung'))).toEqual([]);
  });
});

function told(text: string): string[] {
  const lower = text.toLowerCase();
  return spellings
    .filter((one) => text.includes(one) || lower.includes(one.toLowerCase()))
    .map((one) => `tells ${one}`);
}

/** What a browser would take for more than text. */
function markup(text: string): string[] {
  return [...text.matchAll(/<(?:img|script>alert)[\s>][^\n]{0,40}/g)].map(([found]) => `markup ${found}`);
}

function filesIn(place: string): string[] {
  return readdirSync(place, { recursive: true, encoding: 'utf8' })
    .map((name) => join(place, name))
    .filter((path) => statSync(path).isFile());
}
