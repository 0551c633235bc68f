import type { EngineContext } from '../../src/engine/context.ts';

/** Where another comes in between: before or after the ledger is told of an action. */
export interface Moment {
  readonly action: string;
  readonly when: 'before' | 'after';
}

/**
 * The engine with a ledger in which, once, at one moment, somebody else does something: what two processes do at once, in the one order
 * that is asked about.
 */
export function interleavedAt(
  context: EngineContext,
  { action, when }: Moment,
  work: () => Promise<unknown>,
): EngineContext {
  let isOver = false;
  const once = async (now: Moment['when'], drafts: readonly { readonly action: string }[]) => {
    if (isOver || now !== when || !drafts.some((one) => one.action === action)) return;
    isOver = true;
    await work();
  };
  const ledger = async () => {
    const real = await context.stores.ledger();
    return new Proxy(real, {
      get: (target, name) => {
        if (name !== 'append') {
          const member: unknown = Reflect.get(target, name);
          return typeof member === 'function' ? member.bind(target) : member;
        }
        return async (...args: Parameters<typeof real.append>) => {
          await once('before', args[0]);
          const written = await target.append(...args);
          await once('after', args[0]);
          return written;
        };
      },
    });
  };
  return { ...context, stores: { ...context.stores, ledger } };
}
