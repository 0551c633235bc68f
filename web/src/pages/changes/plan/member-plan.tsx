import { type ReactNode, useState } from 'react';
import type { MemberPlan } from '../../../api/answers.ts';
import { ComponentLink } from '../../../parts/component-name.tsx';
import { Icon } from '../../../parts/icon.tsx';
import { Sentence } from '../../../parts/sentence.tsx';
import { ResourceList, ValueList } from './resource-list.tsx';
import './plan.css';

type Planned = Extract<MemberPlan, { readonly state: 'planned' }>;

/** What Terraform would do to one component, or why that is not known. */
export function MemberPlanned({ member, open }: { readonly member: MemberPlan; readonly open: boolean }) {
  switch (member.state) {
    case 'planned':
      return <WouldDo member={member} open={open} />;
    case 'waiting':
      return (
        <Member tone="info" word="waits" of={member.key}>
          <p className="planned-said">
            for{' '}
            {member.unknown.slice(0, 12).map((name, at) => (
              <span key={name}>
                {at > 0 && ', '}
                <bdi className="mono">{name}</bdi>
              </span>
            ))}
            {member.unknown.length > 12 && ` and ${member.unknown.length - 12} more`}
          </p>
        </Member>
      );
    case 'skipped':
      return (
        <Member tone="ok" word="skipped" of={member.key}>
          {member.decision.skip && (
            <p className="planned-said dim">
              Its config, module, variables and program are those of run <code>{member.decision.proof.record}</code>,
              and all that it read kept its value.
              {member.decision.proof.unseen.length > 0 && (
                <>
                  {' '}
                  Not looked at: <bdi className="mono">{member.decision.proof.unseen.join(', ')}</bdi>.
                </>
              )}
            </p>
          )}
        </Member>
      );
    default:
      return (
        <Member
          tone={member.state === 'failed' ? 'bad' : 'none'}
          word={member.state === 'failed' ? 'failed' : 'not planned'}
          of={member.key}
        >
          <p className={`planned-said ${member.state === 'failed' ? 'tone-bad' : 'dim'}`}>
            <Sentence text={member.reason} />{' '}
            {member.error !== undefined && <code className="small">{member.error.code}</code>}
          </p>
          {member.error?.hint !== undefined && (
            <p className="planned-said dim">
              <Sentence text={member.error.hint} />
            </p>
          )}
        </Member>
      );
  }
}

interface Told {
  readonly tone: 'bad' | 'info' | 'none' | 'ok';
  /** What became of it, in a word. */
  readonly word: string;
  readonly of: string;
  readonly children: ReactNode;
}

function Member({ tone, word, of, children }: Told) {
  return (
    <li className="planned-member">
      <p className="planned-head">
        <span className={`planned-state tone-${tone}`}>{word}</span>
        <MemberName of={of} />
      </p>
      {children}
    </li>
  );
}

function WouldDo({ member, open }: { readonly member: Planned; readonly open: boolean }) {
  const { plan, notes, decision } = member;
  const { changes, resources, outputChanges = [], unknownOutputs, droppedOutputs, drifted, anyChange } = plan;
  const [shown, setShown] = useState(open);
  const told = new Set(outputChanges.map(({ path }) => path.split('.')[0]));
  const untold = unknownOutputs.filter((name) => !told.has(name));
  if (!anyChange)
    return (
      <Member tone="ok" word="no change" of={member.key}>
        <Notes notes={notes} />
      </Member>
    );
  return (
    <li className="planned-member">
      <p className="planned-head">
        <button
          type="button"
          className="planned-state planned-open"
          aria-expanded={shown}
          onClick={() => setShown(!shown)}
        >
          <Icon name="right" size={12} />
          planned<span className="hidden-visually"> for {member.key}</span>
        </button>
        <MemberName of={member.key} />
        <PlanCounts counts={changes} outputs={outputChanges.length} />
      </p>
      {shown && (
        <>
          <Notes notes={notes} />
          {droppedOutputs.length > 0 && (
            <p className="planned-said tone-bad">
              Outputs that go: <bdi className="mono">{droppedOutputs.join(', ')}</bdi>
            </p>
          )}
          {drifted.length > 0 && (
            <p className="planned-said tone-warn">
              Changed outside Terraform: <bdi className="mono">{drifted.join(', ')}</bdi>
            </p>
          )}
          <ResourceList resources={resources} />
          {outputChanges.length > 0 && (
            <section className="planned-outputs" aria-label={`Outputs of ${member.key}`}>
              <h3>Outputs</h3>
              <ValueList values={outputChanges} />
            </section>
          )}
          {untold.length > 0 && (
            <p className="planned-said dim">
              Known only once it ran: <bdi className="mono">{untold.join(', ')}</bdi>
            </p>
          )}
          {!decision.skip && decision.reasons.length > 0 && (
            <p className="planned-said small dim">
              It runs because{' '}
              {decision.reasons
                .slice(0, 3)
                .map(({ text }) => text)
                .join('; ')}
              {decision.reasons.length > 3 && `; and ${decision.reasons.length - 3} more`}.
            </p>
          )}
        </>
      )}
    </li>
  );
}

function Notes({ notes }: { readonly notes: readonly string[] }) {
  return notes.map((note) => (
    <p key={note} className="planned-said tone-warn">
      <Sentence text={note} />
    </p>
  ));
}

/** A deployment of it stands behind the `@`. */
function MemberName({ of }: { readonly of: string }) {
  const cut = of.lastIndexOf('@');
  return <ComponentLink id={cut > 0 ? of.slice(0, cut) : of} name={of} />;
}

export function PlanCounts({
  counts: { add, change, destroy },
  outputs = 0,
}: {
  readonly counts: { readonly add: number; readonly change: number; readonly destroy: number };
  readonly outputs?: number;
}) {
  return (
    <span className="planned-counts mono small">
      <span className={add > 0 ? 'tone-ok' : 'dim'} title={`${add} to add`}>
        +{add}
      </span>{' '}
      <span className={change > 0 ? 'tone-warn' : 'dim'} title={`${change} to change`}>
        ~{change}
      </span>{' '}
      <span className={destroy > 0 ? 'tone-bad' : 'dim'} title={`${destroy} to destroy`}>
        −{destroy}
      </span>
      {outputs > 0 && (
        <span className="dim">
          {' '}
          {outputs} output{outputs === 1 ? '' : 's'}
        </span>
      )}
    </span>
  );
}
