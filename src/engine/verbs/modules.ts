import { flag, object } from '../../config/shape-parts.ts';
import { type FetchedModule, fetchedName, type ModuleAsk } from '../../model/fetched-module.ts';
import { withoutCredentials } from '../../model/without-credentials.ts';
import { FetchedModules } from '../../observe/estate/fetched-modules.ts';
import type { EngineContext } from '../context.ts';
import { buildView } from '../view/build-view.ts';
import { claimsOf } from '../view/load-view.ts';
import { openEstate } from '../view/open-estate.ts';
import { at, defineVerb } from './verb.ts';

export interface ModulesAnswer {
  /** Everything that is at hand now, by name. */
  readonly modules: readonly FetchedModule[];
}

export interface FetchAnswer extends ModulesAnswer {
  readonly fetched: readonly string[];
  /** Fetched again, and now another one: a tag or branch that moved, a newer version that fits. */
  readonly moved: readonly { readonly name: string; readonly was: string; readonly is: string }[];
  readonly failed: readonly { readonly address: string; readonly ref: string; readonly trouble: string }[];
}

/** Modules call modules; a chain longer than this is no estate's. */
const deepest = 12;
/** Servers are asked for so many at a time. */
const atOnce = 4;

/** What was fetched. Reads the lock alone. */
export function listModules({ request }: EngineContext): ModulesAnswer {
  return { modules: byName(new FetchedModules(request.fetchedModules).all()) };
}

/**
 * Brings every module with a remote source that the work tree asks for and that is not at hand, at exactly its ref, then those
 * that they call in turn. What was fetched before stays as it is unless it is asked for anew.
 * @param update also fetches again what was fetched before, and says what became another one
 */
export async function fetchModules(
  context: EngineContext,
  { update, at }: { readonly update: boolean; readonly at?: string },
): Promise<FetchAnswer> {
  const before = new FetchedModules(context.request.fetchedModules).all();
  const held = new Map(before.map((one) => [nameOfAsk(one), one] as const));
  const moved: { name: string; was: string; is: string }[] = [];
  const fetched: string[] = [];
  const failed = new Map<string, FetchAnswer['failed'][number]>();
  const take = async (asks: readonly ModuleAsk[]): Promise<void> => {
    let begun = 0;
    for (let start = 0; start < asks.length; start += atOnce)
      await Promise.all(
        asks.slice(start, start + atOnce).map(async (ask) => {
          const about = `${withoutCredentials(ask.address)} ${ask.ref}`.trimEnd();
          context.report({ kind: 'phase', phase: 'fetch', about, done: begun++, total: asks.length });
          const got = await context.modules.fetch(ask);
          if ('trouble' in got)
            failed.set(JSON.stringify(ask), { ...ask, address: withoutCredentials(ask.address), trouble: got.trouble });
          else {
            const was = held.get(nameOfAsk(got));
            held.set(nameOfAsk(got), got);
            if (was === undefined) fetched.push(fetchedName(got));
            else if (was.commit !== got.commit) moved.push({ name: fetchedName(got), was: was.meant, is: got.meant });
          }
        }),
      );
    await context.modules.lock([...held.values()]);
  };
  const done = new Set<string>();
  for (let round = 0; round < deepest; round++) {
    const { missing, answered } = await askedFor(context, at);
    const wanted = [...missing, ...(update && round === 0 ? answered : [])].filter(
      (ask) => !done.has(JSON.stringify(ask)),
    );
    if (wanted.length === 0) break;
    for (const ask of wanted) done.add(JSON.stringify(ask));
    await take(wanted);
  }
  return {
    modules: byName([...held.values()]),
    fetched: fetched.sort(),
    moved: moved.sort((a, b) => (a.name < b.name ? -1 : 1)),
    failed: [...failed.values()],
  };
}

/** What inference asks for that lies elsewhere: without an answer, and answered by something that was fetched. */
async function askedFor(
  context: EngineContext,
  at: string | undefined,
): Promise<{ readonly missing: readonly ModuleAsk[]; readonly answered: readonly ModuleAsk[] }> {
  const estate = await openEstate(context, at === undefined ? {} : { at });
  await estate.observation.preload();
  const fetched = new FetchedModules(context.request.fetchedModules);
  const missing = new Map<string, ModuleAsk>();
  const answered = new Map<string, ModuleAsk>();
  const view = {
    ...estate.view,
    elsewhere: (address: string, ref: string | undefined) => {
      const found = estate.view.elsewhere?.(address, ref);
      const ask = { address, ref: ref ?? '' };
      if (found === undefined) missing.set(JSON.stringify(ask), ask);
      else if (fetched.find(address, ref) !== undefined) answered.set(JSON.stringify(ask), ask);
      return found;
    },
  };
  await buildView(view, () => [], context, (await claimsOf(context)).layouts(view));
  return { missing: [...missing.values()], answered: [...answered.values()] };
}

function nameOfAsk({ kind, address, ref }: FetchedModule): string {
  return `${kind}\n${address}\n${ref}`;
}

function byName(modules: readonly FetchedModule[]): readonly FetchedModule[] {
  return [...modules].sort((a, b) => (fetchedName(a) < fetchedName(b) ? -1 : 1));
}

export const modulesVerb = defineVerb({
  about: 'Modules from elsewhere that were fetched.',
  query: object('Nothing to say.', {}),
  writes: 'nothing',
  run: async (context) => listModules(context),
});

export const modulesFetchVerb = defineVerb({
  about: 'Brings modules with a remote source to where questions read them.',
  query: object('Which.', { at, update: flag('Fetch again what was fetched before.') }),
  writes: 'ledger',
  run: (context, { at: when, update = false }) =>
    fetchModules(context, { update, ...(when === undefined ? {} : { at: when }) }),
});
