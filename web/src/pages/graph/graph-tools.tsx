import { useState } from 'react';
import type { Picture } from '../../api/answers.ts';
import { ComponentField } from '../../parts/component-field.tsx';
import { Icon } from '../../parts/icon.tsx';
import type { GraphSearch } from './question-of.ts';

/** How it is shown: what is pointed out or left out, and how it is grouped. */
export function GraphView({
  search: { find, hide, group },
  onChange,
  picture,
}: {
  readonly search: GraphSearch;
  readonly onChange: (next: GraphSearch) => void;
  readonly picture: Picture | undefined;
}) {
  return (
    <>
      <Words label="Find" values={find} onChange={(words) => onChange({ find: words })} />
      <Words label="Hide" values={hide} onChange={(words) => onChange({ hide: words })} />
      <select
        className="select"
        aria-label="Group by"
        value={group ?? ''}
        onChange={({ target }) => onChange({ group: target.value === '' ? undefined : target.value, open: undefined })}
      >
        <option value="">
          {picture === undefined || picture.groupBy === 'none' ? 'group: what fits' : `group: ${picture.groupBy}`}
        </option>
        <option value="none">no groups</option>
        <option value="type">environment › type</option>
        <option value="types">type</option>
        <option value="folder">folder</option>
        <option value="env">environment</option>
      </select>
    </>
  );
}

/** What is asked: around whom, how far, which way. */
export function GraphTools({
  search,
  onChange,
  onFocus,
}: {
  readonly search: GraphSearch;
  readonly onChange: (next: GraphSearch, replace?: boolean) => void;
  readonly onFocus: (id: string) => void;
}) {
  const { root = [], depth = 1, direction = 'both', from, to } = search;
  const ways = from !== undefined && to !== undefined;
  const focused = !ways && root.length > 0;
  return (
    <div className="toolbar graph-tools">
      <ComponentField
        label="Focus on"
        placeholder="focus on a component"
        value={ways ? from : root.join(' ')}
        onChoose={(id) => (ways ? onChange({ from: id }, false) : onFocus(id))}
      />
      {(focused || ways) && (
        <>
          <span className="dim toolbar-word">ways to</span>
          <ComponentField
            label="Ways to"
            placeholder="another component"
            value={to ?? ''}
            onChoose={(id) => onChange({ from: from ?? root[0], to: id }, false)}
          />
        </>
      )}
      {focused && (
        <>
          <span className="stepper" role="group" aria-label="How many steps">
            <button
              type="button"
              className="button icon-only"
              aria-label="One step less"
              disabled={depth <= 0}
              onClick={() => onChange({ depth: depth - 1 })}
            >
              <Icon name="minus" size={12} />
            </button>
            <output>
              {depth} step{depth === 1 ? '' : 's'}
            </output>
            <button
              type="button"
              className="button icon-only"
              aria-label="One step more"
              onClick={() => onChange({ depth: depth + 1 })}
            >
              <Icon name="plus" size={12} />
            </button>
          </span>
          <select
            className="select"
            aria-label="Which way"
            value={direction}
            onChange={({ target }) => onChange({ direction: target.value === 'both' ? undefined : target.value })}
          >
            <option value="both">both ways</option>
            <option value="dependencies">what it depends on</option>
            <option value="dependents">who uses it</option>
          </select>
        </>
      )}
      {(focused || ways) && (
        <button
          type="button"
          className="button"
          onClick={() =>
            onChange(
              {
                root: undefined,
                from: undefined,
                to: undefined,
                depth: undefined,
                dependenciesOf: undefined,
                dependentsOf: undefined,
              },
              false,
            )
          }
        >
          All
        </button>
      )}
    </div>
  );
}

function Words({
  label,
  values = [],
  onChange,
}: {
  readonly label: string;
  readonly values: readonly string[] | undefined;
  readonly onChange: (values: readonly string[] | undefined) => void;
}) {
  const [typed, setTyped] = useState<string>();
  return (
    <form
      className="field words"
      onSubmit={(event) => {
        event.preventDefault();
        const text = (typed ?? values.join(' ')).trim();
        onChange(text === '' ? undefined : [text]);
        setTyped(undefined);
      }}
    >
      <span className="dim">{label}</span>
      <input
        aria-label={`${label}: a selection`}
        placeholder="type=vpc"
        spellCheck={false}
        value={typed ?? values.join(' ')}
        onChange={({ target }) => setTyped(target.value)}
        onBlur={({ currentTarget }) => {
          if (typed !== undefined) currentTarget.form?.requestSubmit();
        }}
      />
    </form>
  );
}
