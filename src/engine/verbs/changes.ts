import type { ApprovalStanding } from '../../change/approval.ts';
import { type Change, changeKind } from '../../change/change.ts';
import type { Relation } from '../../change/footprint.ts';
import type { Blocker, Simulation } from '../../change/simulation.ts';
import { changeStates, isOpen as isOpenChange } from '../../change/states.ts';
import type { Unblocking } from '../../change/unblock.ts';
import { any, choice, flag, list, map, object, text, texts } from '../../config/shape-parts.ts';
import type { ValueOf } from '../../config/shape-value.ts';
import { severalDeployments } from '../../graph/deployments.ts';
import { find } from '../../graph/operations/find.ts';
import type { Json } from '../../model/digest.ts';
import { KarmaError } from '../../model/errors.ts';
import type { LedgerEvent } from '../../model/event.ts';
import { hideInText } from '../../model/secrets/text.ts';
import { commitsHeld } from '../../observe/git/content-commit.ts';
import { shownDiff } from '../changing/diff-of.ts';
import { keptSimulation } from '../changing/kept-simulation.ts';
import { type OpenedChanges, openChanges, viewAt } from '../changing/opened-changes.ts';
import type { PolicyVerdict } from '../changing/policies.ts';
import type { ComponentEdit, Proposal } from '../changing/proposal.ts';
import { propose, tryOut } from '../changing/propose.ts';
import { withoutSaidSecrets } from '../changing/said-secrets.ts';
import { bringUpToDate, type SimulatedChange } from '../changing/told-change.ts';
import { editsOfPatch, editsOfValues } from '../changing/value-edits.ts';
import type { EngineContext } from '../context.ts';
import { splitDeployment } from '../objects/deployment-meant.ts';
import { defineVerb, type Here } from './verb.ts';

export { changeStates, isOpenChange };

/** What a change would do, without what only Karma needs of it. */
export type ShownSimulation = Omit<Simulation, 'footprint'>;

export interface ChangeAnswer {
  readonly change: Change;
  readonly simulation: ShownSimulation;
  /** How it stands to every other open change. */
  readonly others: readonly Relation[];
  readonly blockers: readonly Blocker[];
  readonly unblocking: Unblocking;
  /** What the estate's policies say of it; those that say nothing are left out. */
  readonly policies: readonly PolicyVerdict[];
  /** Who must agree to it, and who did. */
  readonly approval: ApprovalStanding;
  /** Digest of all that it does: what somebody agrees to. */
  readonly consequence: string;
}

export interface ProposedAnswer extends Omit<ChangeAnswer, 'change'> {
  /** `cr-118`; absent where it was only tried out. */
  readonly id?: string;
  readonly change?: Change;
  readonly state: Change['state'];
  /** Sentences: what gets worse, what is not proved, what it clashes with. */
  readonly warnings: readonly string[];
  /** Of one that was only tried out: a unified diff of what it would write, in which secrets are replaced. */
  readonly diff?: string;
  /** The event that says so. */
  readonly log_entry_id?: string;
}

export interface ListedChange extends Change {
  /** Two lines, as far as it was simulated. */
  readonly summary?: readonly [string, string];
  /** State and summary were found out before the followed ref moved: what they are now, the change itself tells. */
  readonly isBehind?: true;
}

function shown({ footprint: _, ...simulation }: Simulation): ShownSimulation {
  return simulation;
}

export function answerOf({ simulation, event: _, ...rest }: SimulatedChange): ChangeAnswer {
  return { ...rest, simulation: shown(simulation) };
}

function warningsOf({ simulation, others, blockers, policies }: Omit<SimulatedChange, 'change'>): readonly string[] {
  return [
    ...blockers.map(({ subject, message }) => `${subject}: ${message}`),
    ...simulation.worse.filter(({ severity }) => severity === 'warning').map((one) => `${one.subject}: ${one.message}`),
    ...policies.flatMap(({ policy, outcome, reason }) =>
      outcome === 'warn' || outcome === 'ask'
        ? [`policy ${policy}${outcome === 'ask' ? ' asks that people agree' : ''}${reason === '' ? '' : `: ${reason}`}`]
        : [],
    ),
    ...(simulation.comparison.complete ? [] : [simulation.summary[1]]),
    ...others
      .filter(({ is }) => is === 'waits')
      .map(({ change, first, over }) =>
        first === change
          ? `waits for ${change}: both have to do with ${over.join(', ')}`
          : `${change} waits for it: both have to do with ${over.join(', ')}`,
      ),
  ];
}

