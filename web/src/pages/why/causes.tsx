import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Cause } from '../../api/answers.ts';
import { useOtherAnswer } from '../../api/use-answer.ts';
import { Asked } from '../../parts/asked.tsx';
import { ComponentLink } from '../../parts/component-name.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Panel } from '../../parts/panel.tsx';
import { commandOf } from '../../parts/shell-word.ts';
import { When } from '../../parts/when.tsx';
import { useFoot } from '../../shell/foot.ts';
import './causes.css';

/** What made a component as it is, as a tree: each line because of those beneath it. */
export function Causes({ of }: { readonly of: string }) {
  const query = useOtherAnswer('/v1/why', { of });
  useFoot({ view: query.data?.view, command: commandOf('why', of) });
  return (
    <Asked query={query}>
      {({ component, deployments }) => (
        <>
          {deployments.map(({ deployment, cause }) => (
            <Panel key={deployment} title={deployment === '' ? 'Causes' : `Causes of ${deployment}`}>
              <p className="cause-root">
                <ComponentLink id={component} /> <span className="dim">is as it is, because</span>
              </p>
              <ul className="cause-tree">
                <CauseNode cause={cause} depth={0} about={component} />
              </ul>
            </Panel>
          ))}
        </>
      )}
    </Asked>
  );
}

const words: Readonly<Record<Cause['kind'], string>> = {
  run: 'run',
  input: 'input',
  commit: 'commit',
  request: 'change',
  event: 'event',
  gap: 'not known',
  seen: 'seen',
};

function isComponent(subject: string): boolean {
  return subject.includes('/') && !subject.includes(' ');
}

/** Below this depth a branch opens when somebody asks: the tree of a deep estate is long. */
const openDepth = 3;

function CauseNode({ cause, depth, about }: { readonly cause: Cause; readonly depth: number; readonly about: string }) {
  const { kind, subject, text, at, actor, causes } = cause;
  const [open, setOpen] = useState(depth < openDepth);
  return (
    <li className="cause-node">
      <div className="cause-node-line">
        {causes.length > 0 ? (
          <button
            type="button"
            className="cause-toggle"
            aria-expanded={open}
            aria-label={`Causes of: ${text}`}
            onClick={() => setOpen(!open)}
          >
            <Icon name={open ? 'down' : 'right'} size={12} />
          </button>
        ) : (
          <span className="cause-toggle" />
        )}
        <span className={`tag cause-kind-${kind}`}>{words[kind]}</span>
        <span className="cause-said">
          <bdi>{text}</bdi>
          {subject !== about && isComponent(subject) && (
            <Link to="/component" search={({ at: when }) => ({ at: when, id: subject })} className="link small">
              {text.includes(subject) ? 'open' : <bdi>{subject}</bdi>}
            </Link>
          )}
        </span>
        <span className="cause-who small">
          {actor !== undefined && <bdi>{actor}</bdi>}
          {at !== undefined && <When at={at} />}
        </span>
      </div>
      {open && causes.length > 0 && (
        <ul className="cause-branch">
          {causes.map((one) => (
            <CauseNode
              key={`${one.kind} ${one.subject} ${one.text} ${one.event}`}
              cause={one}
              depth={depth + 1}
              about={subject}
            />
          ))}
        </ul>
      )}
    </li>
  );
}
