import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Random } from '../random.ts';
import { faultsOf, faultsUnlessOk } from './product.ts';
import { commit, deployable, type Harness, repository, writeFiles } from './world.ts';

/**
 * Every cell that is kept, changed by hand: `log verify` or `store verify` names it, and a rebuild never tells that all is well
 * where it is not. What is only a cache (leases that ended) may be anything, as long as it is told in words.
 */
export const tamper: Harness = async ({ product, random, folder, faults, say }, rounds) => {
  const estate = repository(join(folder, 'tamper'), deployable);
  const whole = join(folder, 'tamper-whole');
  const at = (data: string) => ['-C', estate, '--data', data];
  const steps = [['build'], ['config', 'publish', '--all', '--binding', 'acme-dev'], ['deploy', 'dev/a/x', '--yes']];
  for (const args of steps.slice(0, hasTerraform() ? 3 : 2))
    faults.push(...faultsUnlessOk(await product.ask([...args, ...at(whole)])));
  writeFiles(estate, { 'iac/dev/c/x/config.json': '{"size": 3, "b_nickname": "x"}' });
  commit(estate);
  faults.push(...faultsUnlessOk(await product.ask(['build', ...at(whole)])));
  for (const verb of ['log', 'store'])
    faults.push(...faultsUnlessOk(await product.ask([verb, 'verify', ...at(whole)])));
  for (let round = 0; round < rounds; round += 1) {
    const data = join(folder, `tamper-${round}`);
    cpSync(whole, data, { recursive: true });
    const what = tampered(data, random);
    const [log, store] = [
      await product.askStaying(['log', 'verify', ...at(data)]),
      await product.askStaying(['store', 'verify', ...at(data)]),
    ];
    faults.push(...[log, store].flatMap(faultsOf).map((fault) => `${fault}\n  ${what}`));
    const isTold = log.code !== 0 || store.code !== 0;
    if (!isTold && !isCache(what) && !isAsBefore(data, whole, what))
      faults.push(`nobody tells: ${what}\n${log.stdout}${store.stdout}`);
    const rebuilt = await product.askStaying(['store', 'rebuild', ...at(data)]);
    faults.push(...faultsOf(rebuilt).map((fault) => `${fault}\n  ${what}`));
    if (rebuilt.code === 0) {
      const after = await product.askStaying(['store', 'verify', ...at(data)]);
      if (after.code !== 0)
        faults.push(`a rebuild is well, and what it made is not: ${what}\n${after.stdout}${after.stderr}`);
    }
    const asked = await product.askStaying([
      ...(random.pick([['list'], ['status'], ['log', 'list'], ['graph', 'versions'], ['diff', 'v1..v2'], ['build']]) ??
        []),
      ...at(data),
    ]);
    faults.push(...faultsOf(asked).map((fault) => `${fault}\n  ${what}`));
    say(`tamper ${round}: ${what}: ${isTold ? 'told' : 'cache'}; rebuild ${rebuilt.code}`);
    rmSync(data, { recursive: true, force: true, maxRetries: 3 });
  }
};

function hasTerraform(): boolean {
  return (process.env['PATH'] ?? '').split(':').some((place) => place !== '' && existsSync(join(place, 'terraform')));
}

/** What may be lost or changed without any answer being another one: who holds what, which ended, and a fence that grew. */
function isCache(what: string): boolean {
  const fence = /^ledger\.db lease\.fence .*: (\d+) → (\d+)$/.exec(what);
  if (fence !== null) return Number(fence[2]) > Number(fence[1]);
  return /^ledger\.db lease\.(?:beats|ttl|holder) /.test(what);
}

/** A store that lacks its last version is one that is behind: it catches up with the ledger, and then nothing is wrong. */
function isAsBefore(data: string, whole: string, what: string): boolean {
  const [, file = '', table = ''] = /^(\S+) ([a-z_]+)/.exec(what) ?? [];
  const [now, before] = [data, whole].map((folder) => {
    const database = new DatabaseSync(join(folder, file));
    try {
      return JSON.stringify(database.prepare(`SELECT * FROM "${table}" ORDER BY 1, 2`).all());
    } finally {
      database.close();
    }
  });
  return now === before;
}

/** One cell, or one row, of one table of one database. */
function tampered(data: string, random: Random): string {
  const file = random.pick(['ledger.db', 'ledger.db', 'graph.db']) ?? '';
  const database = new DatabaseSync(join(data, file));
  try {
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all() as { name: string }[];
    const filled = tables.filter(
      ({ name }) => (database.prepare(`SELECT count(*) AS n FROM "${name}"`).get() as { n: number }).n > 0,
    );
    const table = random.pick(filled)?.name ?? '';
    const rows = (database.prepare(`SELECT count(*) AS n FROM "${table}"`).get() as { n: number }).n;
    const keys = database.prepare(`PRAGMA table_info("${table}")`).all() as { name: string; pk: number }[];
    const row = database.prepare(`SELECT * FROM "${table}" LIMIT 1 OFFSET ${random.below(rows)}`).get() as Record<
      string,
      Cell
    >;
    const named = keys.filter(({ pk }) => pk > 0).map(({ name }) => name);
    const where = (named.length > 0 ? named : Object.keys(row)).map((name) => `"${name}" IS ?`).join(' AND ');
    const told = (named.length > 0 ? named : Object.keys(row)).map((name) => row[name] ?? null);
    if (random.below(5) === 0) {
      database.prepare(`DELETE FROM "${table}" WHERE ${where}`).run(...told);
      return `${file} ${table} ${told.map(String).join(' ').slice(0, 80)}: deleted`;
    }
    const column = random.pick(keys)?.name ?? '';
    const before = row[column] ?? null;
    const after = otherThan(before, random);
    try {
      database.prepare(`UPDATE "${table}" SET "${column}" = ? WHERE ${where}`).run(after, ...told);
    } catch {
      // A constraint of the table forbids it: then something else goes.
      database.prepare(`DELETE FROM "${table}" WHERE ${where}`).run(...told);
    }
    return `${file} ${table}.${column} ${told.map(String).join(' ').slice(0, 80)}: ${String(before).slice(0, 200)} → ${String(after).slice(0, 200)}`;
  } finally {
    database.close();
  }
}

type Cell = null | number | bigint | string | Uint8Array;

function otherThan(value: Cell, random: Random): Cell {
  if (typeof value === 'number') return value + (random.pick([-1, 1, 2, 3]) ?? 1);
  if (typeof value === 'bigint' || value === null) return 7;
  if (typeof value !== 'string') {
    const bytes = Uint8Array.from(value);
    const place = random.below(bytes.length);
    bytes[place] = (bytes[place] ?? 0) ^ (1 << random.below(8));
    return bytes.length === 0 ? Uint8Array.from([1]) : bytes;
  }
  const place = random.below(value.length);
  const ways = [
    `${value.slice(0, place)}${value[place] === 'x' ? 'y' : 'x'}${value.slice(place + 1)}`,
    `${value} `,
    value.slice(0, place),
    'null',
    value.replace('{', '{"actor":"mallory",'),
    value.replace(/\d/, (digit) => String((Number(digit) + 1) % 10)),
  ].filter((one) => one !== value);
  return random.pick(ways) ?? 'x';
}
