import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/longest-first.ts';

/** Beyond this a run hangs. */
const hang = 45 * 60_000;
const patience = { testTimeout: hang, hookTimeout: hang };

/**
 * Nothing is judged by the clock: a test waits for what it waits for, however busy the machine is. The one limit there is ends a
 * run that hangs. What starts processes that race each other is tried once more: a port that was taken says nothing of Karma.
 * Unit tests stand beside their source; scenarios, which start processes, stand in `test/`. Those of `test/aws/` share the
 * servers that stand in for AWS. In `npm test` they all ask the packed archive as it is installed, by hand the sources; what is
 * true of the archive itself is in the project `packed`.
 */
export default defineConfig({
  test: {
    // Two more than there are cores, where Vitest takes one less: a scenario waits for its processes half of the time.
    maxWorkers: availableParallelism() + 2,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        // One set of modules for all files of a process: loading them anew for each was half of the time.
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'web/src/**/*.test.ts'],
          environment: 'node',
          isolate: false,
          ...patience,
        },
      },
      {
        test: {
          name: 'scenario',
          include: ['test/**/*.test.ts'],
          exclude: ['test/aws/**', 'test/packed/**'],
          environment: 'node',
          retry: 1,
          ...patience,
        },
      },
      {
        test: {
          name: 'aws',
          include: ['test/aws/**/*.test.ts'],
          globalSetup: ['test/aws/global-setup.ts'],
          environment: 'node',
          retry: 1,
          ...patience,
        },
      },
      {
        test: {
          name: 'packed',
          include: ['test/packed/**/*.test.ts'],
          globalSetup: ['test/packed/global-setup.ts'],
          environment: 'node',
          retry: 1,
          ...patience,
        },
      },
    ],
  },
});
