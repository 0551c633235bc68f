import { useState } from 'react';
import { shownPair } from '../../../../src/report/impact/shown-value.ts';
import type { Answers } from '../../api/answers.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { useAt } from '../../api/use-at.ts';
import { Asked } from '../../parts/asked.tsx';
import { ComponentLink } from '../../parts/component-name.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Counted } from '../../parts/facts.tsx';
import { Panel } from '../../parts/panel.tsx';
import { commandOf } from '../../parts/shell-word.ts';
import { useFoot } from '../../shell/foot.ts';
import '../impact/changed.css';
import '../impact/impact.css';
import '../impact/possible.css';

type Diff = Answers['/v1/environments/diff'];
type ComparedObject = Diff['compared'][number];
type Difference = ComparedObject['differences'][number];

/** More objects, and more differences of one, are shown when somebody asks. */
const most = 60;
const mostOfOne = 12;

/** Two environments object by object: proved the same, different in these keys, or not known; what is expected is folded away. */
export function CompareEnvironments({ first, second }: { readonly first: string; readonly second: string }) {
  const at = useAt();
  const query = useAnswer('/v1/environments/diff', { from: first, to: second, ...at }, { keep: true });
  const [withExpected, setWithExpected] = useState(false);
  useFoot({ view: query.data?.view, command: commandOf('env', 'diff', first, second) });
  return (
    <Asked query={query}>
      {(diff) => {
        const expected = Object.values(diff.counts.expected).reduce((sum, one) => sum + one, 0);
        return (
          <>
            <p className="verdict">
              <span className={diff.counts.same > 0 ? 'tone-ok' : ''}>
                <Counted count={diff.counts.same} one="proved the same" many="proved the same" />
              </span>
              <span className={diff.counts.differs > 0 ? 'tone-warn' : ''}>
                <Counted count={diff.counts.differs} one="differs" many="differ" />
              </span>
              <span>
                <Counted count={diff.counts.unknown} one="not known" many="not known" />
              </span>
              <span>
                <Counted count={diff.onlyFrom.length} one={`only in ${first}`} many={`only in ${first}`} />
              </span>
              <span>
                <Counted count={diff.onlyTo.length} one={`only in ${second}`} many={`only in ${second}`} />
              </span>
              {expected > 0 && (
                <button
                  type="button"
                  className="chip"
                  aria-pressed={withExpected}
                  onClick={() => setWithExpected(!withExpected)}
                >
                  {expected} expected difference{expected === 1 ? '' : 's'}
                </button>
              )}
            </p>
            <Differing diff={diff} withExpected={withExpected} />
            <Unknown diff={diff} />
            <div className="diff-lists">
              <Only title={`Only in ${first}`} objects={diff.onlyFrom} />
              <Only title={`Only in ${second}`} objects={diff.onlyTo} />
              <Only
                title="Proved the same"
                objects={diff.compared
                  .filter(({ outcome }) => outcome === 'same')
                  .map(({ object, to: id }) => ({ object, id, deployment: '' }))}
              />
            </div>
            <Guesses diff={diff} />
          </>
        );
      }}
    </Asked>
  );
}

