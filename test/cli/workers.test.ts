import { expect, it } from 'vitest'
import { defaultWorkers } from '../../src/cli/arguments/options.ts'

const GIB = 1024 ** 3

it('workers default to what cores and memory allow, and to one at least', () => {
  expect(defaultWorkers(4, 16 * GIB)).toBe(4)
  expect(defaultWorkers(16, 8 * GIB)).toBe(6)
  expect(defaultWorkers(8, 3.5 * GIB)).toBe(1)
  expect(defaultWorkers(2, 1 * GIB)).toBe(1)
})
