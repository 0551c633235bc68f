import type { DeployEvent } from '../../deploy/set.ts';
import { isKarmaError } from '../../model/errors.ts';
import type { EngineContext } from '../context.ts';
import { build } from '../versions/build.ts';

/** Publishes the graph while a deploy goes on, at most every two seconds, and at its end. */
export interface DeployPublisher {
  /** Passes on what it hears. */
  listen(event: DeployEvent): void;
  /** The version after the deploy; undefined when none could be published. */
  end(): Promise<number | undefined>;
}

const leastMs = 2000;
/** A build may take this part of the time and no more, so that a large estate is not slowed down. */
const share = 10;

export function publisherDuring(context: EngineContext, listen: (event: DeployEvent) => void): DeployPublisher {
  let next = performance.now() + leastMs;
  let going: Promise<number | undefined> = Promise.resolve(undefined);
  let changed = false;
  const publish = async (): Promise<number | undefined> => {
    const begun = performance.now();
    changed = false;
    try {
      return (await build(quiet(context))).version;
    } catch (error) {
      // The graph is a projection: whatever is wrong with it, the deploy itself stands in the ledger.
      if (isKarmaError(error)) context.report({ kind: 'note', text: `the graph was not published: ${error.message}` });
      else throw error;
      return undefined;
    } finally {
      const took = performance.now() - begun;
      next = performance.now() + Math.max(leastMs, took * share);
    }
  };
  return {
    listen: (event) => {
      listen(event);
      if (event.kind !== 'state' || event.state !== 'finished') return;
      changed = true;
      if (performance.now() < next) return;
      next = Number.POSITIVE_INFINITY;
      going = going.then(publish);
    },
    end: async () => {
      const last = await going;
      return changed ? publish() : last;
    },
  };
}

/** Runs are what is told; that the graph is read again beside them is not. */
function quiet(context: EngineContext): EngineContext {
  return { ...context, report: (progress) => void (progress.kind === 'note' && context.report(progress)) };
}
