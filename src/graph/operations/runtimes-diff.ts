import type { ComponentId, DeploymentRow } from '../../model/component.ts';
import { byCodeUnit } from '../../model/digest.ts';
import { compareSecrets } from '../../model/secrets/beside.ts';
import type { Graph } from '../graph.ts';

/** What a deployment has published otherwise than before, parameter by parameter; each list sorted. */
export interface ChangedRuntime {
  readonly component: ComponentId;
  readonly deployment: string;
  readonly published: readonly string[];
  readonly gone: readonly string[];
  readonly changed: readonly string[];
  /** Equal but for secrets that were digested under another key at each end. */
  readonly undecided: readonly string[];
}

/**
 * Runtimes that differ between two graphs, of components that both have: what is new or gone altogether is told as such. Where
 * no deployment differs, none is looked at. O(deployments).
 */
export function changedRuntimes(
  before: Graph,
  after: Graph,
  wasOf: (id: ComponentId) => ComponentId,
): readonly ChangedRuntime[] {
  if (sameDeployments(before, after)) return [];
  const changes: ChangedRuntime[] = [];
  for (const id of after.ids) {
    const was = wasOf(id);
    if (before.node(was) === undefined) continue;
    const old = runtimesOf(before, was);
    const now = runtimesOf(after, id);
    for (const deployment of new Set([...old.keys(), ...now.keys()])) {
      const change = compared(old.get(deployment) ?? none, now.get(deployment) ?? none);
      if (change.published.length + change.gone.length + change.changed.length + change.undecided.length > 0)
        changes.push({ component: id, deployment, ...change });
    }
  }
  return changes.sort((a, b) => byCodeUnit(a.component, b.component) || byCodeUnit(a.deployment, b.deployment));
}

type Runtimes = Pick<DeploymentRow, 'runtimes' | 'secrets'>;

const none: Runtimes = { runtimes: {} };

function compared(before: Runtimes, after: Runtimes): Omit<ChangedRuntime, 'component' | 'deployment'> {
  const { runtimes: old, secrets: oldSecrets = {} } = before;
  const { runtimes: now, secrets = {} } = after;
  const names = Object.keys(now).sort(byCodeUnit);
  const both = names.filter((name) => Object.hasOwn(old, name));
  const between = (name: string) =>
    old[name] !== now[name] ? 'different' : compareSecrets(own(oldSecrets, name), own(secrets, name));
  return {
    published: names.filter((name) => !Object.hasOwn(old, name)),
    gone: Object.keys(old)
      .filter((name) => !Object.hasOwn(now, name))
      .sort(byCodeUnit),
    changed: both.filter((name) => between(name) === 'different'),
    undecided: both.filter((name) => between(name) === 'unknown'),
  };
}

function own(record: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

function runtimesOf(graph: Graph, id: ComponentId): ReadonlyMap<string, Runtimes> {
  return new Map(graph.deployments(id).map((one) => [one.deployment, one]));
}

function sameDeployments(before: Graph, after: Graph): boolean {
  const [a, b] = [before.tables.deployment, after.tables.deployment];
  if (a.size !== b.size) return false;
  for (let place = 0; place < a.size; place++)
    if (a.digest(place) !== b.digest(place) || a.note(place) !== b.note(place)) return false;
  return true;
}
