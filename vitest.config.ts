import { relative } from 'node:path'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
// @ts-expect-error plain JavaScript
import { kindOf } from './scripts/test-kinds.js'

/** Files that start processes first: at the end come short ones, and no worker waits minutes for the last file of the other. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const isShort = ({ moduleId }: TestSpecification) =>
      kindOf(relative(`${import.meta.dirname}/test`, moduleId)) === 'unit'
    const { true: short = [], false: long = [] } = Object.groupBy(sorted, (file) => `${isShort(file)}`)
    return [...long, ...short]
  }
}

// Children are forked from dist: a global set-up builds it once, before any test (docs/decisions, "What runs is joined into few files").
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/global-setup.ts'],
    // Limits of time follow the kind of a test file.
    setupFiles: ['test/time-limit.ts'],
    maxWorkers: 2,
    pool: 'forks',
    sequence: { sequencer: LongestFirst },
    // A second, as without this line, is short on a busy machine; what never comes fails all the same.
    expect: { poll: { timeout: 60_000 } },
  },
})
