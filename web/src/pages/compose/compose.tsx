import { Link, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useAnswer } from '../../api/use-answer.ts';
import { Asked } from '../../parts/asked.tsx';
import { ComponentField } from '../../parts/component-field.tsx';
import { DiffText } from '../../parts/diff-text.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Page } from '../../parts/page.tsx';
import { Panel } from '../../parts/panel.tsx';
import { ProblemCard } from '../../parts/problem-card.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { Consequence } from '../changes/consequence.tsx';
import { ProposeBar, type Revised, saidOf } from '../edit/propose-bar.tsx';
import { usePaused, useTrialOf } from '../edit/use-trial.ts';
import { newPart, partOf } from './bring.ts';
import { Connecting } from './connecting.tsx';
import { changed, connected, type Draft, freeNickname, isSomething, type Part, proposalOf, wordOf } from './draft.ts';
import { DraftCanvas } from './draft-canvas.tsx';
import { PartForm } from './part-form.tsx';
import './compose.css';

/** Several components in one change: new ones put on a canvas and connected, others changed, moved or taken away. */
export function Compose() {
  const { revise } = useSearch({ from: '/compose' });
  const estate = useAnswer('/v1');
  if (revise !== undefined) return <Revision key={revise} id={revise} />;
  return (
    <Page title="Compose" about="A change of several components. Nothing is written before somebody approves it.">
      <Asked query={estate}>{({ follow }) => <Drafting name="" at={follow} begun={[]} />}</Asked>
    </Page>
  );
}

/** What a change would make of its components by now is where its next content begins. */
function Revision({ id }: { readonly id: string }) {
  const query = useAnswer('/v1/changes/{id}', { id });
  return (
    <Page
      title={`Revise ${id}`}
      about={
        <span>
          as{' '}
          <Link to="/changes" search={{ id }} className="link mono">
            {id}
          </Link>{' '}
          would have it; this becomes its next revision, and who agreed is asked again
        </span>
      }
    >
      <Asked query={query}>
        {({ change: { head, reason }, simulation: { comparison } }) => (
          <Drafting
            name={`${id} ${head}`}
            at={head}
            begun={[...comparison.changed.map((one) => one.id), ...comparison.added]}
            revise={{ id, reason }}
          />
        )}
      </Asked>
    </Page>
  );
}

/** What somebody was composing and left without proposing it, gone with the tab. */
const kept = new Map<string, Draft>();

