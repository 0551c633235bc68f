import type { GivenApproval } from '../../change/approval.ts';
import type { Change, SimulatedAs } from '../../change/change.ts';
import type { ChangeDraft } from '../../change/change-book.ts';
import { type Blocker, type Simulation, simulationFormat } from '../../change/simulation.ts';
import { diff } from '../../graph/operations/diff.ts';
import { canonicalJson, sha256 } from '../../model/digest.ts';
import { hideInTexts } from '../../model/secrets/text.ts';
import {
  isWithin,
  mergeTrees,
  replayTree,
  type TreeChange,
  treeChanges,
  writeCommit,
} from '../../observe/git/content-commit.ts';
import { summaryLine, verdictLine } from '../../report/impact/summary.ts';
import type { EngineContext } from '../context.ts';
import { type ComparedRange, compareRange } from '../range/compare-range.ts';
import { orderAfter } from '../range/order-after.ts';
import { readingOf } from '../reading.ts';
import { shownCauses } from '../view/shown-findings.ts';
import { blockersOf, madeWorse } from './blockers.ts';
import { footprintOf } from './footprint-of.ts';
import type { OpenedChanges } from './opened-changes.ts';

/** Two commits to be compared: where the followed ref stands, and the content on top of it. */
interface Ends {
  readonly on: string;
  readonly head: string;
  readonly conflicts: readonly string[];
  /** They are no files, but why Git was not asked. */
  readonly untold?: true;
}

/** What a content would do, and how it is named where it is kept. */
export interface Simulated {
  readonly simulation: Simulation;
  readonly as: SimulatedAs;
  /** The comparison behind it, where it was made just now. */
  readonly compared: ComparedRange;
}

/**
 * Finds out what a content does on top of the followed ref as it stands now. Runs nothing. What two ends come to is kept, so asking
 * again costs what moved.
 */
export async function simulate(
  context: EngineContext,
  opened: OpenedChanges,
  content: Pick<Change, 'base' | 'head'>,
): Promise<Simulated> {
  const ends = await endsOf(opened, content);
  const compared = await compareRange(context, `${ends.on}..${ends.head}`, { as: opened.branch });
  const simulation = hideInTexts(await simulationOf(opened, ends, compared));
  const digest = sha256(canonicalJson(simulation));
  return { simulation, compared, as: { digest, on: ends.on, head: ends.head, ground: groundOf(context, compared) } };
}

/** All that it rests on beside the commits: what the parameter stores hold, other repositories, and how Karma reads. */
function groundOf(context: EngineContext, { views }: ComparedRange): string {
  const { before, after } = views;
  const { environment: was } = before;
  const { environment: is } = after;
  return sha256(
    canonicalJson([
      readingOf(context),
      before.estate?.identity ?? '',
      after.estate?.identity ?? '',
      before.hash,
      after.hash,
      was,
      is,
    ]),
  );
}

async function endsOf(
  { repository, followed }: OpenedChanges,
  { base, head }: Pick<Change, 'base' | 'head'>,
): Promise<Ends> {
  const on = followed.commit;
  if (on === base) return { on, head, conflicts: [] };
  // A base ahead of the followed ref: somebody works on what is not there yet. It is compared with what it was made on.
  if (await isWithin(repository, on, base)) return { on: base, head, conflicts: [] };
  // Where history was rewritten, only what the change does is laid over what is there: not what was taken away with its base.
  const merged = (await isWithin(repository, base, on))
    ? await mergeTrees(repository, on, head)
    : await replayTree(repository, on, { base, head });
  if ('tree' in merged) {
    const at = '1970-01-01T00:00:00Z';
    const message = `${head} on ${on}`;
    // Always the same commit, whoever asks and whenever.
    const commit = await writeCommit(repository, {
      tree: merged.tree,
      parents: [on],
      author: { name: 'karma' },
      at,
      message,
    });
    return { on, head: commit, conflicts: [] };
  }
  return 'conflicts' in merged
    ? { on, head: on, conflicts: merged.conflicts }
    : { on, head: on, conflicts: [merged.untold], untold: true };
}

/** Files as the estate names them. */
export function filesWithin(
  { root }: Pick<OpenedChanges, 'root'>,
  changes: readonly TreeChange[],
): Simulation['files'] {
  const within = root.scope === '' ? '' : `${root.scope}/`;
  return changes.map(({ path, before, after }) => ({
    path: path.startsWith(within) ? path.slice(within.length) : path,
    kind: before === '000000' ? ('added' as const) : after === '000000' ? ('deleted' as const) : ('modified' as const),
  }));
}

async function simulationOf(opened: OpenedChanges, { on, head, conflicts, untold }: Ends, compared: ComparedRange) {
  const { comparison, views } = compared;
  const renames = new Map(comparison.moved.map(({ was, id }) => [was, id]));
  const graph = diff(views.before.graph, views.after.graph, { renames });
  const files = filesWithin(opened, await treeChanges(opened.repository, on, head));
  const { waves, cycles, critical, notRun } = orderAfter(compared);
  const worse = madeWorse(compared);
  const found: Simulation = {
    format: simulationFormat,
    base: on,
    head,
    conflicts,
    files,
    summary: [summaryLine(comparison), verdictLine(comparison)],
    comparison,
    graph,
    order: { waves, cycles, critical, notRun },
    worse,
    causes: shownCauses(views.after.graph, comparison.findingsNew),
    blockers: [...conflicts.map(untold ? untellable : conflicting), ...blockersOf(compared, worse)],
    footprint: footprintOf(compared, graph, files),
  };
  return found;
}

function conflicting(file: string): Blocker {
  return {
    ...{ code: 'conflict', subject: file, key: '' },
    message: `the followed ref says something else of ${file} by now`,
    clauses: [
      [{ kind: 'edit', what: file, say: `${file} is put together by hand: \`karma change propose --revise\`` }],
    ],
  };
}

function untellable(why: string): Blocker {
  return {
    ...{ code: 'conflict', subject: '', key: why },
    message: `whether it goes together with what the followed ref holds by now is not known: ${why}`,
    clauses: [
      [
        {
          kind: 'edit',
          what: '',
          say: 'it is put together by hand: `karma change propose --revise`, on the followed ref',
        },
      ],
    ],
  };
}

/** The event by which a change is simulated or blocked. */
export function simulatedDraft(
  { actor, door, now }: EngineContext,
  change: Pick<Change, 'revision'>,
  { simulation, as }: Pick<Simulated, 'simulation' | 'as'>,
  blocked: readonly string[],
  gone: readonly GivenApproval[] = [],
): ChangeDraft {
  const { comparison } = simulation;
  return {
    action: blocked.length === 0 ? 'change.simulated' : 'change.blocked',
    ...{ actor, door, outcome: 'ok', at: now() },
    details: {
      revision: change.revision,
      simulation: as,
      changed:
        comparison.changed.length + comparison.undecided.length + comparison.added.length + comparison.removed.length,
      affected: comparison.affected.length,
      complete: comparison.complete,
      ...(blocked.length === 0 ? {} : { blocked }),
      ...(gone.length === 0
        ? {}
        : { void: gone.map(({ by }) => by), why: [...new Set(gone.flatMap(({ because = [] }) => because))] }),
    },
  };
}

/** The event by which what was agreed to is still that, on a base that moved. */
export function upheldDraft(
  { actor, door, now }: EngineContext,
  { revision }: Pick<Change, 'revision'>,
  as: SimulatedAs,
): ChangeDraft {
  return {
    action: 'change.upheld',
    ...{ actor, door, outcome: 'ok', at: now(), details: { revision, simulation: as } },
  };
}
