import type { ComponentId } from '../../model/component.ts';
import { byCodeUnit } from '../../model/digest.ts';
import type { Graph } from '../graph.ts';

/** What a deployment has published otherwise than before, parameter by parameter; each list sorted. */
export interface ChangedRuntime {
  readonly component: ComponentId;
  readonly deployment: string;
  readonly published: readonly string[];
  readonly gone: readonly string[];
  readonly changed: readonly string[];
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
      const change = compared(old.get(deployment) ?? {}, now.get(deployment) ?? {});
      if (change.published.length + change.gone.length + change.changed.length > 0)
        changes.push({ component: id, deployment, ...change });
    }
  }
  return changes.sort((a, b) => byCodeUnit(a.component, b.component) || byCodeUnit(a.deployment, b.deployment));
}

type Runtimes = Readonly<Record<string, string>>;

function compared(old: Runtimes, now: Runtimes): Pick<ChangedRuntime, 'published' | 'gone' | 'changed'> {
  const names = Object.keys(now).sort(byCodeUnit);
  return {
    published: names.filter((name) => !Object.hasOwn(old, name)),
    gone: Object.keys(old)
      .filter((name) => !Object.hasOwn(now, name))
      .sort(byCodeUnit),
    changed: names.filter((name) => Object.hasOwn(old, name) && old[name] !== now[name]),
  };
}

function runtimesOf(graph: Graph, id: ComponentId): ReadonlyMap<string, Runtimes> {
  return new Map(graph.deployments(id).map(({ deployment, runtimes }) => [deployment, runtimes]));
}

function sameDeployments(before: Graph, after: Graph): boolean {
  const [a, b] = [before.tables.deployment, after.tables.deployment];
  if (a.size !== b.size) return false;
  for (let place = 0; place < a.size; place++) if (a.digest(place) !== b.digest(place)) return false;
  return true;
}
