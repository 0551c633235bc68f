import { useState } from 'react';
import { Icon } from '../../parts/icon.tsx';
import { Popover } from '../../parts/popover.tsx';
import { keepText, keptText } from '../../theme/theme.ts';
import { type Filter, readFilters, withFilter, withoutFilter } from './saved-filters.ts';

const place = 'karma.filters';

/** Filters by name, kept in this browser. A colleague gets one as the address of the page. */
export function Saved({ filter, onChoose }: { readonly filter: Filter; readonly onChoose: (filter: Filter) => void }) {
  const [filters, setFilters] = useState(() => readFilters(keptText(place)));
  const keep = (next: typeof filters): void => {
    keepText(place, JSON.stringify(next));
    setFilters(next);
  };
  return (
    <Popover
      label={<>Saved {filters.length > 0 && <span className="dim">{filters.length}</span>}</>}
      name="Saved filters"
      quiet={false}
    >
      {(close) => (
        <div className="saved">
          <ul>
            {filters.map(({ name, filter: kept }) => (
              <li key={name} className="saved-line">
                <button
                  type="button"
                  className="as-of-choice"
                  onClick={() => {
                    onChoose(kept);
                    close();
                  }}
                >
                  <bdi>{name}</bdi>
                  <bdi className="dim small mono">{wordsOf(kept)}</bdi>
                </button>
                <button
                  type="button"
                  className="copy"
                  aria-label={`Forget ${name}`}
                  onClick={() => keep(withoutFilter(filters, name))}
                >
                  <Icon name="close" size={12} />
                </button>
              </li>
            ))}
          </ul>
          <form
            className="saved-new"
            onSubmit={(event) => {
              event.preventDefault();
              const name = String(new FormData(event.currentTarget).get('name') ?? '').trim();
              if (name === '') return;
              keep(withFilter(filters, { name, filter }));
              event.currentTarget.reset();
            }}
          >
            <input className="field" name="name" aria-label="Name" placeholder="Keep this filter as …" maxLength={80} />
            <button type="submit" className="button">
              Save
            </button>
          </form>
        </div>
      )}
    </Popover>
  );
}

function wordsOf({ select = [], status, group, sort }: Filter): string {
  const parts = [...select, status, group && `by ${group}`, sort && `sorted by ${sort.replace(/^-/, '')}`];
  return parts.filter(Boolean).join(' · ') || 'all';
}
