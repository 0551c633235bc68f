import type { Step } from './history.ts';

interface Sums {
  edits: number;
  refused: number;
  components: number;
  moved: number;
  needless: number;
  needlessBefore: number;
  possible: number;
  possibleBefore: number;
  runs: number;
  planned: number;
  wrong: number;
}

function nothing(): Sums {
  return {
    edits: 0,
    refused: 0,
    components: 0,
    moved: 0,
    needless: 0,
    needlessBefore: 0,
    possible: 0,
    possibleBefore: 0,
    runs: 0,
    planned: 0,
    wrong: 0,
  };
}

/** What came of all edits, by their kind. */
export class Tally {
  readonly #kinds = new Map<string, Sums>();
  readonly all: Sums = nothing();

  add(layout: string, step: Step): void {
    const kind = `${layout}: ${step.kind}`;
    const sums = this.#kinds.get(kind) ?? nothing();
    this.#kinds.set(kind, sums);
    for (const one of [sums, this.all]) {
      one.edits += 1;
      one.refused += step.refused ? 1 : 0;
      one.components += step.components;
      one.moved += step.moved;
      one.needless += step.needless.length;
      one.needlessBefore += step.needlessBefore.length;
      one.possible += step.possible;
      one.possibleBefore += step.possibleBefore;
      one.runs += step.needlessRuns.length;
      one.planned += step.planned;
      one.wrong += step.wrong.length;
    }
  }

  /** How many edits of each layout. */
  edits(): string {
    const counts = new Map<string, number>();
    for (const [kind, { edits }] of this.#kinds) {
      const layout = kind.slice(0, kind.indexOf(':'));
      counts.set(layout, (counts.get(layout) ?? 0) + edits);
    }
    return [...counts].map(([layout, edits]) => `${layout} ${edits}`).join(', ');
  }

  /** Most noise first. */
  table(): string {
    const head = ['kind of edit', 'edits', 'refused', 'of', 'to do', 'needless', 'before', 'needless runs', 'wrong'];
    const row = (name: string, one: Sums) =>
      [
        name,
        one.edits,
        one.refused,
        one.components,
        one.moved,
        one.needless,
        one.needlessBefore,
        one.runs,
        one.wrong,
      ].map(String);
    const kinds = [...this.#kinds].sort(([, a], [, b]) => b.needless + b.runs - a.needless - a.runs);
    const rows = [head, ...kinds.map(([name, sums]) => row(name, sums)), row('all', this.all)];
    const widths = head.map((_, at) => Math.max(...rows.map((cells) => cells[at]?.length ?? 0)));
    const line = (cells: readonly string[]) =>
      cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  ');
    return rows.map(line).join('\n');
  }
}
