import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A real Git repository in a temporary folder, for tests: commits have fixed authors and times, so ids repeat. */
export class TemporaryRepository {
  readonly root: string;
  #commits = 0;

  constructor(root: string, init: readonly string[] = ['init', '-q', '-b', 'main']) {
    this.root = root;
    mkdirSync(root, { recursive: true });
    if (init.length > 0) this.git(...init);
  }

  write(files: Readonly<Record<string, string | Buffer>>): this {
    for (const [path, content] of Object.entries(files)) {
      const file = join(this.root, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
    return this;
  }

  remove(...paths: readonly string[]): this {
    for (const path of paths) rmSync(join(this.root, path), { recursive: true, force: true });
    return this;
  }

  /** Says whether a file may be run. */
  mode(path: string, executable: boolean): this {
    chmodSync(join(this.root, path), executable ? 0o755 : 0o644);
    return this;
  }

  link(path: string, target: string): this {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    symlinkSync(target, join(this.root, path));
    return this;
  }

  /** Adds everything and commits; answers the commit's id. Each commit is a day after the one before. */
  commit(message = 'change'): string {
    this.git('add', '-A');
    return this.commitStaged(message);
  }

  commitStaged(message = 'change'): string {
    this.#commits += 1;
    const date = `2026-01-${String(this.#commits).padStart(2, '0')}T12:00:00Z`;
    this.#run(['commit', '-q', '--allow-empty', '-m', message], { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date });
    return this.git('rev-parse', 'HEAD');
  }

  /** The output without white space at its ends. @throws with what git said */
  git(...args: readonly string[]): string {
    return this.#run(args, {});
  }

  #run(args: readonly string[], environment: Readonly<Record<string, string>>): string {
    const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.org', '-c', 'protocol.file.allow=always'];
    const child = spawnSync('git', ['-C', this.root, ...identity, ...args], {
      env: { ...isolated(), ...environment },
      encoding: 'utf8',
    });
    if (child.status !== 0) throw new Error(`git ${args.join(' ')}: ${child.stderr}${child.error ?? ''}`);
    return child.stdout.trim();
  }
}

/** The machine's own Git settings must not decide a test. */
function isolated(): NodeJS.ProcessEnv {
  const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_')));
  return { ...environment, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', LC_ALL: 'C' };
}

/** A temporary folder that is gone when `using` or `dispose` ends it. */
export class TemporaryFolder {
  readonly path = realpathSync.native(mkdtempSync(join(tmpdir(), 'karma-test-')));

  repository(name: string): TemporaryRepository {
    return new TemporaryRepository(join(this.path, name));
  }

  at(...steps: readonly string[]): string {
    return join(this.path, ...steps);
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
