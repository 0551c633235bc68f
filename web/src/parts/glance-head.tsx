import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';
import './glance.css';

/**
 * The head of what lies beside a page: what it is of, and the way out.
 * @param hint told over the button, where a key does the same
 */
export function GlanceHead({
  children,
  hint,
  onClose,
}: {
  readonly children: ReactNode;
  readonly hint?: string;
  readonly onClose: () => void;
}) {
  return (
    <header className="glance-head">
      {children}
      <button type="button" className="button quiet icon-only" aria-label="Close" title={hint} onClick={onClose}>
        <Icon name="close" size={14} />
      </button>
    </header>
  );
}
