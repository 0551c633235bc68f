import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { EngineContext } from '../../src/engine/context.ts';
import { openContext } from '../../src/wiring/open.ts';
import { estateMaker, type Files } from './estates.ts';
import { environment } from './karma.ts';

/** Repositories with an estate in each, and the engine opened on them in this process: changes are asked for without a command. */
export function changingEstates() {
  const estates = estateMaker();
  const open: EngineContext[] = [];
  let made = 0;
  afterAll(async () => {
    for (const { stores } of open) await stores.close();
  });
  const at = (place: string, data = join(estates.folder, `data-${made++}`)): EngineContext => {
    const context = openContext({
      options: { dir: place, data },
      report: () => undefined,
      env: environment(),
      version: 'test',
      stays: true,
    });
    open.push(context);
    return context;
  };
  return {
    ...estates,
    at,
    make: (files: Files) => {
      const place = estates.repository(files);
      return { place, context: at(place) };
    },
  };
}
