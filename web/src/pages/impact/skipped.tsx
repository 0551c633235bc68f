import { useState } from 'react';
import { ComponentLink } from '../../parts/component-name.tsx';
import { Panel } from '../../parts/panel.tsx';
import './possible.css';

/** They read a file that changed, and are proved to be as they were. */
export function Skipped({ ids }: { readonly ids: readonly string[] }) {
  const [all, setAll] = useState(false);
  if (ids.length === 0) return null;
  const shown = all ? ids : ids.slice(0, 24);
  return (
    <Panel title="Skipped with proof" count={ids.length}>
      <p className="dim">They read a file that changed; evaluated at both ends, nothing of them differs.</p>
      <p className="possible-ids">
        {shown.map((id) => (
          <ComponentLink key={id} id={id} />
        ))}
      </p>
      {ids.length > shown.length && (
        <button type="button" className="button" onClick={() => setAll(true)}>
          {ids.length - shown.length} more
        </button>
      )}
    </Panel>
  );
}
