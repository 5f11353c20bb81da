import { relative } from 'node:path'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
// @ts-expect-error plain JavaScript
import { kindOf, standsApart, testFiles } from './scripts/test-kinds.js'

/** Files that start processes first: at the end come short ones, and no worker waits minutes for the last file of the other. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const kinds = Object.groupBy(sorted, ({ moduleId }) => {
      const file = relative(`${import.meta.dirname}/test`, moduleId)
      // Together: a process is handed on from file to file as long as none stands between that has one of its own.
      return standsApart(file) ? 'apart' : kindOf(file) === 'unit' ? 'short' : 'long'
    })
    return [...(kinds.apart ?? []), ...(kinds.long ?? []), ...(kinds.short ?? [])]
  }
}

const files = (isApart: boolean): string[] =>
  testFiles().flatMap(({ file }: { file: string }) =>
    standsApart(file.slice('test/'.length)) === isApart ? [file] : [],
  )

const common = {
  // Limits of time follow the kind of a test file.
  setupFiles: ['test/time-limit.ts'],
  maxWorkers: 2,
  pool: 'forks',
  // A second, as without this line, is short on a busy machine; what never comes fails all the same.
  expect: { poll: { timeout: 60_000 } },
} as const

// Children are forked from dist: a global set-up builds it once, before any test (docs/decisions, "What runs is joined into few files").
export default defineConfig({
  test: {
    globalSetup: ['test/global-setup.ts'],
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    projects: [
      // A process imports a module once for all its files.
      { test: { name: 'shared', include: files(false), isolate: false, ...common } },
      // What loads models by itself, or draws, has a process for each file.
      { test: { name: 'apart', include: files(true), ...common } },
    ],
  },
})
