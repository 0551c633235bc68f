import { Link } from '@tanstack/react-router';
import type { Answers } from '../../api/answers.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { Asked } from '../../parts/asked.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Sentence } from '../../parts/sentence.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { StatusMark } from '../../parts/status-mark.tsx';
import { When } from '../../parts/when.tsx';
import './lineage-panel.css';

type Moment = Answers['/v1/lineage']['moments'][number];

/** How it is now and why; beneath it what happened to it, newest first. */
export function LineagePanel({ id }: { readonly id: string }) {
  const status = useAnswer('/v1/status', { select: [id] });
  const lineage = useAnswer('/v1/lineage', { id, limit: 40 });
  const moments = lineage.data?.moments.filter(isWorthTelling).slice(0, 10) ?? [];
  return (
    <Panel
      title="Now"
      action={
        <Link to="/why" search={({ at }) => ({ at, of: id })} className="small link">
          why
        </Link>
      }
    >
      <Asked query={status} waiting={<Skeleton rows={2} />}>
        {({ components, hints }) => (
          <>
            {components.map(({ deployment, status: word, reasons, drift }) => (
              <div key={deployment} className="now">
                <p className="now-word">
                  <StatusMark status={word} />
                  {deployment !== '' && <bdi className="dim">{deployment}</bdi>}
                </p>
                {reasons.map((reason) => (
                  <p key={reason} className="now-reason">
                    <bdi>{reason}</bdi>
                  </p>
                ))}
                <p className="small dim">drift {drift.drifted.state.replace('-', ' ')}</p>
              </div>
            ))}
            {components.length === 0 && <p className="dim">Nothing is known of how it is.</p>}
            {hints.slice(0, 2).map((hint) => (
              <p key={hint} className="small dim now-hint">
                <Sentence text={hint} />
              </p>
            ))}
          </>
        )}
      </Asked>
      {moments.length > 0 && (
        <ol className="rail-of-events" aria-label="What happened to it">
          {moments.map((moment) => (
            <li
              key={moment.event}
              className={moment.outcome === 'failed' || moment.outcome === 'refused' ? 'tone-bad' : ''}
            >
              <Happened moment={moment} id={id} />
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}

/** What only says that something begins is told by what came of it. */
function isWorthTelling({ outcome }: Moment): boolean {
  return outcome !== 'intent';
}

function Happened({
  moment: { kind, action, actor, at, version, changed, run },
  id,
}: {
  readonly moment: Moment;
  readonly id: string;
}) {
  const inside = (
    <>
      <span className="rail-dot" />
      <bdi className="rail-action">{version === undefined ? action : `v${version}: ${toldChanges(changed ?? [])}`}</bdi>
      <span className="dim small">
        <bdi>{actor}</bdi> · <When at={at} />
      </span>
    </>
  );
  if (version !== undefined)
    return (
      <Link to="/compare" search={{ from: `v${version - 1}`, to: `v${version}` }} className="rail-event">
        {inside}
      </Link>
    );
  if (kind === 'run' && run !== undefined)
    return (
      <Link to="/runs" search={{ component: id, id: run }} className="rail-event">
        {inside}
      </Link>
    );
  return (
    <Link to="/ledger" search={{ subject: id }} className="rail-event">
      {inside}
    </Link>
  );
}

const sides = {
  component: 'component',
  dependsOn: 'uses',
  usedBy: 'used by',
  finding: 'finding',
  deployment: 'runtime',
} as const;

function toldChanges(changes: NonNullable<Moment['changed']>): string {
  const [first] = changes;
  if (first === undefined) return '';
  const about =
    first.what === 'component'
      ? (first.members ?? []).join(', ') || sides.component
      : `${sides[first.what]} ${first.name ?? ''}`;
  return `${about.trim()} ${first.how}${changes.length > 1 ? ` +${changes.length - 1}` : ''}`;
}
