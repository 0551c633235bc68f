import type { ReactNode } from 'react';
import './facts.css';

/** A count and what it counts. Wrapped in a link it leads to the list behind it. */
export function Counted({
  count,
  one,
  many,
}: {
  readonly count: number;
  readonly one: string;
  readonly many?: string;
}) {
  return (
    <>
      <strong className="counted">{count.toLocaleString('en')}</strong> {count === 1 ? one : (many ?? `${one}s`)}
    </>
  );
}

export function Facts({ children }: { readonly children: ReactNode }) {
  return <dl className="facts">{children}</dl>;
}

export function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="fact">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
