import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { ChangeState, ShownChange } from '../../api/answers.ts';
import { client } from '../../api/client.ts';
import { send } from '../../api/send.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { ProblemCard } from '../../parts/problem-card.tsx';

type Deed = 'approve' | 'reject' | 'cancel';

const endable: readonly ChangeState[] = ['proposed', 'simulated', 'blocked', 'planned', 'approved'];
const agreeable: readonly ChangeState[] = ['simulated', 'planned', 'approved'];

/** What can still be done with a change. Each is about exactly what is shown: what became another meanwhile is refused. */
export function ChangeDeeds({ shown }: { readonly shown: ShownChange }) {
  const [doing, setDoing] = useState<Deed>();
  const { change, approval } = shown;
  const close = (): void => setDoing(undefined);
  if (!endable.includes(change.state)) return null;
  const asksMore = change.state !== 'approved' || !approval.met;
  return (
    <>
      <button type="button" className="button quiet" onClick={() => setDoing('cancel')}>
        Cancel this change …
      </button>
      <button type="button" className="button" onClick={() => setDoing('reject')}>
        Reject …
      </button>
      {agreeable.includes(change.state) && asksMore && (
        <button type="button" className="button strong" onClick={() => setDoing('approve')}>
          Approve …
        </button>
      )}
      {doing === 'approve' && <ApproveDialog shown={shown} onClose={close} />}
      {doing === 'reject' && <RejectDialog shown={shown} onClose={close} />}
      {doing === 'cancel' && <CancelDialog id={change.id} onClose={close} />}
    </>
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
        <dt>Content</dt>
        <dd className="mono">{change.head.slice(0, 12)}</dd>
        <dt>Consequence</dt>
        <dd className="mono" title={consequence}>
          {consequence.slice(0, 16)}
        </dd>
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
  onClose,
  onDo,
  children,
}: {
  readonly title: string;
  readonly label: string;
  readonly tone: 'strong' | 'strong-bad';
  readonly onClose: () => void;
  readonly onDo: (reason: { readonly reason?: string }) => Promise<unknown>;
  readonly children: ReactNode;
}) {
  const [reason, setReason] = useState('');
  const deed = useMutation({
    mutationFn: () => onDo(reason.trim() === '' ? {} : { reason }),
    onSuccess: async () => {
      await client.invalidateQueries({ predicate: ({ queryKey: [path] }) => String(path).startsWith('/v1/changes') });
      onClose();
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
        <label className="deed-field">
          <span>Why (may be left out)</span>
          <input className="field" value={reason} onChange={({ target }) => setReason(target.value)} />
        </label>
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
