import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { client } from '../../api/client.ts';
import { refresh } from '../../api/live.ts';
import { send } from '../../api/send.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { ProblemCard } from '../../parts/problem-card.tsx';
import '../changes/changes.css';

/** Asks for a run: whichever worker comes first does it. The service says what may not be, and asks who one is. */
export function AskRun({ onClose, onAsked }: { readonly onClose: () => void; readonly onAsked: (id: string) => void }) {
  const [action, setAction] = useState<'deploy' | 'destroy'>('deploy');
  const [selection, setSelection] = useState('');
  const [all, setAll] = useState(false);
  const [reason, setReason] = useState('');
  const key = useRef(crypto.randomUUID());
  const select = selection
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '');
  const ask = useMutation({
    mutationFn: () =>
      send(
        '/v1/runs',
        { action, ...(all ? { all } : { select }), ...(reason.trim() === '' ? {} : { reason }) },
        { key: key.current },
      ),
    onSuccess: ({ request }) => {
      for (const query of client.getQueryCache().findAll({ queryKey: ['/v1/requests'] })) refresh(query);
      onAsked(request.id);
    },
    onSettled: () => {
      key.current = crypto.randomUUID();
    },
  });
  const isDestroy = action === 'destroy';
  return (
    <Dialog title="Ask for a run" onClose={onClose}>
      <form
        className="deed"
        onSubmit={(event) => {
          event.preventDefault();
          if (all || select.length > 0) ask.mutate();
        }}
      >
        <p>
          A worker takes it, at the commit that HEAD is now, in order and with cutoff; nobody is asked again before it
          runs.
        </p>
        <label className="deed-field">
          <span>What</span>
          <select
            className="select"
            value={action}
            onChange={({ target }) => setAction(target.value === 'destroy' ? 'destroy' : 'deploy')}
          >
            <option value="deploy">deploy</option>
            <option value="destroy">destroy</option>
          </select>
        </label>
        <label className="deed-field">
          <span>Of what: components, or a selection</span>
          <input
            className="field mono"
            placeholder="prod/vpc/main, or env=dev"
            spellCheck={false}
            disabled={all}
            value={selection}
            onChange={({ target }) => setSelection(target.value)}
          />
        </label>
        <label className="deed-check">
          <input type="checkbox" checked={all} onChange={({ target }) => setAll(target.checked)} />
          Everything
        </label>
        <label className="deed-field">
          <span>Why (may be left out)</span>
          <input className="field" value={reason} onChange={({ target }) => setReason(target.value)} />
        </label>
        {ask.error !== null && <ProblemCard error={ask.error} retry={() => ask.mutate()} />}
        <p className="deed-foot">
          <button type="button" className="button quiet" onClick={onClose}>
            Not now
          </button>
          <button
            type="submit"
            className={`button ${isDestroy ? 'strong-bad' : 'strong'}`}
            disabled={ask.isPending || (!all && select.length === 0)}
          >
            {isDestroy ? 'Ask to destroy it' : 'Ask for it'}
          </button>
        </p>
      </form>
    </Dialog>
  );
}