async function proposed(context: EngineContext, proposal: Proposal, dryRun: boolean): Promise<ProposedAnswer> {
  if (dryRun) {
    const { content, simulation, ...rest } = await tryOut(context, proposal);
    const warnings = warningsOf({ simulation, ...rest });
    const state = rest.blockers.length === 0 ? 'simulated' : 'blocked';
    const diff = await shownDiff(context, await openChanges(context), content);
    return { state, simulation: shown(simulation), ...rest, warnings, diff };
  }
  return proposedAnswer(await propose(context, proposal));
}

export function proposedAnswer(made: SimulatedChange): ProposedAnswer {
  const { change, event } = made;
  return {
    id: change.id,
    state: change.state,
    ...answerOf(made),
    warnings: warningsOf(made),
    ...(event === undefined ? {} : { log_entry_id: event.id }),
  };
}

const id = text('A change: `cr-118`, or `118`.');
const edit = object(
  'Values of one component.',
  {
    id: text('A component; `network@prod`: one deployment of a root module that has several.'),
    in: text('The deployment, where the id does not name it.'),
    set: map('Pointer or dotted path → value.', any('A JSON value.')),
    unset: texts('Pointers or dotted paths that go.'),
  },
  'id',
);
const proposalShape = object(
  'What, and why. Several parts make one change.',
  {
    reason: text('Why, for whoever approves it and for whoever reads it in a year.'),
    patches: list(
      'Merge patches (RFC 7396) of configurations.',
      object(
        'One.',
        {
          id: text('A component; `network@prod`: one deployment of a root module that has several.'),
          in: text('The deployment, where the id does not name it.'),
          patch: any('What is laid over it; `null` takes away.'),
        },
        'id',
        'patch',
      ),
    ),
    edits: list('Single values.', edit),
    create: list(
      'New components.',
      object(
        'One.',
        {
          name: text('`type/nickname`, or the path of its folder.'),
          environment: text('Where.'),
          from: text('The component that it begins as.'),
        },
        'name',
      ),
    ),
    remove: texts('Components that go.'),
    rename: list(
      'Components that move.',
      object('One.', { from: text('What it is.'), to: text('What it will be.') }, 'from', 'to'),
    ),
    diff: text('A unified diff.'),
    from: text('A branch, or a range `A..B`.'),
    base: text('The commit to make it on; default: the ref that the estate follows.'),
    revise: text('The change that gets this as its new content.'),
    where: choice(
      'A value that comes from elsewhere is refused, overridden in the component, or changed where it is said for all who read it. Default: refuse.',
      'refuse',
      'override',
      'there',
    ),
    dryRun: flag('Only say what it would do.'),
  },
  'reason',
);

export type ProposalQuery = ValueOf<typeof proposalShape>;

function proposalOf(query: ProposalQuery, here: Here | undefined): Proposal {
  const { reason, base, revise, from, diff, patches = [], edits = [], create = [], remove = [], rename = [] } = query;
  const proposal: Proposal = {
    reason,
    ...(base === undefined ? {} : { base }),
    ...(revise === undefined ? {} : { revises: revise }),
    ...(from === undefined ? {} : { range: from }),
    ...(diff === undefined ? {} : { patch: diff }),
    ...(here?.worktree === true ? { worktree: true } : {}),
    renames: rename,
    removes: remove,
    creates: create,
    where: query.where ?? 'refuse',
    edits: [
      ...patches.map((one) => ({ ...named(one), values: editsOfPatch(one.patch as Json) })),
      ...edits.map((one) => ({ ...named(one), values: editsOfValues(one.set ?? {}, one.unset ?? []) })),
    ],
  };
  const parts = [proposal.range, proposal.patch, proposal.worktree].filter((one) => one !== undefined).length;
  const pieces = proposal.renames.length + proposal.removes.length + proposal.creates.length + proposal.edits.length;
  if (parts + pieces === 0)
    throw new KarmaError('KARMA_USAGE', 'nothing is proposed', {
      hint: '`--set path=value`, `--patch FILE`, `--from <branch>`, `--from-worktree`, `--new`, `--remove`, `--rename`',
    });
  if (proposal.range !== undefined && (proposal.worktree === true || base !== undefined))
    throw new KarmaError('KARMA_USAGE', 'a range says itself what it begins with and what it ends with', {
      hint: 'either a range, or the work tree, or a base',
    });
  return proposal;
}

function named(one: { readonly id: string; readonly in?: string | undefined }): Pick<ComponentEdit, 'id' | 'in'> {
  return { id: one.id, ...(one.in === undefined ? {} : { in: one.in }) };
}

