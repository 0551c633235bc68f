import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { Shown } from '../../api/answers.ts';
import { useLive } from '../../api/live.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { useAt } from '../../api/use-at.ts';
import { useStatusOf } from '../../api/use-statuses.ts';
import { Asked } from '../../parts/asked.tsx';
import { ComponentName } from '../../parts/component-name.tsx';
import { Copy } from '../../parts/copy.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Page } from '../../parts/page.tsx';
import { Panel } from '../../parts/panel.tsx';
import { commandOf } from '../../parts/shell-word.ts';
import { StatusMark } from '../../parts/status-mark.tsx';
import { worstOf } from '../../parts/status-word.ts';
import { Unproved } from '../../parts/unproved.tsx';
import { useFoot } from '../../shell/foot.ts';
import { useKeys } from '../../shell/keys.ts';
import { CauseList } from '../findings/cause-list.tsx';
import { ChecksPanel } from './checks-panel.tsx';
import { ConfigPanel } from './config-panel.tsx';
import { FactsPanel } from './facts-panel.tsx';
import { LineagePanel } from './lineage-panel.tsx';
import { OutputsPanel } from './outputs-panel.tsx';
import { RawPanel } from './raw-panel.tsx';
import { References } from './references.tsx';
import './component.css';

/** One component: what it is, depends on, is used by; how it is and why; what is odd about it. */
export function Component() {
  const { id } = useSearch({ from: '/component' });
  if (id === undefined)
    return (
      <Page title="Component">
        <Empty title="Which component?">An address of this page names one: /component?id=…</Empty>
      </Page>
    );
  return <Known key={id} id={id} />;
}

function Known({ id }: { readonly id: string }) {
  const at = useAt();
  const query = useAnswer('/v1/component', { ...at, id });
  const navigate = useNavigate({ from: '/component' });
  useFoot({ view: query.data?.view, complete: query.data?.complete, command: commandOf('show', id) });
  useKeys({
    i: () => void navigate({ to: '/impact', search: ({ at: when }) => ({ at: when, of: [id] }) }),
    w: () => void navigate({ to: '/why', search: ({ at: when }) => ({ at: when, of: id }) }),
    e: () => void navigate({ to: '/edit', search: { id } }),
    f: () => void navigate({ to: '/graph', search: ({ at: when }) => ({ at: when, root: [id] }) }),
  });
  return (
    <Page
      title={id}
      heading={<Heading id={query.data?.component.id ?? id} />}
      actions={(query.data !== undefined || query.error === null) && <Actions id={id} />}
      about={<About shown={query.data} />}
    >
      <Asked query={query}>{(shown) => <Parts shown={shown} />}</Asked>
    </Page>
  );
}

function Heading({ id }: { readonly id: string }) {
  const status = worstOf(useStatusOf(id).map(({ status: word }) => word));
  return (
    <>
      <span className="component-id">
        <ComponentName id={id} />
        <Copy text={id} what="the id" />
      </span>
      {status !== undefined && (
        <span className="component-status">
          <StatusMark status={status} />
        </span>
      )}
    </>
  );
}

function About({ shown }: { readonly shown: Shown | undefined }) {
  if (shown === undefined) return null;
  const { component, dependsOn, usedBy } = shown;
  const { account, owner } = component.attributes;
  const parts = [component.type, component.layout, account && `account ${account}`, owner && `owner ${owner}`];
  return (
    <>
      <span>
        <bdi>{parts.filter(Boolean).join(' · ')}</bdi>
      </span>
      <a href="#depends-on">uses {dependsOn.length}</a>
      <a href="#used-by">used by {usedBy.length}</a>
    </>
  );
}

function Actions({ id }: { readonly id: string }) {
  const isSnapshot = useLive() === 'off';
  return (
    <>
      <Link
        to="/impact"
        search={({ at }) => ({ at, of: [id] })}
        className="button"
        title="What is affected when it changes (i)"
      >
        Impact
      </Link>
      <Link to="/why" search={({ at }) => ({ at, of: id })} className="button" title="Why it is as it is (w)">
        Why
      </Link>
      <Link to="/graph" search={({ at }) => ({ at, root: [id] })} className="button" title="Its place in the graph (f)">
        Graph
      </Link>
      {!isSnapshot && (
        <Link to="/edit" search={{ id }} className="button" title="Propose another configuration (e)">
          Change …
        </Link>
      )}
    </>
  );
}

function Parts({ shown }: { readonly shown: Shown }) {
  const { component, dependsOn, usedBy, causes, findings } = shown;
  // Many of them want the wide column: their texts are long.
  const isLong = causes.length > 4;
  const isDark = shown.blindSpots.length + shown.unread.length > 4;
  const told = (
    <div id="findings">
      <Panel title="Findings" count={findings.length} flush>
        {causes.length === 0 ? <p className="none">Nothing is odd about it.</p> : <CauseList causes={causes} />}
      </Panel>
    </div>
  );
  return (
    <div className="component-parts">
      <div className="component-side">
        <LineagePanel id={component.id} />
        <ChecksPanel shown={shown} />
        <FactsPanel shown={shown} />
        {!isLong && told}
        {!isDark && <Unproved {...shown} />}
      </div>
      <div className="component-main">
        <OutputsPanel id={component.id} />
        <References
          anchor="depends-on"
          title="Depends on"
          references={dependsOn}
          none="It depends on no other component."
          why={(other) => ({ from: component.id, to: other })}
        />
        <References
          anchor="used-by"
          title="Used by"
          references={usedBy}
          none="No other component is known to use it."
          why={(other) => ({ from: other, to: component.id })}
        />
        {isLong && told}
        {isDark && <Unproved {...shown} />}
        <ConfigPanel id={component.id} />
        <RawPanel shown={shown} />
      </div>
    </div>
  );
}
