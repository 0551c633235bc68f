import type { PolicyInput } from '../../change/policy.ts';
import { policyInput } from '../../change/policy.ts';
import type { KarmaFile } from '../../config/karma-file.ts';
import { count, flag, object, text } from '../../config/shape-parts.ts';
import { isKarmaError, KarmaError } from '../../model/errors.ts';
import { firstParents } from '../../observe/git/content-commit.ts';
import { type OpenedChanges, openChanges } from '../changing/opened-changes.ts';
import {
  brokenPolicies,
  inputOf,
  judgePolicies,
  type PolicyVerdict,
  type TriedExample,
  tryExamples,
} from '../changing/policies.ts';
import { simulate } from '../changing/simulate.ts';
import { bringUpToDate } from '../changing/told-change.ts';
import type { EngineContext } from '../context.ts';
import { loadView } from '../view/load-view.ts';
import { defineVerb } from './verb.ts';

export interface PolicyTest {
  readonly policies: number;
  readonly examples: readonly TriedExample[];
  /** Policies that nobody can use, with their place and why. */
  readonly broken: readonly string[];
  readonly passed: boolean;
}

/** `karma.yaml` as it lies there: who writes a policy tries it before it is committed. */
async function karmaFileNow(context: EngineContext): Promise<KarmaFile> {
  const { estate } = await loadView(context, undefined);
  const { karmaFile } = estate ?? {};
  if (karmaFile !== undefined && karmaFile.changePolicies.length > 0) return karmaFile;
  throw new KarmaError('KARMA_NOT_CONFIGURED', 'karma.yaml holds no policy over changes', {
    hint: 'a policy with `when:` is one: see docs/changes.md',
  });
}

export const policyTestVerb = defineVerb({
  about: 'Tries the examples that stand beside each policy over changes.',
  query: object('Which.', { policy: text('One by name; default: all.') }),
  writes: 'nothing',
  run: async (context, { policy }): Promise<PolicyTest> => {
    const file = await karmaFileNow(context);
    const policies = named(file, policy);
    const examples = policies.flatMap(tryExamples);
    const broken = brokenPolicies({ ...file, changePolicies: policies });
    return {
      policies: policies.length,
      examples,
      broken,
      passed: broken.length === 0 && examples.every((one) => one.passed),
    };
  },
});

function named({ changePolicies }: KarmaFile, name: string | undefined): KarmaFile['changePolicies'] {
  const found = name === undefined ? changePolicies : changePolicies.filter((one) => one.name === name);
  if (found.length > 0) return found;
  throw new KarmaError('KARMA_NOT_FOUND', `there is no policy ${name}`, {
    hint: `there are ${changePolicies.map((one) => one.name).join(', ')}`,
  });
}

export interface ReplayedCommit {
  readonly commit: string;
  readonly at: string;
  readonly author: string;
  readonly subject: string;
  /** What it does, in a few words; of one that could not be replayed why. */
  readonly summary: readonly string[];
  readonly verdicts: readonly PolicyVerdict[];
}

export interface PolicyBacktest {
  /** How many commits were replayed, and how many of them could not be. */
  readonly commits: number;
  readonly unread: number;
  /** Those that some policy has something to say of, or that could not be replayed, the newest first. */
  readonly tripped: readonly ReplayedCommit[];
  /** By policy, how often it would have held. */
  readonly counts: Readonly<Record<string, number>>;
}

export const policyBacktestVerb = defineVerb({
  about:
    'Replays the past of the followed ref through the policies over changes: what would have been refused, held or asked.',
  query: object('How much of it.', {
    policy: text('One by name; default: all.'),
    commits: count('So many of the newest commits; default 50.', 1, 2000),
    all: flag('Also merges and commits of which no policy says anything.'),
  }),
  writes: 'nothing',
  run: async (context, { policy, commits: most = 50, all = false }): Promise<PolicyBacktest> => {
    const policies = named(await karmaFileNow(context), policy);
    const opened = await openChanges(context);
    const past = await firstParents(opened.repository, opened.followed.commit, most);
    const tripped: ReplayedCommit[] = [];
    const counts: Record<string, number> = Object.fromEntries(policies.map(({ name }) => [name, 0]));
    let unread = 0;
    for (const [done, { commit, parent, at, author, subject }] of past.entries()) {
      context.report({ kind: 'phase', phase: 'replay', about: commit, done, total: past.length });
      const then = { ...opened, followed: { ...opened.followed, commit: parent } };
      const { input, summary } = await replayed(context, then, { commit, parent, at, author, subject });
      if (input === undefined) unread += 1;
      const verdicts = input === undefined ? [] : judgePolicies(policies, input);
      for (const one of verdicts) counts[one.policy] = (counts[one.policy] ?? 0) + 1;
      if (verdicts.length > 0 || input === undefined || all)
        tripped.push({ commit, at, author, subject, summary, verdicts });
    }
    return { commits: past.length, unread, tripped, counts };
  },
});

type Past = Awaited<ReturnType<typeof firstParents>>[number];

/** What conditions may speak of, of a commit of the past; of one that nobody can read any more (a clone that stops there) why. */
async function replayed(
  context: EngineContext,
  opened: OpenedChanges,
  { commit, parent, at, author, subject }: Past,
): Promise<{ readonly input?: PolicyInput; readonly summary: readonly string[] }> {
  try {
    const { simulation, compared } = await simulate(context, opened, { base: parent, head: commit });
    const { before, after } = compared.views;
    const change = { id: commit.slice(0, 12), reason: subject, proposer: author, revision: 1, ways: ['commit'] };
    const input = policyInput(change, simulation, { before: before.graph, after: after.graph }, at);
    return { input, summary: simulation.summary };
  } catch (error) {
    if (!isKarmaError(error) || error.code === 'KARMA_BUG' || error.code === 'KARMA_INTERRUPTED') throw error;
    return { summary: [error.message] };
  }
}

export const changeInputVerb = defineVerb({
  about: 'What conditions of policies may speak of, of one change: for `when:` in karma.yaml, and for other judges.',
  query: object('Of which.', { id: text('A change: `cr-118`, or `118`.') }, 'id'),
  writes: 'nothing',
  run: async (context, { id }): Promise<{ readonly input: PolicyInput }> => {
    const opened = await openChanges(context);
    const { change, simulation } = await bringUpToDate(context, opened, id);
    return { input: await inputOf(context, opened, change, simulation) };
  },
});
