import { defineConfig } from 'vitest/config';

/** Isolation costs five times the run; only the suites that start processes need it. */
const project = (name: string, include: string[], extra: object = {}) => ({
  test: { name, include, pool: 'threads' as const, ...extra },
});

export default defineConfig({
  test: {
    projects: [
      project('core', ['core/src/**/*.test.ts'], { isolate: false }),
      project('web', ['web/src/**/*.test.{ts,tsx}'], { isolate: false }),
      project('house', ['*.test.ts', 'scripts/**/*.test.ts'], { isolate: false }),
      project('lab', ['lab/**/*.test.ts'], {
        pool: 'forks',
        testTimeout: 30_000,
        hookTimeout: 30_000,
      }),
      project('server', ['server/src/**/*.test.ts'], {
        pool: 'forks',
        globalSetup: ['server/src/db/testing/global-setup.ts'],
        testTimeout: 30_000,
        hookTimeout: 60_000,
      }),
      project('e2e', ['e2e/**/*.test.ts'], {
        pool: 'forks',
        fileParallelism: false,
        testTimeout: 180_000,
        hookTimeout: 120_000,
      }),
    ],
  },
});
