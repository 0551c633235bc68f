import { relative } from 'node:path';
import { build } from 'vite';

/** Builds the pages into `dist/web` and tells which files came into them, for their licences. */
export async function buildWeb(): Promise<readonly string[]> {
  const built = await build({ configFile: 'web/vite.config.ts', logLevel: 'warn' });
  const outputs = (Array.isArray(built) ? built : [built]).flatMap((one) => ('output' in one ? one.output : []));
  const modules = outputs.flatMap((one) => (one.type === 'chunk' ? one.moduleIds : []));
  // Modules that only the bundler has begin with a zero byte.
  return modules.filter((id) => id.startsWith('/')).map((id) => relative(process.cwd(), id));
}
