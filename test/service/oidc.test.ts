import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair } from 'jose';
import Provider from 'oidc-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { karma } from '../support/karma.ts';
import { estateOf, type Service, startOpen, text, until } from '../support/service.ts';

/** Who asks the issuer for tokens, and in which groups they are. */
const groupsOf: Readonly<Record<string, readonly string[]>> = {
  ana: ['platform'],
  ben: ['web-team'],
  cleo: ['everybody-else'],
};

/** A real issuer on this machine, whose keys can be others from one moment to the next. */
class Issuer {
  address = '';
  #server: Server | undefined;
  #answer: ReturnType<Provider['callback']> | undefined;

  async start(): Promise<void> {
    this.#server = createServer((request, response) => void this.#answer?.(request, response));
    await new Promise<void>((ready) => this.#server?.listen(0, '127.0.0.1', ready));
    const bound = this.#server.address();
    this.address = `http://127.0.0.1:${typeof bound === 'object' ? bound?.port : ''}`;
    await this.newKeys('first');
  }

  async newKeys(kid: string): Promise<void> {
    const { privateKey } = await generateKeyPair('RS256', { extractable: true });
    const provider = new Provider(this.address, {
      clients: Object.keys(groupsOf).map((id) => ({
        ...{ client_id: id, client_secret: `secret-of-${id}`, grant_types: ['client_credentials'] },
        ...{ redirect_uris: [], response_types: [] },
      })),
      jwks: { keys: [{ ...(await exportJWK(privateKey)), kid, alg: 'RS256', use: 'sig' }] },
      extraTokenClaims: (_, token) => ({ groups: groupsOf[token.clientId ?? ''] }),
      ttl: { ClientCredentials: 600 },
      features: {
        devInteractions: { enabled: false },
        clientCredentials: { enabled: true },
        resourceIndicators: {
          enabled: true,
          getResourceServerInfo: (_, audience) => ({ scope: '', audience, accessTokenFormat: 'jwt' }),
        },
      },
    });
    this.#answer = provider.callback();
  }

  async tokenOf(client: string, resource = 'urn:karma'): Promise<string> {
    const body = new URLSearchParams({ grant_type: 'client_credentials', resource });
    const authorization = `Basic ${Buffer.from(`${client}:secret-of-${client}`).toString('base64')}`;
    const answer = await fetch(`${this.address}/token`, { method: 'POST', body, headers: { authorization } });
    return ((await answer.json()) as { access_token: string }).access_token;
  }

  stop(): void {
    this.#server?.close();
  }
}

describe('a service that takes the tokens of an issuer', () => {
  const issuer = new Issuer();
  let place: string;
  let service: Service;

  beforeAll(async () => {
    await issuer.start();
    place = estateOf('twelve').root;
    // Beside no estate: whom a service trusts is said by who starts it.
    const file = join(mkdtempSync(join(tmpdir(), 'karma-oidc-')), 'oidc.yaml');
    writeFileSync(
      file,
      [
        `issuer: ${issuer.address}`,
        'audience: urn:karma',
        'roles:',
        '  - { group: platform, role: operator }',
        '  - { group: web-team, role: viewer }',
        '  - { group: web-team, role: proposer, environments: [dev] }',
      ].join('\n'),
    );
    service = await startOpen(place, ['--no-follow', '--oidc', file]);
  });
  afterAll(() => issuer.stop());

  const as = async (token: string, path: string, body?: object) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const init = body === undefined ? { headers } : { headers, method: 'POST', body: JSON.stringify(body) };
    return (await text(service, path, init)).status;
  };
  const told = (component: string) => ({
    ...{ specversion: '1.0', id: component, source: 'test', type: 'deployed', subject: component, data: {} },
  });

  it('starts without a token of its own, and answers nobody who shows none', async () => {
    expect((await text(service, '/v1')).status).toBe(401);
    expect((await text(service, '/healthz')).status).toBe(200);
  });

  it('says where such a token comes from to whoever is turned away, agents at their door too', async () => {
    for (const [path, door] of [
      ['/v1', ''],
      ['/mcp', '/mcp'],
    ] as const) {
      const { headers } = await fetch(`${service.address}${path}`);
      const named = /^Bearer resource_metadata="([^"]+)"$/.exec(headers.get('www-authenticate') ?? '')?.[1] ?? '';
      expect(await (await fetch(named)).json()).toEqual({
        resource: `${new URL(service.address).origin}${door}`,
        authorization_servers: [issuer.address],
        bearer_methods_supported: ['header'],
        resource_name: 'Karma',
      });
    }
  });

  it('gives roles by group and environment', async () => {
    const [ana, ben, cleo] = await Promise.all(['ana', 'ben', 'cleo'].map((one) => issuer.tokenOf(one)));
    expect([await as(ana ?? '', '/v1'), await as(ben ?? '', '/v1'), await as(cleo ?? '', '/v1')]).toEqual([
      200, 200, 403,
    ]);
    expect(await as(ben ?? '', '/v1/build', {})).toBe(403);
    expect(await as(ana ?? '', '/v1/build', {})).toBe(200);
    expect(await as(ben ?? '', '/v1/events', told('dev/lambda/orders'))).toBe(202);
    expect(await as(ben ?? '', '/v1/events', told('prod/s3-bucket/shop'))).toBe(403);
    // Tokens of the estate open as before.
    const made = await karma(['token', 'create', 'ci', '--json'], { cwd: place });
    expect(await as((JSON.parse(made.stdout) as { token: string }).token, '/v1')).toBe(200);
  });

  it('writes who asked and whom it refused', async () => {
    await as(await issuer.tokenOf('ana', 'urn:other'), '/v1');
    const told = async (action: string) => {
      const { stdout } = await karma(['log', 'list', '--action', action, '--json'], { cwd: place });
      return (JSON.parse(stdout) as { events: { actor: string; details: { reason?: string } }[] }).events;
    };
    const denied = (await told('access.denied')).map(({ actor, details }) => `${actor}: ${details.reason}`);
    expect(new Set(denied)).toEqual(
      new Set([
        'nobody: who asks must show a token',
        'oidc/cleo: has no role',
        'oidc/ben: needs operator, has viewer; proposer in dev',
        'oidc/ben: in prod, is viewer; proposer in dev',
        'nobody: the token is for another audience',
      ]),
    );
    expect((await told('graph.published')).map(({ actor }) => actor)).toEqual(['oidc/ana']);
  });

  it('goes on with the keys that the issuer has now, and takes no more what the old ones signed', async () => {
    const old = await issuer.tokenOf('ana');
    expect(await as(old, '/v1')).toBe(200);
    await issuer.newKeys('second');
    const fresh = await issuer.tokenOf('ana');
    await until(
      () => as(fresh, '/v1'),
      (status) => status === 200,
    );
    expect(await as(old, '/v1')).toBe(401);
  });
});
