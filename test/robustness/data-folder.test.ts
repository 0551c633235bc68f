import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { adageFiles, commitAll, estateMaker, folderDigest, writeFiles } from '../support/estates.ts';
import { type Answer, karma, karmaJson, karmaOk, karmaRaw, karmaSeveral } from '../support/karma.ts';
import { behind, canMount, readOnly, smallDisk } from '../support/mounts.ts';

/** What Karma keeps may be read-only, full, newer, damaged, or in use. */

const { folder, repository } = estateMaker();

const dataOf = (estate: string) => join(estate, '.git/karma');

let first: Promise<string> | undefined;
let copies = 0;

/** An estate with two versions and a parameter. */
async function published(): Promise<string> {
  first ??= publishedOnce();
  copies += 1;
  const copy = join(folder, `published-${copies}`);
  cpSync(await first, copy, { recursive: true, preserveTimestamps: true });
  return copy;
}

async function publishedOnce(): Promise<string> {
  const estate = repository(adageFiles);
  await karmaOk(['build', '-C', estate]);
  writeFiles(estate, { 'iac/dev/vpc/other/config.json': '{ "cidr": "10.9.0.0/16" }\n' });
  commitAll(estate, 'two');
  await karmaOk(['build', '-C', estate]);
  await karmaOk(['parameter', 'put', '/iac/x', 'y', '--binding', 'acme-dev', '-C', estate]);
  return estate;
}

function copyOf(estate: string, name: string): string {
  const data = join(folder, name);
  mkdirSync(data);
  for (const file of ['ledger.db', 'graph.db', 'parameters.db', 'cache.db'])
    if (existsSync(join(dataOf(estate), file))) copyFileSync(join(dataOf(estate), file), join(data, file));
  return data;
}

function sqlite(file: string, text: string): void {
  const db = new DatabaseSync(file);
  db.exec(text);
  db.close();
}

function failed({ code, stdout, stderr }: Answer, name: string): void {
  expect(stderr).toContain(name);
  expect(stderr).toMatch(/^hint {2}\S/m);
  expect({ code: code === 0, stdout }).toEqual({ code: false, stdout: '' });
}

const questions = [
  ['list'],
  ['overview'],
  ['impact', 'vpc/main'],
  ['check'],
  ['list', '--at', 'v1'],
  ['diff', 'v1..v2'],
  ['log', 'list'],
  ['log', 'verify'],
  ['graph', 'versions'],
  ['parameter', 'list'],
  ['status'],
];

describe.skipIf(!canMount)('a disk (needs the right to mount)', () => {
  it.concurrent('that is read-only: every question is answered, nothing is written, writing says why not', async () => {
    const estate = await published();
    const before = folderDigest(estate);
    const through = behind(readOnly(estate));
    const answers = await karmaSeveral(
      questions.map((args) => [...args, '-C', estate]),
      { through },
    );
    expect(answers.map(({ code }) => code)).toEqual(questions.map(() => 0));
    failed(await karma(['build', '-C', estate], { through }), 'KARMA_DATA_UNWRITABLE');
    failed(await karma(['parameter', 'put', '/a', 'b', '-C', estate], { through }), 'KARMA_DATA_UNWRITABLE');
    failed(
      await karma(['check', '--write-baseline', '--baseline', join(estate, 'b.json'), '-C', estate], { through }),
      'b.json',
    );
    expect(folderDigest(estate)).toBe(before);
    await karmaOk(['build', '-C', estate, '--data', join(folder, 'elsewhere')], { through });
  });

  it.concurrent('that is read-only before anything was ever kept', async () => {
    const estate = repository(adageFiles);
    const through = behind(readOnly(estate));
    const { stdout } = await karmaOk(['list', '-C', estate], { through });
    expect(stdout).toContain('dev/app/web');
    failed(await karma(['build', '-C', estate], { through }), 'KARMA_DATA_UNWRITABLE');
    expect(existsSync(dataOf(estate))).toBe(false);
  });

  it.concurrent('that is full: questions are answered, writing says so, and nothing is half there', async () => {
    const estate = repository(adageFiles);
    const data = join(folder, 'full');
    mkdirSync(data);
    for (const kilobytes of [4, 16, 64, 128]) {
      const through = behind(smallDisk(data, kilobytes));
      await karmaOk(['list', '-C', estate, '--data', data], { through });
      const built = await karma(['build', '-C', estate, '--data', data], { through });
      if (built.code !== 0) failed(built, 'KARMA_DATA_UNWRITABLE');
    }
    const filled = behind(smallDisk(data, 512), `dd if=/dev/zero of='${data}/ballast' bs=1k 2>/dev/null || true`);
    failed(await karma(['build', '-C', estate, '--data', data], { through: filled }), 'KARMA_DATA_UNWRITABLE');
  });
});

