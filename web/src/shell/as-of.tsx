import { useNavigate, useSearch } from '@tanstack/react-router';
import { useLive } from '../api/live.ts';
import { useAnswer } from '../api/use-answer.ts';
import { Icon } from '../parts/icon.tsx';
import { Popover } from '../parts/popover.tsx';
import { When } from '../parts/when.tsx';
import './as-of.css';

/** Steps from the version that is shown to the one before and after it. */
export function useNeighbours() {
  const { at } = useSearch({ from: '__root__' });
  const navigate = useNavigate();
  const { data } = useAnswer('/v1/versions', { limit: 200 });
  const versions = (data?.versions ?? []).map(({ version }) => version);
  const shown = at === undefined ? versions[0] : /^v\d+$/.test(at) ? Number(at.slice(1)) : undefined;
  const place = shown === undefined ? -1 : versions.indexOf(shown);
  const show = (next: string | undefined): void =>
    void navigate({ to: '.', search: (before: Record<string, unknown>) => ({ ...before, at: next }), replace: true });
  const olderOne = versions[place + 1];
  const newerOne = place > 0 ? versions[place - 1] : undefined;
  return {
    at,
    shown,
    versions: data?.versions ?? [],
    show,
    hasOlder: place >= 0 && olderOne !== undefined,
    hasNewer: at === 'worktree' ? false : place > 0,
    older: () => {
      if (at === 'worktree') show(undefined);
      else if (place >= 0 && olderOne !== undefined) show(`v${olderOne}`);
    },
    newer: () => {
      if (newerOne !== undefined) show(place === 1 ? undefined : `v${newerOne}`);
    },
  };
}

/** As of when everything is shown. */
export function AsOf() {
  const { at, shown, versions, show, hasOlder, hasNewer, older, newer } = useNeighbours();
  const isSnapshot = useLive() === 'off';
  const label = at === 'worktree' ? 'work tree' : at === undefined ? (shown === undefined ? 'now' : `v${shown}`) : at;
  // A snapshot holds one moment.
  if (isSnapshot) return <span className="dim">as of {label}</span>;
  return (
    <div className={`as-of${at === undefined ? '' : ' as-of-past'}`}>
      <button
        type="button"
        className="button quiet icon-only"
        aria-label="Older version"
        title="Older version ([)"
        disabled={!hasOlder}
        onClick={older}
      >
        <Icon name="left" size={14} />
      </button>
      <Popover
        label={
          <>
            <span className="as-of-word">as of </span>
            <bdi className="as-of-label">{label}</bdi>
            <Icon name="down" size={12} />
          </>
        }
        name={`As of ${label}`}
      >
        {(close) => (
          <ul className="as-of-list">
            <Choice
              current={at === 'worktree'}
              label="work tree"
              about="files as they are on the disk"
              run={() => {
                show('worktree');
                close();
              }}
            />
            {versions.map((version, index) => (
              <Choice
                key={version.version}
                current={at !== 'worktree' && version.version === shown}
                label={`v${version.version}`}
                about={
                  <>
                    {index === 0 ? 'newest · ' : ''}
                    <When at={version.at} /> · {version.changed.put + version.changed.removed} rows
                  </>
                }
                run={() => {
                  show(index === 0 ? undefined : `v${version.version}`);
                  close();
                }}
              />
            ))}
          </ul>
        )}
      </Popover>
      <button
        type="button"
        className="button quiet icon-only"
        aria-label="Newer version"
        title="Newer version (])"
        disabled={!hasNewer}
        onClick={newer}
      >
        <Icon name="right" size={14} />
      </button>
    </div>
  );
}

function Choice({
  current,
  label,
  about,
  run,
}: {
  readonly current: boolean;
  readonly label: string;
  readonly about: React.ReactNode;
  readonly run: () => void;
}) {
  return (
    <li>
      <button type="button" className="as-of-choice" aria-current={current ? 'true' : undefined} onClick={run}>
        <span>{label}</span>
        <span className="dim small">{about}</span>
      </button>
    </li>
  );
}
