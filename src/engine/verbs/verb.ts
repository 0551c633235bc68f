import { checkShape, type ObjectShape } from '../../config/shape.ts';
import { flag, list, text } from '../../config/shape-parts.ts';
import type { ValueOf } from '../../config/shape-value.ts';
import { KarmaError } from '../../model/errors.ts';
import type { Role } from '../access/grants.ts';
import type { EngineContext } from '../context.ts';
import type { DeployFace } from '../deploying/query.ts';
import { mustBeShallow } from '../said-depth.ts';
import { mustBeWanted } from '../wanted.ts';

export { jsonSchemaOf } from '../../config/shape.ts';

/** What a verb changes: nothing, what Karma keeps, or what runs in the world. */
export type Writes = 'nothing' | 'ledger' | 'infrastructure';

/**
 * One thing that can be asked of an estate or done with it, the same for every face. The query is a shape: it validates what
 * a face was given and types what `run` gets. The answer is plain data. No query names a file of this machine: who asks over
 * the network must not steer what is read.
 */
export interface Verb<Query extends ObjectShape = ObjectShape, Answer extends object = object> {
  readonly about: string;
  readonly query: Query;
  readonly writes: Writes;
  /** The version of the answer's schema, 1 where nothing is said: it grows where something is not as it was. */
  readonly schemaVersion?: number;
  /** Who may ask it; default: anybody where it writes nothing, else an operator. */
  readonly takes?: Role;
  /**
   * What it costs grows with its answer and not with the estate, where it is asked of a version that is at hand. Whoever answers
   * many at once has all others answered elsewhere.
   */
  readonly isSmall?: true;
  /** The environments that a query changes something of; default, and undefined: the whole estate. Asked where it writes. */
  concerns?(context: EngineContext, query: ValueOf<Query>): Promise<readonly string[] | undefined>;
  run(context: EngineContext, query: ValueOf<Query>, call: VerbCall): Promise<Answer>;
  /** The same answer, where a list of it costs more as objects than as the text that they become. */
  readonly written?: (context: EngineContext, query: ValueOf<Query>, call: VerbCall) => Promise<WrittenAnswer<Answer>>;
}

/** An answer of which some lists are empty, and stand beside it as `JSON.stringify` would write them into it, two steps in. */
export interface WrittenAnswer<Answer extends object = object> {
  readonly answer: Answer;
  /** Each as fit to be shown as what hiding what is secret makes of an answer. */
  readonly lists: Readonly<Record<string, string>>;
}

export interface VerbCall {
  /** Given up by whoever asked. */
  readonly signal?: AbortSignal;
  readonly here?: Here;
  /** More items than this are told elsewhere: see {@link mustBeFew}. */
  readonly most?: number | undefined;
  /** The same of those that are written without being made. */
  readonly mostWritten?: number | undefined;
}

/** An answer is larger than whoever asked wants to wait for at this place. */
export class TooManyHere extends Error {}

/** @throws TooManyHere */
export function mustBeFew(items: number, { most = Number.POSITIVE_INFINITY }: VerbCall): void {
  if (items > most) throw new TooManyHere(`${items} items`);
}

/** What only who sits at this machine can give: files that they name, answers to what is asked back, a look at secrets. */
export interface Here {
  /** A folder of pulled states or outputs, or one such file. */
  readonly states?: string;
  /** A baseline of accepted findings instead of the estate's own. */
  readonly baseline?: string;
  /** A plan that was kept, to deploy exactly it; or where to keep one. */
  readonly plan?: string;
  readonly keepPlan?: string;
  /** Who is asked before something changes, hears of what runs, and stops it. */
  readonly face?: DeployFace;
  readonly reveal?: boolean;
  /** The work tree as it is, to be proposed. */
  readonly worktree?: boolean;
}

/** Holds a verb to its shape: an option misspelt in `run` or in a face does not compile. */
export function defineVerb<const Query extends ObjectShape, Answer extends object>(
  verb: Verb<Query, Answer>,
): Verb<Query, Answer> {
  return verb;
}

/** Where nobody can be asked nothing is changed. */
export function faceOf({ here, signal = new AbortController().signal }: VerbCall): DeployFace {
  return here?.face ?? { confirm: async () => false, listen: () => undefined, finishOnly: signal, stopNow: signal };
}

/** A query as a face puts it together: what was not given may be undefined. */
export type Given<Query extends ObjectShape> = {
  readonly [Member in keyof ValueOf<Query>]: ValueOf<Query>[Member] | undefined;
};

/**
 * What a verb answers to a face that knows it. The types hold the face to the members that there are; what somebody typed into
 * them is checked here.
 * @throws KARMA_USAGE naming the member and what was expected
 */
export async function answerTo<Query extends ObjectShape, Answer extends object>(
  context: EngineContext,
  verb: Verb<Query, Answer>,
  given: Given<Query>,
  call: VerbCall = {},
): Promise<Answer> {
  const query = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  mustFit(verb.query, query);
  return run(verb, context, query as ValueOf<Query>, call);
}

/**
 * Runs a verb for who asks it. A question ends where nobody waits for its answer any more. What changes something is brought to its
 * end, or is stopped by itself where it knows how: half of it is worse than an answer that nobody hears.
 */
export async function run<Query extends ObjectShape, Answer extends object>(
  verb: Verb<Query, Answer>,
  { signal: given, ...context }: EngineContext,
  query: ValueOf<Query>,
  call: VerbCall,
): Promise<Answer> {
  const signal = call.signal ?? given;
  if (signal === undefined) return verb.run(context, query, call);
  if (verb.writes !== 'nothing') return verb.run(context, query, { ...call, signal });
  mustBeWanted({ signal });
  return verb.run({ ...context, signal }, query, { ...call, signal });
}

/** The same for who tells the answer as one document. */
export async function write<Query extends ObjectShape, Answer extends object>(
  verb: Verb<Query, Answer>,
  context: EngineContext,
  query: ValueOf<Query>,
  call: VerbCall,
): Promise<WrittenAnswer<Answer>> {
  const { written } = verb;
  if (written === undefined) return { answer: await run(verb, context, query, call), lists: {} };
  const signal = call.signal ?? context.signal;
  if (signal === undefined) return written(context, query, call);
  mustBeWanted({ signal });
  return written({ ...context, signal }, query, { ...call, signal });
}

/** @throws KARMA_USAGE naming the member and what was expected, KARMA_INPUT_INVALID where it is nested too deep */
export function mustFit(shape: ObjectShape, query: unknown): void {
  mustBeShallow(query);
  const [issue] = checkShape(shape, query);
  if (issue === undefined) return;
  throw new KarmaError('KARMA_USAGE', issue.message.replace('the file', 'the query'), {
    ...(issue.hint === undefined ? {} : { hint: issue.hint }),
    details: { pointer: issue.pointer },
  });
}

/** Parts that many queries share. */
export const at = text('A Git revision, a graph version (v43) or a time; default: the work tree as it is.');
export const select = list('A selection; several are united.', text('An id, a pattern or an expression.'));
export const reverse = flag('The order in which to destroy.');
