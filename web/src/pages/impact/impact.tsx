import { useNavigate, useSearch } from '@tanstack/react-router';
import { useAnswer } from '../../api/use-answer.ts';
import { ComponentField } from '../../parts/component-field.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Page } from '../../parts/page.tsx';
import { OfChange } from './of-change.tsx';
import { OfComponents } from './of-components.tsx';
import { RangeField } from './range-field.tsx';
import './impact.css';

/** What is affected when something changes: a component, some of its outputs, a range of commits, or files being edited. */
export function Impact() {
  const { of = [], since } = useSearch({ from: '/impact' });
  const navigate = useNavigate({ from: '/impact' });
  const overview = useAnswer('/v1/overview', { at: 'worktree' });
  const askOf = (targets: readonly string[]): void =>
    void navigate({ search: ({ at }) => ({ at, of: targets.length === 0 ? undefined : targets }) });
  const askSince = (range: string): void => void navigate({ search: ({ at }) => ({ at, since: range }) });
  return (
    <Page title="Impact">
      <div className="toolbar impact-asks">
        <ComponentField
          label="What changes"
          placeholder="a component, component#/output, a file"
          value={of.join(' ')}
          onChoose={(id) => askOf([id])}
        />
        <span className="dim toolbar-word">or of</span>
        <RangeField range={since} suggested={overview.data?.since} onChoose={askSince} />
      </div>
      {since !== undefined ? (
        <OfChange key={since} since={since} />
      ) : of.length > 0 ? (
        <OfComponents of={of} onOf={askOf} />
      ) : (
        <Empty title="What changes?" command={`karma impact --since ${overview.data?.since ?? 'main...HEAD'}`}>
          Name a component or one of its outputs to see who reads it; or a range of commits to see what it changes, who
          is affected, and what is proved untouched.
        </Empty>
      )}
    </Page>
  );
}
