import type { ReactNode } from 'react';
import { Command } from './command.tsx';
import './empty.css';

/** Nothing is there yet: what that means, and the command that would change it. */
export function Empty({
  title,
  command,
  children,
}: {
  readonly title: string;
  readonly command?: string;
  readonly children?: ReactNode;
}) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {children !== undefined && <p className="dim">{children}</p>}
      {command !== undefined && <Command text={command} />}
    </div>
  );
}
