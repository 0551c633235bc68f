import { type ReadComponentType, readComponentType } from '../../config/component-type.ts';
import type { ComponentRow } from '../../model/component.ts';
import type { EstateView } from '../../model/estate.ts';
import { filePlace } from '../../model/file-view.ts';

const none: ReadComponentType = { declaration: undefined, findings: [], lineOf: () => 1 };

/**
 * What a `component.yaml` beside a module says of it, outside Adage: there a type is the module's folder, and `extends` names a
 * parent by its own, from the top of the repository. Each is read once.
 */
export class DeclaredBeside {
  readonly #estate: EstateView;
  readonly #read = new Map<string, ReadComponentType>();

  constructor(estate: EstateView) {
    this.#estate = estate;
  }

  of({ layout, module }: Pick<ComponentRow, 'layout' | 'module'>): ReadComponentType {
    // Nobody knows the module: whatever lies at the top of the repository is not about it.
    if (layout === 'adage' || module === '') return none;
    const known = this.#read.get(module) ?? this.#readBeside(module);
    this.#read.set(module, known);
    return known;
  }

  #readBeside(module: string): ReadComponentType {
    const { repos, main } = this.#estate;
    const colon = module.indexOf(':');
    const named = colon > 0 ? repos.get(module.slice(0, colon)) : undefined;
    const files = named ?? main;
    const folder = named === undefined ? module : module.slice(colon + 1);
    return readComponentType(folder, (type) => {
      const file = type === '.' ? 'component.yaml' : `${type}/component.yaml`;
      const text = files.read(file);
      return text === undefined ? undefined : { file: filePlace(files.repo, file), text };
    });
  }
}
