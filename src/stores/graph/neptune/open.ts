import { type AwsAccount, usualRegion } from '../../aws/account.ts';
import type { GraphStore } from '../port.ts';
import { NeptuneClient, type NeptuneClientOptions, type NeptuneEndpoints } from './client.ts';
import { openNeptuneGraphStore } from './graph-store.ts';
import { neptuneSigner } from './signing.ts';

export interface NeptuneSettings extends NeptuneEndpoints, Pick<AwsAccount, 'region' | 'profile'> {
  readonly estate: string;
  /** Whether the cluster asks for IAM authentication; then a region is needed. */
  readonly iam: boolean;
  /** Only for a Gremlin Server that stands in for Neptune. */
  readonly language?: 'gremlin-lang';
}

/** The client for questions passed through, and the store on it. */
export interface OpenNeptune {
  readonly client: NeptuneClient;
  readonly store: GraphStore;
}

export async function openNeptune(settings: NeptuneSettings): Promise<OpenNeptune> {
  const { endpoint, readerEndpoint, estate, language } = settings;
  const options: NeptuneClientOptions = {
    endpoint,
    ...(readerEndpoint === undefined ? {} : { readerEndpoint }),
    ...(language === undefined ? {} : { language }),
  };
  const client = new NeptuneClient(settings.iam ? { ...options, signer: await signerFor(settings) } : options);
  return { client, store: openNeptuneGraphStore({ client, estate }) };
}

/** The region stands in the endpoint's name: `<cluster>.<id>.<region>.neptune.amazonaws.com`. */
async function signerFor({ endpoint, region, profile }: NeptuneSettings) {
  const named = /\.([a-z0-9-]+)\.neptune\.amazonaws\.com/.exec(endpoint)?.[1];
  return neptuneSigner({
    region: region ?? named ?? (await usualRegion(profile, `signing for Neptune at ${endpoint}`)),
    ...(profile === undefined ? {} : { profile }),
  });
}
