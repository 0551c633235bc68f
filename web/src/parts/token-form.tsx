import { useId, useState } from 'react';
import { client } from '../api/client.ts';
import { holdToken } from '../api/token.ts';

/** Asks who somebody is, where the service does not know. The token stays in this tab alone. */
export function TokenForm({ onHeld }: { readonly onHeld: () => void }) {
  const [typed, setTyped] = useState('');
  const own = useId();
  const show = (): void => {
    if (typed.trim() === '') return;
    holdToken(typed);
    setTyped('');
    onHeld();
    // What nobody was told before may be told now.
    void client.invalidateQueries({ predicate: ({ state }) => state.status === 'error' });
  };
  return (
    <p className="token-form">
      <label htmlFor={own}>Your token</label>
      <input
        id={own}
        className="field mono"
        type="password"
        autoComplete="off"
        spellCheck={false}
        placeholder="karma_…"
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return;
          event.preventDefault();
          show();
        }}
      />
      <button type="button" className="button" onClick={show}>
        Show it
      </button>
      <span className="small dim">It is sent with what this tab asks, and kept nowhere.</span>
    </p>
  );
}
