import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { adageFiles, estateMaker, terraformFiles, writeFiles } from '../support/estates.ts';
import { type Answer, entry, environment, karma, karmaOk, karmaSeveral, root } from '../support/karma.ts';

/** What a person meets who mistypes, and a script that reads the answer. */

const { folder, plain } = estateMaker();
const estate = plain(adageFiles);
const wide = plain({
  ...adageFiles,
  'iac/prod/vpc/main/config.json': '{ "cidr": "10.0.0.0/16" }\n',
  'karma.yaml': 'estate: wide\n',
});

/** Commands that know no estate. */
const standalone = /^(graph$|demo|help|explain|completion|lst|xyzzy|impact --since$)/;

describe('a command line that is off', () => {
  const lines: readonly (readonly [line: string, code: string, says: RegExp])[] = [
    ['lst', 'KARMA_USAGE', /did you mean `karma list`/],
    ['graph drw', 'KARMA_USAGE', /did you mean `karma graph draw`/],
    ['graph', 'KARMA_USAGE', /needs a verb: .*draw/],
    ['xyzzy', 'KARMA_USAGE', /`karma --help` lists all/],
    ['list --nope', 'KARMA_USAGE', /unknown option '--nope'[\s\S]*karma list --help/],
    ['graph draw --nope', 'KARMA_USAGE', /karma graph draw --help/],
    ['show', 'KARMA_USAGE', /missing required argument 'id'/],
    ['why', 'KARMA_USAGE', /missing required argument/],
    ['impact', 'KARMA_USAGE', /the impact of what\?/],
    ['impact --since', 'KARMA_USAGE', /argument missing/],
    ['impact vpc/main --output foo', 'KARMA_USAGE', /One of table/],
    ['impact vpc/main --depth x', 'KARMA_USAGE', /whole number/],
    ['check --output sarf', 'KARMA_USAGE', /did you mean `sarif`/],
    ['check --fail-on bad', 'KARMA_USAGE', /error, warning, info, never/],
    ['order --output foo', 'KARMA_USAGE', /One of table/],
    ['export --format foo', 'KARMA_USAGE', /jsonl, json/],
    ['graph draw --format png', 'KARMA_USAGE', /svg, dot, mermaid/],
    ['graph forget nope', 'KARMA_USAGE', /no version/],
    ['list --layout foo', 'KARMA_USAGE', /adage, terragrunt, terraform/],
    ['list --repo /nope', 'KARMA_USAGE', /no repository at \/nope/],
    ['completion tcsh', 'KARMA_USAGE', /bash, zsh or fish/],
    ['show vpc/mian', 'KARMA_NOT_FOUND', /vpc\/main/],
    ['show nope', 'KARMA_NOT_FOUND', /karma list/],
    ['why app/web nope', 'KARMA_NOT_FOUND', /nope/],
    ['config show nope', 'KARMA_NOT_FOUND', /nope/],
    ['type show vcp', 'KARMA_NOT_FOUND', /vpc/],
    ['parameter get /x', 'KARMA_NOT_FOUND', /karma parameter list/],
    ['explain dangling-refrence', 'KARMA_NOT_FOUND', /dangling-reference/],
    ['list [[', 'KARMA_SELECTION', /column 1/],
    ['list --at v9', 'KARMA_NO_SUCH_VERSION', /karma build/],
    ['diff v1..v2', 'KARMA_NO_SUCH_VERSION', /karma build/],
    ['list --at main', 'KARMA_NO_SUCH_REVISION', /no Git repository/],
    ['diff nope', 'KARMA_USAGE', /nope\.\. [\s\S]*A\.\.B/],
    ['diff a...b', 'KARMA_USAGE', /A\.\.B/],
    ['impact vpc/main /vpc_id', 'KARMA_NOT_FOUND', /`vpc\/main#\/vpc_id`/],
    ['list --config /nope', 'KARMA_CONFIG_INVALID', /\/nope/],
    ['deploy', 'KARMA_USAGE', /--all/],
    ['plan', 'KARMA_USAGE', /--all/],
    ['destroy', 'KARMA_USAGE', /--all/],
    ['deploy nope', 'KARMA_NOT_FOUND', /karma list/],
    ['plan vpc/mian', 'KARMA_NOT_FOUND', /vpc\/main/],
    ['deploy vpc/main --parallelism x', 'KARMA_USAGE', /whole number/],
    ['impact vpc/main --since main', 'KARMA_USAGE', /--since asks about all/],
    ['impact vpc/main --at a --at b', 'KARMA_USAGE', /given twice/],
    ['impact vpc/main#/vpc_di', 'KARMA_NOT_FOUND', /did you mean vpc_id/],
    ['why vpc/main#/nope', 'KARMA_NOT_FOUND', /has no output nope/],
    ['why app/web app/web', 'KARMA_USAGE', /both names are those of/],
    ['why app/web vpc/main --states x', 'KARMA_USAGE', /causes of one/],
    ['why app/web --at v1', 'KARMA_USAGE', /between two components/],
    ['check nope', 'KARMA_NOT_FOUND', /nothing is called nope/],
    ['check vpc/mian', 'KARMA_NOT_FOUND', /did you mean .*vpc\/main/],
    ['check env=dve', 'KARMA_NOT_FOUND', /did you mean env=dev/],
    ['list nope', 'KARMA_NOT_FOUND', /karma list/],
    ['order vpc/mian', 'KARMA_NOT_FOUND', /vpc\/main/],
    ['status !vpc/mian', 'KARMA_NOT_FOUND', /vpc\/main/],
    ['plan --all --binding nope', 'KARMA_NOT_FOUND', /there are acme-dev, dev/],
    ['query', 'KARMA_USAGE', /gremlin/i],
    ['query --gremlin g.V()', 'KARMA_NOT_CONFIGURED', /endpoint/],
    ['record nope.json --component vpc/main', 'KARMA_UNREADABLE', /nope\.json/],
    ['record package.json --component nope', 'KARMA_INPUT_INVALID', /package\.json/],
    ['impact --since main', 'KARMA_USAGE', /git init/],
    ['graph draw --out /dev/null/x.svg', 'KARMA_UNREADABLE', /\/dev\/null\/x\.svg/],
    ['log list --limit -1', 'KARMA_USAGE', /whole number/],
    ['doctor --compare foo', 'KARMA_USAGE', /terragrunt/],
    ['demo --layout foo', 'KARMA_USAGE', /adage, terragrunt, terraform/],
    ['help lst', 'KARMA_USAGE', /did you mean `karma help list`/],
  ];
  let answers: readonly Answer[] = [];
  beforeAll(async () => {
    answers = await karmaSeveral(
      lines.map(([line]) => [...line.split(' '), ...(standalone.test(line) ? [] : ['-C', estate])]),
    );
  });

  it.each(lines.map((one, index) => [...one, index] as const))('karma %s', (_line, code, says, index) => {
    const answer = answers[index];
    // On a busy machine the phases are told before it.
    expect(answer?.stderr).toMatch(new RegExp(`^error ${code} {2}\\S`, 'm'));
    expect(answer?.stderr).toMatch(says);
    const exit = code === 'KARMA_UNREADABLE' ? 1 : 64;
    expect({ code: answer?.code, stdout: answer?.stdout }).toEqual({ code: exit, stdout: '' });
  });

  it('a name that fits several is answered with all of them', async () => {
    const { code, stderr } = await karma(['show', 'vpc/main', '-C', wide]);
    expect({ code, stderr }).toEqual({
      code: 64,
      stderr: expect.stringMatching(/KARMA_AMBIGUOUS[\s\S]*dev\/vpc\/main, prod\/vpc\/main/) as string,
    });
  });

  it('--json makes a document of an error too, wherever it is met', async () => {
    for (const args of [
      ['--json', 'lst'],
      ['list', '--json', '--nope'],
      ['show', 'nope', '--json', '-C', estate],
      ['list', '--at', 'nope', '--json', '-C', estate],
      ['list', '--json', '-C', '/nope'],
    ]) {
      const { code, stdout } = await karma(args);
      expect(code).toBe(64);
      expect(JSON.parse(stdout)).toMatchObject({ schemaVersion: 1, error: { code: expect.stringMatching(/^KARMA_/) } });
    }
  });
});

