import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, type KeyboardEvent, type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import { Icon } from './icon.tsx';
import './rows.css';

export interface Column<Row> {
  readonly key: string;
  readonly title: string;
  /** Its title is read out and not shown: what stands beneath it says what it is. */
  readonly quiet?: true;
  /** A track of the grid: `minmax(200px, 2fr)`, `90px`. */
  readonly width: string;
  readonly numeric?: true;
  readonly sortable?: true;
  /** Another track where the table is narrow. */
  readonly narrow?: string;
  /** Left out where the table is narrow. */
  readonly wideOnly?: true;
  readonly show: (row: Row) => ReactNode;
}

/** A line between rows that says what follows. */
export interface Heading {
  readonly heading: string;
  readonly count: number;
}

export interface RowsProps<Row> {
  readonly label: string;
  readonly rows: readonly (Row | Heading)[];
  readonly columns: readonly Column<Row>[];
  readonly keyOf: (row: Row) => string;
  readonly onOpen?: (row: Row) => void;
  readonly onPoint?: (row: Row | undefined) => void;
  readonly sort?: string | undefined;
  readonly onSort?: (key: string) => void;
  readonly chosen?: string | undefined;
}

const rowHeight = 32;

export function isHeading<Row>(row: Row | Heading): row is Heading {
  return typeof row === 'object' && row !== null && 'heading' in row;
}

/** A table of any length: only what is seen is in the page. One row is in the order of Tab; arrows, j and k move it. */
export function Rows<Row>({ label, rows, columns, keyOf, onOpen, onPoint, sort, onSort, chosen }: RowsProps<Row>) {
  const scroller = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(-1);
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const tracks = {
    '--tracks': columns.map(({ width }) => width).join(' '),
    '--narrow-tracks': columns.flatMap(({ width, narrow, wideOnly }) => (wideOnly ? [] : [narrow ?? width])).join(' '),
  } as CSSProperties;
  const first = rows.findIndex((row) => !isHeading(row));
  const tabbed = at >= 0 && at < rows.length ? at : first;

  // Of what can be pressed in rows, that of one row is in the order of Tab, as the row itself: else a table were hundreds of stops.
  useLayoutEffect(() => {
    for (const row of scroller.current?.querySelectorAll<HTMLElement>('[data-index]') ?? [])
      for (const one of row.querySelectorAll<HTMLElement>('a, button'))
        one.tabIndex = Number(row.dataset['index']) === tabbed ? 0 : -1;
  });

  const move = (step: number): void => {
    let next = tabbed;
    do next += step;
    while (rows[next] !== undefined && isHeading(rows[next] as Row | Heading));
    if (rows[next] === undefined) return;
    setAt(next);
    list.scrollToIndex(next);
    requestAnimationFrame(() =>
      scroller.current?.querySelector<HTMLElement>(`[data-index="${next}"]`)?.focus({ preventScroll: true }),
    );
  };
  const hear = (event: KeyboardEvent<HTMLElement>): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      move(step);
      return;
    }
    const row = rows[tabbed];
    const own = event.target instanceof HTMLElement && event.target.getAttribute('role') === 'row';
    if (event.key === 'Enter' && own && row !== undefined && !isHeading(row)) onOpen?.(row);
  };

  return (
    <div
      className="rows"
      role="grid"
      aria-label={label}
      aria-rowcount={rows.length + 1}
      ref={scroller}
      style={tracks}
      tabIndex={rows.length === 0 ? 0 : -1}
      onKeyDown={hear}
      onPointerLeave={() => onPoint?.(undefined)}
    >
      <div className="rows-head" role="row" aria-rowindex={1} tabIndex={-1}>
        {columns.map((column) => (
          <HeadCell key={column.key} column={column} sort={sort} onSort={onSort} />
        ))}
      </div>
      <div role="rowgroup" className="rows-body" style={{ height: list.getTotalSize() }}>
        {list.getVirtualItems().map(({ index, start }) => {
          const row = rows[index];
          if (row === undefined) return null;
          const place = { transform: `translateY(${start}px)` };
          if (isHeading(row))
            return (
              <div
                key={`heading ${row.heading}`}
                role="row"
                aria-rowindex={index + 2}
                className="rows-heading"
                style={place}
                tabIndex={-1}
              >
                <span role="gridcell" tabIndex={-1}>
                  <bdi>{row.heading}</bdi> <span className="dim">{row.count}</span>
                </span>
              </div>
            );
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the grid around it hears the keys of all its rows
            <div
              key={keyOf(row)}
              role="row"
              aria-rowindex={index + 2}
              aria-selected={chosen === keyOf(row)}
              data-index={index}
              className="rows-row"
              style={place}
              tabIndex={index === tabbed ? 0 : -1}
              onFocus={() => {
                setAt(index);
                onPoint?.(row);
              }}
              onPointerEnter={() => onPoint?.(row)}
              onClick={({ target }) => {
                if (target instanceof Element && target.closest('a, button') === null) onOpen?.(row);
              }}
            >
              {columns.map((column) => (
                <span
                  key={column.key}
                  role="gridcell"
                  tabIndex={-1}
                  className={`rows-cell${column.numeric ? ' number' : ''}${column.wideOnly ? ' wide-only' : ''}`}
                >
                  {column.show(row)}
                </span>
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function HeadCell<Row>({
  column,
  sort,
  onSort,
}: {
  readonly column: Column<Row>;
  readonly sort: string | undefined;
  readonly onSort: ((key: string) => void) | undefined;
}) {
  const { key, title, quiet, numeric, sortable, wideOnly } = column;
  const direction = sort === key ? 'ascending' : sort === `-${key}` ? 'descending' : 'none';
  return (
    <span
      role="columnheader"
      tabIndex={-1}
      aria-sort={sortable ? direction : undefined}
      className={`rows-cell${numeric ? ' number' : ''}${wideOnly ? ' wide-only' : ''}`}
    >
      {sortable && onSort !== undefined ? (
        <button type="button" className="rows-sort" onClick={() => onSort(nextSort(key, direction, numeric === true))}>
          {title}
          {direction !== 'none' && (
            <span className={direction === 'ascending' ? 'rows-up' : ''}>
              <Icon name="down" size={10} />
            </span>
          )}
        </button>
      ) : (
        <span className={quiet ? 'hidden-visually' : ''}>{title}</span>
      )}
    </span>
  );
}

/** Numbers begin with the largest, words with a. */
function nextSort(key: string, direction: 'ascending' | 'descending' | 'none', numeric: boolean): string {
  if (direction === 'none') return numeric ? `-${key}` : key;
  return direction === 'ascending' ? `-${key}` : key;
}
