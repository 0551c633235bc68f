import { createRemoteJWKSet, customFetch, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { isJsonObject } from '../config/merge-patch.ts';
import type { OidcSettings } from '../config/oidc-shape.ts';
import type { Grant, Identity, IdentityIssuer } from '../engine/access/grants.ts';
import { isKarmaError, KarmaError } from '../model/errors.ts';
import type { Person } from '../model/person.ts';
import { stepsOf } from '../model/pointer.ts';
import { isSafe, readOidcSettings } from './oidc-settings.ts';

/** What was asked in vain is not asked again for so many milliseconds, whoever knocks meanwhile. */
const pause = 5_000;
const patience = 5_000;
/** Keys that the issuer withdrew open nothing after so many milliseconds at most. */
const keysKept = 300_000;
/** Clocks of two machines differ by so many seconds. */
const clocks = 30;
const defaultSignings = ['RS256', 'PS256', 'ES256', 'EdDSA'];
const longestName = 200;

/** @param said a file, or for a function what such a file holds. @throws KARMA_UNREADABLE, KARMA_CONFIG_INVALID */
export function openIssuer(said: string): IdentityIssuer {
  return new OidcIssuer(readOidcSettings(said));
}

/** Takes tokens that an OpenID Connect issuer signed, by its public keys as they are just now. */
export class OidcIssuer implements IdentityIssuer {
  readonly #settings: OidcSettings;
  readonly #clock: () => number;
  #keys: Promise<JWTVerifyGetKey> | undefined;
  #inVain: { readonly until: number; readonly error: KarmaError } | undefined;

  constructor(settings: OidcSettings, clock: () => number = () => performance.now()) {
    this.#settings = settings;
    this.#clock = clock;
  }

  get issuer(): string {
    return this.#settings.issuer;
  }

  get audience(): string {
    return this.#settings.audience;
  }

  async identityOf(token: string, now: string): Promise<Identity | string> {
    const { issuer, audience, algorithms = defaultSignings } = this.#settings;
    const keys = await this.#currentKeys();
    try {
      const { payload } = await jwtVerify(token, keys, {
        ...{ issuer, audience, algorithms: [...algorithms] },
        ...{ requiredClaims: ['exp', 'sub'], clockTolerance: clocks, currentDate: new Date(now) },
      });
      return this.#named(payload);
    } catch (error) {
      if (isKarmaError(error)) throw error;
      if (error instanceof errors.JWKSInvalid) throw outOfReach('what is there are no keys');
      return wrongWith(error);
    }
  }

  async #currentKeys(): Promise<JWTVerifyGetKey> {
    this.#keys ??= this.#findKeys();
    try {
      return await this.#keys;
    } catch (error) {
      this.#keys = undefined;
      throw error;
    }
  }

  async #findKeys(): Promise<JWTVerifyGetKey> {
    const { issuer, jwks } = this.#settings;
    const address = jwks ?? keysAddress(issuer, await this.#get(`${issuer.replace(/\/$/, '')}${description}`));
    return createRemoteJWKSet(new URL(address), {
      ...{ timeoutDuration: patience, cacheMaxAge: keysKept },
      // A key that nobody knows is looked for, but not for each who makes one up.
      cooldownDuration: pause,
      [customFetch]: async (url) => Response.json(await this.#get(url)),
    });
  }

  /** What lies at an address of the issuer's. Only what goes wrong here, and nothing that a token says, makes others wait. */
  async #get(address: string): Promise<unknown> {
    if (this.#inVain !== undefined && this.#clock() < this.#inVain.until) throw this.#inVain.error;
    try {
      const response = await fetch(address, {
        ...{ redirect: 'error', signal: AbortSignal.timeout(patience), headers: { accept: 'application/json' } },
      });
      if (!response.ok) throw new Error(`the answer was ${response.status}`);
      return JSON.parse(await textOf(response));
    } catch (error) {
      this.#inVain = {
        until: this.#clock() + pause,
        error: outOfReach(error instanceof Error ? error.message : 'nobody knows why'),
      };
      throw this.#inVain.error;
    }
  }

  #named(payload: JWTPayload): Identity | string {
    const { actor = 'sub', groups = 'groups', roles } = this.#settings;
    const name = payload[actor];
    if (typeof name !== 'string' || name === '' || name.length > longestName || /[\p{Cc}\p{Cf}]/u.test(name))
      return `the token has no name in ${JSON.stringify(actor)}`;
    if (actor === 'email' && payload['email_verified'] === false) return 'the address of the token was never verified';
    const own = groupsOf(groups.startsWith('/') ? memberAt(payload, groups) : payload[groups]);
    const grants = roles
      .filter(({ group }) => group === '*' || own.has(group))
      .map(({ role, environments = [] }): Grant => ({ role, environments }));
    return { name, person: personIn(payload, name), grants };
  }
}

