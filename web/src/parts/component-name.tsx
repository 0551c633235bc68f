import { Link } from '@tanstack/react-router';
import './component-name.css';

/** An id, its last part strong. Whatever it holds stays within its place: long, of another direction, or meant as markup. */
export function ComponentName({ id }: { readonly id: string }) {
  const cut = id.lastIndexOf('/') + 1;
  return (
    <bdi className="name" title={id}>
      {cut > 0 && <span className="name-before">{id.slice(0, cut)}</span>}
      <span className="name-last">{id.slice(cut)}</span>
    </bdi>
  );
}

export function ComponentLink({
  id,
  name = id,
}: {
  readonly id: string;
  /** What it is called here, where that is another word. */
  readonly name?: string;
}) {
  return (
    <Link to="/component" search={(before) => ({ at: before.at, id })} className="name-link">
      <ComponentName id={name} />
    </Link>
  );
}
