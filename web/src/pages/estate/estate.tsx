import { Link } from '@tanstack/react-router';
import type { Answers, StatusWord } from '../../api/answers.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { useAt } from '../../api/use-at.ts';
import { useStatuses } from '../../api/use-statuses.ts';
import { Asked } from '../../parts/asked.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Counted } from '../../parts/facts.tsx';
import { Page } from '../../parts/page.tsx';
import { Panel } from '../../parts/panel.tsx';
import { commandOf } from '../../parts/shell-word.ts';
import { StatusShape } from '../../parts/status-mark.tsx';
import { statusLooks, statusWords } from '../../parts/status-word.ts';
import { useFoot } from '../../shell/foot.ts';
import { CauseList } from '../findings/cause-list.tsx';
import { NeedsSomebody } from './needs-somebody.tsx';
import './estate.css';

type Overview = Answers['/v1/overview'];

/** The first screen: what there is, how it is, and what needs somebody. */
export function Estate() {
  const at = useAt();
  const query = useAnswer('/v1/overview', at);
  useFoot({ view: query.data?.view, command: commandOf('overview', ...(at.at === undefined ? [] : ['--at', at.at])) });
  return (
    <Page title={query.data?.estate || 'Estate'} about={query.data && <Counts overview={query.data} />}>
      <Asked query={query}>
        {(overview) =>
          overview.components === 0 && overview.external === 0 ? (
            <Empty title="Nothing is here yet" command="karma doctor">
              Karma reads Terraform, Terragrunt and Adage layouts in the folder that is served; the command below tells
              what it looked for and where.
            </Empty>
          ) : (
            <Parts overview={overview} />
          )
        }
      </Asked>
    </Page>
  );
}

/** Every number leads to the list behind it. */
function Counts({ overview: { components, external, references, cycles, counts } }: { readonly overview: Overview }) {
  const statuses = useStatuses();
  const serious = counts.causes.error + counts.causes.warning;
  return (
    <>
      <Link to="/components" search={({ at }) => ({ at })}>
        <Counted count={components} one="component" />
      </Link>
      {external > 0 && (
        <span>
          <Counted count={external} one="outside" many="outside" />
        </span>
      )}
      <Link to="/graph" search={({ at }) => ({ at })}>
        <Counted count={references} one="reference" />
      </Link>
      <Link to="/findings" search={({ at }) => ({ at, code: 'cycle' })} className={cycles > 0 ? 'tone-bad' : ''}>
        <Counted count={cycles} one="cycle" />
      </Link>
      <Link to="/findings" search={({ at }) => ({ at })} className={counts.causes.error > 0 ? 'tone-bad' : ''}>
        <Counted count={serious} one="cause of findings" many="causes of findings" />
      </Link>
      {statuses !== undefined && <StatusCounts counts={statuses.counts} />}
    </>
  );
}

function StatusCounts({ counts }: { readonly counts: Readonly<Partial<Record<StatusWord, number>>> }) {
  return (
    <span className="estate-statuses">
      {statusWords
        .filter((word) => (counts[word] ?? 0) > 0)
        .map((word) => (
          <Link
            key={word}
            to="/status"
            search={({ at }) => ({ at, word })}
            className={`status tone-${statusLooks[word].tone}`}
          >
            <StatusShape status={word} /> {(counts[word] ?? 0).toLocaleString('en')} {word}
          </Link>
        ))}
    </span>
  );
}

function Parts({ overview }: { readonly overview: Overview }) {
  return (
    <div className="estate-parts">
      <NeedsSomebody />
      <Panel
        title="Findings"
        count={overview.counts.causes.error + overview.counts.causes.warning + overview.counts.causes.info}
        action={
          <Link to="/findings" search={({ at }) => ({ at })} className="link small">
            all
          </Link>
        }
        flush
      >
        {overview.causes.length === 0 ? (
          <p className="none">Nothing is odd about this estate.</p>
        ) : (
          <CauseList causes={overview.causes.slice(0, 6)} />
        )}
      </Panel>
    </div>
  );
}
