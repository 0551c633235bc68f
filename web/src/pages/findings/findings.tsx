import { useNavigate, useSearch } from '@tanstack/react-router';
import type { Severity } from '../../api/answers.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { useAt } from '../../api/use-at.ts';
import { Asked } from '../../parts/asked.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Page } from '../../parts/page.tsx';
import { Panel } from '../../parts/panel.tsx';
import { commandOf } from '../../parts/shell-word.ts';
import { useFoot } from '../../shell/foot.ts';
import { CauseList } from './cause-list.tsx';

const severities: readonly Severity[] = ['error', 'warning', 'info'];

/** What is odd about the estate, by what causes it. */
export function Findings() {
  const { severity, code } = useSearch({ from: '/findings' });
  const navigate = useNavigate({ from: '/findings' });
  const query = useAnswer('/v1/overview', useAt());
  useFoot({ view: query.data?.view, command: commandOf('check') });
  return (
    <Page title="Findings">
      <Asked query={query}>
        {({ causes, counts }) => {
          const shown = causes.filter(
            (one) => (severity === undefined || one.severity === severity) && (code === undefined || one.code === code),
          );
          const total = counts.causes.error + counts.causes.warning + counts.causes.info;
          return (
            <>
              <div className="toolbar">
                <div className="chips">
                  {severities.map((one) => (
                    <button
                      type="button"
                      key={one}
                      className="chip"
                      aria-pressed={severity === one}
                      onClick={() =>
                        void navigate({
                          search: (before) => ({ ...before, severity: severity === one ? undefined : one }),
                          replace: true,
                        })
                      }
                    >
                      {one} {counts.findings[one].toLocaleString('en')}
                    </button>
                  ))}
                  {code !== undefined && (
                    <button
                      type="button"
                      className="chip"
                      aria-pressed="true"
                      onClick={() =>
                        void navigate({ search: (before) => ({ ...before, code: undefined }), replace: true })
                      }
                    >
                      {code} ✕
                    </button>
                  )}
                </div>
              </div>
              {shown.length === 0 ? (
                <Empty
                  title={total === 0 ? 'Nothing is odd about this estate' : 'Nothing of that kind'}
                  command="karma check"
                />
              ) : (
                <Panel title="By cause" count={shown.length} flush>
                  <CauseList causes={shown} />
                </Panel>
              )}
              {total > causes.length && (
                <p className="dim">
                  {causes.length} of {total} causes are shown, the worst; <code>karma check</code> tells all.
                </p>
              )}
            </>
          );
        }}
      </Asked>
    </Page>
  );
}
