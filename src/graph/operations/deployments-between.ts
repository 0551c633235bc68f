import type { ComponentRow, DeploymentRow } from '../../model/component.ts';
import { byCodeUnit } from '../../model/digest.ts';
import { compareSecrets } from '../../model/secrets/beside.ts';
import { severalDeployments } from '../deployments.ts';
import type { Graph } from '../graph.ts';

/** What each deployment says for itself, or what a row lists of all of them: of a change in one, the others know nothing. */
const ofOne: ReadonlySet<string> = new Set([
  'config',
  'attributes.state',
  'attributes.region',
  'attributes.account',
  'attributes.deployments',
]);

interface End {
  readonly graph: Graph;
  readonly row: ComponentRow;
}

/**
 * Which of a component's deployments differ between two graphs, those that one end alone has among them: all of them where
 * something differs that they share. Undefined where there are not several, and where it was not noted of each what it is given.
 */
export function deploymentsBetween(before: End, after: End, fields: readonly string[]): readonly string[] | undefined {
  const [old, now] = [before, after].map(({ row }) => severalDeployments(row)) as [
    readonly string[],
    readonly string[],
  ];
  if (old.length === 0 && now.length === 0) return undefined;
  const all = [...new Set([...old, ...now])].sort(byCodeUnit);
  if (fields.some((field) => !ofOne.has(field))) return all;
  const [was, is] = [before, after].map(configsOf) as [Configs, Configs];
  const names = new Set([...was.keys(), ...is.keys()]);
  // A module that had one deployment without a name, and has several now, is another set of them.
  if (names.has('')) return all;
  const found: string[] = [];
  for (const name of [...names].sort(byCodeUnit)) {
    const [a, b] = [was.get(name), is.get(name)];
    if (a === undefined || b === undefined) found.push(name);
    else if (a.config === undefined || b.config === undefined) return undefined;
    else if (a.config !== b.config || compareSecrets(a.configSecrets, b.configSecrets) === 'different')
      found.push(name);
  }
  return found.length === 0 ? all : found;
}

type Configs = ReadonlyMap<string, DeploymentRow>;

function configsOf({ graph, row }: End): Configs {
  return new Map(graph.deployments(row.id).map((one) => [one.deployment, one]));
}
