import { defineConfig } from 'vitest/config';

/**
 * Scenarios run real processes against each other on a machine that may be busy: one that fails is tried once more.
 * Unit tests stand beside their source; scenarios, which start processes, stand in `test/`. Those of `test/aws/` share the
 * servers that stand in for AWS. The project `packed` asks the installed archive what the others ask the sources: what is
 * shipped is what must work.
 */
export default defineConfig({
  test: {
    projects: [
      // Property tests take their time on a machine that has other work; nothing is judged by the clock.
      { test: { name: 'unit', include: ['src/**/*.test.ts'], environment: 'node', testTimeout: 60_000 } },
      {
        test: {
          name: 'scenario',
          include: ['test/**/*.test.ts'],
          exclude: ['test/aws/**', 'test/packed/**'],
          environment: 'node',
          testTimeout: 120_000,
          retry: 1,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          name: 'aws',
          include: ['test/aws/**/*.test.ts'],
          globalSetup: ['test/aws/global-setup.ts'],
          environment: 'node',
          testTimeout: 120_000,
          retry: 1,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          name: 'packed',
          include: [
            'test/packed/**/*.test.ts',
            ...['product', 'accounts', 'signed'].map((name) => `test/aws/${name}.test.ts`),
            ...['deploy', 'since', 'robustness/broken-files', 'robustness/secrets'].map(
              (name) => `test/${name}.test.ts`,
            ),
          ],
          globalSetup: ['test/packed/global-setup.ts'],
          environment: 'node',
          testTimeout: 120_000,
          retry: 1,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
