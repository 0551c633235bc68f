import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

/** The steps of the action and of the GitLab template as they are written, run with stand-ins for `npx` and `gh`. */

const root = new URL('..', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'karma-action-'));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));

interface Step {
  readonly if?: string;
  readonly run: string;
}

const action = parse(readFileSync(join(root, 'action.yml'), 'utf8')) as {
  readonly runs: { readonly steps: readonly Step[] };
  readonly outputs: Readonly<Record<string, unknown>>;
};
const gitlab = parse(readFileSync(join(root, 'templates/gitlab-karma.yml'), 'utf8')) as {
  readonly karma: { readonly script: readonly string[] };
};

const bin = join(folder, 'bin');
mkdirSync(bin);
const program = (name: string, lines: readonly string[]) => {
  writeFileSync(join(bin, name), `${['#!/usr/bin/env bash', 'set -euo pipefail', ...lines].join('\n')}\n`);
  chmodSync(join(bin, name), 0o755);
};
// `npx -y -p … karma impact …`: whatever packages are named, this checkout answers.
program('npx', [
  'while [ "$1" != karma ]; do shift; done',
  'shift',
  `exec "${process.execPath}" "${join(root, 'src/faces/cli/main.ts')}" "$@"`,
]);
// What the GitLab template clones where no version is published, and what it installs there.
const source = join(folder, 'karma-source');
mkdirSync(join(source, 'bin'), { recursive: true });
writeFileSync(join(source, 'bin/karma.js'), `await import(${JSON.stringify(join(root, 'src/faces/cli/main.ts'))});\n`);
writeFileSync(join(source, 'package.json'), '{ "type": "module" }\n');
program('npm', ['exit 0']);
program('gh', [
  `printf '%s\\n' "$*" >> "${join(folder, 'gh.log')}"`,
  `case "$*" in *--paginate*) cat "${join(folder, 'comments')}";; esac`,
]);

const environment = {
  PATH: `${bin}:${process.env['PATH']}`,
  HOME: folder,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'tester',
  GIT_AUTHOR_EMAIL: 'tester@example.org',
  GIT_COMMITTER_NAME: 'tester',
  GIT_COMMITTER_EMAIL: 'tester@example.org',
};