/** Whom the token names to people: an address that nobody verified is nobody's. */
function personIn(payload: JWTPayload, actor: string): Person {
  const said = (claim: string): string | undefined => {
    const value = payload[claim];
    return typeof value === 'string' &&
      value.length <= longestName &&
      !/[\p{Cc}\p{Cf}]/u.test(value) &&
      value.trim() !== ''
      ? value.trim()
      : undefined;
  };
  const address = payload['email_verified'] === false ? undefined : said('email');
  const name = said('name') ?? said('preferred_username') ?? actor;
  return { name, ...(address === undefined ? {} : { address }) };
}

/** An issuer has a few keys: what is longer is something else, or has no end. In bytes. */
const longest = 1024 * 1024;

async function textOf({ body }: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body ?? []) {
    parts.push(part);
    size += part.byteLength;
    if (size > longest) throw new Error(`the answer is longer than ${longest} bytes`);
  }
  return Buffer.concat(parts).toString('utf8');
}

const description = '/.well-known/openid-configuration';

/** @throws KARMA_UPSTREAM */
function keysAddress(issuer: string, described: unknown): string {
  const { issuer: own, jwks_uri: address } = (described ?? {}) as {
    readonly issuer?: unknown;
    readonly jwks_uri?: unknown;
  };
  // Else one issuer of a host could speak for another one.
  if (own !== issuer) throw outOfReach('its description is that of another issuer');
  if (typeof address !== 'string' || !isSafe(address)) throw outOfReach('its description names no safe address');
  return address;
}

function memberAt(payload: JWTPayload, pointer: string): unknown {
  let value: unknown = payload;
  for (const step of stepsOf(pointer))
    value = isJsonObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  return value;
}

function groupsOf(claim: unknown): ReadonlySet<string> {
  const all: readonly unknown[] = Array.isArray(claim) ? claim : [claim];
  return new Set(all.filter((one) => typeof one === 'string'));
}

/** In words that are the same for every such token, so that denials of one kind are one. */
function wrongWith(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'the token has run out';
  if (error instanceof errors.JWTClaimValidationFailed)
    return error.claim === 'aud'
      ? 'the token is for another audience'
      : error.claim === 'iss'
        ? 'the token is of another issuer'
        : error.claim === 'nbf'
          ? 'the token is not valid yet'
          : 'the token lacks a claim that it needs';
  if (error instanceof errors.JOSEAlgNotAllowed) return 'the token is signed in a way that is not taken';
  if (error instanceof errors.JWKSNoMatchingKey) return 'the token is signed with a key that the issuer does not have';
  if (error instanceof errors.JWKSMultipleMatchingKeys) return 'the token does not say with which key it is signed';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'the signature of the token is not right';
  return 'the token opens nothing';
}

function outOfReach(why: string): KarmaError {
  return new KarmaError('KARMA_UPSTREAM', `the keys of the issuer are out of reach: ${why}`, {
    hint: 'ask again in a while; a token that `karma token create` made opens without the issuer',
  });
}
