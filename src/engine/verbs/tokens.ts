import { randomBytes } from 'node:crypto';
import { choice, count, object, text, texts } from '../../config/shape-parts.ts';
import { KarmaError } from '../../model/errors.ts';
import { type Role, roles } from '../access/grants.ts';
import { digestOfSecret, isOpen, type Token, TokenBook, tokenActions } from '../access/tokens.ts';
import type { EngineContext } from '../context.ts';
import { defineVerb } from './verb.ts';

export interface CreatedToken {
  readonly id: string;
  /** Shown this once: it is kept nowhere. */
  readonly token: string;
  readonly expiresAt?: string;
}

/** A token for a program or a person that asks a service. Only a digest of it is kept. */
export async function createToken(
  context: EngineContext,
  query: {
    readonly name: string;
    readonly role: Role;
    readonly environments: readonly string[];
    readonly days?: number;
  },
): Promise<CreatedToken> {
  const { name, role, environments, days } = query;
  const id = randomBytes(6).toString('hex');
  const secret = randomBytes(32).toString('base64url');
  const at = context.now();
  const until = days === undefined ? {} : { expiresAt: new Date(Date.parse(at) + days * 86_400_000).toISOString() };
  const ledger = await context.stores.ledger();
  await ledger.append([
    {
      ...{ action: tokenActions.created, actor: context.actor, door: context.door, subject: id, outcome: 'ok', at },
      details: { name, role, environments, digest: digestOfSecret(secret), ...until },
    },
  ]);
  return { id, token: `karma_${id}_${secret}`, ...until };
}

export interface ListedToken extends Token {
  readonly state: 'open' | 'expired' | 'revoked';
}

export async function listTokens(context: EngineContext): Promise<{ readonly tokens: readonly ListedToken[] }> {
  const now = context.now();
  const tokens = await new TokenBook(await context.stores.ledger()).all();
  return {
    tokens: tokens.map((token) => ({
      ...token,
      state: isOpen(token, now) ? 'open' : token.revokedAt === undefined ? 'expired' : 'revoked',
    })),
  };
}

/** From now on it opens nothing, in any service that rests on this ledger. @throws KARMA_NOT_FOUND */
export async function revokeToken(context: EngineContext, id: string): Promise<{ readonly revoked: string }> {
  const ledger = await context.stores.ledger();
  const token = (await new TokenBook(ledger).all()).find((one) => one.id === id);
  if (token === undefined)
    throw new KarmaError('KARMA_NOT_FOUND', `there is no token ${id}`, { hint: '`karma token list` shows all' });
  if (token.revokedAt === undefined)
    await ledger.append([
      {
        ...{ action: tokenActions.revoked, actor: context.actor, door: context.door, subject: id, outcome: 'ok' },
        at: context.now(),
        details: { name: token.name },
      },
    ]);
  return { revoked: id };
}

export const tokenCreateVerb = defineVerb({
  about: 'A token with which a service can be asked; shown once.',
  query: object(
    'For whom.',
    {
      name: text('Who or what asks with it.'),
      role: choice('What it may do; default viewer.', ...roles),
      environments: texts('Where it may do more than look; default: everywhere.'),
      days: count('For how many days; default 90.', 1, 3650),
    },
    'name',
  ),
  writes: 'ledger',
  run: (context, { name, role = 'viewer', environments = [], days = 90 }) =>
    createToken(context, { name, role, environments, days }),
});

export const tokenListVerb = defineVerb({
  about: 'The tokens there are, and which of them open anything.',
  query: object('Nothing to say.', {}),
  writes: 'nothing',
  run: listTokens,
});

export const tokenRevokeVerb = defineVerb({
  about: 'Makes a token open nothing more.',
  query: object('Which.', { id: text('Its id.') }, 'id'),
  writes: 'ledger',
  run: (context, { id }) => revokeToken(context, id),
});
