import { assumedWords, type Proved, type UnreadGroup, uncovered, unreadWords } from '../../../engine/view/proved.ts';
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
      .map(({ component, code, on, evidence }) =>
        [
          `  ${component === '' ? 'the estate' : component}`,
          code,
          ...(evidence === undefined ? [] : [placeOf(evidence, style)]),
          ...(on === undefined ? [] : [`may be ${on}`]),
        ].join('  '),
      ),
    ...(blindSpots.length > mostNamed ? [style.dim(`  and ${blindSpots.length - mostNamed} more (--json)`)] : []),
  ];
}

/** One line for all that was not looked into, whatever was asked; and one for what is assumed of it. */
export function unreadLines(unread: readonly UnreadGroup[], style: Style): string[] {
  const open = uncovered(unread);
  const assumed = assumedWords(unread);
  const [first] = open;
  const lines = [
    ...(first === undefined
      ? []
      : [
          style.yellow(`not looked into: ${unreadWords(open)}`) +
            style.dim(`  ${first.what}${open.length > 1 ? ` and ${open.length - 1} more (--json)` : ''}`),
        ]),
    ...(assumed === '' ? [] : [style.dim(`${assumed} (karma.yaml)`)]),
  ];
  return lines.length === 0 ? [] : ['', ...lines];
}

function placeOf({ file, line, site }: Evidence, style: Style): string {
  const place = file === undefined ? '' : `${file}${line === undefined ? '' : `:${line}`}`;
  return style.dim([place, site].filter((part) => part !== '').join('  '));
}
