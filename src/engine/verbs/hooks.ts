import { type HookStanding, hookKind } from '../../change/hook.ts';
import { object } from '../../config/shape-parts.ts';
import type { EngineContext } from '../context.ts';
import { hooksOf } from '../hooks/hooks-of.ts';
import { beginHooks, tellHooks } from '../hooks/tell-hooks.ts';
import { defineVerb } from './verb.ts';

export interface ShownHook {
  readonly name: string;
  /** Steps of changes; absent: every one. */
  readonly on?: readonly string[];
  readonly to: 'program' | 'webhook';
  /** The program with its arguments, or the address. */
  readonly place: string;
  /** Why nobody is told. */
  readonly refused?: string;
  /** How far it was told; absent where nobody ever came to it. */
  readonly standing?: Omit<HookStanding, 'name'>;
}

export interface HooksAnswer {
  readonly hooks: readonly ShownHook[];
}

async function shown(context: EngineContext): Promise<readonly ShownHook[]> {
  const { hooks } = await hooksOf(context);
  if (hooks.length === 0) return [];
  const ledger = await context.stores.ledger();
  const found: ShownHook[] = [];
  for (const { name, on, run, webhook = '', refused } of hooks) {
    const stored = await ledger.getDocument(hookKind, name);
    const { name: _, ...standing } = (stored?.body ?? { name }) as HookStanding;
    found.push({
      ...{ name, to: run === undefined ? 'webhook' : 'program', place: run?.join(' ') ?? webhook },
      ...(on === undefined ? {} : { on }),
      ...(refused === undefined ? {} : { refused }),
      ...(stored === undefined ? {} : { standing }),
    });
  }
  return found;
}

export const hooksVerb = defineVerb({
  about: 'Whom karma.yaml wants told of what happens to changes, and how far each was told.',
  query: object('Nothing to say.', {}),
  writes: 'nothing',
  run: async (context): Promise<HooksAnswer> => ({ hooks: await shown(context) }),
});

export const hooksTellVerb = defineVerb({
  about: 'Tells hooks what they were not told yet and is due.',
  query: object('Nothing to say.', {}),
  writes: 'ledger',
  run: async (context): Promise<HooksAnswer & { readonly told: number }> => {
    await beginHooks(context);
    const { told } = await tellHooks(context);
    return { told, hooks: await shown(context) };
  },
});
