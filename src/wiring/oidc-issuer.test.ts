import { createServer, type Server } from 'node:http';
import fc from 'fast-check';
import { exportJWK, exportSPKI, generateKeyPair, type JWK, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OidcSettings } from '../config/oidc-shape.ts';
import { OidcIssuer } from './oidc-issuer.ts';

const now = '2026-05-01T12:00:00.000Z';
const inSeconds = (seconds: number) => Math.floor(Date.parse(now) / 1000) + seconds;

describe('tokens of an issuer', () => {
  let server: Server;
  let address: string;
  const answers: Record<string, { status?: number; body: unknown }> = {};
  let asked = 0;
  let own: Awaited<ReturnType<typeof generateKeyPair>>;
  let foreign: Awaited<ReturnType<typeof generateKeyPair>>;

  const keyOf = async (pair: typeof own, kid: string): Promise<JWK> => ({ ...(await exportJWK(pair.publicKey)), kid });
  const publish = (...keys: JWK[]) => {
    answers['/keys'] = { body: { keys } };
  };

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked += 1;
      const { status = 200, body } = answers[request.url ?? ''] ?? { status: 404, body: {} };
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const bound = server.address();
    address = `http://127.0.0.1:${typeof bound === 'object' ? bound?.port : ''}`;
    own = await generateKeyPair('ES256');
    foreign = await generateKeyPair('ES256');
    answers['/.well-known/openid-configuration'] = { body: { issuer: address, jwks_uri: `${address}/keys` } };
    publish(await keyOf(own, 'one'));
  });
  afterAll(() => server.close());

  const settings = (more: Partial<OidcSettings> = {}): OidcSettings => ({
    issuer: address,
    audience: 'karma',
    roles: [
      { group: 'platform', role: 'operator' },
      { group: 'web', role: 'operator', environments: ['dev'] },
      { group: '*', role: 'viewer' },
    ],
    ...more,
  });
  const claims = (more: Record<string, unknown> = {}): JWTPayload => ({
    ...{ iss: address, aud: 'karma', sub: 'ana', exp: inSeconds(60), groups: ['web'] },
    ...more,
  });
  const signed = (payload: JWTPayload, { key = own.privateKey, kid = 'one', alg = 'ES256', more = {} } = {}) =>
    new SignJWT(payload).setProtectedHeader({ alg, kid, ...more }).sign(key);

  it('reads no answer that has no end', async () => {
    answers['/endless'] = { body: { keys: [], more: 'x'.repeat(2 * 1024 * 1024) } };
    const issuer = new OidcIssuer(settings({ jwks: `${address}/endless` }));
    await expect(issuer.identityOf(await signed(claims()), now)).rejects.toMatchObject({
      code: 'KARMA_UPSTREAM',
      message: expect.stringContaining('longer than 1048576 bytes'),
    });
  });

  it('names who is meant, and gives roles by group', async () => {
    expect(await new OidcIssuer(settings()).identityOf(await signed(claims()), now)).toEqual({
      name: 'ana',
      person: { name: 'ana' },
      grants: [
        { role: 'operator', environments: ['dev'] },
        { role: 'viewer', environments: [] },
      ],
    });
    const nested = new OidcIssuer(settings({ groups: '/realm_access/roles', actor: 'email' }));
    const payload = claims({ email: 'ana@example.com', realm_access: { roles: 'platform' } });
    expect(await nested.identityOf(await signed(payload), now)).toMatchObject({
      name: 'ana@example.com',
      grants: [{ role: 'operator', environments: [] }, { role: 'viewer' }],
    });
  });

  it('says who that is to Git, with no address that nobody verified', async () => {
    const issuer = new OidcIssuer(settings());
    const personIn = async (more: Record<string, unknown>) => {
      const identity = await issuer.identityOf(await signed(claims(more)), now);
      return typeof identity === 'string' ? identity : identity.person;
    };
    expect(await personIn({ name: 'Ana Lee', email: 'ana@example.com' })).toEqual({
      name: 'Ana Lee',
      address: 'ana@example.com',
    });
    expect(await personIn({ preferred_username: 'alee', email: 'x@example.com', email_verified: false })).toEqual({
      name: 'alee',
    });
    expect(await personIn({ name: 'two\nlines', email: 7 })).toEqual({ name: 'ana' });
  });

  it('lets nobody in by a claim that is not as it must be', async () => {
    const issuer = new OidcIssuer(settings());
    const table: [Record<string, unknown>, string][] = [
      [{ exp: inSeconds(-31) }, 'the token has run out'],
      [{ nbf: inSeconds(31) }, 'the token is not valid yet'],
      [{ aud: 'other' }, 'the token is for another audience'],
      [{ aud: undefined }, 'the token is for another audience'],
      [{ iss: `${address}/other` }, 'the token is of another issuer'],
      [{ exp: undefined }, 'the token lacks a claim that it needs'],
      [{ sub: undefined }, 'the token lacks a claim that it needs'],
      [{ sub: '' }, 'the token has no name in "sub"'],
      [{ sub: 'ana\nroot' }, 'the token has no name in "sub"'],
    ];
    for (const [more, wrong] of table) {
      const kept = Object.fromEntries(Object.entries(claims(more)).filter(([, value]) => value !== undefined));
      expect([more, await issuer.identityOf(await signed(kept), now)]).toEqual([more, wrong]);
    }
    const unverified = claims({ email: 'boss@example.com', email_verified: false });
    const byAddress = new OidcIssuer(settings({ actor: 'email' }));
    expect(await byAddress.identityOf(await signed(unverified), now)).toBe(
      'the address of the token was never verified',
    );
  });

  it('lets nobody in by a signature that is none', async () => {
    const issuer = new OidcIssuer(settings());
    const at = async (token: string) => issuer.identityOf(token, now);
    const good = await signed(claims());
    const unsigned = new UnsecuredJWT(claims()).encode();
    expect(await at(unsigned)).toBe('the token is signed in a way that is not taken');
    // A public key taken for a shared secret: everybody has it.
    const secret = new TextEncoder().encode(await exportSPKI(own.publicKey));
    const confused = await new SignJWT(claims()).setProtectedHeader({ alg: 'HS256', kid: 'one' }).sign(secret);
    expect(await at(confused)).toBe('the token is signed in a way that is not taken');
    expect(await at(await signed(claims(), { key: foreign.privateKey }))).toBe(
      'the signature of the token is not right',
    );
    expect(await at(await signed(claims(), { kid: 'two' }))).toBe(
      'the token is signed with a key that the issuer does not have',
    );
    // A token that brings its own key, or says where one is.
    const jwk = await exportJWK(foreign.publicKey);
    for (const more of [{ jwk }, { jku: `${address}/theirs` }, { x5u: `${address}/theirs` }])
      expect(await at(await signed(claims(), { key: foreign.privateKey, more }))).toBe(
        'the signature of the token is not right',
      );
    const [head = '', body = '', signature = ''] = good.split('.');
    const other = Buffer.from(JSON.stringify(claims({ groups: ['platform'] }))).toString('base64url');
    expect(await at(`${head}.${other}.${signature}`)).toBe('the signature of the token is not right');
    expect(await at(`${head}.${body}.`)).toBe('the signature of the token is not right');
    expect(await at(good)).toMatchObject({ name: 'ana' });
  });

  it('takes no other text for a token, and lets none of them hold up the next', async () => {
    const issuer = new OidcIssuer(settings());
    const good = await signed(claims());
    const parts = good.split('.');
    const bent = fc
      .tuple(fc.constantFrom(0, 1, 2), fc.nat(), fc.constantFrom(...'Aa0_-.=%'))
      .map(([part, at, letter]) =>
        parts
          .map((text, n) =>
            n === part ? text.slice(0, at % text.length) + letter + text.slice((at % text.length) + 1) : text,
          )
          .join('.'),
      )
      .filter((text) => text !== good);
    await fc.assert(
      fc.asyncProperty(fc.oneof(bent, fc.string(), fc.base64String()), async (text) => {
        const named = await issuer.identityOf(text, now);
        // The last letter of a signature has bits that mean nothing.
        if (typeof named !== 'string') expect(text.slice(0, -1)).toBe(good.slice(0, -1));
        expect(await issuer.identityOf(good, now)).toMatchObject({ name: 'ana' });
      }),
      { numRuns: 100 },
    );
  });

  it('follows keys that change, and asks seldom for one that somebody made up', async () => {
    const issuer = new OidcIssuer(settings());
    await issuer.identityOf(await signed(claims()), now);
    const before = asked;
    for (let knocks = 0; knocks < 20; knocks++)
      await issuer.identityOf(await signed(claims(), { kid: `k${knocks}` }), now);
    expect(asked).toBe(before);
    const fresh = new OidcIssuer(settings());
    publish(await keyOf(foreign, 'two'));
    expect(await fresh.identityOf(await signed(claims(), { key: foreign.privateKey, kid: 'two' }), now)).toMatchObject({
      name: 'ana',
    });
    expect(await fresh.identityOf(await signed(claims()), now)).toBe(
      'the token is signed with a key that the issuer does not have',
    );
    publish(await keyOf(own, 'one'));
  });

  it('lets nobody in while the keys are out of reach, and does not ask for each who knocks', async () => {
    const token = await signed(claims());
    let time = 0;
    for (const [path, body] of [
      ['/.well-known/openid-configuration', { issuer: `${address}/other`, jwks_uri: `${address}/keys` }],
      ['/.well-known/openid-configuration', { issuer: address, jwks_uri: 'http://elsewhere.example/keys' }],
      ['/keys', { status: 'down' }],
    ] as const) {
      const was = answers[path];
      answers[path] = { body };
      const issuer = new OidcIssuer(settings());
      await expect(issuer.identityOf(token, now)).rejects.toMatchObject({ code: 'KARMA_UPSTREAM' });
      answers[path] = was ?? { body: {} };
    }
    const was = answers['/keys'];
    answers['/keys'] = { status: 500, body: {} };
    const issuer = new OidcIssuer(settings(), () => time);
    await expect(issuer.identityOf(token, now)).rejects.toMatchObject({ code: 'KARMA_UPSTREAM' });
    const before = asked;
    await expect(issuer.identityOf(token, now)).rejects.toMatchObject({ code: 'KARMA_UPSTREAM' });
    expect(asked).toBe(before);
    answers['/keys'] = was ?? { body: {} };
    time = 5_000;
    expect(await issuer.identityOf(token, now)).toMatchObject({ name: 'ana' });
  });
});