describe('a folder in which nothing is recognised', () => {
  const nothing = plain({ 'README.md': '# Notes\n' });
  it.each(['list', 'order', 'status'])('karma %s names the next step', async (line) => {
    const { code, stderr } = await karma([...line.split(' '), '-C', nothing]);
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('`karma doctor`') as string });
  });

  it('is judged as what it is: a gate over nothing does not pass', async () => {
    const { code, stdout, stderr } = await karma(['check', '-C', nothing]);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('karma doctor') });
    expect(stdout).toMatch(/error {3}nothing-recognised[\s\S]*1 error/);
  });

  it.each(['deploy --all --yes', 'deploy --all --dry-run', 'plan --all'])(
    'karma %s is no run that went well',
    async (line) => {
      const { code, stderr } = await karma([...line.split(' '), '-C', nothing]);
      expect({ code, stderr }).toMatchObject({
        code: 64,
        stderr: expect.stringContaining('KARMA_NO_ESTATE') as string,
      });
    },
  );

  it('a component that is named is still not found', async () => {
    expect(await karma(['deploy', 'vpc/main', '--yes', '-C', nothing])).toMatchObject({ code: 64 });
  });

  it('a build says that there is nothing to publish, not that nothing changed', async () => {
    expect((await karmaOk(['build', '-C', nothing])).stdout).toMatch(/^nothing to publish: .*`karma doctor`/);
  });
});

