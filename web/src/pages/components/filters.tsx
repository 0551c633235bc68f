import type { ReactNode } from 'react';
import type { StatusWord } from '../../api/answers.ts';
import { Icon } from '../../parts/icon.tsx';
import { StatusShape } from '../../parts/status-mark.tsx';
import { statusLooks, statusWords } from '../../parts/status-word.ts';

export interface FiltersProps {
  readonly select: string;
  readonly onType: (text: string) => void;
  readonly onSelect: (text: string) => void;
  readonly counts: Readonly<Partial<Record<StatusWord, number>>> | undefined;
  readonly status: string | undefined;
  readonly group: string | undefined;
  readonly onChange: (next: { readonly status?: string | undefined; readonly group?: string | undefined }) => void;
  readonly saved: ReactNode;
  readonly shown: number;
  readonly total: number | undefined;
}

export function Filters({
  select,
  onType,
  onSelect,
  counts,
  status,
  group,
  onChange,
  saved,
  shown,
  total,
}: FiltersProps) {
  return (
    <div className="toolbar">
      <form
        className="field filter-field"
        onSubmit={(event) => {
          event.preventDefault();
          onSelect(select.trim());
        }}
      >
        <Icon name="search" size={14} />
        <input
          aria-label="Selection"
          placeholder="env=dev and type=vpc"
          spellCheck={false}
          value={select}
          onChange={({ target }) => onType(target.value)}
        />
        {select !== '' && (
          <button type="button" className="copy" aria-label="Clear the selection" onClick={() => onSelect('')}>
            <Icon name="close" size={12} />
          </button>
        )}
      </form>
      <div className="chips">
        {statusWords
          .filter((word) => (counts?.[word] ?? 0) > 0 || word === status)
          .map((word) => (
            <button
              type="button"
              key={word}
              className="chip"
              aria-pressed={status === word}
              onClick={() => onChange({ status: status === word ? undefined : word })}
            >
              <span className={`status tone-${statusLooks[word].tone}`}>
                <StatusShape status={word} />
              </span>
              {word} {(counts?.[word] ?? 0).toLocaleString('en')}
            </button>
          ))}
      </div>
      <div className="toolbar-rest">
        <span className="small" role="status">
          {total !== undefined && (shown === total ? grouped(total) : `${grouped(shown)} of ${grouped(total)}`)}
        </span>
        {saved}
        <select
          className="select"
          aria-label="Group by"
          value={group ?? ''}
          onChange={({ target }) => onChange({ group: target.value === '' ? undefined : target.value })}
        >
          <option value="">not grouped</option>
          <option value="environment">by environment</option>
          <option value="kind">by type</option>
          <option value="status">by status</option>
        </select>
      </div>
    </div>
  );
}

function grouped(count: number): string {
  return count.toLocaleString('en');
}