function Drafting({
  name,
  at,
  begun,
  revise,
}: {
  readonly name: string;
  readonly at: string;
  /** Components that stand on the canvas at first. */
  readonly begun: readonly string[];
  readonly revise?: Revised;
}) {
  const overview = useAnswer('/v1/overview');
  const list = useAnswer('/v1/components');
  const [draft, setDraft] = useState<Draft>(() => kept.get(name) ?? []);
  const [chosen, setChosen] = useState<string>();
  const [connecting, setConnecting] = useState<string>();
  const [problem, setProblem] = useState<unknown>();
  const [coming, setComing] = useState(0);
  const [isBegun, setIsBegun] = useState(kept.has(name) || begun.length === 0);
  const change = (by: (draft: Draft) => Draft): void =>
    setDraft((before) => {
      const next = by(before);
      kept.set(name, next);
      return next;
    });
  const put = (made: Promise<Part>): void => {
    setProblem(undefined);
    setComing((before) => before + 1);
    const come = made.finally(() => setComing((before) => before - 1));
    come.then(
      (part) => {
        change((before) => (before.some(({ id }) => id === part.id) ? before : [...before, part]));
        setChosen(part.id);
      },
      (error: unknown) => setProblem(error),
    );
  };
  const bring = (id: string): void => put(partOf(id, at));
  if (!isBegun) {
    setIsBegun(true);
    for (const id of begun.slice(0, 20)) bring(id);
  }
  const kinds = overview.data?.kinds.map((kind) => kind.name) ?? [];
  const environments = overview.data?.environments.map((one) => one.name).filter((one) => one !== '') ?? [];
  const add = (type: string): void => {
    const environment = draft.find(({ id }) => id === chosen)?.environment ?? environments[0] ?? '';
    const taken = new Set([...(list.data?.components ?? []), ...draft].map(({ id }) => id));
    put(newPart(type, environment, freeNickname(taken, environment, type), at));
  };
  const part = draft.find(({ id }) => id === chosen);
  const source = draft.find(({ id }) => id === connecting);
  const proposal = proposalOf(draft, revise?.id);
  const written = isSomething(draft);
  const paused = usePaused(JSON.stringify(proposal));
  const trial = useTrialOf(JSON.parse(paused) as typeof proposal, written);
  const isWorking = written && (trial.isFetching || paused !== JSON.stringify(proposal));
  const connect = (target: Part, reference: Part['references'][number]): void => {
    if (source !== undefined) change((before) => connected(before, source, target, reference));
    setConnecting(undefined);
    setChosen(target.id);
  };
  return (
    <>
      <div className="compose">
        <Panel title="Types" flush>
          <p className="small dim compose-how">Press one, or drag it onto the canvas.</p>
          <ul className="compose-types">
            {kinds.map((kind) => (
              <li key={kind}>
                <button
                  type="button"
                  className="compose-type"
                  draggable
                  onDragStart={({ dataTransfer }) => dataTransfer.setData('text/plain', kind)}
                  onClick={() => add(kind)}
                >
                  <bdi>{kind}</bdi>
                </button>
              </li>
            ))}
          </ul>
          <div className="compose-bring">
            <ComponentField
              label="A component that is there"
              placeholder="bring in a component"
              value=""
              onChoose={bring}
            />
          </div>
        </Panel>
        <DraftCanvas
          draft={draft}
          chosen={chosen}
          source={source}
          onChoose={setChosen}
          onSource={setConnecting}
          onConnect={connect}
          onDrop={(type) => kinds.includes(type) && add(type)}
        />
        <div className="compose-side">
          {problem !== undefined && <ProblemCard error={problem} />}
          {source !== undefined ? (
            <Connecting draft={draft} source={source} onConnect={connect} onEnd={() => setConnecting(undefined)} />
          ) : draft.length === 0 && coming > 0 ? (
            <Skeleton rows={6} />
          ) : part === undefined ? (
            <Empty title={draft.length === 0 ? 'Nothing on the canvas yet' : 'Nothing is chosen'}>
              {draft.length === 0
                ? 'Put a type on it, or bring in a component that is there. Each shows what it needs; what fits lights up while you connect.'
                : 'Choose one to give it values, to move it or to take it away.'}
            </Empty>
          ) : (
            <PartForm
              key={part.id}
              part={part}
              at={at}
              environments={environments}
              onChange={(next) => change((before) => changed(before, part.id, () => next))}
              onDraft={(by, id) => {
                change(by);
                setChosen(id);
              }}
            />
          )}
        </div>
      </div>
      {written && (
        <div className={`change-parts${isWorking ? ' edit-working' : ''}`} aria-busy={isWorking}>
          <div className="change-side">
            {trial.data?.diff !== undefined && (
              <Panel title="What it would write" flush>
                <DiffText diff={trial.data.diff} none="It would write nothing." />
              </Panel>
            )}
          </div>
          <div className="change-main">
            {trial.error !== null && !trial.isFetching ? (
              <ProblemCard error={trial.error} />
            ) : (
              trial.data !== undefined && <Consequence told={trial.data} />
            )}
          </div>
        </div>
      )}
      <ProposeBar
        proposal={proposal}
        begun={revise?.reason}
        told={toldOf(draft)}
        said={
          isWorking
            ? 'finding out what it would do …'
            : trial.data === undefined
              ? ''
              : saidOf(trial.data.blockers.length)
        }
        mayPropose={written && !isWorking && trial.error === null}
        mayStartOver={draft.length > 0}
        onStartOver={() => {
          change(() => []);
          setChosen(undefined);
        }}
        onMade={() => kept.delete(name)}
      />
    </>
  );
}

/** `2 new · 1 changed · 1 goes`. */
function toldOf(draft: Draft): string {
  const words = ['new', 'changed', 'moves', 'goes'] as const;
  const told = words.flatMap((word) => {
    const count = draft.filter((part) => wordOf(part) === word).length;
    return count === 0 ? [] : [`${count} ${word}`];
  });
  return told.length === 0 ? 'nothing changed yet' : told.join(' · ');
}
