import type { ComponentRow } from '../model/component.ts';
import { numberSection, type Section, type SectionFile, textSection } from './section-file.ts';

/** What questions ask of every component of a graph: told without parsing ten thousand rows. */
export interface ComponentHead
  extends Pick<ComponentRow, 'environment' | 'external' | 'kind' | 'layout' | 'module' | 'path' | 'type'> {
  readonly account: string | undefined;
  readonly owner: string | undefined;
}

export function headOf(row: Omit<ComponentRow, 'sites'>): ComponentHead {
  const { environment, external, kind, layout, module, path, type, attributes } = row;
  const { account, owner } = attributes;
  return { environment, external, kind, layout, module, path, type, account, owner };
}

/** Texts by number; most stand in many rows. 0 is no text. */
const columns = ['environment', 'kind', 'layout', 'module', 'path', 'type', 'account', 'owner'] as const;
const width = columns.length + 1;

export function headSections(heads: Iterable<ComponentHead>): readonly (readonly [string, Section])[] {
  const numbers = new Map<string, number>();
  const cells: number[] = [];
  for (const head of heads) {
    cells.push(head.external ? 1 : 0);
    for (const column of columns) {
      const text = head[column];
      let number = text === undefined ? 0 : numbers.get(text);
      if (text !== undefined && number === undefined) {
        number = numbers.size + 1;
        numbers.set(text, number);
      }
      cells.push(number ?? 0);
    }
  }
  return [
    ['head-texts', textSection(JSON.stringify([...numbers.keys()]))],
    ['heads', numberSection(Uint32Array.from(cells))],
  ];
}

/** @throws KARMA_DATA_CORRUPT */
export function headsFrom(file: SectionFile): (place: number) => ComponentHead {
  const texts = [undefined, ...file.json<string[]>('head-texts')];
  const cells = file.numbers('heads');
  return (place) => {
    const at = place * width;
    const text = (column: number) => texts[cells[at + 1 + column] ?? 0];
    return {
      external: cells[at] === 1,
      environment: text(0) ?? '',
      kind: text(1) as ComponentRow['kind'],
      layout: text(2) as ComponentRow['layout'],
      module: text(3) ?? '',
      path: text(4) ?? '',
      type: text(5) ?? '',
      account: text(6),
      owner: text(7),
    };
  };
}