function run(script: string, cwd: string, env: Readonly<Record<string, string>>): string {
  return execFileSync('bash', ['-c', script], {
    cwd,
    env: { ...environment, ...env },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

const unit = (size: number) => `inputs = { size = ${size} }\n`;

/** A branch that changes one unit, checked out as an action does: one commit, no other branch. */
function checkout(name: string): string {
  const origin = join(folder, `${name}-origin`);
  const place = join(folder, name);
  mkdirSync(join(origin, 'live/a'), { recursive: true });
  writeFileSync(join(origin, 'live/a/terragrunt.hcl'), unit(1));
  run('git init -q -b main && git add -A && git commit -q -m one && git checkout -q -b side', origin, {});
  writeFileSync(join(origin, 'live/a/terragrunt.hcl'), unit(2));
  run('git commit -q -a -m two && git checkout -q main', origin, {});
  run(`git clone -q --depth 1 --branch side "file://${origin}" "${place}"`, folder, {});
  return place;
}

describe('action.yml', () => {
  const place = checkout('github');
  const output = join(folder, 'output');
  const [answer, comment, check] = action.runs.steps;
  const given = {
    ARGUMENTS: `--data ${join(folder, 'data')}`,
    VERSION: '',
    CHECKOUT: root.replace(/\/$/, ''),
    FOLDER: folder,
  };

  it('fetches what the checkout lacks, and answers', () => {
    run(answer?.run ?? '', place, {
      ...given,
      SINCE: '',
      BASE: 'main',
      GITHUB_OUTPUT: output,
      GITHUB_STEP_SUMMARY: join(folder, 'summary'),
    });
    const outputs = Object.fromEntries(
      readFileSync(output, 'utf8')
        .trim()
        .split('\n')
        .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    );
    expect(outputs).toMatchObject({ since: 'origin/main...HEAD', changed: '1', affected: '0', complete: 'true' });
    expect(JSON.parse(outputs['matrix'] ?? '')).toMatchObject({
      waves: 1,
      matrix: [{ include: [{ component: 'live/a', path: 'live/a' }] }],
    });
    for (const name of Object.keys(action.outputs)) expect(outputs, name).toHaveProperty(name);
    expect(readFileSync(join(folder, 'summary'), 'utf8')).toContain('/inputs/size');
  });

  it('answers the same from a published version', () => {
    const again = join(folder, 'output-of-version');
    const env = { ...given, SINCE: 'origin/main...HEAD', BASE: '', VERSION: '1.2.3', CHECKOUT: '/nowhere' };
    run(answer?.run ?? '', place, { ...env, GITHUB_OUTPUT: again, GITHUB_STEP_SUMMARY: join(folder, 'summary') });
    expect(readFileSync(again, 'utf8')).toContain('changed=1');
  });

  it('hands on no work where a cycle leaves no order, and says so', () => {
    const circle = checkout('circle');
    const reads = (name: string) =>
      `dependency "d" { config_path = "../${name}" }\ninputs = { x = dependency.d.outputs.x }\n`;
    for (const [name, other] of [
      ['a', 'b'],
      ['b', 'a'],
    ] as const) {
      mkdirSync(join(circle, 'live', name), { recursive: true });
      writeFileSync(join(circle, 'live', name, 'terragrunt.hcl'), reads(other));
    }
    run('git add -A && git commit -q -m three', circle, {});
    const told = join(folder, 'output-of-circle');
    const env = { ...given, SINCE: 'HEAD~1..HEAD', BASE: '' };
    const said = run(`git fetch -q --unshallow; ${answer?.run ?? ''}`, circle, {
      ...env,
      GITHUB_OUTPUT: told,
      GITHUB_STEP_SUMMARY: join(folder, 'summary'),
    });
    expect(said).toContain('::warning::no order exists');
    expect(readFileSync(told, 'utf8')).toContain('matrix={"waves":0,"matrix":[]}');
  });

  it('writes one comment, and the same one again', () => {
    const env = { GH_TOKEN: 'x', REPOSITORY: 'acme/live', PULL_REQUEST: '7', FILE: join(folder, 'karma.md') };
    const log = join(folder, 'gh.log');
    const asked = (comments: string): string => {
      writeFileSync(join(folder, 'comments'), comments);
      rmSync(log, { force: true });
      run(comment?.run ?? '', place, env);
      return readFileSync(log, 'utf8').trim().split('\n').at(-1) ?? '';
    };
    expect(asked('')).toMatch(/--method POST repos\/acme\/live\/issues\/7\/comments --field body=@/);
    expect(asked('42\n43\n')).toMatch(/--method PATCH repos\/acme\/live\/issues\/comments\/42 --field body=@/);
    expect(readFileSync(join(folder, 'karma.md'), 'utf8')).toMatch(/^<!-- karma:impact -->/);
  });

  it('judges the range when asked to', () => {
    const env = { ...given, SINCE: 'origin/main...HEAD', FAIL_ON: 'error' };
    expect(run(check?.run ?? '', place, env)).toContain('0 errors');
  });
});

describe('templates/gitlab-karma.yml', () => {
  it('answers, keeps a pipeline for what must run, and needs no token', () => {
    const place = checkout('gitlab');
    run('git fetch -q --unshallow origin +refs/heads/main:refs/remotes/origin/main', place, {});
    run('git init -q -b main && git add -A && git commit -q -m one', source, {});
    run(['set -euo pipefail', ...gitlab.karma.script].join('\n'), place, {
      SINCE: 'origin/main..HEAD',
      KARMA_VERSION: '',
      KARMA_SOURCE: `file://${source}`,
      KARMA_REF: 'main',
      KARMA_CHECKOUT: join(folder, 'karma-checkout'),
      KARMA_ARGUMENTS: `--data ${join(folder, 'gitlab-data')}`,
      KARMA_NOTE_TOKEN: '',
    });
    expect(readFileSync(join(place, 'karma-pipeline.yml'), 'utf8')).toContain('KARMA_PATH: "live/a"');
    expect(readFileSync(join(place, 'karma.md'), 'utf8')).toContain('1 changed');
    expect(existsSync(join(place, 'karma-junit.xml'))).toBe(true);
  });
});