describe.concurrent('a file of the data folder', () => {
  it('that a newer Karma wrote is left alone', async () => {
    const data = copyOf(await published(), 'newer');
    const estate = repository(adageFiles);
    for (const file of ['ledger.db', 'graph.db', 'parameters.db']) sqlite(join(data, file), 'PRAGMA user_version = 99');
    if (existsSync(join(data, 'cache.db'))) sqlite(join(data, 'cache.db'), 'PRAGMA user_version = 99');
    const before = folderDigest(data);
    for (const args of [
      ['list', '--at', 'v1'],
      ['build'],
      ['log', 'list'],
      ['parameter', 'list'],
      ['store', 'rebuild'],
    ]) {
      const answer = await karma([...args, '-C', estate, '--data', data]);
      failed(answer, 'KARMA_DATA_NEWER');
      expect(answer.stderr).toContain('update Karma');
    }
    expect(folderDigest(data)).toBe(before);
  });

  it('that is a cache is made anew when it is damaged, whatever the damage', async () => {
    const estate = await published();
    const data = dataOf(estate);
    const ask = ['list', 'why app/web', 'impact --since HEAD~1'].map((line) => [...line.split(' '), '-C', estate]);
    const answers = async () => (await karmaSeveral(ask)).map(({ code, stdout }) => ({ code, stdout }));
    const sound = await answers();
    expect(sound.map(({ code }) => code)).toEqual([0, 0, 0]);
    const kept = ['ledger.db', 'graph.db', 'parameters.db', 'estate.key'];
    const caches = () =>
      readdirSync(data, { withFileTypes: true, recursive: true })
        .filter((one) => one.isFile() && !kept.some((name) => one.name.startsWith(name)))
        .map((one) => join(one.parentPath, one.name));
    expect(caches().length).toBeGreaterThan(0);
    for (const damage of [
      (file: string) => writeFileSync(file, 'nothing of the kind'),
      (file: string) => truncateSync(file, Math.floor(statSync(file).size / 2)),
      (file: string) =>
        writeFileSync(file, Buffer.concat([readFileSync(file).subarray(0, 100), Buffer.alloc(20_000, 7)])),
      (file: string) => writeFileSync(file, ''),
      (file: string) =>
        writeFileSync(
          file,
          readFileSync(file).map((byte, at) => (at % 997 === 500 ? byte ^ 0x55 : byte)),
        ),
    ]) {
      caches().forEach(damage);
      expect(await answers()).toEqual(sound);
    }
    for (const file of caches()) {
      rmSync(file);
      mkdirSync(file);
    }
    expect(await answers()).toEqual(sound);
  });

  it("that is the estate's key is not replaced behind anybody's back", async () => {
    const estate = await published();
    writeFileSync(join(dataOf(estate), 'estate.key'), 'no key');
    failed(await karma(['list', '-C', estate]), 'KARMA_DATA_CORRUPT');
    expect(readFileSync(join(dataOf(estate), 'estate.key'), 'utf8')).toBe('no key');
  });

  it('the graph store is made again from the ledger, whatever happened to it', async () => {
    const estate = await published();
    const path = join(dataOf(estate), 'graph.db');
    const { stdout } = await karmaOk(['export', '-C', estate, '--at', 'v1']);
    rmSync(path);
    expect((await karmaOk(['export', '-C', estate, '--at', 'v1'])).stdout).toBe(stdout);
    for (const end of ['-wal', '-shm']) rmSync(path + end, { force: true });
    writeFileSync(path, 'no database'.repeat(1000));
    await karmaOk(['store', 'rebuild', '-C', estate]);
    await karmaOk(['store', 'verify', '-C', estate]);
    expect((await karmaOk(['export', '-C', estate, '--at', 'v1'])).stdout).toBe(stdout);
  });

  it('the graph store that says something else is found out', async () => {
    const estate = await published();
    const path = join(dataOf(estate), 'graph.db');
    sqlite(path, 'DELETE FROM live WHERE key = (SELECT min(key) FROM live)');
    const { code, stdout } = await karma(['store', 'verify', '-C', estate]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: expect.stringMatching(/does not hold/) as string });
  });
});

