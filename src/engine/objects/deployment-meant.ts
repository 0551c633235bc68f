import { severalDeployments } from '../../graph/deployments.ts';
import type { Graph } from '../../graph/graph.ts';
import { find, findOne } from '../../graph/operations/find.ts';
import type { ComponentRow } from '../../model/component.ts';
import { KarmaError } from '../../model/errors.ts';

/** A component, and which of several deployments of it; `''` of one that has one alone. */
export interface MeantDeployment {
  readonly component: ComponentRow;
  readonly deployment: string;
}

/** `network@prod`, as statuses name it, where no component is called so as it stands. */
export function splitDeployment(graph: Graph, text: string): { readonly id: string; readonly deployment?: string } {
  const cut = text.lastIndexOf('@');
  if (cut <= 0 || find(graph, text, { workingDirectory: '' }).found) return { id: text };
  return { id: text.slice(0, cut), deployment: text.slice(cut + 1) };
}

/**
 * What a person means by a component's name, with the deployment in it or beside it.
 * @throws KARMA_USAGE where it has several and none is named, or another than those
 */
export function deploymentMeant(
  graph: Graph,
  text: string,
  named: string | undefined,
  workingDirectory = '',
): MeantDeployment {
  const { id, deployment: within } = splitDeployment(graph, text);
  const component = graph.component(findOne(graph, id, { workingDirectory }));
  return { component, deployment: deploymentOf(component, within ?? named) };
}

export function deploymentOf(row: ComponentRow, named: string | undefined): string {
  if (row.kind !== 'component' || row.external)
    throw new KarmaError('KARMA_USAGE', `${row.id} has no inputs that could be set`);
  const several = severalDeployments(row);
  if (several.length === 0 && named === undefined) return '';
  if (named !== undefined && several.includes(named)) return named;
  throw new KarmaError(
    'KARMA_USAGE',
    named === undefined ? `${row.id} has several deployments` : `${row.id} has no deployment \`${named}\``,
    {
      hint:
        several.length === 0
          ? `it has one alone: name ${row.id}`
          : `say which: ${several.map((name) => `${row.id}@${name}`).join(', ')}`,
    },
  );
}
