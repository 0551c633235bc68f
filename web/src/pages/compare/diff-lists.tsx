import type { ReactNode } from 'react';
import type { Answers } from '../../api/answers.ts';
import { ComponentLink } from '../../parts/component-name.tsx';
import { Panel } from '../../parts/panel.tsx';

type Diff = Answers['/v1/diff']['diff'];

const most = 60;

export function isNothing(diff: Diff): boolean {
  return Object.values(diff).every((list) => list.length === 0);
}

/** Everything that differs, a list for each kind of difference. */
export function DiffLists({
  diff,
  names: [gone, come],
}: {
  readonly diff: Diff;
  readonly names: readonly [string, string];
}) {
  const { added, removed, changed, referencesAdded, referencesRemoved, referencesChanged, findingsNew, findingsGone } =
    diff;
  return (
    <div className="diff-lists">
      <List
        title={`Components ${come}`}
        rows={added}
        tone="ok"
        sign="+"
        show={(id) => <ComponentLink id={id} />}
        keyOf={(id) => id}
      />
      <List
        title={`Components ${gone}`}
        rows={removed}
        tone="bad"
        sign="−"
        show={(id) => <bdi>{id}</bdi>}
        keyOf={(id) => id}
      />
      <List
        title="Changed"
        rows={changed}
        tone="warn"
        sign="~"
        keyOf={({ id }) => id}
        show={({ id, fields, deployments }) => (
          <>
            <ComponentLink id={id} />
            {deployments !== undefined && (
              <span className="small">
                {' in '}
                <bdi>{deployments.join(', ')}</bdi>
              </span>
            )}
            <span className="small dim diff-about">{fields.join(', ')}</span>
          </>
        )}
      />
      <List
        title={`References ${come}`}
        rows={referencesAdded}
        tone="ok"
        sign="+"
        keyOf={({ from, to }) => `${from} ${to}`}
        show={({ from, to }) => <Ends from={from} to={to} />}
      />
      <List
        title={`References ${gone}`}
        rows={referencesRemoved}
        tone="bad"
        sign="−"
        keyOf={({ from, to }) => `${from} ${to}`}
        show={({ from, to }) => <Ends from={from} to={to} />}
      />
      <List
        title="References changed"
        rows={referencesChanged}
        tone="warn"
        sign="~"
        keyOf={({ from, to }) => `${from} ${to}`}
        show={({ from, to }) => <Ends from={from} to={to} />}
      />
      <List
        title="Findings new"
        rows={findingsNew}
        tone="bad"
        sign="+"
        keyOf={({ code, subject, key }) => `${code} ${subject} ${key}`}
        show={({ message }) => <bdi title={message}>{message}</bdi>}
      />
      <List
        title="Findings gone"
        rows={findingsGone}
        tone="ok"
        sign="−"
        keyOf={({ code, subject, key }) => `${code} ${subject} ${key}`}
        show={({ message }) => <bdi title={message}>{message}</bdi>}
      />
    </div>
  );
}

function Ends({ from, to }: { readonly from: string; readonly to: string }) {
  return (
    <>
      <ComponentLink id={from} />
      <span className="dim">→</span>
      <ComponentLink id={to} />
    </>
  );
}

function List<Row>({
  title,
  rows,
  tone,
  sign,
  keyOf,
  show,
}: {
  readonly title: string;
  readonly rows: readonly Row[];
  readonly tone: 'ok' | 'bad' | 'warn';
  readonly sign: string;
  readonly keyOf: (row: Row) => string;
  readonly show: (row: Row) => ReactNode;
}) {
  if (rows.length === 0) return null;
  return (
    <Panel title={title} count={rows.length} flush>
      <ul>
        {rows.slice(0, most).map((row) => (
          <li key={keyOf(row)} className="diff-row">
            <span className={`diff-sign tone-${tone}`}>{sign}</span>
            {show(row)}
          </li>
        ))}
        {rows.length > most && <li className="diff-row dim">{rows.length - most} more</li>}
      </ul>
    </Panel>
  );
}
