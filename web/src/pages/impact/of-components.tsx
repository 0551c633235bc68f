import { useAnswer } from '../../api/use-answer.ts';
import { useAt } from '../../api/use-at.ts';
import { Asked } from '../../parts/asked.tsx';
import { Counted } from '../../parts/facts.tsx';
import { Icon } from '../../parts/icon.tsx';
import { commandOf } from '../../parts/shell-word.ts';
import { Unproved } from '../../parts/unproved.tsx';
import { useFoot } from '../../shell/foot.ts';
import { AffectedColumns } from './affected-columns.tsx';
import { Possible } from './possible.tsx';

/** Who is affected when these change. */
export function OfComponents({
  of,
  onOf,
}: {
  readonly of: readonly string[];
  readonly onOf: (of: readonly string[]) => void;
}) {
  const query = useAnswer('/v1/impact', { ...useAt(), of });
  useFoot({ view: query.data?.view, complete: query.data?.complete, command: commandOf('impact', ...of) });
  return (
    <Asked query={query}>
      {({ targets, affected, possible, orderOnly, blindSpots, unread, complete }) => (
        <>
          <p className="verdict">
            <span>
              <Counted count={affected.length} one="affected" many="affected" />
            </span>
            <span>
              <Counted count={possible.length} one="possible" many="possible" />
            </span>
            <span>
              <Counted count={orderOnly.length} one="only runs later" many="only run later" />
            </span>
            <span className={complete ? 'tone-ok' : 'tone-warn'}>
              {complete ? 'Complete: nobody else can be reached by it.' : 'Not proved to be all.'}
            </span>
          </p>
          {of.length > 1 && (
            <div className="chips">
              {of.map((one) => (
                <button
                  type="button"
                  key={one}
                  className="chip"
                  onClick={() => onOf(of.filter((other) => other !== one))}
                >
                  <bdi>{one}</bdi> <Icon name="close" size={10} />
                </button>
              ))}
            </div>
          )}
          <AffectedColumns
            first={{
              title: 'Changes',
              rows: targets.map(({ id, outputs, as }) => ({ id, about: as ?? outputs.join(', ') })),
            }}
            affected={affected}
          />
          <Possible possible={possible} blindSpots={blindSpots} />
          <Unproved blindSpots={blindSpots} unread={unread} complete={complete} />
        </>
      )}
    </Asked>
  );
}
