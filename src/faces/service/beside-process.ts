import type { Asker, Engine } from '../../engine/engine.ts';
import { sha256 } from '../../model/digest.ts';
import { KarmaError } from '../../model/errors.ts';
import type { Progress } from '../../model/progress.ts';
import { openEngine } from '../../wiring/open.ts';
import { answerHere, type MadeAnswer } from '../api/answering.ts';
import type { FromBeside, ToBeside } from './beside.ts';
import { longestPart } from './longest-part.ts';
import { errorOf, toldError } from './told-error.ts';

/** The program of the process that answers what takes long; it ends with the one that began it. See `beside.ts`. */

type Asked = Extract<ToBeside, { readonly question: unknown }>;

const given = new Map<number, AbortController>();
let engine: Engine | undefined;
let asked = 0;
const pending = new Map<number, PromiseWithResolvers<void>>();

// A person at a terminal interrupts both: this one first answers.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
process.once('disconnect', () => process.exit());
process.on('message', (message: ToBeside) => {
  if ('place' in message) engine = openEngine({ ...message.place, stays: true });
  else if ('givenUp' in message) given.get(message.givenUp)?.abort();
  else if ('may' in message) judged(message);
  else void answer(message);
});

async function answer({ id, question, asker: { isNarrow, ...asker } }: Asked): Promise<void> {
  const over = new AbortController();
  given.set(id, over);
  const report = (progress: Progress) => say({ id, progress });
  const who: Asker = { ...asker, signal: over.signal, report, ...(isNarrow ? { mustIn: askedThere(id) } : {}) };
  try {
    if (engine === undefined) throw new KarmaError('KARMA_BUG', 'asked before it was said of which estate');
    const made = await answerHere(engine.as(who), question, {});
    await sayInParts(id, made.bytes);
  } catch (error) {
    say({ id, error: toldError(error) });
  }
  given.delete(id);
}

/** One after the other: what nobody took yet is not held twice. */
async function sayInParts(id: number, bytes: MadeAnswer['bytes']): Promise<void> {
  const digest = sha256(bytes);
  if (bytes.length <= longestPart) {
    say({ id, answer: { bytes, digest } });
    return;
  }
  for (let at = 0; at < bytes.length; at += longestPart) {
    const part = bytes.subarray(at, at + longestPart);
    await said({ id, part, at, of: bytes.length, digest });
  }
}

function said(message: FromBeside): Promise<void> {
  return new Promise((done) => {
    if (process.connected && process.send !== undefined) process.send(message, undefined, undefined, () => done());
    else done();
  });
}

/** What whoever asks may do is known to the process that let them in. */
function askedThere(id: number): NonNullable<Asker['mustIn']> {
  return (role, environments) => {
    asked += 1;
    const answer = Promise.withResolvers<void>();
    pending.set(asked, answer);
    say({ id, may: asked, role, environments });
    return answer.promise;
  };
}

function judged({ may, error }: Extract<ToBeside, { readonly may: number }>): void {
  const answer = pending.get(may);
  pending.delete(may);
  if (error === undefined) answer?.resolve();
  else answer?.reject(errorOf(error));
}

function say(message: FromBeside): void {
  if (process.connected) process.send?.(message);
}
