import type { Graph } from '../../graph/graph.ts';
import type { ComponentRow } from '../../model/component.ts';
import { unreadLayouts } from '../../model/unread-layouts.ts';

/**
 * What layouts that are not read may hand to a root module, as blind spots of its runs: its values are not all in its own files,
 * so that these are as they were proves nothing of the next run. Units and Adage components get theirs from files that are read.
 */
export function fedRoots(graph: Graph): (row: Pick<ComponentRow, 'layout'>) => readonly string[] {
  const feeding = new Map(
    unreadLayouts.filter(({ feedsRoots }) => feedsRoots).map(({ name, title }) => [name, title] as const),
  );
  const spots = graph.findings().flatMap(({ code, key, evidence }) => {
    const title = code === 'layout-not-read' ? feeding.get(key) : undefined;
    const by = evidence[0]?.file;
    return title === undefined
      ? []
      : [`layout-not-read${by === undefined ? '' : ` ${by}`}: ${title} may hand it values, and is not read`];
  });
  return ({ layout }) => (layout === 'terraform' ? spots : []);
}
