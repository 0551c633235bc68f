import { type ReactNode, useEffect } from 'react';
import './page.css';

/** The frame of a page: what it is called, what can be done, what it shows. */
export function Page({
  title,
  heading,
  about,
  actions,
  fill = false,
  children,
}: {
  readonly title: string;
  /** Where the heading is more than the title's words. */
  readonly heading?: ReactNode;
  readonly about?: ReactNode;
  readonly actions?: ReactNode;
  /** What is shown takes the height that is left and scrolls by itself: tables and pictures. */
  readonly fill?: boolean;
  readonly children: ReactNode;
}) {
  useEffect(() => {
    document.title = `${title} · Karma`;
  }, [title]);
  return (
    <div className={fill ? 'page page-fill' : 'page'}>
      <header className="page-head">
        <div className="page-title">
          <h1>{heading ?? title}</h1>
          {about !== undefined && <div className="page-about">{about}</div>}
        </div>
        {actions !== undefined && <div className="page-actions">{actions}</div>}
      </header>
      {children}
    </div>
  );
}
