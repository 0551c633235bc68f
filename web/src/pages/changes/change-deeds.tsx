import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { ChangeState, ShownChange } from '../../api/answers.ts';
import { client } from '../../api/client.ts';
import { refresh } from '../../api/live.ts';
import { send } from '../../api/send.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { ProblemCard } from '../../parts/problem-card.tsx';
import { isPlannable } from './plan/plannable.ts';

type Deed = 'plan' | 'approve' | 'reject' | 'cancel' | 'apply' | 'resume' | 'revert';

const endable: readonly ChangeState[] = ['proposed', 'simulated', 'blocked', 'planned', 'approved'];
const agreeable: readonly ChangeState[] = ['simulated', 'planned', 'approved'];

/** What can still be done with a change. Each is about exactly what is shown: what became another meanwhile is refused. */
export function ChangeDeeds({ shown }: { readonly shown: ShownChange }) {
  const [doing, setDoing] = useState<Deed>();
  const close = (): void => setDoing(undefined);
  const deeds = deedsOf(shown);
  return (
    <>
      {endable.includes(shown.change.state) && (
        <Link
          to="/compose"
          search={{ revise: shown.change.id }}
          className="button quiet"
          title="Give it another content: its next revision"
        >
          Revise …
        </Link>
      )}
      {deeds.map((deed, index) => (
        <button
          type="button"
          key={deed}
          className={`button ${index === deeds.length - 1 && deed !== 'reject' && deed !== 'plan' ? 'strong' : deed === 'cancel' ? 'quiet' : ''}`}
          onClick={() => setDoing(deed)}
        >
          {labels[deed]} …
        </button>
      ))}
      {doing === 'plan' && <PlanDialog shown={shown} onClose={close} />}
      {doing === 'approve' && <ApproveDialog shown={shown} onClose={close} />}
      {doing === 'reject' && <RejectDialog shown={shown} onClose={close} />}
      {doing === 'cancel' && <CancelDialog id={shown.change.id} onClose={close} />}
      {doing === 'apply' && <ApplyDialog shown={shown} onClose={close} />}
      {doing === 'resume' && <ResumeDialog id={shown.change.id} onClose={close} />}
      {doing === 'revert' && <RevertDialog id={shown.change.id} onClose={close} />}
    </>
  );
}

const labels: Readonly<Record<Deed, string>> = {
  cancel: 'Cancel this change',
  reject: 'Reject',
  plan: 'Plan',
  approve: 'Approve',
  apply: 'Apply',
  resume: 'Go on',
  revert: 'Take it back',
};

/** What comes next stands last. */
function deedsOf({ change, approval, blockers }: ShownChange): readonly Deed[] {
  const { state, apply } = change;
  const deeds: Deed[] = [];
  if (endable.includes(state)) deeds.push('cancel', 'reject');
  if (isPlannable(change)) deeds.push('plan');
  if (agreeable.includes(state) && (state !== 'approved' || !approval.met)) deeds.push('approve');
  if (agreeable.includes(state) && approval.met && blockers.length === 0) deeds.push('apply');
  if (apply?.committed === true && (state === 'applied' || state === 'failed')) deeds.push('revert');
  if (state === 'failed') deeds.push('resume');
  return deeds;
}

/** What somebody agrees to or applies, and nothing else. */
function Exactly({ shown: { change, consequence } }: { readonly shown: ShownChange }) {
  return (
    <>
      <dt>Content</dt>
      <dd className="mono">{change.head.slice(0, 12)}</dd>
      <dt>Consequence</dt>
      <dd className="mono" title={consequence}>
        {consequence.slice(0, 16)}
      </dd>
    </>
  );
}

/** A plan runs the programs of the estate, with what they may do there: who asks for it may run things. */
export function PlanDialog({ shown, onClose }: { readonly shown: ShownChange; readonly onClose: () => void }) {
  const { id, revision } = shown.change;
  return (
    <DeedDialog
      title={`Plan ${id}`}
      label="Plan it"
      tone="strong"
      asksWhy={false}
      onClose={onClose}
      onDo={() => send('/v1/changes/{id}/plan', { id, revision })}
    >
      <p>
        A worker asks Terraform, in order, what it would do for all that revision {revision} runs, and changes nothing.
        What reads a value that an earlier one would change waits: nothing is planned on a value that was made up.
      </p>
    </DeedDialog>
  );
}

function ApproveDialog({ shown, onClose }: { readonly shown: ShownChange; readonly onClose: () => void }) {
  const { change, consequence, simulation } = shown;
  const { id, revision } = change;
  return (
    <DeedDialog
      title={`Approve ${id}`}
      label="Approve exactly this"
      tone="strong"
      onClose={onClose}
      onDo={(reason) => send('/v1/changes/{id}/approve', { id, revision, consequence, ...reason })}
    >
      <p>
        You agree to revision {revision} and to what it was found to do. Where its content changes, or it comes to do
        more, this is void and you are asked again.
      </p>
      <dl className="deed-facts">
        <Exactly shown={shown} />
        <dt>It does</dt>
        <dd>
          {simulation.summary[0]}
          <br />
          <span className={simulation.comparison.complete ? 'tone-ok' : 'tone-warn'}>{simulation.summary[1]}</span>
        </dd>
      </dl>
    </DeedDialog>
  );
}

