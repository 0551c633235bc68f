import { type Grant, grantsInWords, type IdentityIssuer, mayBe, notIn, type Role } from '../../engine/access/grants.ts';
import { type Token, TokenBook } from '../../engine/access/tokens.ts';
import type { EngineContext } from '../../engine/context.ts';
import { mustFit, type Verb } from '../../engine/verbs/verb.ts';
import { isKarmaError, KarmaError } from '../../model/errors.ts';
import type { Person } from '../../model/person.ts';
import type { Denials } from './denials.ts';
import { metadataPaths } from './protected-resource.ts';
import type { Requested } from './requested.ts';
import { hookPaths } from './webhooks.ts';

/** Who asks, and what they may. */
export interface Caller {
  readonly actor: string;
  readonly person: Person;
  /** @throws KARMA_FORBIDDEN */
  must(role: Role): Promise<void>;
  /** @param environments undefined: the whole estate. @throws KARMA_FORBIDDEN */
  mustIn(role: Role, environments: readonly string[] | undefined): Promise<void>;
  /** Whether it still opens anything: asked again for as long as somebody listens. */
  isOpen(): Promise<boolean>;
}

/** The role that a verb takes. */
export function roleFor({ takes, writes }: Pick<Verb, 'takes' | 'writes'>): Role {
  return takes ?? (writes === 'nothing' ? 'viewer' : 'operator');
}

/**
 * Before a verb is asked for a caller: its role, and where something is changed in environments of which the token is not.
 * Undefined: whoever stands at this machine may do all that a service does, but for what reaches beyond it, and for what is decided
 * in somebody's name: other users of the machine reach the address too, so that takes a token here as well.
 * @throws KARMA_UNKNOWN_CALLER, KARMA_FORBIDDEN, KARMA_USAGE for a query that is none
 */
export async function mustMay(
  caller: Caller | undefined,
  verb: Verb,
  { context, query }: { readonly context: EngineContext; readonly query: unknown },
): Promise<void> {
  if (caller === undefined) {
    const role = roleFor(verb);
    if (verb.writes !== 'infrastructure' && role !== 'approver') return;
    const what =
      role === 'approver' ? 'to decide takes a token of an approver' : 'what runs takes a token of an operator';
    throw new KarmaError('KARMA_UNKNOWN_CALLER', `${what}, also on this machine`, {
      hint: `\`karma token create NAME --role ${role}\``,
    });
  }
  const role = roleFor(verb);
  await caller.must(role);
  if (verb.writes === 'nothing') return;
  mustFit(verb.query, query);
  await caller.mustIn(role, await verb.concerns?.(context, query as never));
}

/** What says how a service is and whose tokens it takes, and nothing of the estate; and what is signed itself. */
const open: ReadonlySet<string> = new Set(['/healthz', '/readyz', ...metadataPaths, ...Object.keys(hookPaths)]);

/** Whom a credential names. */
interface Named {
  readonly actor: string;
  readonly person: Person;
  readonly grants: readonly Grant[];
}

/** Lets in who shows a token of the estate, or one of an issuer that who started the service trusts. Each denial is an event. */
export class TokenAccess {
  readonly #context: EngineContext;
  readonly #denials: Denials;
  readonly #issuer: IdentityIssuer | undefined;
  #book: Promise<TokenBook> | undefined;

  constructor(context: EngineContext, denials: Denials, issuer: IdentityIssuer | undefined) {
    this.#context = context;
    this.#denials = denials;
    this.#issuer = issuer;
  }

  /** @throws KARMA_UNKNOWN_CALLER where no credential is shown, several are, or one that opens nothing */
  async callerOf(request: Requested, path: string): Promise<Caller | undefined> {
    if (open.has(path)) return undefined;
    const named = await this.#namedBy(request, path);
    if (typeof named !== 'string')
      return {
        ...this.#callerWith(named, path),
        isOpen: async () => typeof (await this.#namedBy(request, path)) !== 'string',
      };
    await this.#denials.tell({ actor: '', path, reason: named });
    throw new KarmaError('KARMA_UNKNOWN_CALLER', named, {
      hint:
        this.#issuer === undefined
          ? '`Authorization: Bearer karma_…`; `karma token create` makes one'
          : '`Authorization: Bearer …` with a token of the issuer, or one that `karma token create` made',
    });
  }

  #callerWith({ actor, person, grants }: Named, path: string): Omit<Caller, 'isOpen'> {
    const has = grantsInWords(grants);
    const deny = async (reason: string, message: string): Promise<never> => {
      await this.#denials.tell({ actor, path, reason });
      throw new KarmaError('KARMA_FORBIDDEN', message, {
        hint: 'ask who runs the service for a token that may',
      });
    };
    return {
      actor,
      person,
      must: async (role) => {
        if (grants.length === 0)
          await deny('has no role', 'whoever the token names has no role here: no group of theirs is given one');
        if (!mayBe(grants, role))
          await deny(`needs ${role}, has ${has}`, `this takes the role ${role}, and the token has ${has}`);
      },
      mustIn: async (role, concerned) => {
        const missing = notIn(grants, role, concerned);
        if (missing === undefined) return;
        const { environment } = missing;
        if (environment === undefined)
          await deny(`the whole estate, is ${has}`, `this is about the whole estate, and the token is ${has}`);
        await deny(
          `in ${environment}, is ${has}`,
          `this is about ${environment || 'no environment'}, and the token is ${has}`,
        );
      },
    };
  }

  /** Whom the credential of a request names, or what is wrong in words. */
  async #namedBy(request: Requested, path: string): Promise<Named | string> {
    const header = request.headers.get('authorization');
    // Several headers of one name come joined: of two credentials nobody can say whose request it is.
    if (header?.includes(',') === true || new URL(request.url).searchParams.has('access_token'))
      return 'one credential a request, in Authorization';
    if (header === null) return 'who asks must show a token';
    const text = /^Bearer +(\S+)$/i.exec(header)?.[1];
    if (text === undefined) return 'Authorization must be a bearer token';
    if (this.#issuer !== undefined && !text.startsWith('karma_')) return this.#signedFor(this.#issuer, text, path);
    this.#book ??= this.#context.stores.ledger().then((ledger) => new TokenBook(ledger));
    const token = await (await this.#book).find(text, this.#context.now());
    return token === undefined ? 'the token opens nothing' : named(token);
  }

  async #signedFor(issuer: IdentityIssuer, text: string, path: string): Promise<Named | string> {
    try {
      const identity = await issuer.identityOf(text, this.#context.now());
      if (typeof identity === 'string') return identity;
      const { name, grants, person = { name } } = identity;
      return { actor: `oidc/${name}`, person, grants };
    } catch (error) {
      // Nobody is let in on trust while the keys cannot be had.
      if (isKarmaError(error)) await this.#denials.tell({ actor: '', path, reason: error.message });
      throw error;
    }
  }
}

/** A word before it: a token may be called like a person. */
function named({ name, role, environments }: Token): Named {
  const actor = `api/${name}`;
  return { actor, person: { name: actor }, grants: [{ role, environments }] };
}
