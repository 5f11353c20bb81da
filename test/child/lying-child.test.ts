import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { filePath } from '../../src/base/evidence-path.ts'
import { JobPool } from '../../src/children/job-pool.ts'
import { openAll } from '../../src/children/open-request.ts'
import { digestsOf } from '../../src/hash/digest.ts'
import { DEFAULT_LIMITS } from '../../src/plan.ts'

it.each(['size', 'name', 'kind', 'reason', 'digests', 'target', 'nothing'])(
  'a child whose %s makes no sense costs the container, not the run',
  async (lie) => {
    const pool = new JobPool({
      size: 1,
      ops: ['open'],
      dataBytes: DEFAULT_LIMITS.childDataBytes,
      cpuMs: 10_000,
      childEntry: fileURLToPath(new URL('./lying-child.mjs', import.meta.url)),
    })
    try {
      const bytes = Buffer.from(lie)
      const path = filePath(Buffer.from('a.zip'))
      const content = { digests: digestsOf(bytes), sizeBytes: 1n, mediaType: 'application/zip' }
      const budget = { entries: 9, bytes: 9, ratio: 9 }
      const [opened] = await openAll(
        pool,
        { path, content, source: bytes, band: 0 },
        [{ path, budget }],
        DEFAULT_LIMITS,
      )
      expect(opened).toMatchObject({
        members: [],
        result: {
          result: 'not-done',
          reason: 'decoder-crashed',
          detail: expect.stringContaining('made no sense'),
        },
      })
    } finally {
      await pool.close()
    }
  },
)
