import { useDeferredValue, useId, useMemo, useState } from 'react';
import { useAnswer } from '../api/use-answer.ts';
import { useAt } from '../api/use-at.ts';
import { findComponents } from '../shell/find.ts';
import { ComponentName } from './component-name.tsx';
import './component-field.css';

/** A field for a component, or one of its outputs, that finds it by a few letters. */
export function ComponentField({
  label,
  value,
  placeholder,
  onChoose,
}: {
  readonly label: string;
  readonly value: string;
  readonly placeholder: string;
  readonly onChoose: (id: string) => void;
}) {
  const [typed, setTyped] = useState<string>();
  const [chosen, setChosen] = useState(0);
  const list = useId();
  const wanted = useDeferredValue(typed ?? '');
  const { data } = useAnswer('/v1/components', useAt(), { enabled: typed !== undefined });
  const found = useMemo(
    () => (wanted.trim() === '' ? [] : findComponents(data?.components ?? [], wanted, 8)),
    [data, wanted],
  );
  const open = typed !== undefined && found.length > 0;
  const choose = (id: string): void => {
    setTyped(undefined);
    setChosen(0);
    if (id.trim() !== '') onChoose(id.trim());
  };
  return (
    <div className="component-field">
      <input
        className="field mono"
        role="combobox"
        aria-label={label}
        aria-expanded={open}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={open ? `${list}-${chosen}` : undefined}
        placeholder={placeholder}
        spellCheck={false}
        autoComplete="off"
        value={typed ?? value}
        onChange={({ target }) => {
          setTyped(target.value);
          setChosen(0);
        }}
        onBlur={() => setTyped(undefined)}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
            event.preventDefault();
            const step = event.key === 'ArrowDown' ? 1 : -1;
            setChosen((now) => (now + step + found.length) % Math.max(found.length, 1));
          } else if (event.key === 'Enter') choose(exact(typed) ?? found[chosen]?.id ?? typed ?? '');
          else if (event.key === 'Escape') setTyped(undefined);
        }}
      />
      <div
        role="listbox"
        id={list}
        aria-label={`${label}: what was found`}
        tabIndex={-1}
        className="component-found"
        hidden={!open}
      >
        {found.map(({ id }, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field hears the keys and names this by aria-activedescendant
          <div
            key={id}
            id={`${list}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            className="component-option"
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => choose(id)}
          >
            <ComponentName id={id} />
          </div>
        ))}
      </div>
    </div>
  );
}

/** An output is written behind its component; no list holds it. */
function exact(typed: string | undefined): string | undefined {
  return typed?.includes('#') ? typed : undefined;
}