function ApplyDialog({ shown, onClose }: { readonly shown: ShownChange; readonly onClose: () => void }) {
  const { change, consequence, simulation } = shown;
  const { id, revision } = change;
  const [overtake, setOvertake] = useState(false);
  const [statesCopied, setStatesCopied] = useState(false);
  const { waves } = simulation.order;
  return (
    <DeedDialog
      title={`Apply ${id}`}
      label="Apply exactly this"
      tone="strong"
      asksWhy={false}
      onClose={onClose}
      onDo={() => send('/v1/changes/{id}/apply', { id, revision, consequence, overtake, statesCopied })}
    >
      <p>
        A worker makes it one commit of the followed branch, publishes its configs, and deploys what it changes and
        affects in order; what provably need not run is skipped.
      </p>
      <dl className="deed-facts">
        <Exactly shown={shown} />
        <dt>Runs</dt>
        <dd>
          at most {waves.flat().length} in {waves.length} wave{waves.length === 1 ? '' : 's'}
        </dd>
      </dl>
      <label className="deed-check">
        <input type="checkbox" checked={overtake} onChange={({ target }) => setOvertake(target.checked)} />
        Go ahead of a change that was approved before and does not commute with it
      </label>
      {simulation.comparison.states.moved.length > 0 && (
        <label className="deed-check">
          <input type="checkbox" checked={statesCopied} onChange={({ target }) => setStatesCopied(target.checked)} />
          The states that move were copied
        </label>
      )}
    </DeedDialog>
  );
}

function ResumeDialog({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  return (
    <DeedDialog
      title={`Go on with ${id}`}
      label="Go on"
      tone="strong"
      asksWhy={false}
      onClose={onClose}
      onDo={() => send('/v1/changes/{id}/resume', { id })}
    >
      <p>A worker looks at what is there, and goes on from the step that is not done.</p>
    </DeedDialog>
  );
}

function RevertDialog({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const navigate = useNavigate({ from: '/changes' });
  return (
    <DeedDialog
      title={`Take ${id} back`}
      label="Propose what takes it back"
      tone="strong"
      onClose={onClose}
      onDo={async (reason) => {
        const { id: made } = await send('/v1/changes/{id}/revert', { id, ...reason });
        if (made !== undefined) void navigate({ search: ({ at }) => ({ at, id: made }) });
      }}
    >
      <p>The inverse becomes a change of its own: what it would do is found out, and the same is asked of it.</p>
    </DeedDialog>
  );
}

function RejectDialog({ shown, onClose }: { readonly shown: ShownChange; readonly onClose: () => void }) {
  const { id, revision } = shown.change;
  return (
    <DeedDialog
      title={`Reject ${id}`}
      label="Reject the change"
      tone="strong-bad"
      onClose={onClose}
      onDo={(reason) => send('/v1/changes/{id}/reject', { id, revision, ...reason })}
    >
      <p>It is not to be. Its number and its story stay; another change may propose the same again.</p>
    </DeedDialog>
  );
}

function CancelDialog({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  return (
    <DeedDialog
      title={`Cancel ${id}`}
      label="Cancel the change"
      tone="strong-bad"
      onClose={onClose}
      onDo={(reason) => send('/v1/changes/{id}/cancel', { id, ...reason })}
    >
      <p>Nothing of it was applied, and nothing of it will be. Its number and its story stay.</p>
    </DeedDialog>
  );
}

function DeedDialog({
  title,
  label,
  tone,
  asksWhy = true,
  onClose,
  onDo,
  children,
}: {
  readonly title: string;
  readonly label: string;
  readonly tone: 'strong' | 'strong-bad';
  readonly asksWhy?: boolean;
  readonly onClose: () => void;
  readonly onDo: (reason: { readonly reason?: string }) => Promise<unknown>;
  readonly children: ReactNode;
}) {
  const [reason, setReason] = useState('');
  const deed = useMutation({
    mutationFn: () => onDo(reason.trim() === '' ? {} : { reason }),
    onSuccess: () => {
      onClose();
      // The ledger tells of it, too; where nobody hears it, this does.
      for (const query of client.getQueryCache().getAll())
        if (String(query.queryKey[0]).startsWith('/v1/changes')) refresh(query);
    },
  });
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        className="deed"
        onSubmit={(event) => {
          event.preventDefault();
          deed.mutate();
        }}
      >
        {children}
        {asksWhy && (
          <label className="deed-field">
            <span>Why (may be left out)</span>
            <input className="field" value={reason} onChange={({ target }) => setReason(target.value)} />
          </label>
        )}
        {deed.error !== null && <ProblemCard error={deed.error} retry={() => deed.mutate()} />}
        <p className="deed-foot">
          <button type="button" className="button quiet" onClick={onClose}>
            Not now
          </button>
          <button type="submit" className={`button ${tone}`} disabled={deed.isPending}>
            {label}
          </button>
        </p>
      </form>
    </Dialog>
  );
}
