import { awsTrouble } from '../../aws/trouble.ts';

/** Gives a request the headers that say who sends it. */
export type RequestSigner = (request: {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}) => Promise<Record<string, string>>;

export interface SigningOptions {
  readonly region: string;
  /** A profile of the AWS configuration; without one the SDK's own chain decides. */
  readonly profile?: string;
}

/** Signature Version 4 for Neptune's data plane. Credentials are looked up as the AWS SDK does, and cached by it. */
export async function neptuneSigner({ region, profile }: SigningOptions): Promise<RequestSigner> {
  const [{ SignatureV4 }, { Sha256 }, { fromNodeProviderChain }] = await Promise.all([
    import('@smithy/signature-v4'),
    import('@aws-crypto/sha256-js'),
    import('@aws-sdk/credential-providers'),
  ]);
  const credentials = fromNodeProviderChain(profile === undefined ? {} : { profile });
  const signer = new SignatureV4({ service: 'neptune-db', region, credentials, sha256: Sha256 });
  return async ({ url, headers, body }) => {
    const request = {
      method: 'POST',
      protocol: url.protocol,
      hostname: url.hostname,
      ...(url.port === '' ? {} : { port: Number(url.port) }),
      path: url.pathname,
      query: {},
      headers: { ...headers, host: url.host },
      body,
    };
    const signed = await signer.sign(request).catch((error: unknown) => {
      throw awsTrouble(error, `signing for Neptune at ${url.origin}`);
    });
    // fetch sets the host itself, to the same value.
    const { host: _, ...rest } = signed.headers;
    return rest;
  };
}
