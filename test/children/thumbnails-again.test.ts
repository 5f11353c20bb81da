/** Issue 12, C15: a thumbnail that a look says a list holds is hashed again, from bytes of another child, before a hit is written. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { jpeg, withThumbnail } from '../../fixtures/pictures.ts'
import { filePath } from '../../src/base/evidence-path.ts'
import type { Hit } from '../../src/contracts/finding.ts'
import type { MatchResult, PendingContent } from '../../src/contracts/ledger.ts'
import { digestsOf } from '../../src/hash/digest.ts'
import type { Looked } from '../../src/host/decoder/look-request.ts'
import { ChildPool } from '../../src/host/decoder/pool.ts'
import { withThumbnails } from '../../src/pipeline/found-thumbnails.ts'
import { DEFAULT_LIMITS, DEFAULT_OPTIONS, makePlan, WHOLE_EXHIBIT } from '../../src/plan.ts'

let pool: ChildPool
let picture: Buffer
let content: PendingContent
beforeAll(async () => {
  const plan = makePlan({
    phases: ['inventory', 'known', 'unknown'],
    scope: WHOLE_EXHIBIT,
    limits: DEFAULT_LIMITS,
    options: DEFAULT_OPTIONS,
    hashSets: [],
    models: [],
  })
  pool = await ChildPool.start({ workers: 1, plan, allowUnconfined: true })
  const small = await jpeg({ seed: 9, width: 160, height: 120 })
  picture = withThumbnail(await jpeg({ seed: 5, width: 640, height: 480 }), small)
  content = {
    contentId: 1,
    path: filePath(Buffer.from('a.jpg')),
    content: { digests: digestsOf(picture), sizeBytes: BigInt(picture.length), mediaType: 'image/jpeg' },
    band: 0,
    meanings: [],
  } as unknown as PendingContent
}, 180_000)
afterAll(() => pool.close())

const LISTED: MatchResult = {
  result: { result: 'done' },
  hits: [{ kind: 'hit', meaning: 'illegal' } as Hit],
  conflicts: [],
  suppressedBy: null,
} as unknown as MatchResult

/** What a taken-over child would say: every list holds its thumbnail. */
const confirmed = (looked: Looked, readings: string[]) =>
  withThumbnails(content, looked, {
    match: () => LISTED,
    children: pool,
    limits: DEFAULT_LIMITS,
    seed: 'seed',
    outer: async () => {
      readings.push('again')
      return { ...content, source: picture, release: async () => null }
    },
  })

it('stands when another child hands out the same bytes', async () => {
  const looked = await pool.look(content, picture)
  expect(looked.thumbnails).toHaveLength(1)
  const readings: string[] = []
  const found = await confirmed(looked, readings)
  expect(found).toMatchObject({
    result: { result: 'done' },
    derived: [{ match: { hits: [{ kind: 'hit' }] } }],
  })
  expect(readings).toEqual(['again'])
}, 180_000)

it.each(['digest', 'name'])(
  'costs the whole look when its %s is made up',
  async (lie) => {
    const looked = await pool.look(content, picture)
    const [thumbnail] = looked.thumbnails
    const made = {
      ...thumbnail!,
      ...(lie === 'name'
        ? { name: Buffer.from(`${thumbnail!.name}9`) }
        : { content: { ...thumbnail!.content, digests: digestsOf(Buffer.from('listed')) } }),
    }
    const found = await confirmed({ ...looked, thumbnails: [made] }, [])
    expect(found).toEqual({
      stage: 'looked-at',
      result: { result: 'not-done', reason: 'children-disagree', detail: null },
      findings: [],
      preview: null,
    })
  },
  180_000,
)
