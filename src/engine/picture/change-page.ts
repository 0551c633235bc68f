import { diff } from '../../graph/operations/diff.ts';
import { overlay } from '../../report/draw/overlay.ts';
import { pictureOf } from '../../report/draw/picture-of.ts';
import { writeSvg } from '../../report/draw/svg.ts';
import { writePage } from '../../report/impact/page.ts';
import type { ComparedRange } from '../range/compare-range.ts';
import { marksOf } from './scene.ts';

/** What a range does, as a page with its picture. */
export function changePage(compared: ComparedRange, range: string): string {
  const { comparison, views, before, after, ends, fixed } = compared;
  return writePage(comparison, {
    range,
    estate: views.after.estate?.name ?? '',
    before: before.label,
    after: after.label,
    graph: ends.after.graph,
    picture: pictureOfChange(compared),
    fixed,
  });
}

function pictureOfChange({ comparison, views }: ComparedRange): string {
  const [before, after] = [views.before.graph, views.after.graph];
  const renames = new Map(comparison.moved.map(({ was, id }) => [was, id]));
  const { graph, changeOf } = overlay(before, after, diff(before, after, { renames }));
  const marks = marksOf(comparison, graph);
  if (marks.size === 0) return '';
  return writeSvg(pictureOf(graph, { nodes: marks.keys(), marks, changeOf, title: 'What is concerned' }));
}
