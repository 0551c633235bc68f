import { describe, inject, it } from 'vitest';
import { isMissing, type Missing } from '../../scripts/stand-ins/server.ts';

/** The servers that this run shares. */
export const servers = { gremlin: inject('gremlin'), moto: inject('moto') };

export interface Server {
  readonly endpoint: string;
}

/**
 * Registers tests that need a stand-in. Where it cannot be had they show as one skipped line that says how to get it; in CI
 * that is a failure.
 */
export function withServer(title: string, answer: Server | Missing, tests: (server: Server) => void): void {
  if (!isMissing(answer)) {
    describe(title, () => tests(answer));
    return;
  }
  if (process.env['CI'] === 'true') {
    it(title, () => {
      throw new Error(answer.missing);
    });
  } else {
    console.warn(`– ${title} is skipped: ${answer.missing}`);
    it.skip(`${title}: ${answer.missing}`, () => {});
  }
}

let places = 0;

/** A name that no other test of this process uses: an estate, a region. */
export function newName(prefix: string): string {
  places += 1;
  return `${prefix}-${process.pid}-${places}`;
}