/** Of a proposal that names components theirs; of files nobody can say before they are read. */
async function environmentsOf(
  context: EngineContext,
  query: Pick<
    Partial<ProposalQuery>,
    'diff' | 'from' | 'revise' | 'patches' | 'edits' | 'create' | 'remove' | 'rename' | 'where'
  >,
): Promise<readonly string[] | undefined> {
  const { diff, from, revise, where, patches = [], edits = [], create = [], remove = [], rename = [] } = query;
  // What is changed where it is said may be said for any environment.
  if (diff !== undefined || from !== undefined || revise !== undefined || where === 'there') return undefined;
  const names = [
    ...remove,
    ...rename.flatMap((one) => [one.from, ...(one.to.split('/').length === 3 ? [one.to] : [])]),
    ...create.flatMap((one) => one.from ?? []),
  ];
  const opened = await openChanges(context);
  const { graph } = await viewAt(context, opened, opened.followed.commit);
  const found = new Set(create.flatMap(({ environment }) => environment ?? []));
  const valued = [...patches, ...edits].flatMap((one) => {
    const { id, deployment = one.in } = splitDeployment(graph, one.id);
    // Of one deployment no other is touched: an edit of what they share is refused.
    if (deployment === undefined || where === 'override') return [id];
    const known = find(graph, id);
    const isOne = known.found && known.nodes.every((node) => severalDeployments(graph.component(node)).length > 0);
    if (isOne) found.add(deployment);
    return isOne ? [] : [id];
  });
  for (const name of [...names, ...valued]) {
    const known = find(graph, name);
    if (!known.found && name.split('/').length === 3) found.add(name.split('/')[0] ?? '');
    if (known.found) for (const node of known.nodes) found.add(graph.component(node).environment);
  }
  // A new folder may lie anywhere.
  return create.some((one) => one.environment === undefined) ? undefined : [...found];
}

export const changeProposeVerb = defineVerb({
  about:
    'Proposes a change: its content becomes a commit that has not happened yet, and what it would do is found out.',
  query: proposalShape,
  writes: 'ledger',
  takes: 'proposer',
  concerns: environmentsOf,
  run: (context, query, { here }) => proposed(context, proposalOf(query, here), query.dryRun === true),
});

export interface RequestedChange {
  readonly status: Change['state'];
  readonly affected_components: readonly string[];
  readonly warnings: readonly string[];
  readonly log_entry_id: string;
  /** Ours: the change that it became. */
  readonly change: string;
}

export const requestChangeVerb = defineVerb({
  about: 'The same in the shape that the published theory gives a change of one component.',
  query: object(
    'Of which component, and what.',
    {
      component: text('A component.'),
      proposed_change: any('A merge patch (RFC 7396) of its configuration.'),
      requested_by: text('Who asks for it, in words; who sends it is known besides.'),
      reason: text('Why.'),
    },
    'component',
    'proposed_change',
    'requested_by',
  ),
  writes: 'ledger',
  takes: 'proposer',
  concerns: (context, { component }) => environmentsOf(context, { edits: [{ id: component }] }),
  run: async (context, query): Promise<RequestedChange> => {
    const { component, proposed_change: patch, requested_by: by, reason } = query;
    const said = reason === undefined ? `requested by ${by}` : `${reason} (requested by ${by})`;
    const edits = [{ id: component, values: editsOfPatch(patch as Json) }];
    const made = await proposed(
      context,
      { reason: said, renames: [], removes: [], creates: [], edits, where: 'refuse' },
      false,
    );
    const { comparison } = made.simulation;
    const own = [...comparison.changed, ...comparison.undecided]
      .map((one) => one.id)
      .concat(comparison.added, comparison.removed);
    return {
      status: made.state,
      affected_components: [...new Set([...own, ...comparison.affected.map((one) => one.id)])],
      warnings: made.warnings,
      log_entry_id: made.log_entry_id ?? '',
      change: made.id ?? '',
    };
  },
});

export const changesVerb = defineVerb({
  about: 'The changes there are, the newest first.',
  query: object('Which.', {
    state: choice('In this state.', ...changeStates),
    all: flag('Also those that are over.'),
  }),
  writes: 'nothing',
  run: async (context, { state, all = false }): Promise<{ readonly changes: readonly ListedChange[] }> => {
    const { book, followed } = await openChanges(context);
    const ledger = await context.stores.ledger();
    const changes: ListedChange[] = [];
    for (const change of (await book.all()).toReversed()) {
      if (state === undefined ? !all && !isOpenChange(change.state) : change.state !== state) continue;
      const simulation =
        change.simulation === undefined ? undefined : await keptSimulation(ledger, change.simulation.digest);
      // Of what is begun or merged nothing is found out anew.
      const isFixed = change.state === 'applying' || change.state === 'failed' || change.merged !== undefined;
      const isBehind = isOpenChange(change.state) && !isFixed && change.simulation?.on !== followed.commit;
      changes.push({
        ...change,
        ...(simulation === undefined ? {} : { summary: simulation.summary }),
        ...(isBehind ? { isBehind } : {}),
      });
    }
    return { changes };
  },
});

