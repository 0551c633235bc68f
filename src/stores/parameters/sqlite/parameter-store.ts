import { sha256 } from '../../../model/digest.ts';
import type { EstateKey } from '../../estate-key.ts';
import { type Cells, cells, json, number, optionalText, rows, text } from '../../sqlite/cells.ts';
import { Database } from '../../sqlite/database.ts';
import type { Parameter, ParameterStore, ParameterType, ParameterVersion, ParameterWrite } from '../port.ts';
import { checkType, checkWrite } from '../rules.ts';
import { checkFences, raiseFences } from './fences.ts';
import { importVersions } from './import-versions.ts';
import { parametersSchema } from './schema.ts';

export interface SqliteParametersOptions {
  /** By custom `parameters.db`; holds every binding. */
  readonly file: string;
  readonly binding: string;
  /** Asked for only when a SecureString comes by. */
  readonly key: () => EstateKey;
}

/** The embedded Parameter Store. Of a SecureString it keeps the keyed digest and nothing else. */
export function openSqliteParameters({ file, binding, key }: SqliteParametersOptions): ParameterStore {
  const db = new Database(file, parametersSchema);
  let everything: { readonly mark: string; readonly parameters: readonly Parameter[] } | undefined;
  /** The list of all is the same one as long as nobody writes: who compares two looks need not look into them. */
  const all = (at: Database): readonly Parameter[] => {
    const mark = at.mark();
    if (everything?.mark !== mark) everything = { mark, parameters: list(at, binding, { path: '/' }) };
    return everything.parameters;
  };
  return {
    binding,
    list: async (query) => db.read((at) => (isAll(query) ? all(at) : list(at, binding, query)), []),
    get: async (name) => db.read((at) => newest(at, binding, name), undefined),
    put: async (write) => put(db, binding, write, key),
    raiseFences: async (held) => raiseFences(db, held),
    history: async (name) => db.read((at) => history(at, binding, name), []),
    importVersions: async (versions) => importVersions(db, binding, versions, key),
    close: async () => db.close(),
  };
}

function isAll({ path, after, limit }: Parameters<ParameterStore['list']>[0]): boolean {
  return path === '/' && after === undefined && limit === undefined;
}

const columns = 'name, version, type, value, digest, modified_at, modified_by, labels';

function list(
  db: Database,
  binding: string,
  { path, after = '', limit = -1 }: { readonly path: string; readonly after?: string; readonly limit?: number },
): readonly Parameter[] {
  const folder = path.endsWith('/') ? path.slice(0, -1) : path;
  const answer = db
    .sql(
      `SELECT ${columns} FROM newest WHERE binding = ?1 AND name > ?2
       AND (name = ?3 OR (name >= ?3 || '/' AND name < ?3 || '0')) ORDER BY name LIMIT ?4`,
    )
    .all(binding, after, folder, limit);
  return rows(answer).map(toParameter);
}

function newest(db: Database, binding: string, name: string): Parameter | undefined {
  const row = cells(db.sql(`SELECT ${columns} FROM newest WHERE binding = ? AND name = ?`).get(binding, name));
  return row === undefined ? undefined : toParameter(row);
}

function history(db: Database, binding: string, name: string): readonly ParameterVersion[] {
  const answer = db
    .sql(
      `SELECT ${columns} FROM older WHERE binding = ?1 AND name = ?2
       UNION ALL SELECT ${columns} FROM newest WHERE binding = ?1 AND name = ?2 ORDER BY version`,
    )
    .all(binding, name);
  return rows(answer).map((row) => ({ ...toParameter(row), labels: json(row, 7) as readonly string[] }));
}

function put(db: Database, binding: string, write: ParameterWrite, key: () => EstateKey): number | 'conflict' {
  checkWrite(write);
  const secret = write.type === 'SecureString';
  const digest = secret ? key().digest(write.value) : sha256(write.value);
  return db.write((at) => {
    checkFences(at, write.fences ?? []);
    const now = newest(at, binding, write.name);
    if (write.expectVersion !== undefined && write.expectVersion !== (now?.version ?? 0)) return 'conflict';
    if (now !== undefined) checkType(write.name, now.type, write.type);
    at.sql('INSERT INTO older SELECT * FROM newest WHERE binding = ? AND name = ?').run(binding, write.name);
    const version = (now?.version ?? 0) + 1;
    at.sql(`INSERT OR REPLACE INTO newest (binding, ${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, '[]')`).run(
      binding,
      write.name,
      version,
      write.type,
      secret ? null : write.value,
      digest,
      write.at,
      write.by,
    );
    return version;
  });
}

function toParameter(row: Cells): Parameter {
  return {
    name: text(row, 0),
    version: number(row, 1),
    type: text(row, 2) as ParameterType,
    value: optionalText(row, 3),
    digest: text(row, 4),
    modifiedAt: text(row, 5),
    modifiedBy: text(row, 6),
  };
}
