import { memo, useMemo } from 'react';
import type { PlacedLine } from '../api/answers.ts';
import { headOf, pointsOf } from './way.ts';

/** Lines of one look are one path: hundreds of them cost a frame as much as one. */
export const Lines = memo(function Lines({ lines }: { readonly lines: readonly PlacedLine[] }) {
  const looks = useMemo(() => {
    const found = Map.groupBy(lines, lookOf);
    return [...found].map(([look, members]) => ({
      look,
      ways: members.map(({ d }) => d).join(''),
      heads: members.map(({ d }) => headOf(pointsOf(d))).join(''),
    }));
  }, [lines]);
  return (
    <>
      {looks.map(({ look, ways, heads }) => (
        <g key={look} className={`line line-${look}`}>
          <path className="line-way" d={ways} />
          <path className="line-head" d={heads} />
        </g>
      ))}
    </>
  );
});

function lookOf({ cycle, strength, change, orders }: PlacedLine): string {
  if (change !== undefined) return change;
  if (cycle) return 'cycle';
  if (strength === 'hint') return 'hint';
  return orders ? 'orders' : 'proven';
}

/** Names stand on so many lines at most: more of them would cover each other. */
const mostNamed = 14;

/** The lines of what is pointed at, above all others, with the outputs they carry. */
export function LitLines({ lines }: { readonly lines: readonly PlacedLine[] }) {
  return (
    <g className="lit">
      {lines.map(({ from, to, d, orders }) => (
        <path key={`${from} ${to}`} className={`lit-way${orders ? ' lit-orders' : ''}`} d={d} />
      ))}
      {lines.map(({ from, to, d }) => (
        <path key={`${from} ${to}`} className="lit-head" d={headOf(pointsOf(d))} />
      ))}
      {lines.length <= mostNamed && lines.map((line) => <Label key={`${line.from} ${line.to}`} line={line} />)}
    </g>
  );
}

function Label({ line: { d, consumes, outputs, count } }: { readonly line: PlacedLine }) {
  const points = pointsOf(d);
  const middle = points[Math.floor(points.length / 2)];
  const [first] = consumes;
  if (middle === undefined || (first === undefined && count === 1)) return null;
  const text = first === undefined ? '' : first.length > 26 ? `${first.slice(0, 25)}…` : first;
  const more = [outputs > 1 ? `+${outputs - 1}` : '', count > 1 ? `×${count}` : ''].filter(Boolean).join(' ');
  return (
    <text className="lit-label" x={middle.x} y={middle.y - 5} textAnchor="middle">
      {`${text} ${more}`.trim()}
    </text>
  );
}
