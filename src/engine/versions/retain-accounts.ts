import type { ComponentRow, DeploymentRow } from '../../model/component.ts';
import { type Row, rowId } from '../../model/rows.ts';

/**
 * Keeps what only an account could say, where that account was not read and nothing of it is known here: components known by
 * their published config alone, runtimes without one, and the digests of runtimes. Only a complete, successful read removes
 * anything. What Git says is not touched.
 */
export function retainUnseen(
  before: ReadonlyMap<string, Row>,
  after: ReadonlyMap<string, Row>,
  unseen: { readonly bindings: readonly string[]; readonly environments: ReadonlySet<string> },
): ReadonlyMap<string, Row> {
  if (unseen.bindings.length === 0) return after;
  const kept = new Set<string>();
  const rows = new Map(after);
  const keep = (row: Row) => rows.set(rowId(row), row);
  for (const row of before.values()) {
    if (row.table !== 'component' || after.has(rowId(row))) continue;
    const { id, path } = JSON.parse(row.value) as ComponentRow;
    if (!unseen.bindings.some((binding) => path.startsWith(`${binding}:`))) continue;
    kept.add(id);
    keep(row);
  }
  for (const row of before.values()) {
    if (row.table === 'deployment') {
      const { component, deployment, config } = JSON.parse(row.value) as DeploymentRow;
      // Of a root module, whose deployment may be called like an account: Git alone says it.
      if (config !== undefined) continue;
      const silent =
        deployment === '' ? unseen.environments.has(environmentOf(component)) : unseen.bindings.includes(deployment);
      if (silent && (kept.has(component) || after.has(`component|${component}`))) keep(row);
    } else if (row.table === 'finding') {
      if (kept.has((JSON.parse(row.value) as { readonly subject: string }).subject)) keep(row);
    } else if (row.table === 'reference') {
      const { from, to } = JSON.parse(row.value) as { readonly from: string; readonly to: string };
      const there = (id: string) => kept.has(id) || after.has(`component|${id}`);
      if ((kept.has(from) || kept.has(to)) && there(from) && there(to)) keep(row);
    }
  }
  return rows;
}

/** Ids of Adage components begin with their environment; no other layout has deployments named by accounts. */
function environmentOf(component: string): string {
  return component.slice(0, Math.max(0, component.indexOf('/')));
}
