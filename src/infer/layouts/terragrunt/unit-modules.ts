import type { ReadSet } from '../../../model/claim.ts';
import type { TypeRow } from '../../../model/component.ts';
import type { FileView } from '../../../model/file-view.ts';
import { filePlace } from '../../../model/file-view.ts';
import { recordReads } from '../../record-reads.ts';
import { analyseModule } from '../../terraform/analyse.ts';
import { ModuleLoader } from '../../terraform/load-module.ts';
import type { ModuleReference } from './module-reference.ts';
import type { Session } from './session.ts';

interface ReadModule {
  readonly row: TypeRow | undefined;
  readonly reads: Pick<ReadSet, 'files' | 'folders'>;
}

/** The Terraform modules of an estate's units, each read once. */
export class UnitModules {
  readonly #loader = new ModuleLoader();
  readonly #known = new Map<string, ReadModule>();

  /** What the module's own HCL says; undefined when it is not at hand or holds no Terraform. */
  of(session: Session, { place, name }: ModuleReference): TypeRow | undefined {
    if (place === undefined) return undefined;
    const key = filePlace(place.view.repo, place.path);
    const known = this.#known.get(key) ?? this.#read(place.view, session, place.path, name);
    this.#known.set(key, known);
    session.include(known.reads);
    return known.row;
  }

  #read(view: FileView, session: Session, path: string, name: string): ReadModule {
    // Recorded apart from the unit, below what stacks lay over the repository, because all units of a module share it.
    const { main } = session.estate.view;
    const recorded = recordReads(view.repo === main.repo ? main : view);
    const seen = view.repo === main.repo ? session.estate.generated.over(recorded.view) : recorded.view;
    const row = analyseModule({ loader: this.#loader, view: seen, path, name })?.row;
    return { row, reads: recorded.readSet() };
  }
}
