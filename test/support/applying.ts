import type { EngineContext } from '../../src/engine/context.ts';
import type { DeployFace } from '../../src/engine/deploying/query.ts';
import { openEngine } from '../../src/wiring/open.ts';

/** Somebody who says yes to everything. */
export const yes: DeployFace = {
  confirm: async () => true,
  confirmChange: async () => true,
  listen: () => undefined,
  finishOnly: new AbortController().signal,
  stopNow: new AbortController().signal,
};

/** Where a process is killed: before or after the ledger is told of an action. */
export interface KillPoint {
  readonly action: string;
  readonly when: 'before' | 'after';
}

/** The engine with a ledger that kills its process: as a machine that goes down there. */
export function killedAt(context: EngineContext, isThere: (point: KillPoint) => boolean): EngineContext {
  const die = () => process.kill(process.pid, 'SIGKILL');
  const ledger = async () => {
    const real = await context.stores.ledger();
    return new Proxy(real, {
      get: (target, name) => {
        if (name !== 'append') {
          const member: unknown = Reflect.get(target, name);
          return typeof member === 'function' ? member.bind(target) : member;
        }
        return async (...args: Parameters<typeof real.append>) => {
          const [drafts] = args;
          if (drafts.some(({ action }) => isThere({ action, when: 'before' }))) die();
          const written = await target.append(...args);
          if (drafts.some(({ action }) => isThere({ action, when: 'after' }))) die();
          return written;
        };
      },
    });
  };
  return { ...context, stores: { ...context.stores, ledger } };
}

/** The engine as {@link changingEstates} opens it, in a process of its own. */
export function openAt(place: string, data: string, env: Record<string, string>): EngineContext {
  return openEngine({ options: { dir: place, data }, env, version: 'test', stays: true }).as({ door: 'cli' });
}
