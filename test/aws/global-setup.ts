import type { TestProject } from 'vitest/node';
import { startGremlinServer } from '../../scripts/stand-ins/gremlin-server.ts';
import { startMoto } from '../../scripts/stand-ins/moto.ts';
import { isMissing, type Missing } from '../../scripts/stand-ins/server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    gremlin: { readonly endpoint: string } | Missing;
    moto: { readonly endpoint: string } | Missing;
  }
}

/** One Gremlin Server and one moto for all files of this folder: each test keeps to estates and regions of its own. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [gremlin, moto] = await Promise.all([startGremlinServer(), startMoto()]);
  project.provide('gremlin', isMissing(gremlin) ? gremlin : { endpoint: gremlin.endpoint });
  project.provide('moto', isMissing(moto) ? moto : { endpoint: moto.endpoint });
  return async () => {
    for (const server of [gremlin, moto]) if (!isMissing(server)) await server.stop();
  };
}
