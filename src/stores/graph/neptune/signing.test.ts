import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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
});