describe('an answer that cannot be proved', () => {
  const blind = plain({
    'live/vpc/terragrunt.hcl': '',
    'live/app/terragrunt.hcl':
      'dependency "vpc" {\n  config_path = "../vpc"\n}\ninputs = { id = dependency.vpc.outputs.id }\n',
    'live/odd/terragrunt.hcl': 'dependency "some" {\n  config_path = run_cmd("./where.sh")\n}\n',
  });

  it('says who else may read an output, use a component, or depend on another', async () => {
    const outputs = await karmaOk(['outputs', 'vpc', '-C', blind]);
    expect(outputs.stdout).toMatch(/1 blind spot: there may be more who read\n {2}live\/odd {2}unknown-path/);
    expect((await karmaOk(['show', 'vpc', '-C', blind])).stdout).toContain('perhaps more: 1 blind spot elsewhere');
    const why = await karmaOk(['why', 'odd', 'vpc', '-C', blind]);
    expect(why.stdout).toMatch(/^live\/odd and live\/vpc are not known to depend on each other\n\n1 blind spot/);
    const json = JSON.parse((await karmaOk(['outputs', 'vpc', '--json', '-C', blind])).stdout);
    expect(json).toMatchObject({ complete: false, blindSpots: [{ component: 'live/odd' }] });
  });

  it('says nothing of the kind where nothing is in doubt', async () => {
    expect((await karmaOk(['outputs', 'vpc/main', '-C', estate])).stdout).not.toContain('blind spot');
    expect(JSON.parse((await karmaOk(['show', 'vpc/main', '--json', '-C', estate])).stdout)).toMatchObject({
      complete: true,
    });
  });
});

describe('a table', () => {
  it('says which attribute no component has, instead of a column of dashes', async () => {
    const { stderr } = await karma(['list', '--columns', 'ownr', '--group-by', 'xyz', '-C', estate]);
    expect(stderr).toMatch(/no component has an attribute ownr; /);
    expect(stderr).toMatch(/no component has an attribute xyz; there are .*kind/);
    expect((await karma(['list', '--columns', 'module', '-C', estate])).stderr).not.toContain('no component has');
  });

  it('leaves out a column that is empty in every row, and says once what holds for all rows', async () => {
    const roots = plain({ 'a/main.tf': 'terraform {\n}\n', 'b/main.tf': 'terraform {\n}\n' });
    expect((await karmaOk(['list', '-C', roots])).stdout).not.toContain('ENV');
    expect((await karmaOk(['list', '-C', estate])).stdout).toContain('ENV');
    const { stdout } = await karmaOk(['status', '-C', estate]);
    expect(stdout.match(/^ +each: /gm)?.length ?? 0).toBe(1);
    const shared = / each: (.*)/.exec(stdout)?.[1] ?? '';
    expect(stdout.split(shared)).toHaveLength(2);
  });
});

