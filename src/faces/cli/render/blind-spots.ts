import type { Proved } from '../../../engine/view/doubts-about.ts';
import type { Evidence } from '../../../model/evidence.ts';
import { count } from './evidence.ts';
import type { Style } from './style.ts';

/** More are no help in a terminal; JSON has all. */
const mostNamed = 5;

/** What could not be proved, and what that means for the answer; nothing where there is nothing. */
export function blindSpotLines(blindSpots: Proved['blindSpots'], meaning: string, style: Style): string[] {
  if (blindSpots.length === 0) return [];
  return [
    '',
    style.yellow(`${count(blindSpots.length, 'blind spot')}: ${meaning}`),
    ...blindSpots
      .slice(0, mostNamed)
      .map(({ component, code, evidence }) =>
        [`  ${component}`, code, ...(evidence === undefined ? [] : [placeOf(evidence, style)])].join('  '),
      ),
    ...(blindSpots.length > mostNamed ? [style.dim(`  and ${blindSpots.length - mostNamed} more (--json)`)] : []),
  ];
}

function placeOf({ file, line, site }: Evidence, style: Style): string {
  const place = file === undefined ? '' : `${file}${line === undefined ? '' : `:${line}`}`;
  return style.dim([place, site].filter((part) => part !== '').join('  '));
}
