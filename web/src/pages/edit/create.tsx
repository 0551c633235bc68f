import { useNavigate, useSearch } from '@tanstack/react-router';
import type { Json } from '../../../../src/model/digest.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { Asked } from '../../parts/asked.tsx';
import { ComponentField } from '../../parts/component-field.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Page } from '../../parts/page.tsx';
import { given } from '../compose/bring.ts';
import { Editor } from './editor.tsx';
import { fieldsOf } from './fields-of.ts';
import './edit.css';
import { Choice } from '../../parts/choice.tsx';

/** A new component of a type that the estate has, from nothing or as a copy; it ends as a change, never as a write. */
export function Create() {
  const search = useSearch({ from: '/new' });
  const { type, environment, name, from } = search;
  const navigate = useNavigate({ from: '/new' });
  const estate = useAnswer('/v1');
  const overview = useAnswer('/v1/overview');
  const change = (next: Partial<typeof search>): void =>
    void navigate({ search: (before) => ({ ...before, ...next }), replace: true });
  const kinds = overview.data?.kinds.map((kind) => kind.name) ?? [];
  const environments = overview.data?.environments.map((one) => one.name).filter((one) => one !== '') ?? [];
  return (
    <Page title="New component">
      <div className="toolbar">
        <Choice
          label="Type"
          offer="type"
          names={kinds}
          value={type}
          onChoose={(one) => change({ type: one, from: undefined })}
        />
        <Choice
          label="Environment"
          offer="environment"
          names={environments}
          value={environment}
          onChoose={(one) => change({ environment: one })}
        />
        <form
          className="moment"
          onSubmit={(event) => {
            event.preventDefault();
            change({ name: String(new FormData(event.currentTarget).get('name') ?? '').trim() || undefined });
          }}
        >
          <input
            key={name}
            name="name"
            className="field mono"
            aria-label="Nickname, then Enter"
            placeholder="nickname"
            pattern="[A-Za-z0-9][A-Za-z0-9_.\-]*"
            defaultValue={name ?? ''}
            spellCheck={false}
            onBlur={({ target }) => {
              if (target.value.trim() !== (name ?? '') && target.validity.valid)
                change({ name: target.value.trim() || undefined });
            }}
          />
        </form>
        <span className="dim">as a copy of</span>
        <ComponentField
          label="The component that it begins as"
          placeholder="nothing"
          value={from ?? ''}
          onChoose={(one) => change({ from: one })}
        />
      </div>
      {type === undefined || environment === undefined || name === undefined ? (
        <Empty
          title="What, where, and what is it called?"
          command="karma change propose --new vpc/second --in dev --reason …"
        >
          A type that the estate has, an environment, and a short stable name. What it would write and what would follow
          is found out as you type.
        </Empty>
      ) : (
        <Asked query={estate}>
          {({ follow }) => (
            <Begun key={`${type} ${environment} ${name} ${from}`} {...{ type, environment, name, from, follow }} />
          )}
        </Asked>
      )}
    </Page>
  );
}

interface Begin {
  readonly type: string;
  readonly environment: string;
  readonly name: string;
  readonly from: string | undefined;
  readonly follow: string;
}

function Begun({ type, environment, name, from, follow }: Begin) {
  const schema = useAnswer('/v1/type/schema', { name: type, at: follow });
  const copied = useAnswer('/v1/config', { id: from, at: follow }, { enabled: from !== undefined });
  const known = useAnswer('/v1/components');
  const id = `${environment}/${type}/${name}`;
  const isTaken = known.data?.components.some((one) => one.id === id) === true;
  if (isTaken)
    return <Empty title={`${id} is there already`}>Another nickname, or change the one that is there.</Empty>;
  const create = { name: `${type}/${name}`, environment, ...(from === undefined ? {} : { from }) };
  if (from !== undefined)
    return (
      <Asked query={copied}>
        {({ config, view }) => (
          <Editor key={from} {...{ id, follow, view, type, create }} before={config as Json} judged />
        )}
      </Asked>
    );
  // A type without a schema has no fields that one would know of: then it is written as text.
  if (schema.data === undefined && schema.error === null) return null;
  const required = fieldsOf(schema.data?.schema ?? {}, {}).filter((field) => field.required);
  return <Editor {...{ id, follow, type, create }} before={{}} begun={required.reduce(given, {} as Json)} judged />;
}
