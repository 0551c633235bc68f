import type { VerbName } from '../../engine/verbs/table.ts';

/** One tool of an agent: a verb under the name and in the words that a model chooses by. */
export interface Tool {
  readonly name: string;
  readonly verb: VerbName;
  readonly title: string;
  /** When to take it, and what its answer holds. */
  readonly about: string;
  /** One sentence out of the answer. */
  readonly sentence: (answer: Readonly<Record<string, unknown>>) => string;
  /** It writes a proposal: nothing happens by it until people agree. */
  readonly proposes?: true;
}

const size = (value: unknown): number => (Array.isArray(value) ? value.length : 0);
const proof = (answer: Readonly<Record<string, unknown>>): string =>
  answer['complete'] === false
    ? ' NOT proved to be all: see blindSpots and unread.'
    : answer['complete'] === true
      ? ' Proved to be all.'
      : '';

/** In the order in which they are listed. All read but the one that proposes. */
export const tools: readonly Tool[] = [
  {
    name: 'overview',
    verb: 'overview',
    title: 'What is in this estate',
    about: 'Start here: how many components, environments, kinds, the worst findings. No arguments needed.',
    sentence: ({ components, references, estate }) =>
      `${String(estate) || 'The estate'} has ${String(components)} components and ${String(references)} references.`,
  },
  {
    name: 'list_components',
    verb: 'list',
    title: 'Find components',
    about:
      'Components of a selection: ids, globs, `env=prod`, `kind=vpc`, `owner=…`, `...vpc/main` (it and who depends on it), `vpc/main...` (it and what it depends on).',
    sentence: ({ components }) => `${size(components)} components fit.`,
  },
  {
    name: 'show_component',
    verb: 'show',
    title: 'One component',
    about: 'What a component is, what it depends on and is used by, with evidence by file and line, and its findings.',
    sentence: (answer) =>
      `It depends on ${size(answer['dependsOn'])} and is used by ${size(answer['usedBy'])}.${proof(answer)}`,
  },
  {
    name: 'list_outputs',
    verb: 'outputs',
    title: 'Outputs and who reads them',
    about: "A component's outputs with every reader, file and line. Ask before removing or renaming an output.",
    sentence: (answer) => `${size(answer['outputs'])} outputs.${proof(answer)}`,
  },
  {
    name: 'impact',
    verb: 'impact',
    title: 'Who is affected when something changes',
    about:
      'From components, outputs (`vpc/main#/vpc_id`), files or module folders: who is affected (proven), who possibly, and what is not proved.',
    sentence: (answer) => `${size(answer['affected'])} affected, ${size(answer['possible'])} possibly.${proof(answer)}`,
  },
  {
    name: 'impact_of_change',
    verb: 'impact-since',
    title: 'What a Git range changes',
    about:
      'For a branch or commit range (`main...HEAD`): what really changes, what is proved identical, who is affected, broken contracts, states that move.',
    sentence: ({ summary }) => (Array.isArray(summary) ? summary.join(' ') : ''),
  },
  {
    name: 'why_connected',
    verb: 'why',
    title: 'Why two components are connected',
    about: 'The path between two components, each step with the file, line and expression that makes it.',
    sentence: ({ relation, from, to }) => `${String(from)} ${String(relation)} ${String(to)}.`,
  },
  {
    name: 'why_as_it_is',
    verb: 'causes',
    title: 'Why a component is as it is',
    about: 'The causes of the present state of a component or output, down to commit and person.',
    sentence: ({ component }) => `The causes of ${String(component)}.`,
  },
  {
    name: 'order',
    verb: 'order',
    title: 'The order of runs',
    about: 'Waves in which components of a selection run, cycles, and the critical path. Runs nothing.',
    sentence: ({ cycles }) =>
      size(cycles) > 0 ? `There are ${size(cycles)} cycles: no order exists for them.` : 'There is an order.',
  },
  {
    name: 'status',
    verb: 'status',
    title: 'What is deployed, stale, failed',
    about: 'Per component what it is and why. `unknown` is never good news. Runs nothing.',
    sentence: ({ counts }) => `Counts: ${JSON.stringify(counts)}.`,
  },
  {
    name: 'diff',
    verb: 'diff',
    title: 'What differs between two times',
    about:
      'The graph between revisions, versions or times: `v41..v43`, `main~5..`, with what was added, removed and changed.',
    sentence: () => 'What differs.',
  },
  {
    name: 'history',
    verb: 'log',
    title: 'What happened',
    about: 'Events of the ledger, newest first: builds, runs, who did them. Filter by action or subject.',
    sentence: ({ events }) => `${size(events)} events.`,
  },
  {
    name: 'propose_change',
    verb: 'change-propose',
    title: 'Propose a change',
    about:
      'Makes a change request and says what it would do: values (`edits`, `patches`), components (`create`, `remove`, `rename`), a unified `diff`, or a branch (`from`). Nothing is applied: people decide. Take `dryRun` first. Say in `reason` why.',
    sentence: ({ id, state, warnings }) =>
      `${id === undefined ? 'It would be' : `${String(id)} is`} ${String(state)}, with ${size(warnings)} warnings.`,
    proposes: true,
  },
  {
    name: 'list_changes',
    verb: 'changes',
    title: 'Open changes',
    about: 'Change requests that are open, the newest first: state, who, why, what each does.',
    sentence: ({ changes }) => `${size(changes)} changes.`,
  },
  {
    name: 'show_change',
    verb: 'change',
    title: 'One change request',
    about:
      'What a change would do now, its state, what blocks it and would unblock it, who must agree and who did, how far applying it came, how it stands to other changes, what happened.',
    sentence: ({ change, blockers, others }) =>
      `It is ${String((change as { readonly state?: unknown })?.state)}: ${size(blockers)} blockers, ${size(others)} other open changes.`,
  },
];
