import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { KarmaFile } from '../../config/karma-file.ts';
import { object } from '../../config/shape-parts.ts';
import { decidedBy } from '../../graph/finding-rules.ts';
import type { Graph } from '../../graph/graph.ts';
import type { ComponentId } from '../../model/component.ts';
import { isKarmaError } from '../../model/errors.ts';
import type { FindingRule } from '../../model/finding.ts';
import type { SourceObservation } from '../../observe/estate/estate-observation.ts';
import type { EngineContext } from '../context.ts';
import type { SourcePosition } from '../versions/project.ts';
import { type StoreStates, storeStates } from '../versions/store-states.ts';
import { type BuiltView, buildView, type Recognised } from '../view/build-view.ts';
import { claimsOf } from '../view/load-view.ts';
import { type OpenedEstate, openEstate } from '../view/open-estate.ts';
import { layouts } from '../view/opened-layouts.ts';
import { type UnnamedSibling, unnamedSiblings } from '../view/unnamed-siblings.ts';
import { at, defineVerb } from './verb.ts';

export interface Setting {
  readonly name: string;
  readonly value: string;
  /** `karma.yaml:3`, `--data`, `convention` … */
  readonly from: string;
}

export interface Examination extends StoreStates {
  readonly estate: string;
  readonly root: string;
  readonly label: string;
  readonly sources: readonly SourceObservation[];
  readonly layouts: readonly Recognised[];
  /** What was recognised and is not read, and what that hides. */
  readonly layoutsNotRead: readonly { readonly name: string; readonly reason: string }[];
  readonly settings: readonly Setting[];
  readonly tools: readonly { readonly name: string; readonly path: string | undefined; readonly for: string }[];
  /** The Parameter Stores that hold something, and whether they could be read. */
  readonly accounts: readonly SourcePosition[];
  /** Rules on how bad findings are, with how many findings each decides now: one that decides none is out of date. */
  readonly findingRules: readonly (FindingRule & { readonly from: string; readonly decides: number })[];
  /** Checkouts beside the estate that nothing names, and that hold what components look for in vain. */
  readonly siblings: readonly UnnamedSibling[];
  /** `karma.yaml` files that belong to some other tool. */
  readonly passedOver: readonly { readonly path: string; readonly reason: string }[];
}

/** What is in force and where each value came from; what was recognised, passed over, and why; what is missing. */
export async function examine(context: EngineContext, at?: string): Promise<Examination> {
  const estate = await openedAnyway(context, at === undefined ? {} : { at });
  await estate.observation.preload();
  const opened = (await claimsOf(context)).layouts(estate.view);
  const built = await buildView(estate.view, () => estate.findings(), context, opened);
  const { observation, karmaFile } = estate;
  const line = (pointer: string) =>
    karmaFile === undefined ? 'convention' : `${karmaFile.file}:${karmaFile.lineOf(pointer)}`;
  const { settings } = estate.view;
  const forced = context.request.layouts;
  return {
    estate: estate.name,
    root: observation.root.folder,
    label: estate.label,
    sources: observation.sources,
    layouts: built.recognised,
    layoutsNotRead: built.graph
      .findings()
      .filter(({ code }) => code === 'layout-not-read')
      .map(({ key, message }) => ({ name: key, reason: message })),
    settings: [
      {
        name: 'estate',
        value: estate.name,
        from: karmaFile === undefined ? 'the name of the repository or folder' : line('/estate'),
      },
      {
        name: 'layouts',
        value: settings.layouts?.join(', ') ?? layouts.map(({ name }) => name).join(', '),
        from: forced !== undefined ? '--layout' : settings.layouts === undefined ? 'recognised' : line('/layouts'),
      },
      {
        name: 'prefix',
        value: settings.prefix ?? '/iac',
        from: karmaFile?.prefix === undefined ? 'convention' : line('/prefix'),
      },
      {
        name: 'follow',
        value: karmaFile?.follow ?? 'HEAD',
        from: karmaFile?.follow === undefined ? 'convention' : line('/follow'),
      },
      {
        name: 'contracts',
        value: karmaFile?.contracts ?? 'refuse',
        from: karmaFile?.contracts === undefined ? 'convention' : line('/contracts'),
      },
      {
        name: 'references',
        value: `${settings.references?.length ?? 0} added or denied`,
        from: settings.references === undefined ? 'convention' : line('/references'),
      },
      {
        name: 'data',
        value: context.stores.dataFolder,
        from: karmaFile?.stores.data === undefined ? 'see --data, KARMA_DATA' : line('/stores/data'),
      },
      {
        name: 'actor',
        value: context.actor,
        from: context.env['KARMA_ACTOR'] === undefined ? 'the user who runs this' : 'KARMA_ACTOR',
      },
    ],
    tools: [
      { name: 'git', path: onPath('git', context), for: 'reading repositories' },
      { name: 'terraform', path: onPath('terraform', context), for: 'plan, deploy and destroy' },
      { name: 'tofu', path: onPath('tofu', context), for: 'the same, instead of terraform' },
      { name: 'terragrunt', path: onPath('terragrunt', context), for: 'runs of Terragrunt units, and --compare' },
    ],
    accounts: estate.accounts.positions(context.now()),
    ...(await storeStates(context)),
    siblings: unnamedSiblings(estate, documentReaders(built), context.env),
    findingRules: findingRules(built.graph, karmaFile),
    passedOver: observation.root.passedOver,
  };
}

/** Who looks for an OpenAPI document, by its place. */
function documentReaders({ resolver }: BuiltView): (place: string) => readonly ComponentId[] {
  let index: Map<string, ComponentId[]> | undefined;
  return (place) => {
    if (index === undefined) {
      index = new Map();
      for (const { component, readSet } of resolver.allClaims())
        for (const file in readSet.files)
          if (file.startsWith('openapi/')) index.set(file, [...(index.get(file) ?? []), component.id]);
    }
    return index.get(place) ?? [];
  };
}

function findingRules(graph: Graph, karmaFile: KarmaFile | undefined): Examination['findingRules'] {
  const rules = karmaFile?.findings ?? [];
  const decides = decidedBy(graph.findings(), rules);
  return rules.map((rule, place) => ({
    ...rule,
    from: `${karmaFile?.file ?? ''}:${karmaFile?.lineOf(`/findings/${place}`) ?? ''}`,
    decides: decides[place] ?? 0,
  }));
}

/** Who examines must not die of what is wrong: a damaged store of parameters is told with the stores, and read as empty. */
async function openedAnyway(context: EngineContext, options: { readonly at?: string }): Promise<OpenedEstate> {
  try {
    return await openEstate(context, options);
  } catch (error) {
    if (!isKarmaError(error) || error.code !== 'KARMA_DATA_CORRUPT') throw error;
    const stores = { ...context.stores, knownBindings: async () => [], bindings: () => [] };
    return openEstate({ ...context, stores }, options);
  }
}

export function onPath(program: string, { env }: Pick<EngineContext, 'env'>): string | undefined {
  return (env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, program))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

export const doctorVerb = defineVerb({
  about: 'What is in force and who decided it; what was recognised, passed over, and what is missing.',
  query: object('When.', { at }),
  writes: 'nothing',
  run: (context, query) => examine(context, query.at),
});