export interface ShownChange extends ChangeAnswer {
  /** What happened to it, the first first. */
  readonly events: readonly LedgerEvent[];
}

export const changeVerb = defineVerb({
  about: 'One change: what it is, what it would do now, how it stands to the others, and what happened to it.',
  query: object('Which.', { id }, 'id'),
  writes: 'nothing',
  run: async (context, query): Promise<ShownChange> => {
    const opened = await openChanges(context);
    const found = await bringUpToDate(context, opened, query.id);
    const ledger = await context.stores.ledger();
    const events = await ledger.read({ subject: found.change.id, action: `${changeKind}.`, limit: 1000 });
    return { ...answerOf(found), events };
  },
});

export interface SimulationOfChange extends Omit<ChangeAnswer, 'change'> {
  readonly change: string;
  readonly revision: number;
}

export const changeSimulationVerb = defineVerb({
  about: 'What a change would do now, and how it stands to the others.',
  query: object('Which.', { id }, 'id'),
  writes: 'nothing',
  run: async (context, query): Promise<SimulationOfChange> => {
    const { change, ...answer } = answerOf(await bringUpToDate(context, await openChanges(context), query.id));
    return { change: change.id, revision: change.revision, ...answer };
  },
});

export const changeSimulateVerb = defineVerb({
  about: 'Finds out anew what a change would do, on top of the followed ref as it stands now.',
  query: object('Which.', { id }, 'id'),
  writes: 'ledger',
  takes: 'proposer',
  concerns: async () => [],
  run: async (context, query) => {
    const opened = await openChanges(context, { completes: true });
    return answerOf(await bringUpToDate(context, opened, query.id, { keeps: true, anew: true }));
  },
});

export interface DiffOfChange {
  readonly change: string;
  readonly revision: number;
  readonly base: string;
  readonly head: string;
  /** A unified diff in which secrets are replaced. */
  readonly diff: string;
}

export const changeDiffVerb = defineVerb({
  about: 'What a change writes, as text.',
  query: object('Which.', { id }, 'id'),
  writes: 'nothing',
  run: async (context, query): Promise<DiffOfChange> => {
    const opened: OpenedChanges = await openChanges(context);
    const change = await opened.book.get(query.id);
    const { base, head, revision } = change;
    const diff = await shownDiff(context, opened, change);
    return { change: change.id, revision, base, head, diff };
  },
});

/** What somebody says of a change, without secrets. One of another clone has no content here; then nothing is known of the secrets that it brings. */
export async function saidOfChange(
  context: EngineContext,
  { repository, followed, book, branch }: OpenedChanges,
  name: string,
  said: string,
): Promise<string> {
  const held = await commitsHeld(repository, [(await book.get(name)).head]);
  return withoutSaidSecrets(context, said, [followed.commit, ...held], branch);
}

export const changeCancelVerb = defineVerb({
  about: 'Ends a change that nobody applied.',
  query: object('Which, and why.', { id, reason: text('Why.') }, 'id'),
  writes: 'ledger',
  takes: 'proposer',
  // Over the network who proposed it alone may end it.
  concerns: async () => [],
  run: async (context, { id: name, reason }): Promise<{ readonly change: Change }> => {
    const opened = await openChanges(context, { completes: true });
    const { actor, door, now } = context;
    const why = reason === undefined ? undefined : await saidOfChange(context, opened, name, hideInText(reason));
    const step = await opened.book.step(name, (change) => {
      if (door !== 'cli' && change.proposer !== actor)
        throw new KarmaError(
          'KARMA_FORBIDDEN',
          `${change.id} was proposed by ${change.proposer}, who alone may cancel it`,
          {
            hint: 'beside the estate it can be cancelled by anybody: `karma change cancel`',
          },
        );
      const details = { revision: change.revision, ...(why === undefined ? {} : { reason: why }) };
      return { action: 'change.cancelled', actor, door, outcome: 'ok', at: now(), details };
    });
    if (step === undefined) throw new KarmaError('KARMA_BUG', 'a change was not cancelled');
    return { change: step.change };
  },
});
