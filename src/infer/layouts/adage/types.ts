import { type ComponentTypeDeclaration, readComponentType } from '../../../config/component-type.ts';
import { readJson } from '../../../config/json-document.ts';
import { isJsonObject } from '../../../config/merge-patch.ts';
import { problemFindings } from '../../../config/problem-findings.ts';
import { type SchemaChecker, schemaChecker } from '../../../config/schema-check.ts';
import { redact } from '../../../config/secrets.ts';
import type { Value } from '../../../hcl/value.ts';
import { emptyObject, isUnknown, Unknown } from '../../../hcl/value.ts';
import type { BlindSpot, ReadSet } from '../../../model/claim.ts';
import { byCodeUnit } from '../../../model/digest.ts';
import { type FileView, filePlace } from '../../../model/file-view.ts';
import type { Finding } from '../../../model/finding.ts';
import { mergeReadSets, recordReads } from '../../record-reads.ts';
import { analyseModule, type ModuleAnalysis } from '../../terraform/analyse.ts';
import { findingAt, moduleFindings } from '../../terraform/findings.ts';
import { ModuleInstance, type ResolveData } from '../../terraform/instance.ts';
import { literalPrefixes } from '../../terraform/literal-prefix.ts';
import { ModuleLoader } from '../../terraform/load-module.ts';
import type { Module } from '../../terraform/module.ts';
import { moduleFiles } from '../../terraform/module-files.ts';
import { parameterReads, parameterWrites, templateOf } from '../../terraform/parameters.ts';
import { queriesOf } from '../../terraform/queries.ts';
import { withoutKeys } from '../../terraform/sinks.ts';
import { type ConfigUses, configUsesOf } from './config-uses.ts';
import { consumptionOfType, type TypeConsumption } from './consumed.ts';
import type { AdageEstate } from './estate.ts';
import { type IndexedUse, indexedUsesOf } from './indexed-uses.ts';
import { withoutNullTests } from './null-tests.ts';

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
  readonly blindSpots: readonly Omit<BlindSpot, 'component'>[];
  readonly isApi: boolean;
}

export interface AdageType {
  readonly name: string;
  readonly declaration: ComponentTypeDeclaration | undefined;
  readonly module: TypeModule | undefined;
  /** The folder of a type that is only planned (it holds no Terraform file), and a file in it. */
  readonly planned: { readonly folder: string; readonly file: string } | undefined;
  readonly schemas: readonly { readonly file: string; readonly checker: SchemaChecker }[];
  readonly sensitive: readonly string[];
  /** What is wrong with the type, whatever config it gets. */
  readonly findings: readonly Finding[];
  readonly readSet: Pick<ReadSet, 'files' | 'folders'>;
}

/** The component types of an estate, each read when it is first asked for. */
export class AdageTypes {
  readonly loader = new ModuleLoader();
  readonly #estate: AdageEstate;
  readonly #types = new Map<string, AdageType>();

  constructor(estate: AdageEstate) {
    this.#estate = estate;
  }

