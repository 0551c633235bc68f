import type { SinceAnswer } from '../../api/answers.ts';
import { Command } from '../../parts/command.tsx';
import { ComponentLink } from '../../parts/component-name.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Place } from '../../parts/place.tsx';
import './blockers.css';

type Comparison = SinceAnswer['comparison'];
type Contract = Comparison['contracts'][number];

const tones: Readonly<Record<Contract['verdict'], 'bad' | 'warn' | 'none'>> = {
  refused: 'bad',
  warned: 'warn',
  listed: 'warn',
  unread: 'none',
};

/** What somebody must see before all else: outputs that go while they are read, states that move, variables nobody gives. */
export function Blockers({
  comparison: { contracts, states, variables, findingsNew },
}: {
  readonly comparison: Comparison;
}) {
  const read = contracts.filter(({ verdict }) => verdict !== 'unread');
  const missing = variables.required.filter(({ given }) => !given);
  const count =
    read.length +
    states.moved.length +
    states.shared.length +
    states.abandoned.length +
    missing.length +
    findingsNew.length;
  if (count === 0) return null;
  return (
    <Panel title="Look at these first" count={count} flush>
      <ul>
        {read.map((contract) => (
          <ContractLine key={`${contract.component} ${contract.pointer}`} contract={contract} />
        ))}
        {states.moved.map(({ component, from, to, commands }) => (
          <li key={`${component} ${to}`} className="blocker">
            <span className="blocker-word tone-bad">state moves</span>
            <ComponentLink id={component} />
            <span className="blocker-said">
              <bdi className="mono">{from}</bdi> → <bdi className="mono">{to}</bdi>
            </span>
            {commands.map((command) => (
              <span key={command} className="blocker-more">
                <Command text={command} />
              </span>
            ))}
          </li>
        ))}
        {states.shared.map(({ state, components }) => (
          <li key={state} className="blocker">
            <span className="blocker-word tone-bad">state shared</span>
            <bdi className="mono">{state}</bdi>
            <span className="blocker-said">
              {components.map((id) => (
                <ComponentLink key={id} id={id} />
              ))}
            </span>
          </li>
        ))}
        {states.abandoned.map(({ state, component }) => (
          <li key={state} className="blocker">
            <span className="blocker-word tone-warn">state left</span>
            <ComponentLink id={component} />
            <span className="blocker-said">
              <bdi className="mono">{state}</bdi> is nobody's any more
            </span>
          </li>
        ))}
        {missing.map(({ component, variable }) => (
          <li key={`${component} ${variable}`} className="blocker">
            <span className="blocker-word tone-bad">not given</span>
            <ComponentLink id={component} />
            <span className="blocker-said">
              its module newly requires <bdi className="mono">{variable}</bdi>
            </span>
          </li>
        ))}
        {findingsNew.map(({ code, subject, message, severity }) => (
          <li key={`${code} ${subject} ${message}`} className="blocker">
            <span className={`blocker-word tone-${severity === 'error' ? 'bad' : 'warn'}`}>new finding</span>
            <bdi>{subject}</bdi>
            <span className="blocker-said">
              <bdi>{message}</bdi>
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function ContractLine({
  contract: { component, pointer, change, verdict, broken, tolerating, whole },
}: {
  readonly contract: Contract;
}) {
  const readers = [...broken, ...tolerating, ...whole];
  return (
    <li className="blocker">
      <span className={`blocker-word tone-${tones[verdict]}`}>
        {change === 'dropped' ? 'output gone' : 'output changes'}
      </span>
      <ComponentLink id={component} />
      <span className="blocker-said">
        <bdi className="mono">{pointer}</bdi> {change}; {verdict === 'refused' ? 'a deploy would refuse it' : verdict}
      </span>
      {readers.slice(0, 6).map(({ component: reader, evidence: [first] }) => (
        <span key={`${reader} ${first?.site}`} className="blocker-more">
          <span className="dim">read by</span> <ComponentLink id={reader} />
          {first?.file !== undefined && <Place file={first.file} line={first.line} />}
        </span>
      ))}
      {readers.length > 6 && <span className="blocker-more dim">and {readers.length - 6} more</span>}
    </li>
  );
}
