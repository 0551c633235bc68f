import type { Value } from '../../../hcl/value.ts';
import { emptyObject, isUnknown, Unknown } from '../../../hcl/value.ts';
import type { FileView } from '../../../model/file-view.ts';
import { isTaken } from '../../rules/block-rules.ts';
import { analyseModule, type ModuleAnalysis } from '../../terraform/analyse.ts';
import { type InstanceOptions, ModuleInstance, type ResolveData } from '../../terraform/instance.ts';
import type { ModuleLoader } from '../../terraform/load-module.ts';
import type { Module, Resource } from '../../terraform/module.ts';
import { parameterReads, parameterWrites, templateOf } from '../../terraform/parameters.ts';
import { queriesOf } from '../../terraform/queries.ts';
import { withoutKeys } from '../../terraform/sinks.ts';
import { type ConfigUses, configUsesOf } from './config-uses.ts';
import { consumptionOfType, type TypeConsumption } from './consumed.ts';
import { type IndexedUse, indexedUsesOf } from './indexed-uses.ts';
import { withoutNullTests } from './null-tests.ts';
import { blindSpotsOf, type TypeBlindSpot } from './type-blind-spots.ts';

/** The module of a component type, analysed once for all components that share it. */
export interface TypeModule {
  readonly view: FileView;
  readonly path: string;
  readonly analysis: ModuleAnalysis;
  /** It reads its config from Parameter Store or writes its runtime there; otherwise Karma hands it variables. */
  readonly selfPublishing: boolean;
  readonly uses: ConfigUses;
  readonly indexed: readonly IndexedUse[];
  /** Parameters written, by address without instance keys. Keys that rest on the config are undefined. */
  readonly writes: ReadonlyMap<string, { readonly keys: readonly string[] | undefined; readonly alsoWritten: boolean }>;
  readonly consumption: TypeConsumption;
  /** The root module as consumption is judged on it. */
  readonly withoutNullTests: Module;
  /** Addresses of parameter reads whose name rests on more than the config: the places of the unevaluated name. */
  readonly nameTemplates: ReadonlyMap<string, Unknown>;
  readonly blindSpots: readonly TypeBlindSpot[];
  /** Whether it has blocks that rules of every layout make needs or provides of. */
  readonly blockRules: { readonly needs: boolean; readonly provides: boolean };
  readonly isApi: boolean;
  /** Some file that it reads is another one with another config. */
  readonly filesRestOnConfig: boolean;
}

/** Where a type's module lies, and what it takes to read it. */
export interface ModulePlace {
  readonly loader: ModuleLoader;
  readonly view: FileView;
  readonly path: string;
  readonly prefix: string;
  /** Where a call leads that is no local path. */
  readonly resolveModule: NonNullable<InstanceOptions['resolveModule']>;
}

/**
 * Analyses the module of a type with a nickname and a config that are not known: what it reads of them then stands at their
 * places.
 */
export function readModule(
  { loader, view, path, prefix, resolveModule }: ModulePlace,
  name: string,
): TypeModule | undefined {
  const own = `${prefix}/${name}/\${var.nickname}/config`;
  const known: Readonly<Record<string, Value>> = {
    component_name: name,
    iac_prefix: prefix,
    config: Unknown.at('config'),
  };
  const variables = (variable: string): Value =>
    (Object.hasOwn(known, variable) ? known[variable] : undefined) ?? Unknown.at(`var.${variable}`);
  const resolveData: ResolveData = ({ resource, argument }) =>
    resource.type === 'aws_ssm_parameter' && templateOf(argument('name')) === own ? ownConfig() : undefined;
  const analysis = analyseModule({ loader, view, path, name, variables, resolveData, resolveModule });
  if (analysis === undefined) return undefined;
  const { instance } = analysis;
  const bare = withoutNullTests(instance.module);
  const reads = [...queriesOf(instance, ({ mode, type }) => mode !== 'managed' && parameterReads.has(type))];
  const readsOwnConfig = reads.some(({ argument }) => templateOf(argument('name')) === own);
  const writes = parameterWrites(instance);
  const selfPublishing =
    readsOwnConfig || writes.some(({ name: written }) => /\/runtime(\/|$)/.test(templateOf(written ?? null) ?? ''));
  return {
    view,
    path,
    analysis,
    selfPublishing,
    writes: new Map(
      writes.map(({ query, keys, alsoWritten }) => [withoutKeys(query.address), { keys, alsoWritten }] as const),
    ),
    uses: configUsesOf(instance, !selfPublishing),
    indexed: indexedUsesOf(analysis.closure.modules[0]),
    consumption: consumptionOfType(new ModuleInstance(bare, { loader, view, variables, resolveData, resolveModule })),
    withoutNullTests: bare,
    nameTemplates: new Map(
      reads.flatMap(({ address, argument }) => {
        const value = argument('name') ?? argument('path');
        return value !== undefined && isUnknown(value) ? [[withoutKeys(address), value] as const] : [];
      }),
    ),
    blindSpots: blindSpotsOf(analysis),
    blockRules: {
      needs: someBlock(analysis, (block) => isTaken(block, 'needs')),
      provides: someBlock(analysis, (block) => isTaken(block, 'provides')),
    },
    isApi: isApiType(name, analysis),
    filesRestOnConfig: analysis.account.open.some(({ code }) => code !== 'file-outside'),
  };
}

function ownConfig(): Value {
  const answer = emptyObject();
  for (const attribute of ['value', 'insecure_value']) answer[attribute] = Unknown.at('config');
  return answer;
}

function someBlock({ closure }: ModuleAnalysis, test: (block: Resource) => boolean): boolean {
  return closure.modules.some(({ resources }) => [...resources.values()].some(test));
}

/** A type serves routes when its name says so or its module makes a gateway. */
function isApiType(name: string, { closure }: ModuleAnalysis): boolean {
  if (/(^|-)(api|rest)(-|$)/.test(name)) return true;
  return closure.modules.some((module) =>
    [...module.resources.values()].some(
      ({ mode, type }) => mode === 'managed' && /^aws_api_?gateway(v2)?_(rest_)?api$/.test(type),
    ),
  );
}
