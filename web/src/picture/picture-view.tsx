import {
  type KeyboardEvent,
  type MouseEvent,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { Picture, PlacedBox, PlacedLine, StatusWord } from '../api/answers.ts';
import { Icon } from '../parts/icon.tsx';
import { type Camera, holding, opening, showing, whole } from './camera.ts';
import { Card } from './card.tsx';
import { Lines, LitLines } from './lines.tsx';
import { fewestForMinimap, Minimap } from './minimap.tsx';
import { type Direction, neighboursIn, nextBox } from './neighbours.ts';
import { SavePicture } from './save-picture.tsx';
import { useCamera } from './use-camera.ts';
import { distanceTo, pointsOf } from './way.ts';
import './picture.css';

export interface PictureViewProps {
  readonly picture: Picture;
  readonly label: string;
  /** How many of each status are in a box. */
  readonly wordsOf?: (id: string) => Readonly<Partial<Record<StatusWord, number>>> | undefined;
  readonly chosen: string | undefined;
  readonly onChoose: (id: string | undefined) => void;
  /** Pointed at elsewhere: in the list beside the picture. */
  readonly pointed?: string | undefined;
  readonly onPoint?: (id: string | undefined) => void;
  readonly onLine?: (line: PlacedLine) => void;
  readonly onOpen: (box: PlacedBox) => void;
  readonly onFocus?: (id: string) => void;
  readonly onExpand?: (id: string, side: 'dependsOn' | 'usedBy') => void;
  readonly onOpenGroup?: (id: string) => void;
  readonly onCloseGroup?: (id: string) => void;
  /** What the picture is about: marked, and in sight at first. */
  readonly about?: string | undefined;
  /** Changes where another picture is asked for, not another version of it: then the camera begins anew. */
  readonly subject: string;
}

const arrows: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

/** A picture as the service placed it: read, moved and asked, never rearranged here. */
export function PictureView(props: PictureViewProps) {
  const { picture, label, wordsOf, chosen, onChoose, pointed, onPoint, onLine, onOpen, onFocus, subject } = props;
  const frame = useRef<HTMLDivElement>(null);
  const world = useRef<HTMLDivElement>(null);
  const camera = useCamera(frame, world);
  const [hovered, setHovered] = useState<string>();
  const [overLine, setOverLine] = useState<PlacedLine>();
  const neighbours = useMemo(() => neighboursIn(picture.lines), [picture]);
  const ways = useMemo(() => picture.lines.map((line) => ({ line, points: pointsOf(line.d) })), [picture]);
  const centre = hovered ?? pointed ?? chosen;
  const isHere = centre !== undefined && picture.boxes.some(({ id }) => id === centre);
  const around = useMemo(() => (isHere ? neighbours.around(centre) : undefined), [neighbours, centre, isHere]);
  const litLines = useMemo(() => {
    if (overLine !== undefined) return [overLine];
    return isHere ? neighbours.linesOf(centre) : [];
  }, [neighbours, centre, isHere, overLine]);
  useSteadyCamera(camera, picture, subject, chosen, props.about);

  const tabbed = picture.boxes.some(({ id }) => id === chosen) ? chosen : picture.boxes[0]?.id;
  const focusOn = (box: PlacedBox): void => {
    onChoose(box.id);
    camera.look(showing(camera.now(), box, camera.screen()));
    requestAnimationFrame(() =>
      frame.current
        ?.querySelector<HTMLElement>(`[data-box="${CSS.escape(box.id)}"] .card-main`)
        ?.focus({ preventScroll: true }),
    );
  };
  const hear = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const direction = arrows[event.key];
    const id = boxOf(event.target) ?? tabbed;
    const box = picture.boxes.find((one) => one.id === id);
    const act = (run: (() => void) | undefined): void => {
      if (run === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      run();
    };
    if (direction !== undefined && id !== undefined) {
      const next = nextBox(picture.boxes, neighbours, id, direction);
      act(next === undefined ? () => undefined : () => focusOn(next));
    } else if (event.key === 'Enter' && box !== undefined) act(() => onOpen(box));
    else if (event.key === 'Escape' && chosen !== undefined) act(() => onChoose(undefined));
    else if (event.key === '+' || event.key === '=') act(() => camera.zoom(1.25));
    else if (event.key === '-') act(() => camera.zoom(0.8));
    else if (event.key === '0') act(() => camera.look(whole(picture, camera.screen())));
    else if (event.key === 'f' && box !== undefined && onFocus !== undefined) act(() => onFocus(box.id));
    else if (event.key === 'e' && box !== undefined) act(() => expand(box));
  };
  const expand = (box: PlacedBox): void => {
    if (box.shape === 'group') props.onOpenGroup?.(box.id);
    else if (box.hidden.dependsOn > 0) props.onExpand?.(box.id, 'dependsOn');
    else if (box.hidden.usedBy > 0) props.onExpand?.(box.id, 'usedBy');
  };
  const lineAt = (event: MouseEvent): PlacedLine | undefined => {
    const at = camera.placeOf(event);
    const reach = (8 / camera.now().k) ** 2;
    let best: PlacedLine | undefined;
    let least = reach;
    for (const { line, points } of ways) {
      const distance = distanceTo(points, at);
      if (distance < least) [best, least] = [line, distance];
    }
    return best;
  };
  const click = (event: MouseEvent): void => {
    if (camera.dragged()) return;
    if (event.target instanceof Element && event.target.closest('[data-still]') !== null) return;
    const id = boxOf(event.target);
    if (id !== undefined) {
      onChoose(id === chosen ? undefined : id);
      return;
    }
    const line = lineAt(event);
    if (line !== undefined && onLine !== undefined) onLine(line);
    else onChoose(undefined);
  };
  const point = (event: MouseEvent): void => {
    const id = boxOf(event.target);
    if (id !== hovered) {
      setHovered(id);
      onPoint?.(id);
    }
    const line = id === undefined && onLine !== undefined ? lineAt(event) : undefined;
    if (line !== overLine) setOverLine(line);
  };

  return (
    <div className="picture">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the cards within are the controls; this hears for all of them */}
      <div
        ref={frame}
        className={`picture-frame${around !== undefined || overLine !== undefined ? ' has-lit' : ''}${overLine === undefined ? '' : ' over-line'}`}
        onClick={click}
        onDoubleClick={(event) => {
          const id = boxOf(event.target);
          if (id !== undefined) onFocus?.(id);
        }}
        onPointerMove={point}
        onPointerLeave={() => {
          setHovered(undefined);
          setOverLine(undefined);
          onPoint?.(undefined);
        }}
        onKeyDown={hear}
      >
        <div ref={world} className="picture-world" role="group" aria-label={`${label}. ${picture.description}`}>
          {picture.lanes.map(({ name, x, y, w, h }) => (
            <div key={name} className="lane" style={{ left: x, top: y, width: w, height: h }}>
              {name !== '' && (
                <span className="lane-name">
                  <bdi>{name}</bdi>
                </span>
              )}
            </div>
          ))}
          {picture.frames.map(({ id, name, count, x, y, w, h }) => (
            <div key={id} className="open-group" style={{ left: x, top: y, width: w, height: h }}>
              <button
                type="button"
                className="open-group-name"
                data-still
                title="Close the group"
                onClick={() => props.onCloseGroup?.(id)}
              >
                <Icon name="minus" size={10} /> <bdi>{name}</bdi> <span className="dim">{count}</span>
              </button>
            </div>
          ))}
          <svg className="picture-lines" aria-hidden="true" width={picture.width} height={picture.height}>
            <Lines lines={picture.lines} />
          </svg>
          {picture.boxes.map((box) => (
            <Card
              key={box.id}
              box={box}
              words={wordsOf?.(box.id)}
              lit={around?.has(box.id) === true || overLine?.from === box.id || overLine?.to === box.id}
              faint={box.found === 0}
              chosen={box.id === chosen}
              tabbed={box.id === tabbed}
              about={box.id === props.about}
              onExpand={props.onExpand}
              onOpenGroup={props.onOpenGroup}
            />
          ))}
          <div className="picture-veil" style={{ width: picture.width + 48, height: picture.height + 48 }} />
          <svg className="picture-lines picture-lit" aria-hidden="true" width={picture.width} height={picture.height}>
            <LitLines lines={litLines} />
          </svg>
        </div>
        <div className="picture-shield" />
      </div>
      {picture.boxes.length > fewestForMinimap && <Minimap picture={picture} camera={camera} />}
      <div className="picture-tools">
        <Tool label="Nearer (+)" icon="plus" run={() => camera.zoom(1.25)} />
        <Tool label="Farther (−)" icon="minus" run={() => camera.zoom(0.8)} />
        <Tool label="All of it (0)" icon="fit" run={() => camera.look(whole(picture, camera.screen()))} />
        <SavePicture picture={picture} />
      </div>
      {picture.hidden.why.length > 0 && (
        <p className="picture-hidden small">
          {picture.hidden.why.map((why) => (
            <span key={why}>{why}</span>
          ))}
        </p>
      )}
      <p className="hidden-visually" role="status">
        {chosen !== undefined && isHere && told(picture, chosen)}
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

function boxOf(target: EventTarget | null): string | undefined {
  return target instanceof Element ? target.closest<HTMLElement>('[data-box]')?.dataset['box'] : undefined;
}

function told({ lines }: Picture, id: string): string {
  const dependsOn = lines.filter(({ from }) => from === id).length;
  return `${id}: ${dependsOn} to the left that it depends on, ${lines.filter(({ to }) => to === id).length} to the right that use it`;
}

/**
 * Another subject is looked at from its beginning. Another version of the same, or a group that was opened in it, stays: what
 * was chosen, else what is nearest to the middle, keeps its place on the screen.
 */
function useSteadyCamera(
  camera: ReturnType<typeof useCamera>,
  picture: Picture,
  subject: string,
  chosen: string | undefined,
  about: string | undefined,
): void {
  const before = useRef<{ readonly subject: string; readonly picture: Picture }>(undefined);
  const opened = useRef<Camera>(undefined);
  const first = useCallback(
    () =>
      opening(
        picture,
        camera.screen(),
        picture.boxes.find(({ id }) => id === about),
      ),
    [picture, camera, about],
  );
  useLayoutEffect(() => {
    const was = before.current;
    before.current = { subject, picture };
    if (was === undefined || was.subject !== subject) {
      opened.current = first();
      camera.look(opened.current);
      return;
    }
    if (was.picture === picture) return;
    const [held, now] = heldBetween(was.picture, picture, camera, chosen);
    if (held !== undefined && now !== undefined) camera.look(holding(camera.now(), held, now));
  }, [camera, picture, subject, chosen, first]);
  useEffect(() => {
    // A window of another size: what nobody has moved is seen from its beginning again.
    const resize = (): void => {
      if (camera.now() !== opened.current) return;
      opened.current = first();
      camera.look(opened.current);
    };
    addEventListener('resize', resize);
    return () => removeEventListener('resize', resize);
  }, [camera, first]);
  useEffect(() => {
    if (chosen === undefined) return;
    const box = picture.boxes.find(({ id }) => id === chosen);
    if (box !== undefined) camera.look(showing(camera.now(), box, camera.screen()));
  }, [camera, picture, chosen]);
}

type Placed = { readonly id: string; readonly x: number; readonly y: number; readonly w: number; readonly h: number };

function heldBetween(
  was: Picture,
  is: Picture,
  camera: ReturnType<typeof useCamera>,
  chosen: string | undefined,
): readonly [Placed | undefined, Placed | undefined] {
  const now = new Map<string, Placed>([...is.frames, ...is.boxes].map((one) => [one.id, one]));
  const old: readonly Placed[] = [...was.boxes, ...was.frames].filter(({ id }) => now.has(id));
  const { x, y, k } = camera.now();
  const { width, height } = camera.screen();
  const fromMiddle = (one: Placed): number =>
    Math.hypot((one.x + one.w / 2) * k + x - width / 2, (one.y + one.h / 2) * k + y - height / 2);
  const held = old.find(({ id }) => id === chosen) ?? old.toSorted((a, b) => fromMiddle(a) - fromMiddle(b))[0];
  return [held, held === undefined ? undefined : now.get(held.id)];
}
