import { Link } from '@tanstack/react-router';
import type { ShownChange } from '../../api/answers.ts';
import { Panel } from '../../parts/panel.tsx';
import '../impact/blockers.css';

type Relation = ShownChange['others'][number];

const tones: Readonly<Record<Relation['is'], 'ok' | 'warn' | 'bad'>> = {
  commutes: 'ok',
  waits: 'warn',
  clashes: 'bad',
};

/** How it stands to every other open change: the ones that have to do with it by name, the rest by number. */
export function OtherChanges({ others }: { readonly others: readonly Relation[] }) {
  if (others.length === 0) return null;
  const near = others.filter(({ is }) => is !== 'commutes');
  const far = others.length - near.length;
  return (
    <Panel title="Other open changes" count={others.length} flush>
      <ul>
        {near.map(({ change, is, first, over, more }) => (
          <li key={change} className="blocker">
            <span className={`blocker-word tone-${tones[is]}`}>{is}</span>
            <Link to="/changes" search={{ id: change }} className="link mono">
              {change}
            </Link>
            <span className="blocker-said">
              {first === change ? 'it goes first' : 'this one goes first'}; both have to do with{' '}
              <bdi>{over.join(', ')}</bdi>
              {more > 0 && ` and ${more} more`}
            </span>
          </li>
        ))}
        {far > 0 && (
          <li className="blocker">
            <span className="blocker-word tone-ok">commutes</span>
            <span className="blocker-said">
              with {far === others.length ? (far === 1 ? 'it' : `all ${far}`) : `${far} other${far === 1 ? '' : 's'}`}
            </span>
            <span className="blocker-said dim">either order comes to the same</span>
          </li>
        )}
      </ul>
    </Panel>
  );
}
