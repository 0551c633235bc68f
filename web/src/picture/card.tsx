import { memo } from 'react';
import type { PlacedBox, StatusWord } from '../api/answers.ts';
import { StatusShape } from '../parts/status-mark.tsx';
import { statusLooks, statusWords, worstOf } from '../parts/status-word.ts';
import { hueOf } from './hue-of.ts';

export interface CardProps {
  readonly box: PlacedBox;
  /** How many of each word are within; of one component its own. */
  readonly words: Readonly<Partial<Record<StatusWord, number>>> | undefined;
  readonly lit: boolean;
  readonly faint: boolean;
  readonly chosen: boolean;
  readonly tabbed: boolean;
  /** The picture is about it. */
  readonly about: boolean;
  readonly onExpand: ((id: string, side: 'dependsOn' | 'usedBy') => void) | undefined;
  readonly onOpenGroup: ((id: string) => void) | undefined;
}

/** One box: a component, or a closed group with how many are in it and how the worst of them are. */
export const Card = memo(function Card(props: CardProps) {
  const { box, words, lit, faint, chosen, tabbed, about, onExpand, onOpenGroup } = props;
  const { id, shape, name, kind, family, x, y, w, h, hidden, mark } = box;
  const isGroup = shape === 'group';
  // A group of a folder is called by its path: its last step tells it from its neighbours.
  const cut = isGroup ? name.lastIndexOf('/') + 1 : 0;
  // Where its name is no path, the line above it says how many it holds.
  const isNumbered = isGroup && (cut > 0 || !/^\d/.test(kind));
  // Beside its texts stands how it is, and of a group how many it holds.
  const room = w - (isGroup ? 110 : 70);
  const [above, below] = [cut > 0 ? name.slice(0, cut) : kind, name.slice(cut)];
  const worst = worstOf(Object.keys(words ?? {}) as StatusWord[]);
  const classes = [
    'card',
    `card-${shape}`,
    mark === undefined ? '' : `card-mark card-${mark}`,
    lit ? 'card-lit' : '',
    faint ? 'card-faint' : '',
    about ? 'card-about' : '',
    chosen ? 'card-chosen' : '',
  ];
  return (
    <div className={classes.filter(Boolean).join(' ')} style={{ left: x, top: y, width: w, height: h }} data-box={id}>
      <button
        type="button"
        className="card-main"
        tabIndex={tabbed ? 0 : -1}
        aria-pressed={chosen}
        aria-label={isGroup ? undefined : [kind, name, spoken(box, worst)].filter(Boolean).join(' ')}
        title={id}
      >
        <span
          className="card-family"
          style={{ background: family === '' ? 'var(--line-strong)' : `oklch(0.68 0.11 ${hueOf(family)})` }}
        />
        <span className="card-text">
          <span className={`card-kind${fits(above, room) ? '' : ' card-long'}`}>
            <bdi>{above}</bdi>
          </span>{' '}
          <span className={`card-name${fits(below, room) ? '' : ' card-long'}`}>
            <bdi>{below}</bdi>
          </span>
        </span>
        {isNumbered && <span className="card-count">{box.count}</span>}
        {isGroup && <span className="hidden-visually">{spoken(box, worst)}</span>}
        <span className="card-state">
          {isGroup ? <Words words={words} /> : worst !== undefined && <Shape status={worst} />}
        </span>
      </button>
      {hidden.dependsOn > 0 && onExpand !== undefined && (
        <Stub side="dependsOn" count={hidden.dependsOn} name={name} run={() => onExpand(id, 'dependsOn')} />
      )}
      {hidden.usedBy > 0 && onExpand !== undefined && (
        <Stub side="usedBy" count={hidden.usedBy} name={name} run={() => onExpand(id, 'usedBy')} />
      )}
      {isGroup && onOpenGroup !== undefined && (
        <button
          type="button"
          className="card-open"
          tabIndex={-1}
          aria-label={`Open ${name}: show its ${box.count} one by one`}
          title="Open it where it is (e)"
          data-still
          onClick={() => onOpenGroup(id)}
        >
          open
        </button>
      )}
    </div>
  );
});

function Stub({
  side,
  count,
  name,
  run,
}: {
  readonly side: 'dependsOn' | 'usedBy';
  readonly count: number;
  readonly name: string;
  readonly run: () => void;
}) {
  const said =
    side === 'dependsOn' ? `Show ${count} more that ${name} depends on` : `Show ${count} more that use ${name}`;
  return (
    <button
      type="button"
      className={`card-stub stub-${side}`}
      tabIndex={-1}
      aria-label={said}
      title={said}
      data-still
      onClick={run}
    >
      +{count}
    </button>
  );
}

function Shape({ status }: { readonly status: StatusWord }) {
  return (
    <span className={`status tone-${statusLooks[status].tone}`}>
      <StatusShape status={status} />
    </span>
  );
}

/** The words of a group that need somebody, three of them; where none does, how the worst of it is. */
function Words({ words }: { readonly words: CardProps['words'] }) {
  if (words === undefined) return null;
  const there = statusWords.filter((word) => (words[word] ?? 0) > 0);
  const needing = there.filter((word) => statusLooks[word].rank < statusLooks.unknown.rank);
  const [worst] = there;
  if (needing.length === 0) return worst === undefined ? null : <Shape status={worst} />;
  return needing.slice(0, 3).map((word) => (
    <span key={word} className={`card-word tone-${statusLooks[word].tone}`}>
      <StatusShape status={word} />
      {words[word]}
    </span>
  ));
}

/**
 * Whether a text is surely no wider than what its card has for it, also where all is far and names are larger. What cuts a text makes a layer's
 * worth of work in each frame: hundreds of cards do it only where they must.
 */
function fits(text: string, room: number): boolean {
  return text.length * 11 <= room && /^[ -~]*$/.test(text);
}

function spoken({ environment, hidden, mark, count, shape }: PlacedBox, worst: StatusWord | undefined): string {
  const parts = [
    shape === 'group' ? `group of ${count}` : '',
    environment,
    worst ?? '',
    mark ?? '',
    hidden.dependsOn > 0 ? `${hidden.dependsOn} more that it depends on are not shown` : '',
    hidden.usedBy > 0 ? `${hidden.usedBy} more that use it are not shown` : '',
  ];
  return parts.filter(Boolean).join(', ');
}
