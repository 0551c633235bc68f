import { type Role, roles, type Token, TokenBook } from '../../engine/access/tokens.ts';
import type { EngineContext } from '../../engine/context.ts';
import { mustFit, type Verb } from '../../engine/verbs/verb.ts';
import { KarmaError } from '../../model/errors.ts';
import type { Denials } from './denials.ts';

/** Who asks, and what they may. */
export interface Caller {
  readonly actor: string;
  /** @throws KARMA_FORBIDDEN */
  must(role: Role): Promise<void>;
  /** @param environments undefined: the whole estate. @throws KARMA_FORBIDDEN */
  mustIn(environments: readonly string[] | undefined): Promise<void>;
  /** Whether it still opens anything: asked again for as long as somebody listens. */
  isOpen(): Promise<boolean>;
}

/** The role that a verb takes. */
export function roleFor({ takes, writes }: Pick<Verb, 'takes' | 'writes'>): Role {
  return takes ?? (writes === 'nothing' ? 'viewer' : 'operator');
}

/**
 * Before a verb is asked for a caller: its role, and where something is changed in environments of which the token is not.
 * Undefined: whoever stands at this machine may do all that a service does, but for what reaches beyond it: other users of the
 * machine reach the address too, so that takes a token here as well.
 * @throws KARMA_UNKNOWN_CALLER, KARMA_FORBIDDEN, KARMA_USAGE for a query that is none
 */
export async function mustMay(
  caller: Caller | undefined,
  verb: Verb,
  { context, query }: { readonly context: EngineContext; readonly query: unknown },
): Promise<void> {
  if (caller === undefined) {
    if (verb.writes !== 'infrastructure') return;
    throw new KarmaError('KARMA_UNKNOWN_CALLER', 'what runs takes a token of an operator, also on this machine', {
      hint: '`karma token create NAME --role operator`',
    });
  }
  await caller.must(roleFor(verb));
  if (verb.writes === 'nothing') return;
  mustFit(verb.query, query);
  await caller.mustIn(await verb.concerns?.(context, query as never));
}

/** What says how a service is, and nothing of the estate. */
const open: ReadonlySet<string> = new Set(['/healthz', '/readyz']);

/** Lets in who shows a token of the estate. Each denial is an event. */
export class TokenAccess {
  readonly #context: EngineContext;
  readonly #denials: Denials;
  #book: Promise<TokenBook> | undefined;

  constructor(context: EngineContext, denials: Denials) {
    this.#context = context;
    this.#denials = denials;
  }

  /** @throws KARMA_UNKNOWN_CALLER where no credential is shown, several are, or one that opens nothing */
  async callerOf(request: Request, path: string): Promise<Caller | undefined> {
    if (open.has(path)) return undefined;
    const token = await this.#tokenOf(request);
    if (typeof token !== 'string')
      return {
        ...this.#callerWith(token, path),
        isOpen: async () => typeof (await this.#tokenOf(request)) !== 'string',
      };
    await this.#denials.tell({ actor: '', path, reason: token });
    throw new KarmaError('KARMA_UNKNOWN_CALLER', token, {
      hint: '`Authorization: Bearer karma_…`; `karma token create` makes one',
    });
  }

  #callerWith({ name, role: has, environments }: Token, path: string): Omit<Caller, 'isOpen'> {
    // A word before it: a token may be called like a person.
    const actor = `api/${name}`;
    const deny = async (reason: string, message: string): Promise<never> => {
      await this.#denials.tell({ actor, path, reason });
      throw new KarmaError('KARMA_FORBIDDEN', message, {
        hint: 'ask who runs the service for a token that may',
      });
    };
    return {
      actor,
      must: async (role) => {
        if (roles.indexOf(has) < roles.indexOf(role))
          await deny(`needs ${role}, has ${has}`, `this takes the role ${role}, and the token has ${has}`);
      },
      mustIn: async (concerned) => {
        if (environments.length === 0) return;
        const own = environments.join(', ');
        if (concerned === undefined)
          return deny(
            `the whole estate, is ${has} in ${own}`,
            `this is about the whole estate, and the token is ${has} in ${own}`,
          );
        const other = concerned.find((one) => !environments.includes(one));
        if (other !== undefined)
          await deny(
            `in ${other}, is ${has} in ${own}`,
            `this is about ${other || 'no environment'}, and the token is ${has} in ${own}`,
          );
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
}
