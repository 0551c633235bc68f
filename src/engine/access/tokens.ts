import { createHash, timingSafeEqual } from 'node:crypto';
import type { LedgerEvent } from '../../model/event.ts';
import type { Ledger } from '../../stores/ledger/port.ts';
import { eventsOf } from '../history/every-event.ts';
import type { Role } from './grants.ts';

/** A token as the ledger tells of it. What it is itself nobody keeps: only whether another text is it can be said. */
export interface Token {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** Where it may do more than look; none: everywhere. */
  readonly environments: readonly string[];
  readonly createdAt: string;
  readonly createdBy: string;
  /** ISO 8601; from then on it opens nothing. */
  readonly expiresAt?: string;
  readonly revokedAt?: string;
}

export const tokenActions = { created: 'token.created', revoked: 'token.revoked' } as const;
export const tokenForm = /^karma_([0-9a-f]{12})_([A-Za-z0-9_-]{43})$/;

/** A secret of 256 random bits cannot be guessed from its digest, however fast that is made. */
export function digestOfSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** The tokens of an estate, read from the ledger as far as it goes each time somebody asks: what is revoked opens nothing more. */
export class TokenBook {
  readonly #ledger: Ledger;
  readonly #tokens = new Map<string, { readonly token: Token; readonly digest: string }>();
  #read = 0;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  async all(): Promise<readonly Token[]> {
    await this.#catchUp();
    return [...this.#tokens.values()].map(({ token }) => token);
  }

  /** The token that a text is, if it opens anything now. */
  async find(text: string, now: string): Promise<Token | undefined> {
    const [, id = '', secret = ''] = tokenForm.exec(text) ?? [];
    await this.#catchUp();
    const known = this.#tokens.get(id);
    // Compared in any case, so that the time it takes does not tell which ids there are.
    const digest = Buffer.from(digestOfSecret(secret));
    const isIt = timingSafeEqual(digest, Buffer.from(known?.digest ?? '0'.repeat(64)));
    return known !== undefined && isIt && isOpen(known.token, now) ? known.token : undefined;
  }

  async #catchUp(): Promise<void> {
    for await (const event of eventsOf(this.#ledger, { action: 'token.', after: this.#read })) {
      this.#read = event.seq;
      this.#take(event);
    }
  }

  #take({ action, subject, at, actor, details }: LedgerEvent): void {
    if (action === tokenActions.created) {
      const { name, role, environments, expiresAt, digest } = details as unknown as Token & { readonly digest: string };
      const until = expiresAt === undefined ? {} : { expiresAt };
      this.#tokens.set(subject, {
        token: { id: subject, name, role, environments, createdAt: at, createdBy: actor, ...until },
        digest,
      });
    }
    const known = this.#tokens.get(subject);
    if (action === tokenActions.revoked && known !== undefined)
      this.#tokens.set(subject, { ...known, token: { ...known.token, revokedAt: at } });
  }
}

export function isOpen({ expiresAt, revokedAt }: Token, now: string): boolean {
  return revokedAt === undefined && (expiresAt === undefined || Date.parse(now) < Date.parse(expiresAt));
}
