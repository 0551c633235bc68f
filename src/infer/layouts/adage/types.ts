import { type ComponentTypeDeclaration, readComponentType } from '../../../config/component-type.ts';
import type { ReadSet } from '../../../model/claim.ts';
import { byCodeUnit } from '../../../model/digest.ts';
import { type FileView, filePlace } from '../../../model/file-view.ts';
import type { Finding } from '../../../model/finding.ts';
import { mergeReadSets, recordReads } from '../../record-reads.ts';
import { ModuleLoader } from '../../terraform/load-module.ts';
import type { ModuleCall } from '../../terraform/module.ts';
import { moduleFiles } from '../../terraform/module-files.ts';
import { moduleElsewhere, Reads } from '../terraform/reads.ts';
import { contradictionsOfType } from './declared-against-module.ts';
import type { AdageEstate } from './estate.ts';
import { moduleFindingsOf } from './type-blind-spots.ts';
import { readModule, type TypeModule } from './type-module.ts';
import { readSchemas, type TypeSchemas } from './type-schemas.ts';

/** A component type as it is shared by its components. */
export interface AdageType {
  readonly name: string;
  readonly declaration: ComponentTypeDeclaration | undefined;
  readonly module: TypeModule | undefined;
  /** The folder of a type that is only planned (it holds no Terraform file), and a file in it. */
  readonly planned: { readonly folder: string; readonly file: string } | undefined;
  readonly schemas: TypeSchemas['schemas'];
  /** Pointers into a config whose values are secrets, by its schemas and its `component.yaml`; sorted. */
  readonly secretsIn: (config: unknown) => readonly string[];
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

  /** Every type that has a folder under `components/` of these repositories, sorted. */
  names(views: readonly FileView[]): readonly string[] {
    const names = new Set<string>();
    for (const view of views)
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
  const { declaration, findings, lineOf } = readComponentType(name, (type) => declarationText(views, type));
  const lineage = declaration?.lineage ?? [name];
  const folder = firstFolder(views, lineage);
  const place = folder === undefined ? undefined : filePlace(folder.view.repo, folder.path);
  const reads = new Reads(estate.view);
  const resolveModule = (call: ModuleCall) => moduleElsewhere(call, estate.view, reads);
  const readable = folder !== undefined && moduleFiles(folder.view, folder.path).length > 0 ? folder : undefined;
  const module =
    readable === undefined
      ? undefined
      : readModule(
          { loader, view: readable.view, path: readable.path, prefix: estate.basePrefix, resolveModule },
          name,
        );
  const schemas = readSchemas(estate, views, name, declaration);
  const subject = `type ${place ?? name}`;
  return {
    name,
    declaration,
    module,
    planned: readable === undefined && folder !== undefined ? plannedFolder(folder) : undefined,
    schemas: schemas.schemas,
    secretsIn: (config) =>
      [...new Set([...(declaration?.sensitive ?? []), ...schemas.secretsIn(config)])].sort(byCodeUnit),
    findings: [
      ...findings,
      ...schemas.findings,
      ...(module === undefined ? [] : moduleFindingsOf(module, subject, estate.basePrefix)),
      ...(module === undefined || declaration === undefined
        ? []
        : contradictionsOfType(declaration, module, { subject: `type ${name}`, lineOf })),
    ],
    readSet: mergeReadSets([...[...recorders.values()].map((one) => one.readSet()), reads.readSet()]),
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
