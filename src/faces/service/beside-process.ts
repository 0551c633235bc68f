import type { Engine } from '../../engine/engine.ts';
import { sha256 } from '../../model/digest.ts';
import { isKarmaError, KarmaError } from '../../model/errors.ts';
import type { Progress } from '../../model/progress.ts';
import { openEngine } from '../../wiring/open.ts';
import { answerHere, type MadeAnswer } from '../api/answering.ts';
import type { FromBeside, ToBeside } from './beside.ts';
import { longestPart } from './longest-part.ts';

/** The program of the process that answers what takes long; it ends with the one that began it. See `beside.ts`. */

type Asked = Extract<ToBeside, { readonly question: unknown }>;

const given = new Map<number, AbortController>();
let engine: Engine | undefined;

// A person at a terminal interrupts both: this one first answers.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
process.once('disconnect', () => process.exit());
process.on('message', (message: ToBeside) => {
  if ('place' in message) engine = openEngine({ ...message.place, stays: true });
  else if ('givenUp' in message) given.get(message.givenUp)?.abort();
  else void answer(message);
});

async function answer({ id, question, asker }: Asked): Promise<void> {
  const over = new AbortController();
  given.set(id, over);
  const report = (progress: Progress) => say({ id, progress });
  try {
    if (engine === undefined) throw new KarmaError('KARMA_BUG', 'asked before it was said of which estate');
    const made = await answerHere(engine.as({ ...asker, signal: over.signal, report }), question, {});
    await sayInParts(id, made.bytes);
  } catch (error) {
    say({ id, error: told(error) });
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

function told(error: unknown): Extract<FromBeside, { readonly error: unknown }>['error'] {
  const message = error instanceof Error ? error.message : String(error);
  if (!isKarmaError(error)) return { message, hint: undefined, details: undefined };
  const { code, hint, details } = error;
  // Plain data is all that goes through.
  return { message, code, hint, details: details === undefined ? undefined : JSON.parse(JSON.stringify(details)) };
}

function say(message: FromBeside): void {
  if (process.connected) process.send?.(message);
}
