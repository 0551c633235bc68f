import type { ReadSet } from '../../../model/claim.ts';
import type { FileView } from '../../../model/file-view.ts';
import { filePlace } from '../../../model/file-view.ts';
import type { Finding } from '../../../model/finding.ts';
import { isTaken } from '../../rules/block-rules.ts';
import { analyseModule, type ModuleAnalysis } from '../../terraform/analyse.ts';
import { declaredFindings } from '../../terraform/declared-type.ts';
import { filesRestOnVariables } from '../../terraform/files-by-variables.ts';
import { foreignSystem } from '../../terraform/foreign-systems.ts';
import { ModuleLoader } from '../../terraform/load-module.ts';
import type { Module, ModuleCall, Resource } from '../../terraform/module.ts';
import { parameterReads } from '../../terraform/parameters.ts';
import { asksByName, mayBeLookedUp } from '../terraform/looked-up.ts';
import { moduleElsewhere, Reads } from '../terraform/reads.ts';
import { VarFiles } from '../terraform/var-files.ts';
import type { ModuleReference } from './module-reference.ts';
import type { Session } from './session.ts';

/** A module as all units that are made from it share it. */
export interface UnitModule {
  readonly analysis: ModuleAnalysis;
  /** What is wrong with a `component.yaml` beside it. */
  readonly declared: readonly Finding[];
  readonly joins: Joins;
}

/** Whether a module has to do with others at all; most have not, and then nothing is evaluated for each of their units. */
export interface Joins {
  readonly reads: boolean;
  readonly writes: boolean;
  /** Which files it reads rests on what it is given. */
  readonly files: boolean;
}

interface ReadModule {
  readonly module: UnitModule | undefined;
  readonly reads: Pick<ReadSet, 'files' | 'folders'>;
}

/** The Terraform modules of an estate's units, each read once. */
export class UnitModules {
  readonly loader = new ModuleLoader();
  readonly varFiles = new VarFiles();
  readonly #known = new Map<string, ReadModule>();

  /** What the module's own HCL says; undefined when it is not at hand or holds no Terraform. */
  of(session: Session, { place, name }: ModuleReference): UnitModule | undefined {
    if (place === undefined) return undefined;
    const key = filePlace(place.view.repo, place.path);
    const known = this.#known.get(key) ?? this.#read(place.view, session, place.path, name);
    this.#known.set(key, known);
    session.include(known.reads);
    return known.module;
  }

  #read(view: FileView, session: Session, path: string, name: string): ReadModule {
    // Recorded apart from the unit, below what stacks lay over the repository, because all units of a module share it.
    const { view: estate, generated } = session.estate;
    const reads = new Reads(estate);
    const own = view.repo === estate.main.repo;
    const recorded = reads.record(own ? estate.main : view);
    const seen = own ? generated.over(recorded) : recorded;
    const resolveModule = (call: ModuleCall) => moduleElsewhere(call, estate, reads);
    // The files that it reads count for each unit, since those that are read with its inputs do.
    const options = { loader: this.loader, view: seen, path, name, resolveModule };
    const analysis = analyseModule({ ...options, evaluatedElsewhere: true });
    if (analysis === undefined) return { module: undefined, reads: reads.readSet() };
    const files = filesRestOnVariables(analysis, { loader: this.loader, view: seen, resolveModule });
    const joins = { ...joinsOf(analysis.closure.modules), files };
    const declared = declaredFindings(recorded, path, analysis.closure.modules[0]);
    return { module: { analysis, declared, joins }, reads: reads.readSet() };
  }
}

/** Of modules as they stand: whether a rule could say anything of them. */
export function joinsOf(modules: readonly Module[]): Omit<Joins, 'files'> {
  const resources = modules.flatMap((module) => [...module.resources.values()]);
  return { reads: resources.some(isRead), writes: resources.some(isWritten) };
}

function isRead(resource: Resource): boolean {
  const { mode, type } = resource;
  if (mode === 'managed') return false;
  const joined = parameterReads.has(type) || isTaken(resource, 'needs') || asksByName(resource);
  return joined || type === 'external' || foreignSystem(type) !== undefined;
}

function isWritten(resource: Resource): boolean {
  if (isTaken(resource, 'provides')) return true;
  return resource.mode === 'managed' && (resource.type === 'aws_ssm_parameter' || mayBeLookedUp(resource));
}
