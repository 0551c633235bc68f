import { Link } from '@tanstack/react-router';
import type { Shown } from '../../api/answers.ts';
import { Fact, Facts } from '../../parts/facts.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Place } from '../../parts/place.tsx';

export function FactsPanel({ shown: { component, type, deployments } }: { readonly shown: Shown }) {
  const attributes = Object.entries(component.attributes).filter(([, value]) => String(value) !== '');
  return (
    <Panel title="Facts">
      <Facts>
        {component.environment !== '' && (
          <Fact name="Environment">
            <Link to="/components" search={({ at }) => ({ at, select: [`env=${component.environment}`] })}>
              <bdi>{component.environment}</bdi>
            </Link>
          </Fact>
        )}
        <Fact name="Type">
          <Link to="/components" search={({ at }) => ({ at, select: [`type=${component.type}`] })}>
            <bdi>{component.type}</bdi>
          </Link>
        </Fact>
        {component.path !== '' && (
          <Fact name="Folder">
            <Place file={component.path} copy />
          </Fact>
        )}
        {component.module !== '' && component.module !== component.path && (
          <Fact name="Module">
            <Place file={component.module} copy />
          </Fact>
        )}
        {attributes.map(([name, value]) => (
          <Fact key={name} name={name}>
            <bdi className="mono">{String(value)}</bdi>
          </Fact>
        ))}
        {type !== undefined && type.variables.length > 0 && (
          <Fact name="Variables">
            {type.variables.filter(({ required }) => required).length} required of {type.variables.length}
          </Fact>
        )}
        {deployments.length > 1 && (
          <Fact name="Deployments">
            <bdi>{deployments.map(({ deployment }) => deployment).join(', ')}</bdi>
          </Fact>
        )}
      </Facts>
    </Panel>
  );
}
