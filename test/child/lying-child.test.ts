import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { filePath } from '../../src/base/evidence-path.ts'
import type { MatchResult } from '../../src/contracts/ledger.ts'
import { digestsOf } from '../../src/hash/digest.ts'
import { JobPool } from '../../src/host/decoder/job-pool.ts'
import { openAll } from '../../src/host/decoder/open-request.ts'
import { ChildPool } from '../../src/host/decoder/pool.ts'
import { openAndCheck } from '../../src/pipeline/digest-verification.ts'
import { DEFAULT_LIMITS, DEFAULT_OPTIONS, makePlan, WHOLE_EXHIBIT } from '../../src/plan.ts'

const ENTRY = fileURLToPath(new URL('./lying-child.mjs', import.meta.url))

it.each(['size', 'name', 'kind', 'reason', 'digests', 'target', 'nothing'])(
  'a child whose %s makes no sense costs the container, not the run',
  async (lie) => {
    const pool = new JobPool({
      size: 1,
      ops: ['open'],
      dataBytes: DEFAULT_LIMITS.childDataBytes,
      cpuMs: 10_000,
      childEntry: ENTRY,
    })
    try {
      const bytes = Buffer.from(lie)
      const path = filePath(Buffer.from('a.zip'))
      const content = { digests: digestsOf(bytes), sizeBytes: 1n, mediaType: 'application/zip' }
      const budget = { entries: 9, bytes: 9, ratio: 9 }
      const [opened] = await openAll(
        pool,
        { path, content, source: bytes, band: 0 },
        [{ path, budget, packedBytes: 9 }],
        DEFAULT_LIMITS,
      )
      expect(opened).toMatchObject({
        members: [],
        result: {
          result: 'not-done',
          reason: 'decoder-crashed',
          detail: { code: 'answer-senseless' },
        },
      })
    } finally {
      await pool.close()
    }
  },
)

describe('a member that a list holds', () => {
  const content = (bytes: Buffer) => ({
    digests: digestsOf(bytes),
    sizeBytes: BigInt(bytes.length),
    mediaType: 'application/zip',
  })
  const hit = {
    result: { result: 'done' as const },
    hits: [{ kind: 'hit' }],
    conflicts: [],
    suppressedBy: null,
    warnings: [],
  } as unknown as MatchResult

  async function opened(way: string, lookBytes = DEFAULT_LIMITS.lookBytes) {
    const plan = makePlan({
      phases: ['inventory', 'known'],
      scope: WHOLE_EXHIBIT,
      hashSets: [],
      models: [],
      options: DEFAULT_OPTIONS,
      limits: { ...DEFAULT_LIMITS, lookBytes },
    })
    const children = await ChildPool.start({ workers: 1, plan, childEntry: ENTRY })
    try {
      const bytes = Buffer.from(way)
      const path = filePath(Buffer.from('a.zip'))
      const outer = { path, content: content(bytes), source: bytes, band: 0 }
      const budget = { entries: 9, bytes: 1e10, ratio: 1000 }
      const target = { path, budget, packedBytes: bytes.length }
      const [answer] = await openAndCheck(children, outer, [target], { match: () => hit, seed: '' })
      return answer!
    } finally {
      await children.close()
    }
  }

  it('is a hit when another child hands out bytes that have its digests', async () => {
    const { opened: answer, matches } = await opened('honest')
    expect(answer.result).toEqual({ result: 'done' })
    expect(matches).toEqual([hit])
  })

  it.each(['forged', 'silent'])(
    'is none when the bytes are %s, and nothing that the child said is believed',
    async (way) => {
      const { opened: answer, matches } = await opened(way)
      expect(answer).toMatchObject({
        members: [],
        result: { result: 'not-done', reason: 'children-disagree' },
      })
      expect(matches).toEqual([])
    },
  )

  it('of any size is a hit when another child hands its bytes out in pieces and they have its digests', async () => {
    const { opened: answer, matches } = await opened('honest', 4)
    expect(answer.result).toEqual({ result: 'done' })
    expect(matches).toEqual([hit])
  })

  it.each(['forged', 'silent', 'endless', 'cut'])(
    'of any size is none when the pieces are %s, though the child that hands them out parsed the same container',
    async (way) => {
      const { opened: answer, matches } = await opened(way, 4)
      expect(answer.members).toEqual([])
      expect(answer.result.result).toBe('not-done')
      expect(matches).toEqual([])
    },
  )

  it('is not believed where it is larger than its container may unfold into', async () => {
    const { opened: answer, matches } = await opened('planted')
    expect(answer).toMatchObject({
      members: [],
      result: { result: 'not-done', reason: 'decoder-crashed', detail: { code: 'answer-senseless' } },
    })
    expect(matches).toEqual([])
  })
})
