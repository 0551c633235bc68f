import { object } from '../../config/shape-parts.ts';
import { findEstateRoot } from '../../observe/estate/estate-root.ts';
import { naturalName } from '../../observe/estate/source.ts';
import type { EngineContext } from '../context.ts';
import { newestPublished } from '../versions/newest.ts';
import { type EnvironmentSummary, environmentsIn } from '../view/environments-in.ts';
import { loadView } from '../view/load-view.ts';
import { stampOf, type ViewStamp } from '../view/view.ts';
import { at, defineVerb } from './verb.ts';

export interface EstateAnswer {
  readonly view: ViewStamp;
  readonly estate: string;
  /** Karma's own version. */
  readonly karma: string;
  /** The newest that is published; left out where nothing is. */
  readonly version?: { readonly version: number; readonly hash: string; readonly at: string };
  /** What builds are made from: a ref, or HEAD. */
  readonly follow: string;
  readonly layouts: readonly string[];
  readonly environments: readonly EnvironmentSummary[];
  readonly components: number;
}

/** The name of an estate: what `karma.yaml` says, else the name of its repository or folder. */
export function estateNameOf({ request: { cwd, configFile } }: EngineContext): string {
  const { folder, karmaFile } = findEstateRoot({ cwd, configFile });
  return karmaFile?.estate ?? naturalName(folder);
}

/** What whoever meets an estate first wants to know of it. */
export async function describeEstate(context: EngineContext, when?: string): Promise<EstateAnswer> {
  const { cwd, configFile } = context.request;
  const newest = await newestPublished(context);
  const view = await loadView(context, when);
  const environments = environmentsIn(context, view);
  return {
    view: stampOf(view),
    estate: estateNameOf(context),
    karma: context.version,
    ...(newest === undefined ? {} : { version: newest }),
    follow: findEstateRoot({ cwd, configFile }).karmaFile?.follow ?? 'HEAD',
    layouts: [...new Set(environments.flatMap(({ layouts }) => layouts))].sort(),
    environments,
    components: environments.reduce((sum, one) => sum + one.components, 0),
  };
}

export const estateVerb = defineVerb({
  about: 'The estate in a few words: its name, newest version, environments and layouts.',
  query: object('When.', { at }),
  writes: 'nothing',
  run: (context, query) => describeEstate(context, query.at),
});
