import { Panel } from '../../parts/panel.tsx';
import { type Draft, type NamedReference, type Part, refusal } from './draft.ts';

/** All inputs that there are: those that fit to be pressed, of the rest why not. What a drag does, by keyboard. */
export function Connecting({
  draft,
  source,
  onConnect,
  onEnd,
}: {
  readonly draft: Draft;
  readonly source: Part;
  readonly onConnect: (target: Part, reference: NamedReference) => void;
  readonly onEnd: () => void;
}) {
  const inputs = draft
    .flatMap((target) => target.references.map((reference) => ({ target, reference })))
    .map((one) => ({ ...one, why: refusal(draft, source, one.target, one.reference) }))
    .filter(({ target }) => target.id !== source.id)
    .sort((a, b) => Number(a.why !== undefined) - Number(b.why !== undefined));
  const first = inputs.findIndex(({ why }) => why === undefined);
  return (
    <Panel
      title={`Who needs ${source.nickname}?`}
      action={
        <button type="button" className="small link compose-end" onClick={onEnd}>
          leave it
        </button>
      }
      flush
    >
      <ul
        onKeyDown={(event) => {
          if (event.key === 'Escape') onEnd();
        }}
      >
        {inputs.map(({ target, reference, why }, index) => (
          <li key={`${target.id} ${reference.key}`} className="compose-input-choice">
            <button
              type="button"
              className="compose-type"
              disabled={why !== undefined}
              autoFocus={index === first}
              onClick={() => onConnect(target, reference)}
            >
              <bdi>{target.id}</bdi> <span className="mono small">{reference.key}</span>
            </button>
            {why !== undefined && (
              <p className="small dim compose-why">
                <bdi>{why}</bdi>
              </p>
            )}
          </li>
        ))}
        {inputs.length === 0 && (
          <li className="none">Nothing else on the canvas has an input that names a component.</li>
        )}
      </ul>
    </Panel>
  );
}
