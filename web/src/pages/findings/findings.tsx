import { useNavigate, useSearch } from '@tanstack/react-router';
import type { Severity } from '../../api/answers.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { useAt } from '../../api/use-at.ts';
import { Asked } from '../../parts/asked.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Page } from '../../parts/page.tsx';
import { Panel } from '../../parts/panel.tsx';
import { commandOf } from '../../parts/shell-word.ts';
import { useFoot } from '../../shell/foot.ts';
import { CauseList } from './cause-list.tsx';

const severities: readonly Severity[] = ['error', 'warning', 'info'];
const most = 200;

/** What is odd about the estate, by what causes it; what the baseline accepts is counted and not shown. */
export function Findings() {
  const { severity, code } = useSearch({ from: '/findings' });
  const navigate = useNavigate({ from: '/findings' });
  const query = useAnswer('/v1/findings', useAt(), { keep: true });
  useFoot({ view: query.data?.view, command: commandOf('check') });
  const change = (next: { severity?: string | undefined; code?: string | undefined }): void =>
    void navigate({ search: (before) => ({ ...before, ...next }), replace: true });
  return (
    <Page title="Findings">
      <Asked query={query}>
        {({ causes, counts, accepted, gone, components }) => {
          const shown = causes.filter(
            (one) => (severity === undefined || one.severity === severity) && (code === undefined || one.code === code),
          );
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
                      onClick={() => change({ severity: severity === one ? undefined : one })}
                    >
                      {one} {counts[one].toLocaleString('en')}
                    </button>
                  ))}
                  {code !== undefined && (
                    <button
                      type="button"
                      className="chip"
                      aria-pressed="true"
                      onClick={() => change({ code: undefined })}
                    >
                      {code} <Icon name="close" size={10} />
                    </button>
                  )}
                </div>
                <span className="toolbar-rest small">
                  {accepted > 0 && <span>{accepted} accepted by the baseline</span>}
                  {gone > 0 && <span>{gone} of the baseline do not occur any more</span>}
                </span>
              </div>
              {shown.length === 0 ? (
                <Empty
                  title={causes.length === 0 ? 'Nothing is odd about this estate' : 'Nothing of that kind'}
                  command="karma check"
                >
                  {causes.length === 0 && `${components} components were judged.`}
                </Empty>
              ) : (
                <Panel title="By cause" count={shown.length} flush>
                  <CauseList causes={shown.slice(0, most)} />
                </Panel>
              )}
              {shown.length > most && <p className="dim">{shown.length - most} more causes, less serious ones</p>}
            </>
          );
        }}
      </Asked>
    </Page>
  );
}
