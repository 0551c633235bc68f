import { shownPair } from '../../../../src/report/impact/shown-value.ts';
import type { SinceAnswer } from '../../api/answers.ts';
import { ComponentLink } from '../../parts/component-name.tsx';
import { Panel } from '../../parts/panel.tsx';
import './changed.css';

type Comparison = SinceAnswer['comparison'];
type KeyChange = Comparison['changed'][number]['keys'][number];

const most = 40;

/** What really differs, key by key, and the files it comes from. */
export function Changed({
  comparison: { changed, undecided },
}: {
  readonly comparison: Pick<Comparison, 'changed' | 'undecided' | 'added' | 'removed'>;
}) {
  const all = [...changed, ...undecided];
  if (all.length === 0) return null;
  return (
    <Panel title="What differs" count={all.length} flush>
      <ul>
        {all.slice(0, most).map(({ id, was, is, keys, reasons, files }) => (
          <li key={id} className="differs">
            <p className="differs-who">
              <ComponentLink id={id} />
              {was !== undefined && was !== id && <span className="small dim">was {was}</span>}
              {is === 'undecided' && <span className="tag">undecided</span>}
              <span className="small dim differs-files">
                <bdi className="mono">{files.slice(0, 2).join(' ')}</bdi>
                {files.length > 2 && ` +${files.length - 2}`}
              </span>
            </p>
            {keys.slice(0, 12).map((key) => (
              <KeyLine key={key.pointer} change={key} />
            ))}
            {keys.length > 12 && <p className="small dim">{keys.length - 12} more keys</p>}
            {reasons.map((reason) => (
              <p key={reason} className="small tone-warn">
                <bdi>{reason}</bdi>
              </p>
            ))}
          </li>
        ))}
      </ul>
      {all.length > most && <p className="none">{all.length - most} more</p>}
    </Panel>
  );
}

function KeyLine({ change: { pointer, before, after, files } }: { readonly change: KeyChange }) {
  const [was, is] = shownPair(before, after);
  return (
    <div className="key-change">
      <bdi className="mono" title={pointer}>
        {pointer}
      </bdi>
      <span className="key-values">
        {was !== undefined && <del title={was}>{was}</del>}
        {is !== undefined && <ins title={is}>{is}</ins>}
        {was === undefined && is === undefined && files !== undefined && (
          <bdi className="dim mono">{files.slice(0, 3).join(' ')}</bdi>
        )}
      </span>
    </div>
  );
}