describe.concurrent('several processes', () => {
  it('eight builds at once publish each state once', async () => {
    const estate = repository(adageFiles);
    const answers = await Promise.all(Array.from({ length: 8 }, () => karma(['build', '-C', estate])));
    expect(answers.map(({ code }) => code)).toEqual(Array.from({ length: 8 }, () => 0));
    const { versions } = await karmaJson<{ versions: readonly unknown[] }>(['graph', 'versions', '-C', estate]);
    expect(versions).toHaveLength(1);
    await karmaOk(['store', 'verify', '-C', estate]);
    await karmaOk(['log', 'verify', '-C', estate]);
  });

  it('one that is killed at any moment leaves everything sound', async () => {
    const estate = repository(adageFiles);
    const started = performance.now();
    await karmaOk(['build', '-C', estate]);
    const whole = performance.now() - started;
    // From the start of the process to after its end; a busy machine only moves which step is hit.
    for (let round = 1; round <= 14; round += 1) {
      writeFiles(estate, { 'iac/dev/vpc/main/config.json': `{ "cidr": "10.${round}.0.0/16" }\n` });
      commitAll(estate, `round ${round}`);
      await karmaRaw(['build', '-C', estate], { killAfter: (whole * round) / 12 });
    }
    await karmaOk(['build', '-C', estate]);
    await karmaOk(['store', 'verify', '-C', estate]);
    await karmaOk(['log', 'verify', '-C', estate]);
    const [live, kept] = await Promise.all([
      karmaOk(['export', '-C', estate, '--at', 'HEAD']),
      karmaJson<{ versions: readonly { version: number }[] }>(['graph', 'versions', '-C', estate]),
    ]);
    const version = await karmaOk(['export', '-C', estate, '--at', `v${kept.versions[0]?.version}`]);
    const graph = (text: string) => text.split('\n').filter((line) => !line.includes('"finding"'));
    expect(graph(version.stdout)).toEqual(graph(live.stdout));
  });
});

describe.concurrent('a ledger that was tampered with', () => {
  it.each([
    ['edited', (db: DatabaseSync) => db.exec(`UPDATE event SET body = replace(body, '"ok"', '"no"') WHERE seq = 2`), 2],
    ['dropped', (db: DatabaseSync) => db.exec('DELETE FROM event WHERE seq = 2'), 2],
    [
      'reordered',
      (db: DatabaseSync) =>
        db.exec(
          'UPDATE event SET seq = -1 WHERE seq = 2; UPDATE event SET seq = 2 WHERE seq = 3; UPDATE event SET seq = 3 WHERE seq = -1',
        ),
      2,
    ],
    [
      'truncated',
      (db: DatabaseSync) => db.exec('DELETE FROM event WHERE seq = (SELECT max(seq) FROM event)'),
      undefined,
    ],
  ])('is found out: an event %s', async (_what, tamper, seq) => {
    const estate = await published();
    await karmaOk(['log', 'verify', '-C', estate]);
    const db = new DatabaseSync(join(dataOf(estate), 'ledger.db'));
    tamper(db);
    db.close();
    const { code, stdout } = await karma(['log', 'verify', '-C', estate]);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      seq === undefined ? /does not hold at event \d+/ : new RegExp(`does not hold at event ${seq}\\b`),
    );
  });
});

