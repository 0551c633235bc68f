import { useAnswer } from '../../api/use-answer.ts';
import { useAt } from '../../api/use-at.ts';
import { Asked } from '../../parts/asked.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Place } from '../../parts/place.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import './config-panel.css';

/** The effective configuration key by key, each with the file and line that it comes from. */
export function ConfigPanel({ id }: { readonly id: string }) {
  const query = useAnswer('/v1/config', { ...useAt(), id });
  if (query.error !== null && query.data === undefined) return null;
  return (
    <Panel
      title="Configuration, key by key"
      {...(query.data === undefined ? {} : { count: query.data.keys.length })}
      flush
    >
      <Asked query={query} waiting={<Skeleton rows={3} />}>
        {({ keys }) =>
          keys.length === 0 ? (
            <p className="none">It has no configuration of its own.</p>
          ) : (
            <ul>
              {keys.map(({ pointer, value, file, line }) => (
                <li key={pointer} className="config-key">
                  <bdi className="mono" title={pointer}>
                    {pointer}
                  </bdi>
                  <bdi className="mono config-value" title={textOf(value)}>
                    {textOf(value)}
                  </bdi>
                  <span className="config-place small">
                    <Place file={file} line={line} />
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Asked>
    </Panel>
  );
}

/** What an expression makes and nobody knows yet is told by where it comes from, or why it is not known. */
function textOf(value: unknown): string {
  if (typeof value === 'object' && value !== null && '$unknown' in value) {
    const { $unknown: why, place } = value as { readonly $unknown: unknown; readonly place?: unknown };
    return place === undefined ? `not known: ${why}` : `${place} (${why})`;
  }
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
