import { numberSection, type Section, type SectionFile, textSection } from '../../../graph/section-file.ts';
import { roomFor, TextBuffer } from '../../../graph/text-buffer.ts';
import type { Seen } from '../../../infer/join-node.ts';
import type { SeenNodes } from '../../../infer/resolution-index.ts';
import type { Provide } from '../../../model/claim.ts';

/**
 * What others take from each node, as sections of a cached view. The list of what a component publishes is that of all of its type,
 * and stands with each name that it is found under: it is written once, and a number stands for it.
 */
export function seenSections(seen: SeenNodes): readonly (readonly [string, Section])[] {
  const lists = new NumberedLists();
  const textAt = (number: number): string => {
    const [environment, outputs, account, provides] = seen.at(number);
    const kept: KeptSeen = [
      environment,
      outputs === null ? null : lists.numberOf(outputs),
      account,
      provides.map((one) => (one.outputs === undefined ? one : { ...one, outputs: lists.numberOf(one.outputs) })),
    ];
    return JSON.stringify(kept);
  };
  const texts = new TextBuffer(roomFor(seen.size, (number) => textAt(number).length));
  const ends = new Uint32Array(seen.size);
  for (let number = 0; number < seen.size; number++) ends[number] = texts.append(textAt(number));
  return [
    ['seen', { kind: 'blocks', bytes: texts.bytes }],
    ['seen-ends', numberSection(ends)],
    ['seen-lists', textSection(JSON.stringify(lists.all))],
  ];
}

/** @throws KARMA_DATA_CORRUPT */
export function seenFrom(file: SectionFile): SeenNodes {
  const texts = file.blocks('seen');
  const ends = file.numbers('seen-ends');
  const lists = file.json<readonly (readonly string[])[]>('seen-lists');
  return {
    size: ends.length,
    at: (number) => {
      const text = texts.read(number === 0 ? 0 : (ends[number - 1] ?? 0), ends[number] ?? 0);
      const [environment, outputs, account, provides] = JSON.parse(text) as KeptSeen;
      return [
        environment,
        outputs === null ? null : (lists[outputs] ?? []),
        account,
        // The list takes the place of its number, so that the keys stand as they stood.
        provides.map((one) => ('outputs' in one ? { ...one, outputs: lists[one.outputs] ?? [] } : one)),
      ];
    },
  };
}

/** {@link Seen} with numbers of lists. */
type KeptSeen = readonly [
  environment: Seen[0],
  outputs: number | null,
  account: Seen[2],
  provides: readonly (Omit<Provide, 'outputs'> | (Omit<Provide, 'outputs'> & { readonly outputs: number }))[],
];

/** Lists by number; mostly it is the very same list that is asked for again. */
class NumberedLists {
  readonly all: (readonly string[])[] = [];
  readonly #known = new Map<readonly string[], number>();
  readonly #byText = new Map<string, number>();

  numberOf(list: readonly string[]): number {
    const known = this.#known.get(list);
    if (known !== undefined) return known;
    const text = JSON.stringify(list);
    const number = this.#byText.get(text) ?? this.all.push(list) - 1;
    this.#byText.set(text, number);
    this.#known.set(list, number);
    return number;
  }
}
