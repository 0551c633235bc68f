import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import type { Deeds } from '../../api/answers.ts';
import { client } from '../../api/client.ts';
import { send } from '../../api/send.ts';
import { ProblemCard } from '../../parts/problem-card.tsx';
import './edit.css';

/** A change that is open and gets another content. */
export interface Revised {
  readonly id: string;
  readonly reason: string;
}

export function saidOf(blockers: number): string {
  return blockers === 0 ? '' : `would be blocked: ${blockers} thing${blockers === 1 ? '' : 's'} in the way`;
}

/** Why, and the way to propose what was written; it leads to the change that comes of it. */
export function ProposeBar({
  proposal,
  begun = '',
  told,
  said,
  mayPropose,
  mayStartOver,
  onStartOver,
  onMade,
}: {
  readonly proposal: Omit<Deeds['/v1/changes']['ask'], 'reason'>;
  /** The reason that stands there at first. */
  readonly begun?: string | undefined;
  readonly told: string;
  readonly said: string;
  readonly mayPropose: boolean;
  readonly mayStartOver: boolean;
  readonly onStartOver: () => void;
  readonly onMade: () => void;
}) {
  const [reason, setReason] = useState(begun);
  const navigate = useNavigate();
  const key = useRef(crypto.randomUUID());
  const propose = useMutation({
    mutationFn: () => send('/v1/changes', { ...proposal, reason }, { key: key.current }),
    onSuccess: async ({ id: made }) => {
      onMade();
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
        {told}
        {said !== '' && <> · {said}</>}
      </span>
      <button type="button" className="button quiet" disabled={!mayStartOver} onClick={onStartOver}>
        Start over
      </button>
      <button
        type="submit"
        className="button strong"
        disabled={!mayPropose || reason.trim() === '' || propose.isPending}
      >
        {proposal.revise === undefined ? 'Propose' : `Revise ${proposal.revise}`}
      </button>
    </form>
  );
}
