import type { Pointer } from '../model/pointer.ts';
import { numberSection, type Section, type SectionFile, textSection } from './section-file.ts';

/**
 * What each reference consumes, apart from its row: whoever asks who is affected looks at nothing else of thousands of them. Most
 * lists stand in many references, and each is kept once.
 */
export function consumedSections(lists: Iterable<readonly Pointer[]>): readonly (readonly [string, Section])[] {
  const numbers = new Map<string, number>();
  const cells: number[] = [];
  for (const list of lists) {
    const text = JSON.stringify(list);
    let number = numbers.get(text);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(text, number);
    }
    cells.push(number);
  }
  return [
    ['consumed-lists', textSection(`[${[...numbers.keys()].join()}]`)],
    ['consumed', numberSection(Uint32Array.from(cells))],
  ];
}

/** Undefined of a file that an earlier Karma kept. @throws KARMA_DATA_CORRUPT */
export function consumedFrom(file: SectionFile): ((edge: number) => readonly Pointer[] | undefined) | undefined {
  if (!file.has('consumed')) return undefined;
  let read: { readonly lists: readonly (readonly Pointer[])[]; readonly numbers: Uint32Array } | undefined;
  return (edge) => {
    read ??= { lists: file.json('consumed-lists'), numbers: file.numbers('consumed') };
    return read.lists[read.numbers[edge] ?? -1];
  };
}
