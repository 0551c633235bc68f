import { useMemo, useState } from 'react';
import type { Json } from '../../../../src/model/digest.ts';
import type { Answers, ViewStamp } from '../../api/answers.ts';
import { problemOf } from '../../api/problem.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { Command } from '../../parts/command.tsx';
import { DiffText } from '../../parts/diff-text.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Panel } from '../../parts/panel.tsx';
import { ProblemCard } from '../../parts/problem-card.tsx';
import { commandOf } from '../../parts/shell-word.ts';
import { useFoot } from '../../shell/foot.ts';
import { Consequence } from '../changes/consequence.tsx';
import { ConfigForm } from './config-form.tsx';
import { ConfigText } from './config-text.tsx';
import { draftOf, keepDraft } from './drafts.ts';
import { countOf, editsBetween, withValue } from './edits-between.ts';
import { fieldsOf } from './fields-of.ts';
import { ProposeBar, type Revised, saidOf } from './propose-bar.tsx';
import {
  type Creation,
  isSomething,
  proposalOf,
  usePaused,
  useTrial,
  useValidation,
  type Where,
  type Writing,
} from './use-trial.ts';
import '../changes/changes.css';
import './edit.css';

/** A configuration as a form or as text, beside it what it would write and what would follow, beneath it why and the way to propose it. */
export function Editor({
  id,
  follow,
  before,
  keys: shownKeys = [],
  view,
  type: name,
  judged,
  create,
  begun,
  revise,
}: {
  readonly id: string;
  readonly follow: string;
  /** What is there now; of a new component what it begins as. */
  readonly before: Json;
  readonly keys?: Answers['/v1/config']['keys'];
  readonly view?: ViewStamp;
  /** A name of whose schema the form is made: a type, or a module. */
  readonly type: string | undefined;
  /** Whether the config alone can be judged: a component that has one file of its own. */
  readonly judged: boolean;
  readonly create?: Creation;
  /** What stands in the form at first, where that is not what is there. */
  readonly begun?: Json;
  /** The change that gets this as its next content. */
  readonly revise?: Revised | undefined;
}) {
  const type = useAnswer('/v1/type/schema', { name, at: follow }, { enabled: name !== undefined });
  const draftName = `${id} ${revise?.id}`;
  const [draft, setDraft] = useState<Json>(() => draftOf(draftName) ?? begun ?? before);
  const [asText, setAsText] = useState(false);
  const [where, setWhere] = useState<Where>('refuse');
  const edits = useMemo(() => editsBetween(before, draft), [before, draft]);
  const paused = usePaused(edits);
  const writing: Writing = { id, edits, where, create };
  const written = isSomething(writing);
  const trial = useTrial({ ...writing, edits: paused }, revise?.id);
  const findings = useValidation(id, usePaused(draft), judged ? follow : undefined);
  const change = (next: Json): void => {
    setDraft(next);
    keepDraft(draftName, next);
  };
  const startOver = (): void => {
    change(begun ?? before);
    setWhere('refuse');
  };
  useFoot({ view, complete: trial.data?.simulation.comparison.complete, command: commandFor(writing, revise?.id) });
  const keys = useMemo(() => new Map(shownKeys.map((key) => [key.pointer, key])), [shownKeys]);
  const fields = useMemo(() => fieldsOf(type.data?.schema ?? {}, draft), [type.data, draft]);
  const takesNothing = fields.length === 0 && (name === undefined || type.data !== undefined);
  const isWorking = written && (trial.isFetching || paused !== edits);
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
                {takesNothing && (
                  <>
                    <p className="dim">
                      Nothing is given to it, and its type names nothing that could be. What its files say is changed by
                      a patch, a branch or the work tree.
                    </p>
                    <Command text="karma change propose --patch changes.diff --reason '…'" />
                  </>
                )}
                <ConfigForm
                  fields={fields}
                  keys={keys}
                  findings={findings}
                  isNew={create !== undefined && create.from === undefined}
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
          {trial.data?.diff !== undefined && written && (
            <Panel title="What it would write" flush>
              <DiffText diff={trial.data.diff} none="It would write nothing." />
            </Panel>
          )}
        </div>
        <div className={`change-main${isWorking ? ' edit-working' : ''}`} aria-busy={isWorking}>
          {!written ? (
            <Empty title={takesNothing ? 'No value to change' : 'Change a value'}>
              {takesNothing
                ? undefined
                : 'What it would write and what would follow from it is drawn here as you type. Nothing is written before somebody approves it.'}
            </Empty>
          ) : trial.error !== null && !trial.isFetching ? (
            <Refused error={trial.error} where={where} onWhere={setWhere} />
          ) : (
            trial.data !== undefined && <Consequence told={trial.data} />
          )}
        </div>
      </div>
      <ProposeBar
        proposal={{ ...proposalOf(writing), ...(revise === undefined ? {} : { revise: revise.id }) }}
        begun={revise?.reason}
        told={toldOf(writing)}
        said={
          isWorking
            ? 'finding out what it would do …'
            : trial.error !== null
              ? 'cannot be made like this'
              : trial.data === undefined
                ? ''
                : saidOf(trial.data.blockers.length)
        }
        mayPropose={written && !isWorking && trial.error === null}
        mayStartOver={countOf(edits) > 0}
        onStartOver={startOver}
        onMade={() => keepDraft(draftName, undefined)}
      />
    </>
  );
}

function toldOf({ edits, create }: Writing): string {
  const count = countOf(edits);
  const values =
    count === 0
      ? 'nothing changed yet'
      : `${count} value${count === 1 ? '' : 's'} ${create === undefined ? 'changed' : 'given'}`;
  return create === undefined ? values : `a new component · ${values}`;
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

/** The command that proposes the same. */
function commandFor({ id, edits: { set, unset }, create }: Writing, revise: string | undefined): string {
  const values = Object.entries(set).flatMap(([pointer, value]) => ['--set', `${pointer}=${textOf(value)}`]);
  const made =
    create === undefined
      ? []
      : [
          ...['--new', create.name],
          ...(create.environment === undefined ? [] : ['--in', create.environment]),
          ...(create.from === undefined ? [] : ['--from', create.from]),
        ];
  const named = values.length + unset.length === 0 && create !== undefined ? [] : [id];
  return commandOf(
    'change',
    'propose',
    ...named,
    ...made,
    ...values,
    ...unset.flatMap((one) => ['--unset', one]),
    ...(revise === undefined ? [] : ['--revise', revise]),
    '--reason',
    '…',
  );
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
