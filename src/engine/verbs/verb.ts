import type { ObjectShape } from '../../config/shape.ts';
import { flag, list, text } from '../../config/shape-parts.ts';
import type { ValueOf } from '../../config/shape-value.ts';
import type { EngineContext } from '../context.ts';

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
  run(context: EngineContext, query: ValueOf<Query>, call: VerbCall): Promise<Answer>;
}

export interface VerbCall {
  /** Given up by whoever asked. */
  readonly signal?: AbortSignal;
}

/** Holds a verb to its shape: an option misspelt in `run` or in a face does not compile. */
export function defineVerb<const Query extends ObjectShape, Answer extends object>(
  verb: Verb<Query, Answer>,
): Verb<Query, Answer> {
  return verb;
}

/** Parts that many queries share. */
export const at = text('A Git revision, a graph version (v43) or a time; default: the work tree as it is.');
export const select = list('A selection; several are united.', text('An id, a pattern or an expression.'));
export const reverse = flag('The order in which to destroy.');
