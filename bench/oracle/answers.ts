import { execFileSync } from 'node:child_process';
import { deploy } from '../../src/engine/deploying/deploy.ts';
import { compareRange } from '../../src/engine/range/compare-range.ts';
import { openEngine } from '../../src/wiring/open.ts';

/** What Karma says and does. */

interface Place {
  readonly estate: string;
  readonly data: string;
}

/** What it says of the last commit. */
export interface RangeSaid {
  /** Whether a component is not proved untouched. */
  readonly runs: (id: string) => boolean;
  /** What it says of a component: how it is touched, and why. */
  readonly why: (id: string) => string;
  /** How many it calls possible, for want of proof. */
  readonly possible: number;
  readonly complete: boolean;
}

interface Compared {
  readonly changed: readonly Touched[];
  readonly undecided: readonly Touched[];
  readonly affected: readonly { readonly id: string; readonly path: readonly string[] }[];
  readonly added: readonly string[];
  readonly possible: readonly string[];
  readonly blindSpots: readonly { readonly component: string; readonly code: string }[];
  readonly complete: boolean;
}

interface Touched {
  readonly id: string;
  readonly keys: readonly { readonly pointer: string; readonly files?: readonly string[] }[];
  readonly reasons: readonly string[];
}

function contextAt({ estate, data }: Place) {
  return openEngine({
    options: { dir: estate, data },
    env: { PATH: process.env['PATH'], HOME: '/nonexistent' },
    version: 'oracle',
    opensWorktree: true,
  }).as({ door: 'cli' });
}

export async function askRange(place: Place): Promise<RangeSaid> {
  const context = contextAt(place);
  try {
    return saidBy((await compareRange(context, 'HEAD~1..HEAD')).comparison);
  } finally {
    await context.stores.close();
  }
}

/** Another build of Karma, asked the same: what it says of ranges has not changed its form. */
export function askProgram(program: string, { estate, data }: Place): RangeSaid {
  const args = [program, 'impact', '--since', 'HEAD~1..HEAD', '--json', '-C', estate, '--data', data];
  const env = { PATH: process.env['PATH'], HOME: '/nonexistent', NO_COLOR: '1' };
  const text = execFileSync(process.execPath, args, { encoding: 'utf8', env, maxBuffer: 1e9, stdio: 'pipe' });
  const answer = JSON.parse(text) as Compared & { readonly comparison?: Compared };
  return saidBy(answer.comparison ?? answer);
}

function saidBy({ changed, undecided, affected, added, possible, blindSpots, complete }: Compared): RangeSaid {
  const run = new Set([...[...changed, ...undecided, ...affected].map(({ id }) => id), ...added, ...possible]);
  // A file of code that no component reads is in doubt because of components that Karma does not know.
  const isOfOthers = blindSpots.every(({ component, code }) => component === '' && code === 'unread-input');
  const whys = new Map<string, string>();
  for (const id of possible) whys.set(id, 'possible');
  for (const id of added) whys.set(id, 'added');
  for (const { id, path } of affected) whys.set(id, `affected by ${path.at(-2) ?? ''}`);
  for (const { id, keys, reasons } of [...changed, ...undecided])
    whys.set(id, [...keys.map(({ pointer, files = [] }) => [pointer, ...files].join(' ')), ...reasons].join('; '));
  return {
    why: (id) => whys.get(id) ?? 'not complete',
    runs: (id) => run.has(id) || (!complete && possible.length === 0 && !isOfOthers),
    possible: possible.length,
    complete,
  };
}

export interface Deployed {
  readonly key: string;
  readonly state: string;
  readonly reason?: string;
}

/** Everything, with cutoff or without; answers what became of each component. */
export async function deployAll(place: Place, cutoff: boolean): Promise<readonly Deployed[]> {
  const context = contextAt(place);
  const { signal } = new AbortController();
  const face = { confirm: async () => true, listen: () => undefined, finishOnly: signal, stopNow: signal };
  try {
    const { members } = await deploy(
      context,
      { selection: [], all: true, cutoff, parallelism: 2, breakContracts: true },
      face,
    );
    return members;
  } finally {
    await context.stores.close();
  }
}
