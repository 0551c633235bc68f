import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { ShownChange } from '../../api/answers.ts';
import { client } from '../../api/client.ts';
import { send } from '../../api/send.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { ProblemCard } from '../../parts/problem-card.tsx';

/** What can still be done with a change. */
export function ChangeDeeds({ shown: { change } }: { readonly shown: ShownChange }) {
  const [asks, setAsks] = useState(false);
  const mayEnd = ['proposed', 'simulated', 'blocked', 'planned', 'approved'].includes(change.state);
  if (!mayEnd) return null;
  return (
    <>
      <button type="button" className="button" onClick={() => setAsks(true)}>
        Cancel this change …
      </button>
      {asks && <CancelDialog id={change.id} onClose={() => setAsks(false)} />}
    </>
  );
}

function CancelDialog({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const [reason, setReason] = useState('');
  const cancel = useMutation({
    mutationFn: () => send('/v1/changes/{id}/cancel', { id, ...(reason.trim() === '' ? {} : { reason }) }),
    onSuccess: async () => {
      await client.invalidateQueries({ predicate: ({ queryKey: [path] }) => String(path).startsWith('/v1/changes') });
      onClose();
    },
  });
  return (
    <Dialog title={`Cancel ${id}`} onClose={onClose}>
      <form
        className="deed"
        onSubmit={(event) => {
          event.preventDefault();
          cancel.mutate();
        }}
      >
        <p>Nothing of it was applied, and nothing of it will be. Its number and its story stay.</p>
        <label className="deed-field">
          <span>Why (may be left out)</span>
          <input className="field" value={reason} onChange={({ target }) => setReason(target.value)} />
        </label>
        {cancel.error !== null && <ProblemCard error={cancel.error} />}
        <p className="deed-foot">
          <button type="button" className="button quiet" onClick={onClose}>
            Keep it
          </button>
          <button type="submit" className="button strong-bad" disabled={cancel.isPending}>
            Cancel the change
          </button>
        </p>
      </form>
    </Dialog>
  );
}
