import { afterAll, describe, it } from 'vitest';

/** A case that an adapter cannot pass, and why; it shows as skipped in the run. */
export interface ContractSkip {
  readonly reason: string;
  readonly cases: readonly string[];
}

export interface ContractOptions {
  /** Which adapter, for the title. */
  readonly adapter: string;
  readonly skip?: readonly ContractSkip[];
}

export type ContractCase = (name: string, check: () => Promise<void>) => void;

/** Registers the cases of one port for one adapter. A skip that names no case fails: it would hide a renamed one. */
export function contract(port: string, options: ContractOptions, cases: (test: ContractCase) => void): void {
  const { adapter, skip = [] } = options;
  describe(`${port} contract: ${adapter}`, () => {
    const unseen = new Set(skip.flatMap((entry) => entry.cases));
    cases((name, check) => {
      const entry = skip.find((candidate) => candidate.cases.includes(name));
      unseen.delete(name);
      if (entry === undefined) it(name, check);
      else it.skip(`${name} (${entry.reason})`, check);
    });
    afterAll(() => {
      if (unseen.size > 0) throw new Error(`skips that name no case: ${[...unseen].join(', ')}`);
    });
  });
}
