import type { KarmaFile } from '../../config/karma-file.ts';
import type { OutsideReader } from '../../graph/impact-of-change/contract-changes.ts';
import { compileGlob } from '../../graph/selection/glob.ts';

/**
 * Those outside the estate who read outputs, as `karma.yaml` names them: of one component by its id, or of all that fit a
 * pattern.
 */
export function outsideReaders(file: KarmaFile | undefined): readonly OutsideReader[] {
  if (file === undefined) return [];
  return file.consumers.map(({ who, reads, consumes }, place) => {
    const matches = compileGlob(reads);
    return {
      name: who,
      reads: (component) => component === reads || matches(component),
      pointers: consumes.map((pointer) => (pointer === '*' || pointer.startsWith('/') ? pointer : `/${pointer}`)),
      evidence: {
        rule: 'declared',
        site: `karma.yaml#/consumers/${place}`,
        file: file.file.slice(file.file.lastIndexOf('/') + 1),
        line: file.lineOf(`/consumers/${place}`),
      },
    };
  });
}
