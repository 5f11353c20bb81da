import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { PROGRAM_ROOT } from '../../src/base/version.ts'

/** Room of the youngest objects after a million that stay for a while, in bytes. */
function roomAfterWork(begin: string): number {
  const work = `
    import { getHeapSpaceStatistics } from 'node:v8'
    import { keepHeapSmall } from ${JSON.stringify(join(PROGRAM_ROOT, 'dist/src/base/small-heap.js'))}
    ${begin}
    const kept = []
    for (let i = 0; i < 1_000_000; i++) kept[i % 200_000] = { i, row: [i] }
    console.log(getHeapSpaceStatistics().find((one) => one.space_name === 'new_space').space_size)`
  return Number(execFileSync(process.execPath, ['--input-type=module', '-e', work]))
}

describe('a small heap', () => {
  it('gives the youngest objects no more room than it began with', () => {
    const mebibytes = roomAfterWork('keepHeapSmall()') / 2 ** 20
    expect(mebibytes).toBeLessThanOrEqual(4)
    expect(roomAfterWork('') / 2 ** 20).toBeGreaterThan(8)
  })
})
