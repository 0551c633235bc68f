import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GeneratedEstate } from './adage-estate.ts';
import { git } from './fast-import.ts';
import type { Command } from './measure.ts';

/** An estate on disk, and where Karma keeps what it knows of it. */
export interface BenchEstate {
  readonly name: string;
  readonly folder: string;
  readonly data: string;
  readonly estate: GeneratedEstate;
}

export interface Scenario {
  readonly name: string;
  /** In milliseconds; undefined: reported, not aimed at. */
  readonly goal?: (estate: BenchEstate) => number | undefined;
  readonly command: (estate: BenchEstate) => Command;
  /** Fewer where one run takes seconds. */
  readonly runs?: number;
}

function karma(estate: BenchEstate, ...args: readonly string[]): Command {
  return { cwd: estate.folder, args: [...args, '--data', estate.data] };
}

const isAdage = ({ name }: BenchEstate) => !name.startsWith('terragrunt');
const count = ({ estate }: BenchEstate) => estate.components;

/** In this order: what is warm in a later one was made by an earlier one. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'cold build',
    goal: (estate) => (count(estate) > 10_000 ? undefined : isAdage(estate) ? 2000 : 4000),
    runs: 5,
    command: (estate) => ({
      ...karma(estate, 'build'),
      prepare: () => rmSync(estate.data, { recursive: true, force: true }),
    }),
  },
  {
    name: 'build, nothing changed',
    goal: (estate) => (count(estate) > 10_000 ? undefined : isAdage(estate) ? 250 : 300),
    command: (estate) => karma(estate, 'build'),
  },
  {
    name: 'overview, nothing changed',
    goal: (estate) => (count(estate) > 10_000 ? undefined : isAdage(estate) ? 250 : 300),
    command: (estate) => karma(estate, 'overview'),
  },
  {
    name: 'status, nothing changed',
    command: (estate) => karma(estate, 'status'),
  },
  {
    name: 'impact of what much rests on',
    goal: (estate) => (count(estate) > 10_000 ? undefined : 250),
    command: (estate) => karma(estate, 'impact', estate.estate.root, '--json'),
  },
  {
    name: 'impact of a leaf, at the last version',
    goal: (estate) => (count(estate) > 10_000 ? undefined : 120),
    command: (estate) => karma(estate, 'impact', estate.estate.leaf, '--at', 'v1'),
  },
  {
    name: 'why, between two',
    command: (estate) => karma(estate, 'why', estate.estate.leaf, estate.estate.root),
  },
  {
    name: 'one file changed, not committed: impact',
    goal: (estate) => (count(estate) > 10_000 ? undefined : isAdage(estate) ? 250 : 400),
    command: (estate) => ({ ...karma(estate, 'impact', estate.estate.leaf), prepare: () => touch(estate) }),
  },
  {
    name: 'one file changed and committed: build',
    goal: (estate) => (count(estate) > 10_000 ? undefined : isAdage(estate) ? 250 : 400),
    command: (estate) => ({
      ...karma(estate, 'build'),
      prepare: () => {
        touch(estate);
        git(estate.folder, ['-c', 'user.name=Bench', '-c', 'user.email=bench@example.org', 'commit', '-qam', 'change']);
      },
    }),
  },
];

let edits = 0;

/** Changes what one component says, so that its claim must be made again. */
function touch({ folder, estate }: BenchEstate): void {
  edits += 1;
  const path = estate.configFile;
  const text = estate.files.get(path) ?? '';
  const changed = path.endsWith('.json')
    ? text.replace('{\n', `{\n  "edit": ${edits},\n`)
    : text.replace('instance_size = "small"', `instance_size = "size-${edits}"`);
  writeFileSync(join(folder, path), changed);
}