describe('a command line that is right', () => {
  it('takes options before the command, and options alone for the overview', async () => {
    expect((await karmaOk(['-C', estate, '-q', 'list'])).stdout).toBe('dev/app/web\ndev/vpc/main\n');
    expect((await karmaOk(['-C', estate])).stdout).toMatch(/2 components, 1 reference/);
    expect(JSON.parse((await karmaOk(['--json', '-C', estate])).stdout)).toMatchObject({ components: 2 });
  });

  it('helps: with a command, a noun, a verb, a topic', async () => {
    for (const args of [
      ['--help'],
      ['help'],
      ['help', 'list'],
      ['help', 'graph', 'draw'],
      ['graph', '--help'],
      ['ls', '--help'],
    ]) {
      const { stdout, stderr } = await karmaOk(args);
      expect(stdout).toMatch(/^(Usage|Examples)/);
      expect(stderr).toBe('');
    }
    expect((await karmaOk(['help', 'exit-codes'])).stdout.match(/^ +\d+ {2}\S/gm)).toHaveLength(7);
    expect((await karmaOk(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('paints only where a person looks', async () => {
    const painted = '\u001b[';
    const run = (env: Record<string, string>, ...args: string[]) =>
      spawnSync(process.execPath, [entry, 'list', '-C', estate, ...args], { env: environment(env), encoding: 'utf8' });
    expect(run({}).stdout).not.toContain(painted);
    expect(run({ FORCE_COLOR: '1' }).stdout).toContain(painted);
    expect(run({ FORCE_COLOR: '1' }, '--no-color').stdout).not.toContain(painted);
    const typed = (env: string) =>
      spawnSync('script', ['-qec', `env ${env} '${process.execPath}' '${entry}' list -C '${estate}'`, '/dev/null'], {
        env: environment({ TERM: 'xterm' }),
        encoding: 'utf8',
      });
    if (typed('').error !== undefined) return;
    expect(typed('A=1').stdout).toContain(painted);
    expect(typed('NO_COLOR=1').stdout).not.toContain(painted);
    expect(typed('TERM=dumb').stdout).not.toContain(painted);
  });

  it('survives a reader who stops listening', () => {
    const many = plain(
      Object.fromEntries(Array.from({ length: 400 }, (_one, i) => [`live/unit-${i}/terragrunt.hcl`, ''])),
    );
    for (const args of ['export', 'list', 'list --json', 'graph draw']) {
      const line = `'${process.execPath}' '${entry}' ${args} -C '${many}' | head -c 10; exit "\${PIPESTATUS[0]}"`;
      const { status, stderr, stdout } = spawnSync('bash', ['-c', line], { env: environment(), encoding: 'utf8' });
      expect({ args, status, length: stdout.length }).toEqual({ args, status: 0, length: 10 });
      expect(stderr).not.toMatch(/EPIPE|KARMA_BUG|at /);
    }
  });

  it.each(['bash', 'zsh', 'fish'])('completes in %s', async (shell) => {
    const { stdout } = await karmaOk(['completion', shell]);
    expect(stdout).toContain('complete');
    if (!has(shell)) return;
    const file = join(folder, `completion.${shell}`);
    writeFileSync(file, stdout);
    execFileSync(shell, ['-n', file]);
  });

  it('completes ids of the last answer in bash', async () => {
    await karmaOk(['list', '-C', estate]);
    const { stdout } = await karmaOk(['completion', 'bash']);
    const script = `karma() { '${process.execPath}' '${entry}' "$@"; }
${stdout}
cd '${estate}'
COMP_WORDS=(karma show dev/v); COMP_CWORD=2; _karma; printf '%s\\n' "\${COMPREPLY[@]}"
COMP_WORDS=(karma gra); COMP_CWORD=1; _karma; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout: words } = spawnSync('bash', ['-c', script], { env: environment(), encoding: 'utf8' });
    expect(words).toBe('dev/vpc/main\ngraph\n');
  });
});

describe('names of folders', () => {
  // What a shell would run, were it to read a name again.
  const names = [
    '$(touch trap)',
    '`touch trap`',
    '; touch trap #',
    "'; touch trap #",
    '$HOME',
    'a b',
    '~root',
    '-x',
    '*',
  ];
  const odd = plain(Object.fromEntries(names.map((name) => [`live/${name}/terragrunt.hcl`, ''])));
  const ids = names.map((name) => `live/${name}`).sort();
  const shown: Readonly<Record<string, (script: string) => string>> = {
    bash: (script) => `${script}
COMP_WORDS=(karma show live/); COMP_CWORD=2; _karma
eval "set -- \${COMPREPLY[*]}"; printf '%s\\0' "$@"`,
    zsh: (script) => `compdef() { : }
compadd() { shift; printf '%s\\0' "$@" }
${script}
words=(karma show live/); CURRENT=3; _karma`,
    fish: (script) => `${script}
complete -C 'karma show live/'`,
  };

  it.each(Object.keys(shown))('are no code when %s completes them', async (shell) => {
    if (!has(shell)) return;
    const { stdout } = await karmaOk(['completion', shell]);
    const call =
      shell === 'fish'
        ? `function karma; '${process.execPath}' '${entry}' $argv; end`
        : `karma() { '${process.execPath}' '${entry}' "$@"; }`;
    const script = `${call}\n${shown[shell]?.(stdout)}`;
    const { stdout: completed } = spawnSync(shell, ['-c', script], { cwd: odd, env: environment(), encoding: 'utf8' });
    const lines = completed
      .split(shell === 'fish' ? '\n' : '\0')
      .map((line) => line.trimEnd())
      .filter((line) => line !== '');
    expect(lines.sort()).toEqual(ids);
    expect(existsSync(join(odd, 'trap'))).toBe(false);
  });
});

describe('bin/karma.js', () => {
  const bin = join(root, 'bin/karma.js');

  it('runs on this Node', () => {
    const { stdout, status } = spawnSync(process.execPath, [bin, '--version'], {
      encoding: 'utf8',
      env: environment(),
    });
    expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringMatching(/^\d/) as string });
  });

  it('says on an older one which command brings its own, and nothing else', () => {
    // Any Node reads it: the version is told before anything else is loaded.
    const older = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.11.0' } });`;
    const line = ['--import', `data:text/javascript,${encodeURIComponent(older)}`, bin, 'list', '-C', "it's here"];
    const { stdout, stderr, status } = spawnSync(process.execPath, line, { encoding: 'utf8', env: environment() });
    expect({ stdout, status }).toEqual({ stdout: '', status: 1 });
    expect(stderr).toContain(`npx -y -p node@24 node ${bin} list -C 'it'\\''s here'`);
    const old = ['/usr/bin/node', '/usr/local/bin/node'].find((path) => existsSync(path) && majorOf(path) < 24);
    if (old === undefined) return;
    const real = spawnSync(old, [bin, 'list'], { encoding: 'utf8', env: environment() });
    expect({ stdout: real.stdout, status: real.status }).toEqual({ stdout: '', status: 1 });
    expect(real.stderr).toContain(`npx -y -p node@24 node ${bin} list`);
  });
});

function has(program: string): boolean {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;
}

function majorOf(node: string): number {
  return Number(execFileSync(node, ['--version'], { encoding: 'utf8' }).slice(1).split('.')[0]);
}

describe('an environment that no folder tells', () => {
  it('comes with the line of karma.yaml that names it, and is named then', async () => {
    const unnamed = plain({
      ...terraformFiles,
      'prod/db/main.tf': String(terraformFiles['network/main.tf']).replace('network', 'db'),
    });
    const { stdout } = await karmaOk(['-C', unnamed]);
    const entry = /environments: \[\{ pattern: "([^"]+)"/.exec(stdout)?.[1] ?? '';
    expect(['app', 'network']).toContain(entry);
    const environments = ['app', 'network'].map((pattern) => `{ pattern: ${pattern}, environment: shared }`);
    writeFiles(unnamed, { 'karma.yaml': `estate: a\nenvironments: [${environments.join(', ')}]\n` });
    const named = await karmaOk(['-C', unnamed]);
    expect(named.stdout).toContain('shared 2, prod 1');
    expect(named.stdout).not.toContain('(none)');
  });
});
