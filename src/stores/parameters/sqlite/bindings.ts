import { rows, text } from '../../sqlite/cells.ts';
import { Database } from '../../sqlite/database.ts';
import { parametersSchema } from './schema.ts';

/** The bindings that a parameters file holds anything of, sorted. */
export function bindingsIn(file: string): readonly string[] {
  const db = new Database(file, parametersSchema);
  try {
    return db.read(
      (at) => rows(at.sql('SELECT DISTINCT binding FROM newest ORDER BY binding').all()).map((row) => text(row, 0)),
      [],
    );
  } finally {
    db.close();
  }
}
