/**
 * One part of a pattern with wildcards: a text that stands for itself, any number of characters (of one step of a path, or of
 * all), one character, or one of several.
 */
export type Part =
  | string
  | {
      /** So many characters as there are: `[^/]` or any. */
      readonly run: 'step' | 'all';
      /** One at least. */
      readonly some?: true;
      /** As few as will do. */
      readonly few?: true;
      /** What it took is told by this name. */
      readonly name?: string;
    }
  /** One character, as a regular expression has it: `[^/]`, `[a-z]`. */
  | { readonly one: string }
  /** The first that fits. */
  | { readonly either: readonly (readonly Part[])[] };

/** Any folders, none included: what `**` and a slash mean at the beginning of a step. */
export const anyFolders: Part = { either: [[{ run: 'all' }, '/'], []] };

/** A pattern that a whole text fits or does not. */
export interface Wildcards {
  test(text: string): boolean;
  /** What its named runs took; undefined where the text does not fit. */
  named(text: string): Readonly<Record<string, string>> | undefined;
}

/**
 * A pattern of an estate, which anybody may have written. JavaScript's engine tries one way after the other, and a few wildcards
 * beside each other have more ways through a long name than atoms; so it is asked only where they are few. All else is followed
 * step by step, no step at one place twice: O(pattern · text).
 */
export function wildcards(parts: readonly Part[]): Wildcards {
  const expression = new RegExp(`^${sourceOf(parts)}$`, 's');
  const runs = runsIn(parts);
  let steps: Program | undefined;
  const slowly = (text: string) => {
    steps ??= programOf(parts);
    return follow(steps, text);
  };
  const mayFit = holdsInOrder(parts);
  return {
    test: (text) => mayFit(text) && (isCheap(runs, text) ? expression.test(text) : slowly(text) !== undefined),
    named: (text) => {
      if (!mayFit(text)) return undefined;
      if (!isCheap(runs, text)) return slowly(text);
      const match = expression.exec(text);
      return match === null ? undefined : { ...match.groups };
    },
  };
}

/**
 * Whether what stands for itself in a pattern is in a text at all, one behind the other: thousands of rules are asked of thousands of
 * names, and this tells of most of them that they do not fit.
 */
function holdsInOrder(parts: readonly Part[]): (text: string) => boolean {
  const [first] = parts;
  const begins = typeof first === 'string' ? first : '';
  const words = parts.filter((part) => typeof part === 'string');
  return (text) => {
    if (!text.startsWith(begins)) return false;
    let from = 0;
    for (const word of words) {
      const at = text.indexOf(word, from);
      if (at < 0) return false;
      from = at + word.length;
    }
    return true;
  };
}

/** What JavaScript's own engine may try, in steps: some milliseconds. */
const mostTried = 100_000;

/** Each run beyond the first can end at every place at which it did not end before. */
function isCheap(runs: number, { length }: string): boolean {
  return runs < 2 || (length + 1) ** runs <= mostTried;
}

function runsIn(parts: readonly Part[]): number {
  return parts.reduce((sum, part) => {
    if (typeof part === 'string' || 'one' in part) return sum;
    return sum + ('run' in part ? 1 : part.either.reduce((all, one) => all + runsIn(one), 1));
  }, 0);
}

function sourceOf(parts: readonly Part[]): string {
  return parts
    .map((part) => {
      if (typeof part === 'string') return part.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
      if ('one' in part) return part.one;
      if ('either' in part) return `(?:${part.either.map(sourceOf).join('|')})`;
      const run = `${part.run === 'step' ? '[^/]' : '.'}${part.some === true ? '+' : '*'}${part.few === true ? '?' : ''}`;
      return part.name === undefined ? run : `(?<${part.name}>${run})`;
    })
    .join('');
}

type Step =
  | { readonly is: 'one'; readonly takes: (character: string) => boolean }
  /** Goes on at the first; where that leads nowhere, at the other. */
  | { readonly is: 'fork'; readonly first: number; readonly other: number }
  | { readonly is: 'mark'; readonly name: string; readonly begins: boolean }
  | { readonly is: 'end' };

type Program = readonly Step[];

/** Written from the front: each step but a fork goes on at the next one. */
function programOf(parts: readonly Part[]): Program {
  const steps: Step[] = [];
  const write = (all: readonly Part[]): void => {
    for (const part of all) {
      if (typeof part === 'string')
        for (const sign of part.split('')) steps.push({ is: 'one', takes: (character) => character === sign });
      else if ('one' in part) {
        const form = new RegExp(`^${part.one}$`, 's');
        steps.push({ is: 'one', takes: (character) => form.test(character) });
      } else if ('either' in part) writeEither(part.either);
      else writeRun(part);
    }
  };
  const writeRun = ({ run, some, few, name }: Extract<Part, { run: unknown }>): void => {
    const one: Step = { is: 'one', takes: (character) => run === 'all' || character !== '/' };
    if (name !== undefined) steps.push({ is: 'mark', name, begins: true });
    if (some === true) steps.push(one);
    const at = steps.length;
    const [more, done] = [at + 1, at + 3];
    steps.push(few === true ? { is: 'fork', first: done, other: more } : { is: 'fork', first: more, other: done });
    steps.push(one, { is: 'fork', first: at, other: at });
    if (name !== undefined) steps.push({ is: 'mark', name, begins: false });
  };
  const writeEither = (ways: readonly (readonly Part[])[]): void => {
    const ends: number[] = [];
    for (const [index, way] of ways.entries()) {
      const at = steps.length;
      const isLast = index === ways.length - 1;
      if (!isLast) steps.push({ is: 'end' });
      write(way);
      if (isLast) continue;
      ends.push(steps.length);
      steps.push({ is: 'end' });
      steps[at] = { is: 'fork', first: at + 1, other: steps.length };
    }
    for (const end of ends) steps[end] = { is: 'fork', first: steps.length, other: steps.length };
  };
  write(parts);
  steps.push({ is: 'end' });
  return steps;
}

/** Beyond so many places few are met; up to there a mark each is quicker. */
const mostMarked = 4_000_000;

class Marks {
  readonly #marks: Uint8Array;

  constructor(size: number) {
    this.#marks = new Uint8Array(size);
  }

  has(place: number): boolean {
    return this.#marks[place] === 1;
  }

  add(place: number): void {
    this.#marks[place] = 1;
  }
}

interface Place {
  readonly step: number;
  readonly at: number;
  readonly marks: Readonly<Record<string, readonly [from: number, to: number]>>;
}

function follow(program: Program, text: string): Readonly<Record<string, string>> | undefined {
  const places = program.length * (text.length + 1);
  const met = places <= mostMarked ? new Marks(places) : new Set<number>();
  const open: Place[] = [{ step: 0, at: 0, marks: {} }];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const { step, at, marks } = place;
    const key = step * (text.length + 1) + at;
    if (met.has(key)) continue;
    met.add(key);
    const does = program[step];
    if (does === undefined || does.is === 'end') {
      if (at < text.length) continue;
      return Object.fromEntries(Object.entries(marks).map(([name, [from, to]]) => [name, text.slice(from, to)]));
    }
    if (does.is === 'fork') open.push({ step: does.other, at, marks }, { step: does.first, at, marks });
    else if (does.is === 'one') {
      if (at < text.length && does.takes(text[at] ?? '')) open.push({ step: step + 1, at: at + 1, marks });
    } else {
      const from = does.begins ? at : (marks[does.name]?.[0] ?? at);
      open.push({ step: step + 1, at, marks: { ...marks, [does.name]: [from, at] } });
    }
  }
  return undefined;
}
