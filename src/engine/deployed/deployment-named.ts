import { find } from '../../graph/operations/find.ts';
import { KarmaError } from '../../model/errors.ts';
import { deploymentKey } from '../../model/record.ts';
import { workingDirectoryOf } from '../view/view.ts';
import type { KnownComponent } from './known-components.ts';
import type { StateOwner } from './state-names.ts';
import type { StatusFacts } from './status-facts.ts';

/** The component of an id that stands in the graph. @throws KARMA_NOT_FOUND for a parameter */
export function componentOf(facts: StatusFacts, id: string): KnownComponent {
  const component = facts.components.get(id);
  if (component === undefined)
    throw new KarmaError('KARMA_NOT_FOUND', `${id} is a parameter: nobody runs it`, {
      hint: 'name the component whose run it was',
    });
  return component;
}

/** What a person means by `app`, `app@dev` or any unique suffix; without a deployment when none is named. */
export function componentNamed(
  facts: StatusFacts,
  text: string,
): { readonly component: KnownComponent; readonly deployment?: string } {
  const { graph } = facts.view;
  const options = { workingDirectory: workingDirectoryOf(facts.view) };
  const cut = text.lastIndexOf('@');
  const whole = find(graph, text, options);
  const split = !whole.found && cut > 0;
  const found = split ? find(graph, text.slice(0, cut), options) : whole;
  const [node] = found.found ? found.nodes : [];
  if (node === undefined || (found.found && found.nodes.length > 1)) throw notOne(text, found);
  const component = componentOf(facts, graph.id(node));
  return split ? { component, deployment: text.slice(cut + 1) } : { component };
}

/** One deployment: the one named, or the only one. @throws KARMA_AMBIGUOUS with what to say instead */
export function deploymentNamed(facts: StatusFacts, text: string): StateOwner {
  const { component, deployment } = componentNamed(facts, text);
  if (deployment !== undefined) return { component: component.row.id, deployment };
  const names = facts.deploymentsOf(component);
  const [only] = names;
  if (names.length === 1 && only !== undefined) return { component: component.row.id, deployment: only };
  throw new KarmaError('KARMA_AMBIGUOUS', `${component.row.id} has ${names.length} deployments`, {
    hint: `say which: ${names.map((name) => `--component ${deploymentKey(component.row.id, name)}`).join(', ')}`,
  });
}

function notOne(text: string, found: ReturnType<typeof find>): KarmaError {
  const candidates = found.found ? [] : found.candidates;
  if (candidates.length > 0 || found.found)
    return new KarmaError('KARMA_AMBIGUOUS', `'${text}' fits several components`, {
      hint: `name one of them: ${candidates.slice(0, 8).join(', ')}`,
    });
  const [near] = found.nearest;
  return new KarmaError('KARMA_NOT_FOUND', `no component is called '${text}'`, {
    hint: near === undefined ? '`karma list` shows every component' : `did you mean ${near}?`,
  });
}
