import type { Ledger } from '../stores/ledger/port.ts';
import type { EngineContext } from './context.ts';

/** The same estate; what is written to its ledger names the trace. */
export function traced(context: EngineContext, trace: string | undefined): EngineContext {
  if (trace === undefined) return context;
  const { stores } = context;
  return { ...context, trace, stores: { ...stores, ledger: async () => naming(await stores.ledger(), trace) } };
}

function naming(ledger: Ledger, trace: string): Ledger {
  const append: Ledger['append'] = (drafts, expect, together) =>
    ledger.append(
      drafts.map((draft) => ({ trace, ...draft })),
      expect,
      together,
    );
  return new Proxy(ledger, {
    get: (target, name) => {
      if (name === 'append') return append;
      const member: unknown = Reflect.get(target, name);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}
