import { type Role, roles, type Token, TokenBook } from '../../engine/access/tokens.ts';
import type { EngineContext } from '../../engine/context.ts';
import type { Writes } from '../../engine/verbs/verb.ts';
import { KarmaError } from '../../model/errors.ts';

/** Who asks, and what they may. */
export interface Caller {
  readonly actor: string;
  /** @throws KARMA_FORBIDDEN */
  must(role: Role): Promise<void>;
}

/** The role that a verb takes. */
export function roleFor(writes: Writes): Role {
  return writes === 'nothing' ? 'viewer' : 'operator';
}

/** What says how a service is, and nothing of the estate. */
const open: ReadonlySet<string> = new Set(['/healthz', '/readyz']);

/** Denials of one kind are written once in so many milliseconds: whoever knocks a thousand times must not fill the ledger. */
const quiet = 60_000;

/** Lets in who shows a token of the estate. Each denial is an event. */
export class TokenAccess {
  readonly #context: EngineContext;
  readonly #clock: () => number;
  readonly #told = new Map<string, number>();
  #book: Promise<TokenBook> | undefined;

  constructor(context: EngineContext, clock: () => number) {
    this.#context = context;
    this.#clock = clock;
  }

  /** @throws KARMA_UNKNOWN_CALLER where no credential is shown, several are, or one that opens nothing */
  async callerOf(request: Request, path: string): Promise<Caller | undefined> {
    if (open.has(path)) return undefined;
    const token = await this.#tokenOf(request);
    if (typeof token === 'string') {
      await this.#deny('', path, token);
      throw new KarmaError('KARMA_UNKNOWN_CALLER', token, {
        hint: '`Authorization: Bearer karma_…`; `karma token create` makes one',
      });
    }
    // A word before it: a token may be called like a person.
    const actor = `api/${token.name}`;
    return {
      actor,
      must: async (role) => {
        if (roles.indexOf(token.role) >= roles.indexOf(role)) return;
        await this.#deny(actor, path, `needs ${role}, has ${token.role}`);
        throw new KarmaError('KARMA_FORBIDDEN', `this takes the role ${role}, and the token has ${token.role}`, {
          hint: 'ask who runs the service for a token with that role',
        });
      },
    };
  }

  /** The token, or what is wrong in words. */
  async #tokenOf(request: Request): Promise<Token | string> {
    const header = request.headers.get('authorization');
    // Several headers of one name come joined: of two credentials nobody can say whose request it is.
    if (header?.includes(',') === true || new URL(request.url).searchParams.has('access_token'))
      return 'one credential a request, in Authorization';
    if (header === null) return 'who asks must show a token';
    const text = /^Bearer +(\S+)$/i.exec(header)?.[1];
    if (text === undefined) return 'Authorization must be a bearer token';
    this.#book ??= this.#context.stores.ledger().then((ledger) => new TokenBook(ledger));
    return (await (await this.#book).find(text, this.#context.now())) ?? 'the token opens nothing';
  }

  async #deny(actor: string, path: string, reason: string): Promise<void> {
    const kind = `${actor} ${reason}`;
    const now = this.#clock();
    if (now - (this.#told.get(kind) ?? Number.NEGATIVE_INFINITY) < quiet) return;
    if (this.#told.size > 1000) this.#told.clear();
    this.#told.set(kind, now);
    const ledger = await this.#context.stores.ledger();
    await ledger.append([
      {
        ...{
          action: 'access.denied',
          actor: actor === '' ? 'nobody' : actor,
          door: 'api',
          subject: path.slice(0, 200),
        },
        outcome: 'refused',
        at: this.#context.now(),
        details: { reason },
      },
    ]);
  }
}
