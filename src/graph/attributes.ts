import type { ComponentId, ComponentRow } from '../model/component.ts';
import { tableOf } from '../model/table.ts';
import type { Graph } from './graph.ts';

/**
 * What a component can be selected, grouped and coloured by. Karma's own words first, then whatever the layout knows of it
 * (`owner`, `account`, `region`, `source` …). `status` and the like are not in the graph: whoever asks hands them in.
 */
export type AttributeReader = (row: ComponentRow) => string | undefined;

const readers = tableOf<AttributeReader>({
  id: (row) => row.id,
  kind: (row) => (row.kind === 'parameter' ? 'parameter' : row.type),
  type: (row) => row.type,
  env: (row) => row.environment,
  environment: (row) => row.environment,
  nickname: (row) => row.nickname,
  layout: (row) => row.layout,
  module: (row) => row.module,
  path: (row) => row.path,
  folder: (row) => folderOf(row.id),
});

/** Karma's own attribute keys, for hints. */
export const attributeKeys: readonly string[] = Object.keys(readers);

/** The value of an attribute, or undefined when the component has none. */
export function attributeOf(row: ComponentRow, key: string): string | undefined {
  const value = readers[key]?.(row) ?? (Object.hasOwn(row.attributes, key) ? row.attributes[key] : undefined);
  return value === '' ? undefined : value;
}

/** Keys that some component of the graph has beyond Karma's own: `owner`, `account` … Sorted. O(components). */
export function layoutAttributes(graph: Graph): string[] {
  const keys = new Set<string>();
  for (let node = 0; node < graph.size; node++) {
    for (const key of Object.keys(graph.component(node).attributes)) keys.add(key);
  }
  return [...keys].sort();
}

/** The folder above the component: `live/prod` of `live/prod/vpc`, `prod/vpc` of `prod/vpc/main`. */
export function folderOf(id: ComponentId): string {
  const cut = id.lastIndexOf('/');
  return cut < 0 ? '' : id.slice(0, cut);
}
