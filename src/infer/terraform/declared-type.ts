import { readComponentType } from '../../config/component-type.ts';
import { type FileView, filePlace } from '../../model/file-view.ts';
import type { Finding } from '../../model/finding.ts';
import { contradictions } from './declared-contradictions.ts';
import type { Module } from './module.ts';

/**
 * What is wrong with a `component.yaml` beside a module, outside Adage: there a type is the module's folder, and `extends` names a
 * parent by its own, from the top of the repository.
 * @param module what lies in the folder, where it was read
 */
export function declaredFindings(view: FileView, folder: string, module: Module | undefined): readonly Finding[] {
  const { declaration, findings, lineOf } = readComponentType(folder, (type) => {
    const file = type === '' || type === '.' ? 'component.yaml' : `${type}/component.yaml`;
    const text = view.read(file);
    return text === undefined ? undefined : { file: filePlace(view.repo, file), text };
  });
  const isRead = module?.problems.every(({ code }) => code !== 'hcl-unreadable' && code !== 'file-too-large') === true;
  if (declaration === undefined || module === undefined || !isRead) return findings;
  const shown = {
    module,
    takes: (name: string) => module.variables.has(name),
    outputs: new Set(module.outputs.keys()),
  };
  return [...findings, ...contradictions(declaration, shown, { subject: `type ${folder}`, lineOf })];
}
