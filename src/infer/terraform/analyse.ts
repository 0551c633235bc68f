import type { Value } from '../../hcl/value.ts';
import type { TypeRow } from '../../model/component.ts';
import { byCodeUnit } from '../../model/digest.ts';
import type { FileView } from '../../model/file-view.ts';
import { filePlace } from '../../model/file-view.ts';
import { recordReads } from '../record-reads.ts';
import { keysReadOf } from './config-keys.ts';
import type { Consumption } from './consumption.ts';
import { consumptionOf } from './consumption.ts';
import { FileAccount } from './file-account.ts';
import type { InstanceOptions, ResolveData, VariableSource } from './instance.ts';
import { ModuleInstance } from './instance.ts';
import type { ModuleLoader } from './load-module.ts';
import type { Module } from './module.ts';
import type { ModuleClosure } from './module-digest.ts';
import { closureOf, digestWithReads } from './module-digest.ts';
import { isFloating, localModulePath, parseModuleSource } from './module-source.ts';
import { parameterReads, parameterWrites, templateOf } from './parameters.ts';
import { queriesOf } from './queries.ts';
import { withoutKeys } from './sinks.ts';
import type { Undeclared } from './undeclared.ts';
import { undeclaredIn } from './undeclared.ts';
import { typeText } from './variable-type.ts';

/** What can be said of a module type alone, whatever config it gets. */
export interface ModuleAnalysis {
  readonly row: TypeRow;
  readonly closure: ModuleClosure;
  /** The module with nothing set: variables and the config stand at their own places. */
  readonly instance: ModuleInstance;
  readonly consumption: Consumption;
  /** The files it reads as data, with nothing set. */
  readonly account: FileAccount;
  readonly undeclared: readonly (Undeclared & { readonly module: string })[];
  readonly floating: readonly {
    readonly name: string;
    readonly source: string;
    readonly file: string;
    readonly line: number;
  }[];
}

export interface AnalysisOptions {
  readonly loader: ModuleLoader;
  readonly view: FileView;
  readonly path: string;
  readonly name: string;
  /** Variables that are known for the type; all others are unknown at `var.<name>`. */
  readonly variables?: (name: string) => Value | undefined;
  /** Answers the own config with an unknown at {@link AnalysisOptions.configSource}. */
  readonly resolveData?: ResolveData;
  readonly resolveModule?: InstanceOptions['resolveModule'];
  /** The source whose keys are the config's; default `config`. */
  readonly configSource?: string;
  /** What is read with nothing set says nothing of whoever sets all that is set: its files are left out of the digest. */
  readonly evaluatedElsewhere?: boolean;
  /** Files whose values are evaluated, and compared as such: they are no part of the code. */
  readonly evaluatedFiles?: ReadonlySet<string>;
  /** Variables that sources of modules rest on; without, {@link AnalysisOptions.variables}. */
  readonly sources?: VariableSource;
}

