import { type PointerEvent, useEffect, useMemo, useRef, useState } from 'react';
import { Icon } from '../../parts/icon.tsx';
import { hueOf } from '../../picture/hue-of.ts';
import {
  type Draft,
  inputAt,
  linesOf,
  type NamedReference,
  namedIn,
  type Part,
  type Placed,
  placesOf,
  refusal,
  wordOf,
} from './draft.ts';

interface CanvasProps {
  readonly draft: Draft;
  readonly chosen: string | undefined;
  /** What is being connected to something that needs it. */
  readonly source: Part | undefined;
  readonly onChoose: (id: string) => void;
  readonly onSource: (id: string | undefined) => void;
  readonly onConnect: (target: Part, reference: NamedReference) => void;
  readonly onDrop: (type: string) => void;
}

const margin = 28;

/** The parts of the change and what they name of each other. What is needed stands left; its right edge is what one drags from. */
export function DraftCanvas({ draft, chosen, source, onChoose, onSource, onConnect, onDrop }: CanvasProps) {
  const { places, width, height } = useMemo(() => placesOf(draft), [draft]);
  const lines = useMemo(() => linesOf(draft), [draft]);
  const world = useRef<HTMLDivElement>(null);
  const [pull, setPull] = useState<{ readonly x: number; readonly y: number; readonly over?: string | undefined }>();
  const [isOver, setIsOver] = useState(false);
  const why = (target: Part, reference: NamedReference): string | undefined =>
    source === undefined ? undefined : refusal(draft, source, target, reference);
  const inputUnder = (event: { readonly clientX: number; readonly clientY: number }) => {
    const at = document.elementFromPoint(event.clientX, event.clientY)?.closest<HTMLElement>('[data-input]');
    const target = draft.find(({ id }) => id === at?.dataset['part']);
    const reference = target?.references.find(({ key }) => key === at?.dataset['input']);
    return target === undefined || reference === undefined ? undefined : { target, reference };
  };
  const move = (event: PointerEvent): void => {
    const box = world.current?.getBoundingClientRect();
    const under = inputUnder(event);
    setPull({
      x: event.clientX - (box?.left ?? 0),
      y: event.clientY - (box?.top ?? 0),
      over: under === undefined ? undefined : why(under.target, under.reference),
    });
  };
  const end = (event: PointerEvent): void => {
    const wasPulled = pull !== undefined;
    setPull(undefined);
    if (!wasPulled) return;
    const under = inputUnder(event);
    if (under !== undefined && why(under.target, under.reference) === undefined)
      onConnect(under.target, under.reference);
    else onSource(undefined);
  };
  const from = source === undefined ? undefined : places.get(source.id);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: what is dropped here is pressed in the list of types by who uses no pointer
    <div
      className={`compose-canvas${source === undefined ? '' : ' is-connecting'}${isOver ? ' is-over' : ''}`}
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setIsOver(false);
        onDrop(event.dataTransfer.getData('text/plain'));
      }}
    >
      <div
        ref={world}
        className="compose-world"
        role="group"
        aria-label={`Canvas: ${draft.length} component${draft.length === 1 ? '' : 's'}, ${lines.length} connected`}
        style={{ width: width + 2 * margin, height: height + 2 * margin }}
      >
        <svg className="compose-lines" aria-hidden="true" width={width + 2 * margin} height={height + 2 * margin}>
          {lines.map((line) => (
            <path key={`${line.from} ${line.key}`} className="line-way" d={wayOf(line, draft, places)} />
          ))}
          {pull !== undefined && from !== undefined && (
            <path className="lit-way" d={bow(from.x + margin + from.w, from.y + margin + from.h / 2, pull.x, pull.y)} />
          )}
        </svg>
        {draft.map((part) => {
          const place = places.get(part.id);
          if (place === undefined) return null;
          return (
            <Box
              key={part.id}
              part={part}
              place={place}
              chosen={part.id === chosen}
              isSource={part.id === source?.id}
              why={source === undefined ? undefined : (reference) => why(part, reference)}
              onChoose={() => onChoose(part.id)}
              onConnect={(reference) => onConnect(part, reference)}
              onPull={{
                begin: () => onSource(part.id),
                move,
                end,
              }}
              onSource={() => onSource(part.id === source?.id ? undefined : part.id)}
            />
          );
        })}
        {pull?.over !== undefined && (
          <p className="map-tip" style={{ left: pull.x, top: pull.y }}>
            <bdi>{pull.over}</bdi>
          </p>
        )}
      </div>
    </div>
  );
}

