import { canonicalJson, sha256 } from '../../../model/digest.ts';
import { type EstateKey, sealedDigest } from '../../estate-key.ts';
import { cells, number, text } from '../../sqlite/cells.ts';
import type { Database } from '../../sqlite/database.ts';
import { looksEncrypted } from '../aws-dump.ts';
import type { ImportedVersion, ImportOutcome } from '../port.ts';
import { checkWrite } from '../rules.ts';

/**
 * Takes versions as they are, all or none. A version that is here with the same content counts as the same; with another, what
 * is here stays and its name is reported: history is never rewritten.
 */
export function importVersions(
  db: Database,
  binding: string,
  versions: readonly ImportedVersion[],
  key: () => EstateKey,
): ImportOutcome {
  for (const version of versions) checkVersion(version);
  if (versions.length === 0) return { added: 0, same: 0, conflicts: [] };
  return db.write((at) => {
    let added = 0;
    let same = 0;
    const conflicts: { name: string; version: number }[] = [];
    for (const version of versions) {
      const digest = digestOfVersion(version, key);
      const known = knownDigest(at, binding, version);
      if (known === digest) same += 1;
      else if (known !== undefined) conflicts.push({ name: version.name, version: version.version });
      else {
        insert(at, binding, version, digest);
        added += 1;
      }
    }
    return { added, same, conflicts };
  });
}

function checkVersion({ name, type, value, digest }: ImportedVersion): void {
  if (value === undefined && type === 'SecureString' && digest !== undefined) checkWrite({ name, value: digest });
  else checkWrite({ name, value: value ?? '' });
}

/** A value that is still encrypted says nothing about the secret: its digest compares as unknown. */
function digestOfVersion({ type, value = '', digest }: ImportedVersion, key: () => EstateKey): string {
  if (type !== 'SecureString') return sha256(value);
  if (value === '' && digest !== undefined) return digest;
  return looksEncrypted(value) ? sealedDigest(value) : key().digest(value);
}

function knownDigest(db: Database, binding: string, { name, version }: ImportedVersion): string | undefined {
  const row = cells(
    db
      .sql(
        `SELECT digest FROM newest WHERE binding = ?1 AND name = ?2 AND version = ?3
         UNION ALL SELECT digest FROM older WHERE binding = ?1 AND name = ?2 AND version = ?3`,
      )
      .get(binding, name, version),
  );
  return row === undefined ? undefined : text(row, 0);
}

function insert(db: Database, binding: string, version: ImportedVersion, digest: string): void {
  const newest = cells(db.sql('SELECT version FROM newest WHERE binding = ? AND name = ?').get(binding, version.name));
  const isNewest = newest === undefined || number(newest, 0) < version.version;
  if (isNewest)
    db.sql('INSERT INTO older SELECT * FROM newest WHERE binding = ? AND name = ?').run(binding, version.name);
  const table = isNewest ? 'newest' : 'older';
  db.sql(`INSERT OR REPLACE INTO ${table} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`).run(
    binding,
    version.name,
    version.version,
    version.type,
    version.type === 'SecureString' ? null : (version.value ?? null),
    digest,
    version.modifiedAt,
    version.modifiedBy,
    canonicalJson(version.labels),
  );
}