function Differing({
  diff: { compared, from, to },
  withExpected,
}: {
  readonly diff: Diff;
  readonly withExpected: boolean;
}) {
  const [all, setAll] = useState(false);
  const rows = compared
    .map((one) => ({ ...one, shown: one.differences.filter(({ expected }) => withExpected || expected === undefined) }))
    .filter(({ shown }) => shown.length > 0);
  if (rows.length === 0)
    return compared.length === 0 ? (
      <Empty title={`No object is in both ${from} and ${to}`} command={`karma env diff ${from} ${to}`}>
        Two components are one object in two environments where their paths differ in the environment alone.
      </Empty>
    ) : null;
  return (
    <Panel title="What differs" count={rows.length} flush>
      <div className="object-difference object-names small dim">
        <span>what</span>
        <span>
          in <bdi>{from}</bdi>
        </span>
        <span>
          in <bdi>{to}</bdi>
        </span>
      </div>
      <ul>
        {rows.slice(0, all ? rows.length : most).map((one) => (
          <li key={`${one.object} ${one.deployments?.join()}`} className="differs">
            <p className="differs-who">
              <ComponentLink id={one.to} name={one.object} />
            </p>
            {one.shown.slice(0, mostOfOne).map((difference) => (
              <DifferenceLine key={`${difference.kind} ${difference.key}`} difference={difference} />
            ))}
            {one.shown.length > mostOfOne && <p className="small dim">{one.shown.length - mostOfOne} more</p>}
          </li>
        ))}
      </ul>
      {!all && rows.length > most && (
        <button type="button" className="more" onClick={() => setAll(true)}>
          {rows.length - most} more
        </button>
      )}
    </Panel>
  );
}

function DifferenceLine({ difference: { kind, key, from, to, expected } }: { readonly difference: Difference }) {
  const [was, is] = shownPair(from, to);
  return (
    <div className="object-difference">
      <span className="object-key">
        {kind !== 'config' && <span className="tag">{kind}</span>}
        <bdi className="mono" title={key}>
          {key}
        </bdi>
        {expected !== undefined && <span className="small dim">expected: {expected}</span>}
      </span>
      <Side value={was} present={from !== undefined} />
      <Side value={is} present={to !== undefined} />
    </div>
  );
}

function Side({ value, present }: { readonly value: string | undefined; readonly present: boolean }) {
  if (!present && value === undefined) return <span className="dim small">not there</span>;
  return (
    <bdi className="mono object-value" title={value}>
      {value ?? 'there'}
    </bdi>
  );
}

function Unknown({ diff: { compared } }: { readonly diff: Diff }) {
  const rows = compared.filter(({ unknown }) => unknown.length > 0);
  if (rows.length === 0) return null;
  return (
    <Panel title="What is not known" count={rows.length} flush>
      <ul>
        {rows.slice(0, most).map(({ object, to, unknown }) => (
          <li key={object} className="possible">
            <ComponentLink id={to} />
            {unknown.slice(0, 4).map((reason) => (
              <p key={reason} className="small dim">
                <bdi>{reason}</bdi>
              </p>
            ))}
          </li>
        ))}
      </ul>
      {rows.length > most && <p className="none">{rows.length - most} more</p>}
    </Panel>
  );
}

function Only({
  title,
  objects,
}: {
  readonly title: string;
  readonly objects: readonly { readonly object: string; readonly id: string; readonly deployment: string }[];
}) {
  const [all, setAll] = useState(false);
  if (objects.length === 0) return null;
  const shown = all ? objects : objects.slice(0, most);
  return (
    <Panel title={title} count={objects.length} flush>
      <ul>
        {shown.map(({ object, id, deployment }) => (
          <li key={`${object} ${deployment}`} className="diff-row">
            <ComponentLink id={id} />
            {deployment !== '' && <bdi className="small dim">{deployment}</bdi>}
          </li>
        ))}
      </ul>
      {objects.length > shown.length && (
        <button type="button" className="more" onClick={() => setAll(true)}>
          {objects.length - shown.length} more
        </button>
      )}
    </Panel>
  );
}

/** What differs wherever it stands is most likely meant to: a rule for `karma.yaml`, for a person to take. */
function Guesses({ diff: { guesses } }: { readonly diff: Diff }) {
  if (guesses.length === 0) return null;
  return (
    <Panel title="Differs wherever it stands" count={guesses.length}>
      <p className="dim">
        What is meant to differ goes into <code>karma.yaml</code> and is folded away here:
      </p>
      <pre className="mono guesses">
        {guesses.reduce(
          (text, { key, objects }) => `${text}\n    - key: ${key}\n      reason: …  # differs in ${objects} objects`,
          'environments:\n  expected:',
        )}
      </pre>
    </Panel>
  );
}
