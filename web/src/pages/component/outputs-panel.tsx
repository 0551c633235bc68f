import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Answers } from '../../api/answers.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { useAt } from '../../api/use-at.ts';
import { Asked } from '../../parts/asked.tsx';
import { ComponentLink } from '../../parts/component-name.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Place } from '../../parts/place.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import './outputs-panel.css';

type Output = Answers['/v1/outputs']['outputs'][number];

/** What it gives, and who reads each, with file and line: what breaks when one of them goes. */
export function OutputsPanel({ id }: { readonly id: string }) {
  const query = useAnswer('/v1/outputs', { ...useAt(), id });
  return (
    <Panel
      title="Outputs and their readers"
      {...(query.data === undefined ? {} : { count: query.data.outputs.length })}
      flush
    >
      <Asked query={query} waiting={<Skeleton rows={3} />}>
        {({ outputs, wholeReaders, known }) => (
          <>
            {!known && <p className="none">Which outputs it has cannot be told.</p>}
            {known && outputs.length === 0 && <p className="none">It has no outputs.</p>}
            <ul>
              {outputs.map((output) => (
                <OutputLine key={output.name} id={id} output={output} inAll={wholeReaders.length > 0} />
              ))}
            </ul>
            {wholeReaders.length > 0 && (
              <div className="outputs-whole">
                <span className="dim">All of it is read by</span>
                <WholeReaders ids={wholeReaders.map(({ component }) => component)} />
              </div>
            )}
          </>
        )}
      </Asked>
    </Panel>
  );
}

/** More readers of one output are shown when somebody asks. */
const most = 8;

function WholeReaders({ ids }: { readonly ids: readonly string[] }) {
  const [all, setAll] = useState(false);
  const shown = all ? ids : ids.slice(0, 2 * most);
  return (
    <>
      {shown.map((one) => (
        <ComponentLink key={one} id={one} />
      ))}
      {ids.length > shown.length && (
        <button type="button" className="link small output-more" onClick={() => setAll(true)}>
          {ids.length - shown.length} more
        </button>
      )}
    </>
  );
}

function OutputLine({
  id,
  output,
  inAll,
}: {
  readonly id: string;
  readonly output: Output;
  /** Some read all that there is. */
  readonly inAll: boolean;
}) {
  const { name, readers, unread } = output;
  const [all, setAll] = useState(false);
  const shown = all ? readers : readers.slice(0, most);
  return (
    <li className="output">
      <div className="output-name">
        <bdi className="mono" title={name}>
          {name}
        </bdi>
        {readers.length > 0 && (
          <Link to="/impact" search={({ at }) => ({ at, of: [`${id}#/${name}`] })} className="small link">
            impact
          </Link>
        )}
      </div>
      <ul className="output-readers">
        {unread && <li className="dim">nobody is known to read it</li>}
        {!unread && readers.length === 0 && inAll && <li className="dim">by those who read all of it</li>}
        {shown.map(({ component, pointer, tolerated, evidence: [first] }) => (
          <li key={`${component} ${pointer}`} className="output-reader">
            <ComponentLink id={component} />
            {tolerated && <span className="tag">may be missing</span>}
            {first?.file !== undefined && (
              <span className="small output-place">
                <Place file={first.file} line={first.line} />
              </span>
            )}
          </li>
        ))}
        {readers.length > shown.length && (
          <li>
            <button type="button" className="link small output-more" onClick={() => setAll(true)}>
              {readers.length - shown.length} more
            </button>
          </li>
        )}
      </ul>
    </li>
  );
}
