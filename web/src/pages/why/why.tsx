import { useNavigate, useSearch } from '@tanstack/react-router';
import { ComponentField } from '../../parts/component-field.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Page } from '../../parts/page.tsx';
import { Causes } from './causes.tsx';
import { Connection } from './connection.tsx';

/** Why one component is as it is, or why two are connected: down to file, line, commit and person. */
export function Why() {
  const { of, from, to } = useSearch({ from: '/why' });
  const navigate = useNavigate({ from: '/why' });
  const first = of ?? from ?? '';
  const ask = (next: { first: string; second: string | undefined }): void =>
    void navigate({
      search: ({ at }) =>
        next.second === undefined ? { at, of: next.first } : { at, from: next.first, to: next.second },
    });
  return (
    <Page title="Why">
      <div className="toolbar">
        <ComponentField
          label="The component that is asked about"
          placeholder="a component, or component#/output"
          value={first}
          onChoose={(id) => ask({ first: id, second: to })}
        />
        <span className="dim toolbar-word">
          {to === undefined ? 'is as it is; or is connected with' : 'is connected with'}
        </span>
        <ComponentField
          label="The other component"
          placeholder="another component"
          value={to ?? ''}
          onChoose={(id) => ask({ first, second: id })}
        />
        {to !== undefined && (
          <button type="button" className="button" onClick={() => ask({ first, second: undefined })}>
            Only {first.slice(first.lastIndexOf('/') + 1)}
          </button>
        )}
      </div>
      {from !== undefined && to !== undefined ? (
        <Connection from={from} to={to} />
      ) : first === '' ? (
        <Empty title="Why what?" command="karma why prod/service/api">
          Name a component to see what made it as it is; name a second one to see what connects the two.
        </Empty>
      ) : (
        <Causes of={first} />
      )}
    </Page>
  );
}
