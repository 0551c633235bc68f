import type { ReactNode } from 'react';
import './panel.css';

/** A titled part of a page, with how much is in it. */
export function Panel({
  title,
  count,
  action,
  flush = false,
  children,
}: {
  readonly title: string;
  readonly count?: number;
  readonly action?: ReactNode;
  /** What is inside reaches the edges: lists and tables. */
  readonly flush?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <section className="panel" aria-label={title}>
      <header className="panel-head">
        <h2>{title}</h2>
        {count !== undefined && <span className="panel-count">{count.toLocaleString('en')}</span>}
        {action !== undefined && <span className="panel-action">{action}</span>}
      </header>
      <div className={flush ? 'panel-flush' : 'panel-body'}>{children}</div>
    </section>
  );
}
