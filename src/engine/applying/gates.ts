import { barredFrom, inWords } from '../../change/approval.ts';
import type { Change } from '../../change/change.ts';
import { whyOutgrown } from '../changing/approving.ts';
import type { OpenedChanges } from '../changing/opened-changes.ts';
import { bringUpToDate, type SimulatedChange } from '../changing/told-change.ts';
import type { EngineContext } from '../context.ts';

/** Why a change may not be applied now, in words, and what to do about it. */
export interface Obstacle {
  readonly because: string;
  readonly hint: string;
  /** It is not what somebody looked at: it has to be looked at again before anything else. */
  readonly returns?: true;
  /** People are asked to agree. */
  readonly asks?: true;
}

export interface GateOptions {
  /** Go ahead of an earlier approved change that it does not commute with. */
  readonly overtake: boolean;
  /** States that move were copied by whoever applies. */
  readonly statesCopied: boolean;
}

export interface Gated {
  readonly told: SimulatedChange;
  readonly obstacles: readonly Obstacle[];
}

/** Everything that must hold of a change before anything of it happens outside. Writes nothing. */
export async function gatesOf(
  context: EngineContext,
  opened: OpenedChanges,
  id: string,
  options: GateOptions,
): Promise<Gated> {
  const before = await opened.book.get(id);
  const told = await bringUpToDate(context, opened, id);
  const obstacles = [
    ...(await outgrown(context, opened, before, told)),
    ...blocked(told),
    ...unagreed(context, told),
    ...(await inOrder(opened, told, options)),
    ...movedStates(told, options),
    ...baseAhead(opened, told),
  ];
  return { told, obstacles };
}

/** What was agreed to, or where nobody was asked what was looked at last, is not what it is now. */
async function outgrown(
  context: EngineContext,
  opened: OpenedChanges,
  { simulation: seen }: Change,
  { change, simulation, approval }: SimulatedChange,
): Promise<readonly Obstacle[]> {
  const [first] = approval.given.filter(({ holds }) => !holds);
  const as = change.simulation;
  const isLookedAt = approval.given.length > 0 || seen === undefined || as === undefined;
  const because =
    first?.because ?? (isLookedAt ? undefined : await whyOutgrown(context, opened, seen.digest, { simulation, as }));
  if (because === undefined) return [];
  const who =
    first === undefined ? 'then apply it again' : `${first.by} agreed to something else: it is asked for again`;
  return [{ because, hint: `\`karma change show ${change.id}\` says what it does now; ${who}`, returns: true }];
}

function blocked({ change, blockers }: SimulatedChange): readonly Obstacle[] {
  const [first] = blockers;
  if (first === undefined) return [];
  const more = blockers.length > 1 ? `, and ${blockers.length - 1} more` : '';
  return [
    {
      because: `it is blocked: ${first.message}${more}`,
      hint: `\`karma change show ${change.id}\` says what would unblock it`,
    },
  ];
}

function unagreed({ actor }: EngineContext, { change, approval }: SimulatedChange): readonly Obstacle[] {
  const open = approval.asked.filter(({ met }) => !met);
  const barred = barredFrom(approval, actor);
  return [
    ...open.map((one) => ({
      because: `${inWords(one)} must agree (${one.because}), and ${one.by.length === 0 ? 'nobody did' : `only ${one.by.join(', ')} did`}`,
      hint: `\`karma change approve ${change.id}\``,
      asks: true as const,
    })),
    ...barred.map(({ rule }) => ({
      because: `${actor} agreed to it, and who agreed may not apply it (${rule})`,
      hint: 'somebody else applies it',
    })),
  ];
}

/** Of two that do not commute one is finished before the other begins, and the earlier approved goes first. */
export async function inOrder(
  { book }: OpenedChanges,
  { change, others }: Pick<SimulatedChange, 'change' | 'others'>,
  { overtake }: GateOptions,
): Promise<readonly Obstacle[]> {
  const obstacles: Obstacle[] = [];
  for (const { change: id, is, over } of others) {
    if (is === 'commutes') continue;
    const other = await book.get(id);
    // It waits for no proposal, and for what it takes back only while somebody goes on with that.
    if (change.reverts === id && other.state !== 'applying') continue;
    const about = over.length === 0 ? '' : `: both have to do with ${over.join(', ')}`;
    if (isHalfway(other))
      obstacles.push({
        because: `${id} is ${other.state === 'failed' ? 'applied halfway' : 'being applied'}${about}`,
        hint: `\`karma change resume ${id}\` ends it, \`karma change revert ${id}\` takes it back`,
      });
    const isEarlier = (other.approvedAt ?? '') < (change.approvedAt ?? '9');
    if (other.state === 'approved' && isEarlier && !overtake)
      obstacles.push({
        because: `${id} was ${other.merged === undefined ? 'approved' : 'merged'} before${about}`,
        hint:
          other.merged === undefined
            ? `\`karma change apply ${id}\` first; or go ahead of it with --overtake, and it is looked at again`
            : `\`karma change apply ${id}\` deploys it, \`karma change cancel ${id}\` leaves it as it is; or go ahead of it with --overtake`,
      });
  }
  return obstacles;
}

function isHalfway({ state, apply }: Change): boolean {
  return state === 'applying' || (state === 'failed' && apply?.commit !== undefined);
}

function movedStates({ simulation }: SimulatedChange, { statesCopied }: GateOptions): readonly Obstacle[] {
  const { moved } = simulation.comparison.states;
  const [first] = moved;
  if (first === undefined || statesCopied) return [];
  const more = moved.length > 1 ? `, and ${moved.length - 1} more` : '';
  return [
    {
      because: `the state of ${first.component} moves from ${first.from} to ${first.to}${more}: without a copy everything would be built anew`,
      hint: 'copy what moves (`karma change show --json` holds the commands), then say --states-copied',
    },
  ];
}

/** A base that the followed ref does not hold yet would bring along what it holds besides. */
function baseAhead({ followed, branch }: OpenedChanges, { change, simulation }: SimulatedChange): readonly Obstacle[] {
  if (simulation.base === followed.commit) return [];
  return [
    {
      because: `it was made on a commit that ${branch ?? 'the followed ref'} does not hold yet`,
      hint: `bring its base there first, or give it another: \`karma change propose --revise ${change.id} --base ${branch ?? 'HEAD'}\``,
    },
  ];
}