/** Undefined when the folder holds no configuration file. */
export function analyseModule(options: AnalysisOptions): ModuleAnalysis | undefined {
  const { loader, path, name } = options;
  const recorded = recordReads(options.view);
  const { view } = recorded;
  const closure = closureOf(view, path, loader, {
    resolveModule: options.resolveModule,
    variables: options.sources ?? options.variables,
    evaluated: options.evaluatedFiles,
  });
  const [module] = closure?.modules ?? [];
  if (closure === undefined || module === undefined) return undefined;
  const account = new FileAccount();
  const instance = new ModuleInstance(module, {
    loader,
    view,
    account,
    variables: options.variables ?? (() => undefined),
    ...(options.resolveData === undefined ? {} : { resolveData: options.resolveData }),
    ...(options.resolveModule === undefined ? {} : { resolveModule: options.resolveModule }),
  });
  const consumption = consumptionOf(instance);
  const configKeys = keysReadOf(options.configSource ?? 'config', instance, consumption);
  const calls = closure.modules.flatMap((one) => [...one.calls.values()].map((call) => ({ one, call })));
  const templates = parameterTemplates(instance);
  const sites = sitesOf(instance);
  return {
    row: {
      key: module.key,
      name,
      digest: options.evaluatedElsewhere === true ? closure.digest : digestWithReads(closure, recorded.readSet()),
      variables: [...module.variables.values()]
        .map((variable) => ({
          name: variable.name,
          required: variable.default === undefined,
          sensitive: variable.sensitive,
          ...(variable.type === undefined ? {} : { type: typeText(variable.type) }),
        }))
        .sort((a, b) => byCodeUnit(a.name, b.name)),
      outputs: [...module.outputs.keys()].sort(byCodeUnit),
      configKeys,
      ...templates,
      modules: calls
        .filter(({ one }) => one === module)
        .map(({ call }) => callRow(view, module, call.name, instance.sourced(call).source ?? ''))
        .sort((a, b) => byCodeUnit(a.name, b.name)),
      sites,
    },
    closure,
    instance,
    consumption,
    account,
    undeclared: closure.modules.flatMap((one) => undeclaredIn(one).map((found) => ({ ...found, module: one.key }))),
    floating: calls.flatMap(({ one, call }) =>
      call.source !== undefined && isFloating(parseModuleSource(call.source), call.version)
        ? [{ name: `${one.key} ${call.name}`, source: call.source, file: call.file, line: call.at.line }]
        : [],
    ),
  };
}

function callRow(view: FileView, module: Module, name: string, written: string) {
  const source = parseModuleSource(written);
  if (source.kind !== 'local') return { name, source: written, remote: true };
  return { name, source: filePlace(view.repo, localModulePath(module.path, source.path)), remote: false };
}

function parameterTemplates(instance: ModuleInstance): Pick<TypeRow, 'parametersRead' | 'parametersWritten'> {
  const read = new Set<string>();
  for (const query of queriesOf(instance, ({ mode, type }) => mode !== 'managed' && parameterReads.has(type))) {
    const template = templateOf(query.argument('name') ?? query.argument('path'));
    if (template !== undefined) read.add(template);
  }
  const written = parameterWrites(instance).flatMap(({ name }) => templateOf(name) ?? []);
  return { parametersRead: [...read].sort(byCodeUnit), parametersWritten: [...new Set(written)].sort(byCodeUnit) };
}

/** Where everything that evidence can name stands: blocks, their arguments, locals, outputs, variables. */
export function sitesOf(root: ModuleInstance): Record<string, readonly [file: string, line: number]> {
  const sites: Record<string, readonly [file: string, line: number]> = {};
  const put = (site: string, file: string, line: number) => {
    sites[site] ??= [file, line];
  };
  const visit = (instance: ModuleInstance): void => {
    const prefix = withoutKeys(instance.prefix);
    const { module } = instance;
    for (const { name, file, at } of module.locals.values()) put(`${prefix}local.${name}`, file, at.line);
    for (const { name, file, at } of module.variables.values()) put(`${prefix}var.${name}`, file, at.line);
    for (const { name, file, at } of module.outputs.values()) put(`${prefix}output.${name}`, file, at.line);
    const blocks = [
      ...[...module.resources.values()].map((one) => ({ ...one, site: one.address })),
      ...[...module.calls.values()].map((one) => ({ ...one, site: `module.${one.name}` })),
    ];
    for (const { site, file, at, body } of blocks) {
      put(prefix + site, file, at.line);
      for (const attribute of body.attributes.values())
        put(`${prefix}${site}.${attribute.name}`, file, attribute.at.line);
    }
    for (const call of module.calls.values()) {
      const child = instance.child(call, instance.instancesOf(call)[0]?.suffix ?? '[*]');
      if (child !== undefined) visit(child);
    }
  };
  visit(root);
  return Object.fromEntries(Object.entries(sites).sort(([a], [b]) => byCodeUnit(a, b)));
}
