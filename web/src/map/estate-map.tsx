import { type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef, useState } from 'react';
import type { EstateMapAnswer, StatusWord } from '../api/answers.ts';
import { Icon } from '../parts/icon.tsx';
import { StatusMark } from '../parts/status-mark.tsx';
import { type Camera, zoomedAt } from '../picture/camera.ts';
import { useIsDark } from '../theme/theme.ts';
import { Canvas } from './canvas.ts';
import { cellsOf, nextCell } from './cells.ts';
import './estate-map.css';

export interface EstateMapProps {
  readonly map: EstateMapAnswer;
  readonly statuses: ReadonlyMap<string, StatusWord> | undefined;
  readonly chosen: string | undefined;
  readonly onChoose: (id: string | undefined) => void;
  readonly pointed?: string | undefined;
  readonly onOpen: (id: string) => void;
  /** Cells that are looked for; all others are fainter. */
  readonly lit?: ReadonlySet<string> | undefined;
}

const arrows: Readonly<Record<string, readonly [dx: number, dy: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** One cell a component, at a place that follows from its group and id alone; no lines until something is pointed at. */
export function EstateMap({ map, statuses, chosen, onChoose, pointed, onOpen, lit }: EstateMapProps) {
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<Canvas>(undefined);
  const [over, setOver] = useState<{
    readonly place: number;
    readonly x: number;
    readonly y: number;
    /** Where there is more room on the other side of the pointer. */
    readonly back: boolean;
    readonly up: boolean;
  }>();
  const cells = useMemo(() => cellsOf(map), [map]);
  const places = useMemo(() => new Map(map.ids.map((id, place) => [id, place])), [map]);
  const isDark = useIsDark();
  const placeOf = (id: string | undefined): number => (id === undefined ? -1 : (places.get(id) ?? -1));
  const litPlaces = useMemo(
    () =>
      lit === undefined ? undefined : new Set([...lit].map((id) => places.get(id) ?? -1).filter((place) => place >= 0)),
    [lit, places],
  );

  useEffect(() => {
    if (frame.current === null) return;
    const made = new Canvas(frame.current);
    canvas.current = made;
    return () => made.end();
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is dark decides the colours, which are read from the page
  useEffect(() => canvas.current?.show({ map, cells, statuses }), [map, cells, statuses, isDark]);
  const here = over?.place ?? placeOf(pointed);
  const at = placeOf(chosen);
  useEffect(() => canvas.current?.point({ pointed: here, chosen: at, lit: litPlaces }), [here, at, litPlaces]);

  const cellAt = (event: PointerEvent): number => {
    const place = canvas.current?.cellAt(event);
    return place === undefined ? -1 : cells.at(place.x, place.y);
  };
  const move = (event: PointerEvent<HTMLElement>): void => {
    const place = cellAt(event);
    if (place < 0) setOver(undefined);
    else {
      const box = event.currentTarget.getBoundingClientRect();
      const [x, y] = [event.clientX - box.left, event.clientY - box.top];
      setOver({ place, x, y, back: x > box.width / 2, up: y > box.height / 2 });
    }
  };
  const zoom = (factor: number): void =>
    canvas.current?.change((camera: Camera, { width, height }) =>
      zoomedAt(camera, { x: width / 2, y: height / 2 }, factor),
    );
  const hear = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = arrows[event.key];
    const act = (run: () => void): void => {
      event.preventDefault();
      run();
    };
    if (step !== undefined) act(() => onChoose(map.ids[at < 0 ? 0 : nextCell(cells, at, ...step)]));
    else if (event.key === 'Enter' && chosen !== undefined) act(() => onOpen(chosen));
    else if (event.key === 'Escape') act(() => onChoose(undefined));
    else if (event.key === '+' || event.key === '=') act(() => zoom(1.4));
    else if (event.key === '-') act(() => zoom(1 / 1.4));
    else if (event.key === '0') act(() => canvas.current?.whole());
  };
  const told = over === undefined ? undefined : map.ids[over.place];
  return (
    <div className="estate-map">
      <div
        ref={frame}
        className="estate-map-frame"
        role="application"
        aria-label={`Estate map: ${map.ids.length} components in ${map.groups.length} groups. Arrow keys walk from one to the next, Enter opens it; the list beside it holds the same.`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the map is walked by the arrow keys
        tabIndex={0}
        onPointerMove={move}
        onPointerLeave={() => setOver(undefined)}
        onClick={(event) => {
          if (canvas.current?.dragged() === true) return;
          const place = cellAt(event as unknown as PointerEvent);
          onChoose(place < 0 || map.ids[place] === chosen ? undefined : map.ids[place]);
        }}
        onDoubleClick={(event) => {
          const place = cellAt(event as unknown as PointerEvent);
          const id = map.ids[place];
          if (id !== undefined) onOpen(id);
        }}
        onKeyDown={hear}
      />
      {over !== undefined && told !== undefined && (
        <div
          className={`map-tip${over.back ? ' map-tip-back' : ''}${over.up ? ' map-tip-up' : ''}`}
          style={{ left: over.x, top: over.y }}
        >
          <bdi>{told}</bdi>
          <span className="map-tip-more">
            {statuses?.get(told) !== undefined && <StatusMark status={statuses.get(told) ?? 'unknown'} />}
            <span className="dim">{cells.around(over.place).length} connected</span>
          </span>
        </div>
      )}
      <div className="picture-tools">
        <Tool label="Nearer (+)" icon="plus" run={() => zoom(1.4)} />
        <Tool label="Farther (−)" icon="minus" run={() => zoom(1 / 1.4)} />
        <Tool label="All of it (0)" icon="fit" run={() => canvas.current?.whole()} />
      </div>
      <p className="hidden-visually" role="status">
        {chosen !== undefined &&
          `${chosen}, ${statuses?.get(chosen) ?? ''}, ${at < 0 ? 0 : cells.around(at).length} connected`}
      </p>
    </div>
  );
}

function Tool({
  label,
  icon,
  run,
}: {
  readonly label: string;
  readonly icon: 'plus' | 'minus' | 'fit';
  readonly run: () => void;
}) {
  return (
    <button type="button" className="button icon-only" aria-label={label} title={label} onClick={run}>
      <Icon name={icon} size={14} />
    </button>
  );
}
