import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openNeptune } from './open.ts';
import { neptuneSigner } from './signing.ts';

const names = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'] as const;
const before = names.map((name) => process.env[name]);
beforeEach(() => {
  process.env['AWS_ACCESS_KEY_ID'] = 'AKIDEXAMPLE';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'secret';
  process.env['AWS_SESSION_TOKEN'] = 'token';
});
afterEach(() => {
  for (const [index, name] of names.entries()) {
    const value = before[index];
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});

describe('neptuneSigner', () => {
  it('signs host, body and token for the data plane of Neptune', async () => {
    const sign = await neptuneSigner({ region: 'eu-central-1' });
    const url = new URL('https://cluster.neptune.amazonaws.com:8182/gremlin');
    const headers = await sign({ url, headers: { 'content-type': 'application/json' }, body: '{"gremlin":"g.V()"}' });
    expect(headers['authorization']).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-central-1\/neptune-db\/aws4_request, SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date;x-amz-security-token, Signature=[0-9a-f]{64}$/,
    );
    expect(headers['x-amz-security-token']).toBe('token');
    expect(headers['content-type']).toBe('application/json');
    expect(headers).not.toHaveProperty('host');
    expect(JSON.stringify(headers)).not.toContain('"secret"');
  });

  it('says what to do where nobody signs', async () => {
    const sign = await neptuneSigner({ region: 'eu-central-1', profile: 'no-such-profile' });
    const url = new URL('https://cluster.neptune.amazonaws.com:8182/gremlin');
    await expect(sign({ url, headers: {}, body: '' })).rejects.toMatchObject({
      code: 'KARMA_ACCESS',
      message: expect.stringContaining('signing for Neptune at https://cluster.neptune.amazonaws.com:8182'),
    });
  });
});

describe('openNeptune', () => {
  const kept = ['AWS_REGION', 'AWS_PROFILE', 'AWS_CONFIG_FILE'].map((name) => [name, process.env[name]] as const);
  afterEach(() => {
    for (const [name, value] of kept)
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
  });
  const open = (endpoint: string) => openNeptune({ endpoint, estate: 'shop', iam: true });

  it('takes the region from the endpoint, else as the SDK does, and guesses none', async () => {
    delete process.env['AWS_REGION'];
    delete process.env['AWS_PROFILE'];
    process.env['AWS_CONFIG_FILE'] = '/dev/null';
    await open('https://shop.cluster-x.eu-west-1.neptune.amazonaws.com:8182');
    await expect(open('https://neptune.shop.example:8182')).rejects.toMatchObject({
      code: 'KARMA_NOT_CONFIGURED',
      hint: expect.stringContaining('AWS_REGION'),
    });
    process.env['AWS_REGION'] = 'eu-west-1';
    await open('https://neptune.shop.example:8182');
  });
});
