import type { Pattern } from './pattern-tree.ts';
import type { StepBudget } from './step-budget.ts';

/** One step of a pattern, with the places of the steps that may follow. */
type Step =
  | { readonly kind: 'one'; readonly test: RegExp; readonly next: number }
  | { readonly kind: 'edge'; readonly sign: string; readonly next: number }
  | { readonly kind: 'either'; readonly next: number; readonly other: number }
  | { readonly kind: 'look'; readonly look: Look; readonly next: number }
  | { readonly kind: 'end' };

interface Look {
  readonly program: Program;
  readonly reach: number;
  readonly behind: boolean;
  readonly negative: boolean;
}

interface Program {
  readonly steps: readonly Step[];
  readonly first: number;
}

/**
 * Whether a pattern is somewhere in a text, found along all ways at once: after each character, the steps at which the pattern
 * may stand (Thompson's construction). O(characters · steps), and as much again for each place at which it looks around.
 *
 * @throws TooManySteps for a pattern whose repetitions, written out, are too long
 */
export function allWays(pattern: Pattern, work: StepBudget): (text: string) => boolean {
  const program = programOf(pattern, work);
  return (text) => new Ways([...text], work).leads(program, 0, undefined, true);
}

function programOf(pattern: Pattern, work: StepBudget): Program {
  const steps: Step[] = [{ kind: 'end' }];
  const add = (step: Step): number => {
    work.spend(1);
    return steps.push(step) - 1;
  };
  /** Written from behind: each part knows what follows. */
  const write = (part: Pattern, next: number): number => {
    switch (part.kind) {
      case 'one':
        return add({ kind: 'one', test: part.test, next });
      case 'edge':
        return add({ kind: 'edge', sign: part.sign, next });
      case 'all':
        return part.parts.reduceRight((behind, one) => write(one, behind), next);
      case 'any':
        return part.parts
          .map((one) => write(one, next))
          .reduce((one, other) => add({ kind: 'either', next: one, other }));
      case 'look': {
        const { behind, negative } = part;
        const look = { program: programOf(part.part, work), reach: longest(part.part), behind, negative };
        return add({ kind: 'look', look, next });
      }
      case 'repeat':
        return writeTimes(part, next);
    }
  };
  const writeTimes = ({ part, min, max }: Extract<Pattern, { kind: 'repeat' }>, next: number): number => {
    let at = next;
    if (max === Number.POSITIVE_INFINITY) {
      at = add({ kind: 'end' });
      steps[at] = { kind: 'either', next: write(part, at), other: next };
    } else
      for (let turn = min; turn < max; turn++) {
        const once = write(part, at);
        at = add({ kind: 'either', next: once, other: next });
      }
    for (let turn = 0; turn < min; turn++) {
      work.spend(1);
      at = write(part, at);
    }
    return at;
  };
  const first = write(pattern, 0);
  return { steps, first };
}

/** How many characters a pattern can take, at most. */
function longest(pattern: Pattern): number {
  switch (pattern.kind) {
    case 'one':
      return 1;
    case 'edge':
    case 'look':
      return 0;
    case 'all':
      return pattern.parts.reduce((sum, part) => sum + longest(part), 0);
    case 'any':
      return Math.max(...pattern.parts.map(longest));
    case 'repeat': {
      const each = longest(pattern.part);
      return each === 0 ? 0 : each * pattern.max;
    }
  }
}

/** Goes through one text. */
class Ways {
  readonly #text: readonly string[];
  readonly #work: StepBudget;
  readonly #looked = new Map<Look, Map<number, boolean>>();

  constructor(text: readonly string[], work: StepBudget) {
    this.#text = text;
    this.#work = work;
  }

  /**
   * @param to where it must end, if that matters
   * @param anywhere whether it may begin behind `from` as well
   */
  leads(program: Program, from: number, to: number | undefined, anywhere: boolean): boolean {
    let now = new Set<number>();
    const last = to ?? this.#text.length;
    for (let place = from; place <= last; place++) {
      if (place === from || anywhere) this.#enter(program, program.first, place, now);
      if (now.has(0) && (to === undefined || place === to)) return true;
      if (now.size === 0 && !anywhere) return false;
      const next = new Set<number>();
      const character = this.#text[place] ?? '';
      for (const at of now) {
        const step = program.steps[at];
        if (step?.kind === 'one' && step.test.test(character)) this.#enter(program, step.next, place + 1, next);
      }
      this.#work.spend(1 + now.size);
      now = next;
    }
    return false;
  }

  /** A step and all that can be reached from it without taking a character. */
  #enter({ steps }: Program, first: number, place: number, into: Set<number>): void {
    const open = [first];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (into.has(at)) continue;
      into.add(at);
      this.#work.spend(1);
      const step = steps[at];
      if (step?.kind === 'either') open.push(step.other, step.next);
      else if (step?.kind === 'edge' && this.#isEdge(step.sign, place)) open.push(step.next);
      else if (step?.kind === 'look' && this.#looks(step.look, place)) open.push(step.next);
    }
  }

  #looks(look: Look, place: number): boolean {
    const known = this.#looked.get(look) ?? new Map<number, boolean>();
    this.#looked.set(look, known);
    const asked = known.get(place);
    if (asked !== undefined) return asked;
    const found = look.behind
      ? this.leads(look.program, Math.max(0, place - look.reach), place, true)
      : this.leads(look.program, place, undefined, false);
    known.set(place, found !== look.negative);
    return found !== look.negative;
  }

  #isEdge(sign: string, place: number): boolean {
    if (sign === '^') return place === 0;
    if (sign === '$') return place === this.#text.length;
    const word = (at: number) => /^\w$/.test(this.#text[at] ?? '');
    return (word(place - 1) !== word(place)) === (sign === '\\b');
  }
}
