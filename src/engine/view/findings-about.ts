import type { Finding } from '../../model/finding.ts';
import type { LoadedView } from './view.ts';

/**
 * Whether a finding is about one of some components: told of it, of the module that it runs, of its type, of its environment,
 * of a file that it reads, or of a cycle that it is in. One module stands for all components that run it, so what is wrong
 * with it is wrong with each. O(components asked for) once, then O(1) a finding.
 */
export function findingsAbout(view: LoadedView, nodes: Iterable<number>): (finding: Finding) => boolean {
  const { graph } = view;
  const ids = new Set<string>();
  const subjects = new Set<string>();
  for (const node of nodes) {
    const { id, module, type, layout, environment } = graph.component(node);
    ids.add(id);
    if (module !== '' || layout === 'terraform') subjects.add(`type ${module}`);
    if (layout === 'adage') subjects.add(`type ${type}`).add(`environment ${environment}`);
    for (const { deployment } of graph.deployments(id)) if (deployment !== '') subjects.add(`binding ${deployment}`);
  }
  const isReader = (place: string) => (view.readers().get(place) ?? []).some((reader) => ids.has(reader));
  return ({ code, subject, key }) => {
    if (ids.has(subject) || subjects.has(subject)) return true;
    if (graph.node(subject) !== undefined) return code === 'cycle' && key.split(' ').some((member) => ids.has(member));
    return !ofTheEstate.test(subject) && isReader(subject);
  };
}

/** Subjects that name no file. */
const ofTheEstate = /^(?:estate$|(?:type|binding|environment|account|repository) )/;
