import { defineConfig } from 'vitest/config'

// Children are forked from dist: a global set-up builds it once, before any test (docs/decisions, "What runs is joined into few files").
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/global-setup.ts'],
    // Limits of time follow the kind of a test file.
    setupFiles: ['test/time-limit.ts'],
    maxWorkers: 2,
    pool: 'forks',
    // A second, as without this line, is short on a busy machine; what never comes fails all the same.
    expect: { poll: { timeout: 60_000 } },
  },
})
