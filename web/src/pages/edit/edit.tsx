import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useRef, useState } from 'react';
import type { Json } from '../../../../src/model/digest.ts';
import type { Answers } from '../../api/answers.ts';
import { client } from '../../api/client.ts';
import { problemOf } from '../../api/problem.ts';
import { send } from '../../api/send.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { Asked } from '../../parts/asked.tsx';
import { ComponentLink } from '../../parts/component-name.tsx';
import { DiffText } from '../../parts/diff-text.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Page } from '../../parts/page.tsx';
import { Panel } from '../../parts/panel.tsx';
import { ProblemCard } from '../../parts/problem-card.tsx';
import { commandOf } from '../../parts/shell-word.ts';
import { useFoot } from '../../shell/foot.ts';
import { Consequence } from '../changes/consequence.tsx';
import { ConfigForm } from './config-form.tsx';
import { ConfigText } from './config-text.tsx';
import { draftOf, keepDraft } from './drafts.ts';
import { countOf, type Edits, editsBetween, withValue } from './edits-between.ts';
import { fieldsOf } from './fields-of.ts';
import { proposalOf, usePaused, useTrial, useValidation, type Where } from './use-trial.ts';
import '../changes/changes.css';
import './edit.css';

/** Another configuration of one component, with what it would write and do beside it; it ends as a change, never as a write. */
export function Edit() {
  const { id } = useSearch({ from: '/edit' });
  const estate = useAnswer('/v1');
  if (id === undefined)
    return (
      <Page title="Change">
        <Empty title="Which component?">An address of this page names one: /edit?id=…</Empty>
      </Page>
    );
  return <Asked query={estate}>{({ follow }) => <Known key={id} id={id} follow={follow} />}</Asked>;
}

function Known({ id, follow }: { readonly id: string; readonly follow: string }) {
  const config = useAnswer('/v1/config', { id, at: follow });
  return (
    <Page
      title={`Change ${id}`}
      heading={
        <>
          <span className="dim">Change</span> <ComponentLink id={id} />
        </>
      }
      about={<span>as it is at {follow}, which the estate follows</span>}
    >
      <Asked query={config}>{(shown) => <Editor id={id} follow={follow} shown={shown} />}</Asked>
    </Page>
  );
}

function Editor({
  id,
  follow,
  shown,
}: {
  readonly id: string;
  readonly follow: string;
  readonly shown: Answers['/v1/config'];
}) {
  const before = shown.config as Json;
  const component = useAnswer('/v1/component', { id });
  const { layout, type: name, module } = component.data?.component ?? {};
  const isAdage = layout === 'adage';
  const type = useAnswer(
    '/v1/type/schema',
    { name: isAdage ? name : module, at: follow },
    { enabled: name !== undefined },
  );
  const [draft, setDraft] = useState<Json>(() => draftOf(shown.component) ?? before);
  const [asText, setAsText] = useState(false);
  const [where, setWhere] = useState<Where>('refuse');
  const edits = useMemo(() => editsBetween(before, draft), [before, draft]);
  const paused = usePaused(edits);
  const trial = useTrial(id, paused, where);
  const findings = useValidation(id, usePaused(draft), isAdage ? follow : undefined);
  const count = countOf(edits);
  const change = (next: Json): void => {
    setDraft(next);
    keepDraft(shown.component, next);
  };
  const startOver = (): void => {
    change(before);
    setWhere('refuse');
  };
  useFoot({ view: shown.view, complete: trial.data?.simulation.comparison.complete, command: commandFor(id, edits) });
  const keys = useMemo(() => new Map(shown.keys.map((key) => [key.pointer, key])), [shown.keys]);
  const fields = useMemo(() => fieldsOf(type.data?.schema ?? {}, draft), [type.data, draft]);
  const isWorking = count > 0 && (trial.isFetching || paused !== edits);
  return (
    <>
      <div className="change-parts edit-parts">
        <div className="change-side">
          <Panel
            title="What it is given"
            action={
              <span className="segments" role="group" aria-label="Shown as">
                {[false, true].map((one) => (
                  <button
                    type="button"
                    key={String(one)}
                    className="button"
                    aria-pressed={asText === one}
                    onClick={() => setAsText(one)}
                  >
                    {one ? 'Text' : 'Form'}
                  </button>
                ))}
              </span>
            }
          >
            {asText ? (
              <ConfigText config={draft} findings={findings} onChange={change} />
            ) : (
              <div className="form">
                <ConfigForm
                  fields={fields}
                  keys={keys}
                  findings={findings}
                  edited={new Set(Object.keys(edits.set))}
                  onChange={(steps, value) => change(withValue(draft, steps, value))}
                />
                {edits.unset.length > 0 && (
                  <p className="small dim">
                    taken away: <bdi className="mono">{edits.unset.join(' ')}</bdi>
                  </p>
                )}
              </div>
            )}
          </Panel>
          {trial.data?.diff !== undefined && count > 0 && (
            <Panel title="What it would write" flush>
              <DiffText diff={trial.data.diff} none="It would write nothing." />
            </Panel>
          )}
        </div>
        <div className={`change-main${isWorking ? ' edit-working' : ''}`} aria-busy={isWorking}>
          {count === 0 ? (
            <Empty title="Change a value">
              What it would write and what would follow from it is drawn here as you type. Nothing is written before
              somebody approves it.
            </Empty>
          ) : trial.error !== null && !trial.isFetching ? (
            <Refused error={trial.error} where={where} onWhere={setWhere} />
          ) : (
            trial.data !== undefined && <Consequence told={trial.data} />
          )}
        </div>
      </div>
      <ProposeBar
        {...{ id, edits, where, count }}
        said={
          isWorking
            ? 'finding out what it would do …'
            : trial.error !== null
              ? 'cannot be made like this'
              : trial.data === undefined
                ? ''
                : saidOf(trial.data.blockers.length)
        }
        mayPropose={count > 0 && !isWorking && trial.error === null}
        onStartOver={startOver}
      />
    </>
  );
}

