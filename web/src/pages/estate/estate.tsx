import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { Answers, StatusWord } from '../../api/answers.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { useAt } from '../../api/use-at.ts';
import { type Statuses, useStatuses } from '../../api/use-statuses.ts';
import { Asked } from '../../parts/asked.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Counted } from '../../parts/facts.tsx';
import { Page } from '../../parts/page.tsx';
import { commandOf } from '../../parts/shell-word.ts';
import { StatusShape } from '../../parts/status-mark.tsx';
import { statusLooks, statusWords } from '../../parts/status-word.ts';
import { useFoot } from '../../shell/foot.ts';
import { EstateBody } from './estate-body.tsx';
import { manyComponents } from './shown-as.ts';
import './estate.css';

type Overview = Answers['/v1/overview'];

/** The first screen: what there is, how it is, and what needs somebody. */
export function Estate() {
  const at = useAt();
  const query = useAnswer('/v1/overview', at);
  // What takes long to answer waits until the first picture of a large estate stands.
  const statuses = useStatuses(query.data !== undefined);
  useFoot({ view: query.data?.view, command: commandOf('overview', ...(at.at === undefined ? [] : ['--at', at.at])) });
  return (
    <Page
      title="Estate"
      fill
      about={
        query.data &&
        query.data.components + query.data.external > 0 && <Counts overview={query.data} statuses={statuses} />
      }
      actions={query.data && query.data.components + query.data.external > 0 && <ShownAs overview={query.data} />}
    >
      <Asked query={query}>
        {(overview) =>
          overview.components === 0 && overview.external === 0 ? (
            <Empty title="Nothing is here yet" command="karma doctor">
              Karma reads Terraform, Terragrunt and Adage layouts in the folder that is served; the command below tells
              what it looked for and where.
            </Empty>
          ) : (
            <EstateBody overview={overview} statuses={statuses} />
          )
        }
      </Asked>
    </Page>
  );
}

/** Every number leads to the list behind it. */
function Counts({ overview, statuses }: { readonly overview: Overview; readonly statuses: Statuses | undefined }) {
  const { components, external, references, cycles, counts } = overview;
  const serious = counts.causes.error + counts.causes.warning;
  return (
    <>
      <Link to="/components" search={({ at }) => ({ at })}>
        <Counted count={components} one="component" />
      </Link>
      {external > 0 && statuses?.counts.external === undefined && (
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
      {statuses !== undefined && <StatusCounts counts={statuses.counts} />}
      <Link to="/findings" search={({ at }) => ({ at })} className={`status ${findingsTone(counts.causes)}`}>
        {serious > 0 ? (
          <span>
            <Counted count={serious} one="cause of findings" many="causes of findings" />
          </span>
        ) : (
          'no findings that matter'
        )}
      </Link>
    </>
  );
}

function findingsTone({ error, warning }: Overview['counts']['causes']): string {
  if (error > 0) return 'tone-bad';
  return warning > 0 ? 'tone-warn' : '';
}

function StatusCounts({ counts }: { readonly counts: Readonly<Partial<Record<StatusWord, number>>> }) {
  return statusWords
    .filter((word) => (counts[word] ?? 0) > 0)
    .map((word) => (
      <Link
        key={word}
        to="/status"
        search={({ at }) => ({ at, word })}
        className={`status tone-${statusLooks[word].tone}`}
      >
        <StatusShape status={word} />
        <span>
          {(counts[word] ?? 0).toLocaleString('en')} {word}
        </span>
      </Link>
    ));
}

/** The map or the graph: whichever fits, unless somebody says. */
function ShownAs({ overview: { components } }: { readonly overview: Overview }) {
  const { show = components > manyComponents ? 'map' : 'graph' } = useSearch({ from: '/' });
  const navigate = useNavigate({ from: '/' });
  return (
    <div className="segments" role="group" aria-label="Shown as">
      {(['graph', 'map'] as const).map((one) => (
        <button
          type="button"
          key={one}
          className="button"
          aria-pressed={show === one}
          onClick={() => void navigate({ search: (before) => ({ ...before, show: one }), replace: true })}
        >
          {one === 'graph' ? 'Graph' : 'Map'}
        </button>
      ))}
    </div>
  );
}
