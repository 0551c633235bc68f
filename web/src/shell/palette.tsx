import { useNavigate } from '@tanstack/react-router';
import { useDeferredValue, useMemo, useState } from 'react';
import { useAnswer } from '../api/use-answer.ts';
import { ComponentName } from '../parts/component-name.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Icon } from '../parts/icon.tsx';
import { chooseTheme, nextTheme, useTheme } from '../theme/theme.ts';
import { findComponents, looksLikeSelection } from './find.ts';
import { places } from './places.ts';
import './palette.css';

interface Entry {
  readonly key: string;
  readonly group: string;
  readonly label: React.ReactNode;
  readonly hint?: string | undefined;
  readonly run: () => void;
}

/** One field for everything: a component, a page, a selection. */
export function Palette({ onClose, onKeys }: { readonly onClose: () => void; readonly onKeys: () => void }) {
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const entries = useEntries(useDeferredValue(text), onKeys);
  const at = Math.min(chosen, entries.length - 1);
  const run = (entry: Entry | undefined): void => {
    if (entry === undefined) return;
    onClose();
    entry.run();
  };
  const hear = (event: React.KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      const next = (at + step + entries.length) % Math.max(entries.length, 1);
      setChosen(next);
      document.getElementById(`entry-${next}`)?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter') run(entries[at]);
  };
  return (
    <Dialog title="Find" bare onClose={onClose}>
      <div className="palette-field">
        <Icon name="search" />
        <input
          autoFocus
          role="combobox"
          aria-label="Find a component, a page, or type a selection"
          aria-expanded="true"
          aria-controls="entries"
          aria-activedescendant={entries.length === 0 ? undefined : `entry-${at}`}
          placeholder="Find a component, a page, or type a selection: env=dev and type=vpc"
          spellCheck={false}
          autoComplete="off"
          value={text}
          onChange={({ target }) => {
            setText(target.value);
            setChosen(0);
          }}
          onKeyDown={hear}
        />
        <kbd>esc</kbd>
      </div>
      <div id="entries" role="listbox" tabIndex={-1} aria-label="What was found" className="palette-entries">
        {entries.map((entry, index) => (
          <Row
            key={entry.key}
            entry={entry}
            before={entries[index - 1]}
            index={index}
            chosen={index === at}
            run={run}
          />
        ))}
      </div>
      {entries.length === 0 && <p className="palette-none">Nothing is called that.</p>}
    </Dialog>
  );
}

function Row({
  entry,
  before,
  index,
  chosen,
  run,
}: {
  readonly entry: Entry;
  readonly before: Entry | undefined;
  readonly index: number;
  readonly chosen: boolean;
  readonly run: (entry: Entry) => void;
}) {
  return (
    <>
      {entry.group !== before?.group && (
        <div role="presentation" className="palette-group">
          {entry.group}
        </div>
      )}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the field above hears the keys and names this by aria-activedescendant */}
      <div
        id={`entry-${index}`}
        role="option"
        aria-selected={chosen}
        tabIndex={-1}
        className="palette-entry"
        onClick={() => run(entry)}
      >
        <span className="palette-label">{entry.label}</span>
        {entry.hint !== undefined && <span className="palette-hint">{entry.hint}</span>}
      </div>
    </>
  );
}

function useEntries(text: string, onKeys: () => void): readonly Entry[] {
  const navigate = useNavigate();
  const theme = useTheme();
  const { data } = useAnswer('/v1/components', {});
  return useMemo(() => {
    const wanted = text.trim().toLowerCase();
    const entries: Entry[] = [];
    if (looksLikeSelection(text))
      entries.push({
        key: 'select',
        group: 'Selection',
        label: (
          <>
            Show <code>{text.trim()}</code>
          </>
        ),
        run: () => void navigate({ to: '/components', search: ({ at }) => ({ at, select: [text.trim()] }) }),
      });
    if (wanted !== '')
      for (const { id, kind } of findComponents(data?.components ?? [], wanted, 12))
        entries.push({
          key: `component ${id}`,
          group: 'Components',
          label: <ComponentName id={id} />,
          hint: kind,
          run: () => void navigate({ to: '/component', search: ({ at }) => ({ at, id }) }),
        });
    for (const { to, name, key } of places)
      if (name.toLowerCase().includes(wanted))
        entries.push({
          key: `page ${to}`,
          group: 'Go to',
          label: name,
          hint: `g ${key}`,
          run: () => void navigate({ to, search: ({ at }: { at?: string | undefined }) => ({ at }) }),
        });
    const deeds: readonly Entry[] = [
      {
        key: 'theme',
        group: 'Do',
        label: 'Switch light and dark',
        hint: theme,
        run: () => chooseTheme(nextTheme(theme)),
      },
      { key: 'keys', group: 'Do', label: 'Show the keyboard', hint: '?', run: onKeys },
    ];
    return [...entries, ...deeds.filter(({ label }) => String(label).toLowerCase().includes(wanted))];
  }, [text, data, navigate, theme, onKeys]);
}
