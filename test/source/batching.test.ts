/** How jobs are put together for readers: what is hashed side by side should be of about one length. */
import { describe, expect, it } from 'vitest'
import { filePath } from '../../src/base/evidence-path.ts'
import type { PendingRead } from '../../src/contracts/ledger.ts'
import { feed } from '../../src/host/reader/batching.ts'
import type { Batch } from '../../src/host/reader/reader-batch.ts'
import { Call } from '../../src/host/reader/reader-call.ts'

const MB = 1 << 20

async function batchesOf(pages: readonly (readonly number[])[]): Promise<number[][]> {
  let entryId = 0
  const jobs = pages.map((sizes) =>
    sizes.map(
      (size) =>
        ({
          entryId: ++entryId,
          path: filePath(Buffer.from(`f${entryId}`)),
          sizeBytes: BigInt(size),
        }) as unknown as PendingRead,
    ),
  )
  const batches: Batch[] = []
  async function* asPages() {
    yield* jobs
  }
  await feed(asPages(), new Call(), { enqueue: (batch) => batches.push(batch), isFull: () => false })
  const read = batches.flatMap(({ jobs }) => jobs.map(({ path }) => path.bytes.toString()))
  expect(read.sort()).toEqual(
    jobs
      .flat()
      .map(({ path }) => path.bytes.toString())
      .sort(),
  )
  return batches.map(({ jobs }) => jobs.map(({ sizeBytes }) => Number(sizeBytes)))
}

describe('batches of a reading', () => {
  it('keep files of some megabytes together, over pages, and the small ones in their order', async () => {
    const page = [1000, 10 * MB, 2000, 3000]
    expect(await batchesOf([page, page, page, page])).toEqual([
      [1000, 2000, 3000],
      [1000, 2000, 3000],
      [1000, 2000, 3000],
      [10 * MB, 10 * MB, 10 * MB],
      [1000, 2000, 3000],
      [10 * MB],
    ])
  })

  it('hold no more than a process hashes side by side, and large files alone', async () => {
    const batches = await batchesOf([[13 * MB, ...Array(300).fill(MB), ...Array(20).fill(5 * MB)]])
    const bytes = batches.map((sizes) => sizes.reduce((sum, size) => sum + size, 0))
    expect(batches[0]).toEqual([13 * MB])
    expect(Math.max(...bytes)).toBeLessThanOrEqual(32 * MB)
    expect(Math.max(...batches.map((sizes) => sizes.length))).toBeLessThanOrEqual(64)
  })
})
