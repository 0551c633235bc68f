import { useState } from 'react';
import { Choice } from '../../parts/choice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { ConfigForm } from '../edit/config-form.tsx';
import { editsBetween, withValue } from '../edit/edits-between.ts';
import { fieldsOf } from '../edit/fields-of.ts';
import { usePaused, useValidation } from '../edit/use-trial.ts';
import { type Draft, idOf, type Part, renamed } from './draft.ts';

/** What one part of the change is given, what it is called, and whether it stays. */
export function PartForm({
  part,
  at,
  environments,
  onChange,
  onDraft,
}: {
  readonly part: Part;
  /** The revision that the change is made on. */
  readonly at: string;
  readonly environments: readonly string[];
  readonly onChange: (next: Part) => void;
  /** The draft as a whole becomes another, and this is chosen in it. */
  readonly onDraft: (by: (draft: Draft) => Draft, chosen: string | undefined) => void;
}) {
  const { id, is, config, schema, before } = part;
  const fields = fieldsOf(schema, config);
  const findings = useValidation(id, usePaused(config), part.judged ? at : undefined);
  const drop = (): void => onDraft((draft) => draft.filter((one) => one.id !== id), undefined);
  return (
    <Panel title={is === 'new' ? `New ${part.type}` : id}>
      <div className="form">
        {is === 'new' ? (
          <Called part={part} environments={environments} onDraft={onDraft} />
        ) : (
          <Stays part={part} onChange={onChange} />
        )}
        {is !== 'gone' && (
          <ConfigForm
            fields={fields}
            keys={new Map()}
            findings={findings}
            isNew={is === 'new'}
            edited={new Set(Object.keys(editsBetween(before, config).set))}
            onChange={(steps, value) => onChange({ ...part, config: withValue(config, steps, value) })}
          />
        )}
        <p className="edit-ways">
          {is === 'there' && (
            <button
              type="button"
              className="button strong-bad"
              onClick={() => onChange({ ...part, is: 'gone', to: undefined, config: before })}
            >
              Take it away
            </button>
          )}
          {is === 'gone' && (
            <button type="button" className="button" onClick={() => onChange({ ...part, is: 'there' })}>
              Keep it
            </button>
          )}
          <button type="button" className="button" onClick={drop}>
            {is === 'new' ? 'Do not make it' : 'Leave it out of this change'}
          </button>
        </p>
      </div>
    </Panel>
  );
}

/** Where a new one stands and what it is called. */
function Called({
  part,
  environments,
  onDraft,
}: {
  readonly part: Part;
  readonly environments: readonly string[];
  readonly onDraft: (by: (draft: Draft) => Draft, chosen: string | undefined) => void;
}) {
  const [typed, setTyped] = useState(part.nickname);
  const call = (next: { readonly environment: string; readonly nickname: string }): void => {
    const to = idOf({ ...part, ...next });
    onDraft((draft) => (draft.some(({ id }) => id === to) ? draft : renamed(draft, part.id, next)), to);
  };
  return (
    <form
      className="toolbar"
      onSubmit={(event) => {
        event.preventDefault();
        if (/^[A-Za-z0-9][\w.-]*$/.test(typed) && typed !== part.nickname)
          call({ environment: part.environment, nickname: typed });
      }}
    >
      <Choice
        label="Environment"
        offer="environment"
        names={environments}
        value={part.environment}
        onChoose={(environment) => call({ environment, nickname: part.nickname })}
      />
      <input
        className="field mono"
        aria-label="Nickname, then Enter"
        pattern="[A-Za-z0-9][A-Za-z0-9_.\-]*"
        spellCheck={false}
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
        onBlur={({ currentTarget }) => currentTarget.form?.requestSubmit()}
      />
    </form>
  );
}

/** A component that is there may move: its path becomes another one. */
function Stays({ part, onChange }: { readonly part: Part; readonly onChange: (next: Part) => void }) {
  if (part.is === 'gone') return <p className="dim">It goes. What reads it is told below.</p>;
  return (
    <label className="form-field">
      <span className="form-name mono">what it is called</span>
      <input
        className="field mono"
        spellCheck={false}
        value={part.to ?? part.id}
        onChange={({ target }) => {
          const to = target.value.trim();
          onChange({ ...part, to: to === part.id || to === '' ? undefined : to });
        }}
      />
    </label>
  );
}