  /** Every type that has a folder under `components/`, sorted. */
  names(): readonly string[] {
    const names = new Set<string>();
    for (const view of this.#estate.reposFor('modules'))
      for (const entry of view.list('components')) if (entry.kind === 'directory') names.add(entry.name);
    return [...names].sort(byCodeUnit);
  }

  get(name: string): AdageType {
    const known = this.#types.get(name);
    if (known !== undefined) return known;
    const type = readType(this.#estate, this.loader, name);
    this.#types.set(name, type);
    return type;
  }
}

function readType(estate: AdageEstate, loader: ModuleLoader, name: string): AdageType {
  const recorders = new Map(estate.reposFor('modules').map((view) => [view, recordReads(view)] as const));
  const views = [...recorders.values()].map((one) => one.view);
  const { declaration, findings } = readComponentType(name, (type) => declarationText(views, type));
  const lineage = declaration?.lineage ?? [name];
  const folder = firstFolder(views, lineage);
  const place = folder === undefined ? undefined : filePlace(folder.view.repo, folder.path);
  const readable = folder !== undefined && moduleFiles(folder.view, folder.path).length > 0 ? folder : undefined;
  const module = readable === undefined ? undefined : readModule(estate, loader, name, readable.view, readable.path);
  const schemas = readSchemas(estate, views, name, declaration);
  const subject = `type ${place ?? name}`;
  return {
    name,
    declaration,
    module,
    planned: readable === undefined && folder !== undefined ? plannedFolder(folder) : undefined,
    schemas: schemas.schemas,
    sensitive: [...new Set([...(declaration?.sensitive ?? []), ...schemas.sensitive])].sort(byCodeUnit),
    findings: [
      ...findings,
      ...schemas.findings,
      ...(module === undefined ? [] : typeFindings(module, subject, estate.basePrefix)),
    ],
    readSet: mergeReadSets([...recorders.values()].map((one) => one.readSet())),
  };
}

function declarationText(views: readonly FileView[], type: string): { file: string; text: string } | undefined {
  for (const view of views) {
    const path = `components/${type}/component.yaml`;
    const text = view.read(path);
    if (text !== undefined) return { file: filePlace(view.repo, path), text };
  }
  return undefined;
}

function plannedFolder({ view, path }: { readonly view: FileView; readonly path: string }): AdageType['planned'] {
  const folder = filePlace(view.repo, path);
  const files = view.list(path).filter((entry) => entry.kind === 'file');
  const shown = files.find(({ name }) => /^readme/i.test(name)) ?? files[0];
  return { folder, file: shown === undefined ? folder : `${folder}/${shown.name}` };
}

/** The folder with Terraform files of the type or its nearest parent; else the type's own folder as it is. */
function firstFolder(
  views: readonly FileView[],
  lineage: readonly string[],
): { readonly view: FileView; readonly path: string } | undefined {
  const folders = lineage.flatMap((type) => views.map((view) => ({ view, path: `components/${type}` })));
  return (
    folders.find(({ view, path }) => moduleFiles(view, path).length > 0) ??
    folders.find(({ view, path }) => view.isDirectory(path))
  );
}

function readModule(
  estate: AdageEstate,
  loader: ModuleLoader,
  name: string,
  view: FileView,
  path: string,
): TypeModule | undefined {
  const prefix = estate.basePrefix;
  const own = `${prefix}/${name}/\${var.nickname}/config`;
  const variables = (variable: string): Value =>
    variable === 'component_name'
      ? name
      : variable === 'iac_prefix'
        ? prefix
        : variable === 'config'
          ? Unknown.at('config')
          : Unknown.at(`var.${variable}`);
  const resolveData: ResolveData = ({ resource, argument }) =>
    resource.type === 'aws_ssm_parameter' && templateOf(argument('name')) === own ? ownConfig() : undefined;
  const analysis = analyseModule({ loader, view, path, name, variables, resolveData });
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
    consumption: consumptionOfType(new ModuleInstance(bare, { loader, view, variables, resolveData })),
    withoutNullTests: bare,
    nameTemplates: new Map(
      reads.flatMap(({ address, argument }) => {
        const value = argument('name') ?? argument('path');
        return value !== undefined && isUnknown(value) ? [[withoutKeys(address), value] as const] : [];
      }),
    ),
    blindSpots: blindSpotsOf(analysis),
    isApi: isApiType(name, analysis),
  };
}

function ownConfig(): Value {
  const answer = emptyObject();
  for (const attribute of ['value', 'insecure_value']) answer[attribute] = Unknown.at('config');
  return answer;
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

/** What no evaluation of this module can see, whatever config it gets. */
function blindSpotsOf({ closure }: ModuleAnalysis): Omit<BlindSpot, 'component'>[] {
  const unreadable = closure.modules.flatMap(({ problems }) =>
    problems
      .filter(({ code }) => code === 'hcl-unreadable' || code === 'file-too-large')
      .slice(0, 1)
      .map(({ code, file, at }) => ({ code, evidence: { rule: code, site: file, file, line: at.line } })),
  );
  const remote = closure.remote.map(({ call }) => {
    const site = `module.${call.name}.source`;
    // A source may carry a token for the host it is fetched from.
    const expression = String(redact(call.source ?? ''));
    return {
      code: 'module-not-read',
      evidence: { rule: 'module-not-read', site, file: call.file, line: call.at.line, expression },
    };
  });
  const programs = closure.modules.flatMap(({ resources }) =>
    [...resources.values()]
      .filter(({ mode, type }) => mode === 'data' && type === 'external')
      .map(({ address, file, at }) => ({
        code: 'program-unread',
        evidence: { rule: 'program-unread', site: `${address}.program`, file, line: at.line },
      })),
  );
  const foreign = closure.modules.flatMap(({ resources }) =>
    [...resources.values()]
      .filter(({ mode, type }) => mode !== 'managed' && foreignReads.test(type))
      .map(({ address, file, at }) => ({
        code: 'foreign-read',
        evidence: { rule: 'foreign-read', site: address, file, line: at.line },
      })),
  );
  return [...unreadable, ...remote, ...programs, ...foreign];
}

const foreignReads = /^(terraform_remote_state|tfe_outputs|vault_|consul_|aws_cloudformation_(stack|export))/;

function typeFindings(module: TypeModule, subject: string, prefix: string): Finding[] {
  const { analysis, blindSpots } = module;
  const told = new Set(['module-not-read', 'program-unread', 'foreign-read']);
  return [
    ...moduleFindings(analysis, subject),
    ...blindSpots
      .filter(({ code }) => told.has(code))
      .map(({ code, evidence }) =>
        findingAt(code as 'program-unread', subject, evidence.site, blindSpotMessage(code, evidence.expression), {
          site: evidence.site,
          file: evidence.file ?? '',
          line: evidence.line ?? 1,
        }),
      ),
    ...hardCoded(analysis, subject, prefix),
  ];
}

function blindSpotMessage(code: string, expression: string | undefined): string {
  if (code === 'module-not-read') return `the module ${expression ?? ''} was not read: what it reads stays unseen`;
  if (code === 'program-unread') return 'what the program reads stays unseen';
  return 'what is read there is not in the graph';
}

/** The prefix in force, and the default one: a literal `/iac` is wrong above all where the prefix is another. */
function hardCoded({ closure }: ModuleAnalysis, subject: string, prefix: string): Finding[] {
  return [...new Set([prefix, '/iac'])].flatMap((literal) =>
    closure.modules.flatMap((module) =>
      literalPrefixes(module, literal, 'iac_prefix').map(({ file, at }) =>
        findingAt(
          'prefix-hard-coded',
          subject,
          `${file}:${literal}`,
          `a literal ${literal}/ stands beside var.iac_prefix`,
          {
            site: file,
            file,
            line: at.line,
          },
        ),
      ),
    ),
  );
}

function readSchemas(
  estate: AdageEstate,
  views: readonly FileView[],
  name: string,
  declaration: ComponentTypeDeclaration | undefined,
): Pick<AdageType, 'schemas' | 'findings' | 'sensitive'> {
  const schemas: { file: string; checker: SchemaChecker }[] = [];
  const findings: Finding[] = [];
  const sensitive: string[] = [];
  const subject = `type ${name}`;
  const enter = (schema: unknown, file: string): void => {
    sensitive.push(...sensitiveIn(schema));
    const checker = lazyChecker(schema);
    schemas.push({ file, checker });
  };
  for (const view of views) {
    const path = `${estate.schemaFolder(view)}/${name}.schema.json`;
    const text = view.read(path);
    if (text === undefined) continue;
    const file = filePlace(view.repo, path);
    const document = readJson(text);
    findings.push(...problemFindings(document, file, subject));
    if (document.value !== undefined) enter(document.value, file);
    break;
  }
  if (declaration?.inputs !== undefined) enter(declaration.inputs, declaration.file);
  return { schemas, findings, sensitive };
}

/** Compiling costs milliseconds: only when a config is checked. */
function lazyChecker(schema: unknown): SchemaChecker {
  let checker: SchemaChecker | undefined;
  const ready = (): SchemaChecker => (checker ??= schemaChecker(schema));
  return {
    get broken() {
      return ready().broken;
    },
    check: (value) => ready().check(value),
  };
}

/** Pointers that a schema marks `sensitive` or `writeOnly`. */
function sensitiveIn(schema: unknown, pointer = ''): string[] {
  if (!isJsonObject(schema)) return [];
  if (schema.sensitive === true || schema.writeOnly === true) return [pointer];
  const properties = isJsonObject(schema.properties) ? schema.properties : {};
  return Object.entries(properties).flatMap(([key, member]) =>
    sensitiveIn(member, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`),
  );
}
