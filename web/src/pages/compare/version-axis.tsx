import type { Answers } from '../../api/answers.ts';
import { ago } from '../../parts/ago.ts';
import './version-axis.css';

type Version = Answers['/v1/versions']['versions'][number];

/** Versions from the oldest to the newest; a bar is as tall as much changed. */
export function VersionAxis({
  versions,
  from,
  to,
  onChoose,
}: {
  readonly versions: readonly Version[];
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly onChoose: (from: string, to: string) => void;
}) {
  const oldestFirst = versions.toReversed();
  const places = new Map(oldestFirst.map(({ version }, place) => [`v${version}`, place]));
  const [start, end] = [places.get(from ?? ''), places.get(to ?? '')];
  return (
    <section
      className="axis"
      aria-label="Versions by time. Choose one to compare it with the one before; hold Shift to choose the other end."
    >
      {oldestFirst.map(({ version, at, changed }, place) => {
        const name = `v${version}`;
        const rows = changed.put + changed.removed;
        const day = at.slice(0, 10);
        const isNewDay = oldestFirst[place - 1]?.at.slice(0, 10) !== day;
        const within =
          start !== undefined && end !== undefined && place > Math.min(start, end) && place <= Math.max(start, end);
        return (
          <button
            type="button"
            key={version}
            className={`axis-version${within ? ' axis-within' : ''}${name === from || name === to ? ' axis-end' : ''}`}
            aria-current={name === to ? 'true' : undefined}
            title={`${name}, ${ago(new Date(at), new Date())}: ${rows} rows changed`}
            onClick={(event) => {
              const before = oldestFirst[place - 1];
              if (event.shiftKey && to !== undefined) onChoose(name, to);
              else if (before !== undefined) onChoose(`v${before.version}`, name);
            }}
          >
            <span className="axis-bar" style={{ height: `${6 + Math.min(30, 7 * Math.log2(1 + rows))}px` }} />
            <span className="axis-name">{name}</span>
            <span className="axis-day">{isNewDay ? day.slice(5) : ''}</span>
          </button>
        );
      })}
    </section>
  );
}
