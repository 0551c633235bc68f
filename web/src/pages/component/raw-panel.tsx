import { useState } from 'react';
import type { Shown } from '../../api/answers.ts';
import { Copy } from '../../parts/copy.tsx';
import { Panel } from '../../parts/panel.tsx';
import './raw-panel.css';

/** The answer itself, as the command and the API give it: what looks secret is hidden there already. */
export function RawPanel({ shown }: { readonly shown: Shown }) {
  const [open, setOpen] = useState(false);
  const text = open ? JSON.stringify(shown, null, 2) : '';
  return (
    <Panel
      title="Raw"
      action={
        <>
          {open && <Copy text={text} what="the answer" />}
          <button type="button" className="button quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? 'Hide' : 'Show the answer'}
          </button>
        </>
      }
      flush
    >
      {open && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
        <pre className="raw mono" tabIndex={0} role="region" aria-label="The answer as JSON">
          <bdi>{text}</bdi>
        </pre>
      )}
    </Panel>
  );
}