describe('what is wrong with a database', () => {
  it.concurrent.each(
    ['ledger', 'graph', 'parameters'].flatMap((store) =>
      ['no database', 'without its tables'].map((how) => [store, how] as const),
    ),
  )('is told by doctor, which does not die of it: %s, %s', async (store, how) => {
    const estate = await published();
    const data = copyOf(estate, `examined-${store}-${how.replaceAll(' ', '-')}`);
    const file = join(data, `${store}.db`);
    if (how === 'no database') writeFileSync(file, 'x'.repeat(9000));
    else {
      const db = new DatabaseSync(file);
      const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
      for (const { name } of tables) db.exec(`DROP TABLE "${String(name)}"`);
      db.close();
    }
    const { code, stdout } = await karma(['doctor', '--data', data, '-C', estate]);
    expect([code, stdout]).toEqual([0, expect.stringContaining(`${store}.db is no sound database`)]);
    const asked =
      store === 'parameters' ? ['parameter', 'list'] : store === 'graph' ? ['store', 'verify'] : ['log', 'list'];
    failed(await karma([...asked, '--data', data, '-C', estate]), 'KARMA_DATA_CORRUPT');
  });
});

describe('a place that cannot be made', () => {
  /** Nothing stands in the first, and nothing can be made there: Node's own way of making folders never ends in it. */
  const places = ['/proc/nowhere/x', join(folder, 'a-file/x')];
  const writers = (place: string): readonly (readonly string[])[] => [
    ['schemas', '--out', place],
    ['export', '--format', 'site', '--out', place],
    ['graph', 'draw', '--out', join(place, 'a.svg')],
    ['check', '--write-baseline', '--baseline', join(place, 'baseline.json')],
    ['build', '--data', place],
    ['token', 'create', 'a', '--data', place],
    ['parameter', 'put', '/iac/x', 'y', '--data', place],
    ['run', 'request', 'deploy', '--all', '--data', place],
    ['change', 'propose', 'prod/vpc/main', '--set', 'cidr=10.9.0.0/16', '--reason', 'r', '--data', place],
  ];

  it.concurrent('is named', async () => {
    const estate = await published();
    writeFileSync(join(folder, 'a-file'), 'is no folder\n');
    for (const place of places) {
      const answers = await karmaSeveral(writers(place), { cwd: estate });
      for (const [at, { code, stderr }] of answers.entries()) {
        expect([code, stderr], writers(place)[at]?.join(' ')).toEqual([
          1,
          expect.stringMatching(/KARMA_(?:DATA_UNWRITABLE|UNREADABLE)[\s\S]*hint/),
        ]);
      }
    }
    expect(readFileSync(join(folder, 'a-file'), 'utf8')).toBe('is no folder\n');
  });

  it('is not reached through a link that the estate brought along', async () => {
    const estate = await published();
    const outside = join(folder, 'outside-of-it');
    mkdirSync(outside);
    symlinkSync(outside, join(estate, 'out'));
    for (const args of [
      ['schemas', '--out', 'out/schemas'],
      ['export', '--format', 'site', '--out', 'out'],
    ])
      failed(await karma(args, { cwd: estate }), 'KARMA_REFUSED');
    expect(readdirSync(outside)).toEqual([]);
  });
});
