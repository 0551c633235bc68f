import { readComponentType } from '../../config/component-type.ts';
import { type FileView, filePlace } from '../../model/file-view.ts';
import type { Finding } from '../../model/finding.ts';

/**
 * What is wrong with a `component.yaml` beside a module, outside Adage: there a type is the module's folder, and `extends` names a
 * parent by its own, from the top of the repository.
 */
export function declaredFindings(view: FileView, folder: string): readonly Finding[] {
  return readComponentType(folder, (type) => {
    const file = type === '' || type === '.' ? 'component.yaml' : `${type}/component.yaml`;
    const text = view.read(file);
    return text === undefined ? undefined : { file: filePlace(view.repo, file), text };
  }).findings;
}
