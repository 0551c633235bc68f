import type { ComponentTypeDeclaration } from '../../../config/component-type.ts';
import type { Finding } from '../../../model/finding.ts';
import { contradictions } from '../../terraform/declared-contradictions.ts';
import { useOfKey } from './config-uses.ts';
import type { TypeModule } from './type-module.ts';

/** Where a type declares something else than its module shows. What Karma hands a module it takes by name; else it reads its config. */
export function contradictionsOfType(
  declaration: ComponentTypeDeclaration,
  { analysis, blindSpots, selfPublishing, uses, writes }: TypeModule,
  where: { readonly subject: string; readonly lineOf: (pointer: string) => number },
): readonly Finding[] {
  const [module] = analysis.closure.modules;
  if (module === undefined) return [];
  if (blindSpots.some(({ code }) => code === 'hcl-unreadable' || code === 'file-too-large')) return [];
  const isFollowed = analysis.undeclared.length === 0 && !uses.handsConfigOn;
  const named = new Set(selfPublishing ? [] : module.variables.keys());
  // What names another component, Karma itself reads.
  for (const [name, { by }] of Object.entries(declaration.references))
    for (const key of [
      by?.replace(/^\//, '').split(/[./]/)[0] ?? `${name.replaceAll('-', '_')}_nickname`,
      `${name}_type`,
    ])
      named.add(key);
  const takes = (name: string) =>
    named.has(name) || /_(?:nickname|type)$/.test(name) || useOfKey(uses, [name]).isTouched
      ? true
      : isFollowed
        ? false
        : undefined;
  return contradictions(declaration, { module, takes, outputs: outputsOf() }, where);

  function outputsOf(): ReadonlySet<string> | undefined {
    if (!selfPublishing) return new Set(module?.outputs.keys());
    const written = [...writes.values()];
    const isTold = written.length > 0 && written.every(({ keys, alsoWritten }) => keys !== undefined && !alsoWritten);
    return isTold ? new Set(written.flatMap(({ keys }) => keys ?? [])) : undefined;
  }
}