function Box({
  part,
  place,
  chosen,
  isSource,
  why,
  onChoose,
  onConnect,
  onPull,
  onSource,
}: {
  readonly part: Part;
  readonly place: Placed;
  readonly chosen: boolean;
  readonly isSource: boolean;
  /** While something is being connected: why an input does not take it. */
  readonly why: ((reference: NamedReference) => string | undefined) | undefined;
  readonly onChoose: () => void;
  readonly onConnect: (reference: NamedReference) => void;
  readonly onPull: {
    readonly begin: () => void;
    readonly move: (event: PointerEvent) => void;
    readonly end: (event: PointerEvent) => void;
  };
  readonly onSource: () => void;
}) {
  const word = wordOf(part);
  const pressed = useRef<{ readonly x: number; readonly y: number; pulled: boolean }>(undefined);
  const isPull = useRef(false);
  const handle = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (chosen) handle.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [chosen]);
  return (
    <div
      className={`compose-box${chosen ? ' is-chosen' : ''}${word === undefined ? '' : ` is-${word}`}`}
      style={{ left: place.x + margin, top: place.y + margin, width: place.w, height: place.h }}
    >
      <button type="button" className="compose-name" aria-pressed={chosen} onClick={onChoose}>
        <span className="card-family" style={{ background: `oklch(0.68 0.11 ${hueOf(part.type)})` }} />
        <span className="card-text">
          <span className="card-kind card-long">
            <bdi>
              {part.environment} · {part.type}
            </bdi>
          </span>
          <span className="card-name card-long">
            <bdi>{part.nickname}</bdi>
          </span>
        </span>
        {word !== undefined && <span className={`tag compose-word tone-${tones[word]}`}>{word}</span>}
      </button>
      {part.references.map((reference, index) => {
        const refused = why?.(reference);
        const fits = why !== undefined && refused === undefined;
        const value = namedIn(part, reference);
        return (
          <button
            type="button"
            key={reference.key}
            className={`compose-input${why === undefined ? '' : fits ? ' fits' : ' refused'}`}
            style={{ top: inputAt(index) - 11 }}
            data-part={part.id}
            data-input={reference.key}
            title={refused ?? `${reference.key}: names one of type ${reference.type}`}
            onClick={() => (fits ? onConnect(reference) : onChoose())}
          >
            <span className="compose-port" />
            <bdi className="mono">{reference.key}</bdi>
            <bdi className="dim">{value ?? '–'}</bdi>
            <span className="hidden-visually">
              {part.id} names one of type {reference.type}
            </span>
          </button>
        );
      })}
      {part.is !== 'gone' && (
        <button
          type="button"
          ref={handle}
          className="compose-handle"
          aria-pressed={isSource}
          aria-label={`Connect ${part.id} with what needs it`}
          title="Drag to what needs it, or press"
          onPointerDown={(event) => {
            pressed.current = { x: event.clientX, y: event.clientY, pulled: false };
            event.currentTarget.setPointerCapture(event.pointerId);
          }}
          onPointerMove={(event) => {
            const begun = pressed.current;
            if (begun === undefined) return;
            if (!begun.pulled) {
              if (Math.hypot(event.clientX - begun.x, event.clientY - begun.y) < 4) return;
              begun.pulled = true;
              onPull.begin();
            }
            onPull.move(event);
          }}
          onPointerUp={(event) => {
            const wasPulled = pressed.current?.pulled === true;
            pressed.current = undefined;
            // The click that follows a pull is none.
            isPull.current = wasPulled;
            if (wasPulled) onPull.end(event);
          }}
          onClick={() => {
            if (!isPull.current) onSource();
            isPull.current = false;
          }}
        >
          <Icon name="right" size={12} />
        </button>
      )}
    </div>
  );
}

const tones = { new: 'ok', changed: 'warn', moves: 'warn', goes: 'bad' } as const;

function bow(fromX: number, fromY: number, toX: number, toY: number): string {
  const reach = Math.max(30, Math.abs(toX - fromX) / 2);
  return `M${fromX} ${fromY}C${fromX + reach} ${fromY} ${toX - reach} ${toY} ${toX} ${toY}`;
}

/** From the right edge of what is needed to the input that names it. */
function wayOf(
  { from, to, key }: ReturnType<typeof linesOf>[number],
  draft: Draft,
  places: ReadonlyMap<string, Placed>,
): string {
  const [needs, needed] = [places.get(from), places.get(to)];
  const index = draft.find(({ id }) => id === from)?.references.findIndex((reference) => reference.key === key) ?? 0;
  if (needs === undefined || needed === undefined) return '';
  return bow(
    needed.x + margin + needed.w,
    needed.y + margin + needed.h / 2,
    needs.x + margin,
    needs.y + margin + inputAt(index),
  );
}
