import { getCompileCacheDir } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import type {
  BesidePublisher,
  FirstPublication,
  FirstPublished,
  FirstRows,
  PublishBeside,
} from '../engine/versions/publish-first.ts';
import type { OpenOptions } from './open.ts';
import { programFile } from './program-file.ts';

/** What the thread needs to open the same stores. */
export type ThreadPlace = Pick<OpenOptions, 'options' | 'env' | 'version'>;

/** What the thread is told, in this order. */
export type ToThread = { readonly rows: FirstRows } | { readonly publication: FirstPublication };

/** So many files make a second thread worth starting. */
const filesForTwo = 4000;

/**
 * Undefined on a machine that runs one thread at a time.
 * @param least files of an estate that gets a thread
 */
export function publishBeside(place: ThreadPlace, least = filesForTwo): PublishBeside | undefined {
  const program = programFile(new URL('publish-thread.ts', import.meta.url));
  if (program === undefined || availableParallelism() < 2) return undefined;
  return { start: (files) => (files < least ? undefined : startThread(program, place)) };
}

function startThread(program: string, place: ThreadPlace): BesidePublisher {
  // Few commands need a thread, so none but these load what makes one.
  const { Worker } = process.getBuiltinModule('node:worker_threads');
  const worker = new Worker(program, {
    workerData: place,
    stderr: true,
    // Rows go through it one by one: room for young objects beyond this is only held.
    resourceLimits: { maxYoungGenerationSizeMb: 12 },
    env: withCompiledCode(process.env),
  });
  const gone = new Promise<undefined>((resolve) => {
    // The ordinary way meets the same trouble and says what it is.
    worker.on('error', () => resolve(undefined));
    worker.on('exit', () => resolve(undefined));
  });
  worker.unref();
  const answered = new Promise<FirstPublished>((resolve) => worker.once('message', resolve));
  const tell = (message: ToThread) => worker.postMessage(message);
  return {
    take: (rows) => tell({ rows }),
    publish: async (publication) => {
      worker.ref();
      tell({ publication });
      return Promise.race([answered, gone]);
    },
    end: () => {
      worker.terminate().catch(() => undefined);
    },
  };
}

/** A thread takes what this process compiled of the program before only where its environment says so. */
function withCompiledCode(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const folder = getCompileCacheDir();
  // Node puts a folder for its own version and the user below the one that it is told.
  return folder === undefined ? env : { ...env, NODE_COMPILE_CACHE: dirname(folder) };
}
