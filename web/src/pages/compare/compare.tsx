import { useNavigate, useSearch } from '@tanstack/react-router';
import { useAnswer } from '../../api/use-answer.ts';
import { Asked } from '../../parts/asked.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Page } from '../../parts/page.tsx';
import { useKeys } from '../../shell/keys.ts';
import { CompareEnvironments } from './compare-environments.tsx';
import { CompareVersions } from './compare-versions.tsx';
import { VersionAxis } from './version-axis.tsx';
import './compare.css';
import { Choice } from '../../parts/choice.tsx';

/** What differs between two moments, or between two environments. */
export function Compare() {
  const { from, to, environments } = useSearch({ from: '/compare' });
  const navigate = useNavigate({ from: '/compare' });
  const published = useAnswer('/v1/versions', { limit: 200 });
  const { data: told } = published;
  const { data: overview } = useAnswer('/v1/overview', {});
  const versions = told?.versions ?? [];
  const newest = versions[0];
  const later = to ?? (newest === undefined ? undefined : `v${newest.version}`);
  const earlier = from ?? (versions[1] === undefined ? undefined : `v${versions[1].version}`);
  const names = overview?.environments.map(({ name }) => name).filter((name) => name !== '') ?? [];
  const [first, second] = environments?.split(',') ?? [];
  const show = (next: {
    from?: string | undefined;
    to?: string | undefined;
    environments?: string | undefined;
  }): void => void navigate({ search: ({ at }) => ({ at, ...next }), replace: true });
  const step = (by: number): void => {
    const place = versions.findIndex(({ version }) => `v${version}` === later);
    const [next, before] = [versions[place + by], versions[place + by + 1]];
    if (place >= 0 && next !== undefined && before !== undefined)
      show({ from: `v${before.version}`, to: `v${next.version}` });
  };
  useKeys({ '[': () => step(1), ']': () => step(-1) }, true);
  return (
    <Page title="Compare">
      <div className="toolbar">
        <Moment
          label="Earlier"
          value={environments === undefined ? (earlier ?? '') : ''}
          onChoose={(one) => show({ from: one, to: later })}
        />
        <span className="dim">with</span>
        <Moment
          label="Later"
          value={environments === undefined ? (later ?? '') : ''}
          onChoose={(one) => show({ from: earlier, to: one })}
        />
        {names.length > 1 && (
          <>
            <span className="dim">or</span>
            <Choice
              label="One environment"
              offer="environment"
              names={names}
              value={first}
              onChoose={(one) => show({ environments: `${one},${second ?? names.find((name) => name !== one) ?? ''}` })}
            />
            <span className="dim">with</span>
            <Choice
              label="Another environment"
              offer="environment"
              names={names}
              value={second}
              onChoose={(one) => show({ environments: `${first ?? names.find((name) => name !== one) ?? ''},${one}` })}
            />
          </>
        )}
        {environments === undefined && newest !== undefined && versions.length > 1 && (
          <div className="chips" role="group" aria-label="Since when">
            {sinces(versions).map(([name, start]) => (
              <button
                type="button"
                key={name}
                className="chip"
                aria-pressed={start === earlier && later === `v${newest.version}`}
                title={start}
                onClick={() => show({ from: start, to: `v${newest.version}` })}
              >
                {name}
              </button>
            ))}
          </div>
        )}
      </div>
      {environments === undefined && versions.length > 1 && (
        <VersionAxis versions={versions} from={earlier} to={later} onChoose={(a, b) => show({ from: a, to: b })} />
      )}
      {environments !== undefined && first !== undefined && second !== undefined ? (
        <CompareEnvironments first={first} second={second} />
      ) : (earlier === undefined || later === undefined) && told === undefined ? (
        // Which versions there are is not known yet, or cannot be told.
        <Asked query={published}>{() => null}</Asked>
      ) : earlier === undefined || later === undefined ? (
        <Empty title="There is one version only, or none" command="karma build">
          A version is published whenever the followed branch moves; then this shows what changed between two of them.
          Revisions and times can be compared too: type <code>main</code>, <code>HEAD~5</code> or{' '}
          <code>2 weeks ago</code> above.
        </Empty>
      ) : (
        <CompareVersions from={earlier} to={later} />
      )}
    </Page>
  );
}

/** Moments that people ask about, each as the version that was the newest then. Of two that are the same, the nearer. */
function sinces(
  versions: readonly { readonly version: number; readonly at: string }[],
): readonly (readonly [name: string, version: string])[] {
  const found = new Map<string, string>();
  for (const [name, days] of [
    ['since yesterday', 1],
    ['since a week ago', 7],
    ['since a month ago', 30],
    ['since the first', Number.POSITIVE_INFINITY],
  ] as const) {
    const then = Date.now() - days * 86_400_000;
    const one = days === Number.POSITIVE_INFINITY ? versions.at(-1) : versions.find(({ at }) => Date.parse(at) <= then);
    const version = one === undefined ? undefined : `v${one.version}`;
    if (version !== undefined && !found.has(version)) found.set(version, name);
  }
  return [...found].map(([version, name]) => [name, version]);
}

function Moment({
  label,
  value,
  onChoose,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChoose: (moment: string) => void;
}) {
  return (
    <form
      className="moment"
      onSubmit={(event) => {
        event.preventDefault();
        const text = String(new FormData(event.currentTarget).get('moment') ?? '').trim();
        if (text !== '') onChoose(text);
      }}
    >
      <input
        key={value}
        name="moment"
        className="field mono"
        aria-label={`${label}: a version, revision or time`}
        placeholder="v1, main, a time"
        defaultValue={value}
        spellCheck={false}
      />
    </form>
  );
}
