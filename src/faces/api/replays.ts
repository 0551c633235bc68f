import type { EngineContext } from '../../engine/context.ts';
import { digestOf } from '../../model/digest.ts';
import { KarmaError } from '../../model/errors.ts';

/** One answer to one key, as the ledger keeps it for all services that rest on it. */
interface KeptAnswer {
  /** Of what was asked: another question under the same key is a mistake. */
  readonly asked: string;
  /** ISO 8601. */
  readonly at: string;
  /** The object that holds the body; left out until it is answered. */
  readonly body?: string;
  readonly status?: number;
  /** It came to nothing: the key is free again. */
  readonly undone?: true;
}

export interface KeyedRequest {
  readonly request: Request;
  /** The body as it was read: JSON. */
  readonly body: unknown;
  /** The key counts for this caller alone. */
  readonly caller: string;
}

const kind = 'idempotency';
const longestKey = 255;
/** Answers are told again for a day. */
const keptFor = 24 * 3_600_000;
/** Nothing that is asked over HTTP takes longer: whoever began and has no answer by then was cut off. */
const longest = 15 * 60_000;

/**
 * `Idempotency-Key`: whoever does not know whether a request arrived sends it again, and it is done once. Bound to who asks, to
 * the path and to the body. Only what went well is kept; a request that was refused may be sent again under its key.
 * @throws KARMA_INPUT_INVALID for another body, KARMA_CONFLICT while the first is being answered
 */
export async function onceByKey(
  context: EngineContext,
  { request, body, caller }: KeyedRequest,
  answer: () => Promise<Response>,
): Promise<Response> {
  const key = keyOf(request);
  if (key === undefined) return answer();
  const { pathname, search } = new URL(request.url);
  const id = digestOf([caller, request.method, pathname, key]);
  const asked = digestOf([search, request.headers.get('content-type') ?? '', body ?? null]);
  const ledger = await context.stores.ledger();
  const stored = await ledger.getDocument(kind, id);
  const known = stored?.body as KeptAnswer | undefined;
  const age = known === undefined ? 0 : Date.parse(context.now()) - Date.parse(known.at);
  if (known !== undefined && known.undone !== true && age < keptFor) {
    if (known.asked !== asked)
      throw new KarmaError('KARMA_INPUT_INVALID', 'this Idempotency-Key was used for another request', {
        hint: 'take a new key for each thing that is to be done',
      });
    const before = known.body === undefined ? undefined : await ledger.getObject(known.body);
    if (before === undefined) throw unanswered(age);
    return new Response(new Uint8Array(before), { status: known.status ?? 200, headers: replayed });
  }
  const begun: KeptAnswer = { asked, at: context.now() };
  const revision = stored?.revision ?? 0;
  const until = new Date(Date.parse(begun.at) + 2 * keptFor).toISOString();
  if (!(await ledger.putDocument(kind, id, begun, revision, until))) throw unanswered(0);
  try {
    const response = await answer();
    const bytes = new Uint8Array(await response.clone().arrayBuffer());
    const done = response.ok
      ? { body: await ledger.putObject(bytes), status: response.status }
      : ({ undone: true } as const);
    await ledger.putDocument(kind, id, { ...begun, ...done }, revision + 1, until);
    return response;
  } catch (error) {
    await ledger.putDocument(kind, id, { ...begun, undone: true }, revision + 1, until);
    throw error;
  }
}

const replayed = { 'content-type': 'application/json; charset=utf-8', 'idempotency-replayed': 'true' };

/** A text in quotes, as the draft has it; without them it is taken too. @throws KARMA_USAGE */
function keyOf(request: Request): string | undefined {
  const given = request.headers.get('idempotency-key')?.trim();
  if (given === undefined) return undefined;
  const key = /^"((?:[ !#-[\]-~]|\\["\\])*)"$/.exec(given)?.[1] ?? (/^[!#-[\]-~]+$/.test(given) ? given : '');
  if (key !== '' && key.length <= longestKey) return key;
  throw new KarmaError('KARMA_USAGE', `Idempotency-Key is a text of 1 to ${longestKey} plain characters in quotes`, {
    hint: 'Idempotency-Key: "8e03978e-40d5-43dd-bc93-6894a57f9324"',
  });
}

function unanswered(age: number): KarmaError {
  return age < longest
    ? new KarmaError('KARMA_CONFLICT', 'a request with this Idempotency-Key is being answered', {
        hint: 'ask again in a moment',
      })
    : new KarmaError(
        'KARMA_CONFLICT',
        'a request with this Idempotency-Key was begun and cut off before it was answered',
        {
          hint: 'see in `/v1/log` whether it was done; to do it again take a new key',
        },
      );
}