function saidOf(blockers: number): string {
  return blockers === 0 ? '' : `would be blocked: ${blockers} thing${blockers === 1 ? '' : 's'} in the way`;
}

/** A value that comes from elsewhere: why, and the two ways out. */
function Refused({
  error,
  where,
  onWhere,
}: {
  readonly error: unknown;
  readonly where: Where;
  readonly onWhere: (where: Where) => void;
}) {
  const { hint = '' } = problemOf(error);
  const ways = [
    ['there', '--there', 'Change it where it is said, for all who read it'],
    ['override', '--override', 'Say it here all the same'],
  ] as const;
  return (
    <>
      <ProblemCard error={error} />
      <p className="edit-ways">
        {ways
          .filter(([, option]) => hint.includes(option))
          .map(([way, , label]) => (
            <button type="button" key={way} className="button" onClick={() => onWhere(way)}>
              {label}
            </button>
          ))}
        {where !== 'refuse' && (
          <button type="button" className="button" onClick={() => onWhere('refuse')}>
            Neither
          </button>
        )}
      </p>
    </>
  );
}

function ProposeBar({
  id,
  edits,
  where,
  count,
  said,
  mayPropose,
  onStartOver,
}: {
  readonly id: string;
  readonly edits: Edits;
  readonly where: Where;
  readonly count: number;
  readonly said: string;
  readonly mayPropose: boolean;
  readonly onStartOver: () => void;
}) {
  const [reason, setReason] = useState('');
  const navigate = useNavigate({ from: '/edit' });
  const key = useRef(crypto.randomUUID());
  const propose = useMutation({
    mutationFn: () => send('/v1/changes', { ...proposalOf(id, edits, where), reason }, { key: key.current }),
    onSuccess: async ({ id: made }) => {
      keepDraft(id, undefined);
      await client.invalidateQueries({ queryKey: ['/v1/changes'] });
      if (made !== undefined) void navigate({ to: '/changes', search: { id: made } });
    },
    onSettled: () => {
      key.current = crypto.randomUUID();
    },
  });
  return (
    <form
      className="propose-bar"
      aria-label="Propose it"
      onSubmit={(event) => {
        event.preventDefault();
        if (mayPropose && reason.trim() !== '') propose.mutate();
      }}
    >
      {propose.error !== null && <ProblemCard error={propose.error} />}
      <input
        className="field propose-reason"
        aria-label="Why"
        placeholder="Why: for whoever approves it, and for whoever reads it in a year"
        maxLength={4000}
        value={reason}
        onChange={({ target }) => setReason(target.value)}
      />
      <span className="propose-said small" role="status">
        {count === 0 ? 'nothing changed yet' : `${count} value${count === 1 ? '' : 's'} changed`}
        {said !== '' && <> · {said}</>}
      </span>
      <button type="button" className="button quiet" disabled={count === 0} onClick={onStartOver}>
        Start over
      </button>
      <button
        type="submit"
        className="button strong"
        disabled={!mayPropose || reason.trim() === '' || propose.isPending}
      >
        Propose
      </button>
      <Link to="/component" search={{ id }} className="hidden-visually">
        Back to the component
      </Link>
    </form>
  );
}

/** The command that proposes the same. */
function commandFor(id: string, { set, unset }: Edits): string {
  const values = Object.entries(set).flatMap(([pointer, value]) => ['--set', `${pointer}=${textOf(value)}`]);
  return commandOf('change', 'propose', id, ...values, ...unset.flatMap((one) => ['--unset', one]), '--reason', '…');
}

function textOf(value: Json): string {
  return typeof value === 'string' && !isJson(value) ? value : JSON.stringify(value);
}

/** A text that reads as JSON is quoted, so that it stays a text. */
function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
