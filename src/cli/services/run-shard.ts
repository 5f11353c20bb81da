/**
 * Analyses the contents of one shard for the scan of another host: the same image, the same plan, the same class of host, or nothing.
 * A content that gives no answer here is left out, and the scan's own host analyses it.
 */

import { isDeepStrictEqual } from 'node:util'
import { TryAgain, UsageError } from '../../base/errors.ts'
import { filePath } from '../../base/evidence-path.ts'
import { printable } from '../../base/printable.ts'
import { isTextModelUse } from '../../classify-text/uses.ts'
import type { Accelerator } from '../../contracts/accelerator.ts'
import type { Plan } from '../../contracts/case.ts'
import type { PendingContent } from '../../contracts/ledger.ts'
import { requireConfinement } from '../../host/confine/gate.ts'
import { tryWall } from '../../host/confine/try-wall.ts'
import { ChildPool } from '../../host/decoder/pool.ts'
import type { HeldImage } from '../../host/held/held-image.ts'
import { imageSample } from '../../host/held/image-sample.ts'
import { openHeldImage } from '../../host/lister/open-image.ts'
import { ReaderPool } from '../../host/reader/reader-pool.ts'
import { DEFAULT_LIMITS, makePlan, planDigest } from '../../plan.ts'
import { trySource } from '../../source/try-source.ts'
import { isAgencyUse } from '../../terms/agency-scores.ts'
import {
  type LookBundle,
  type LookShard,
  lookShard,
  type ShardItem,
  shardDigest,
} from '../../wire/look-shard.ts'
import { ownLookClass } from './look-hosts.ts'
import { modelsFor } from './models-for.ts'

export interface ShardRun {
  readonly text: string
  readonly host: string
  readonly workers: number
  /** Of this host; null: none. */
  readonly accelerator: Accelerator | null
  readonly signal: AbortSignal
}

export interface ShardAnswer {
  /** Of the bundle, to be signed. */
  readonly text: string
  /** What was tried of the confinement of its processes, in words: here, in a container, in a job of a scheduler. */
  readonly confinement: {
    readonly readers: Readonly<Record<string, string>>
    readonly decoders: Readonly<Record<string, string>>
  }
}

/** Above it a content is passed as a descriptor, as the scan does. */
const HELD_BYTES = 128 * 1024 * 1024

/**
 * @throws Unconfined before anything of the image is read, where processes could reach files here; UsageError when this host or its image is not what the shard asks for; TryAgain when the image is away or `signal` aborts;
 *   ImplausibleReply for a shard of another form
 */
export async function runShard({ text, host, workers, accelerator, signal }: ShardRun): Promise<ShardAnswer> {
  requireConfinement(false)
  const shard = lookShard(text)
  const plan = await samePlan(shard, accelerator)
  const tried = await tryWall(null, false)
  const image = await sameImage(shard)
  const readers = new ReaderPool({
    root: image.path,
    image,
    workers,
    limits: plan.limits,
    tried: () => trySource('image'),
  })
  let decoders: ShardAnswer['confinement']['decoders'] = {}
  const children = new ChildPool({
    ...{ workers, plan, feeding: () => readers.startFeeder() },
    confined: (_, held) => {
      decoders = held
    },
  })
  try {
    const answers = await looks(shard, { readers, children, plan, workers, signal })
    if (image.changed().length > 0)
      throw new UsageError('The image was changed during the run.', { code: 'exhibit-differs' })
    const bundle: LookBundle = {
      ...{ bundle: 1, shard: shardDigest(text), planDigest: shard.planDigest, class: shard.class, host },
      answers,
    }
    return { text: JSON.stringify(bundle), confinement: { readers: tried, decoders } }
  } finally {
    await readers.close()
    await children.close()
    image.close()
  }
}

async function samePlan(shard: LookShard, accelerator: Accelerator | null): Promise<Plan> {
  if (shard.class !== (await ownLookClass(accelerator)))
    throw new UsageError(
      'The shard is for hosts of another class: program, runtime, instructions of the processor or accelerator differ, and results could.',
      { code: 'plan-differs' },
    )
  // Its digest is compared below with that of a plan which this program makes.
  const given = shard.plan as unknown as Plan
  const own = new Map(modelsFor(['unknown'], null, false).map((use) => [use.id, use]))
  const exact = new Map(modelsFor(['unknown'], null, true).map((use) => [use.id, use]))
  const models = given.models.map((use) =>
    isTextModelUse(use) || isAgencyUse(use) ? use : (own.get(use.id) ?? exact.get(use.id) ?? use),
  )
  const unknown = given.models.filter(
    (use) => !isTextModelUse(use) && !isAgencyUse(use) && !own.has(use.id) && !exact.has(use.id),
  )
  const plan = makePlan({ ...given, models, limits: DEFAULT_LIMITS })
  if (!isDeepStrictEqual(given.options?.accelerator ?? null, accelerator)) throw otherPlan('the accelerator')
  if (unknown.length > 0 || planDigest(plan) !== shard.planDigest || planDigest(given) !== shard.planDigest)
    throw otherPlan('models or limits')
  return plan
}

function otherPlan(what: string): UsageError {
  return new UsageError(`The shard is of another plan: ${what} of this host differ.`, {
    code: 'plan-differs',
  })
}

async function sameImage({ image }: LookShard): Promise<HeldImage> {
  const held = await openedImage(image.path)
  const isSame =
    JSON.stringify(held.segments) === JSON.stringify(image.segments) &&
    imageSample(held, image.seed) === image.sample
  if (isSame) return held
  held.close()
  throw new UsageError(`${printable(image.path, 300)} is another image here than the one that is examined.`, {
    code: 'exhibit-differs',
  })
}

async function openedImage(path: string): Promise<HeldImage> {
  try {
    return await openHeldImage(path, DEFAULT_LIMITS.readStallMs)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    throw new TryAgain(error.message, 'exhibit-missing', { cause: error })
  }
}

interface With {
  readonly readers: ReaderPool
  readonly children: ChildPool
  readonly plan: Plan
  readonly workers: number
  readonly signal: AbortSignal
}

async function looks(
  { items }: LookShard,
  { workers, signal, ...parts }: With,
): Promise<LookBundle['answers']> {
  const answers: LookBundle['answers'][number][] = []
  let next = 0
  const work = async () => {
    while (next < items.length && !signal.aborted) {
      const n = next++
      const answer = await lookOne(items[n]!, n, parts)
      if (answer === null) continue
      const cells = answer.cells.toString('base64')
      answers.push({ n, sha256: items[n]!.sha256, header: answer.header, cells })
    }
  }
  // One content more than children: the next is read while all decode.
  await Promise.all(Array.from({ length: workers + 1 }, work))
  if (signal.aborted) throw new TryAgain('The shard was given back.', 'interrupted')
  return answers.sort((a, b) => a.n - b.n)
}

async function lookOne(
  item: ShardItem,
  n: number,
  { readers, children, plan }: Pick<With, 'readers' | 'children' | 'plan'>,
): ReturnType<ChildPool['lookFor']> {
  const content = contentOf(item, n)
  if (item.sizeBytes > HELD_BYTES && item.mediaType.startsWith('video/')) {
    const held = await readers.hold(content)
    if ('result' in held) return null
    const looking = children.lookFor(content, held.lent, item.preview)
    const changed = await looking.then(held.release, held.release)
    return changed === null ? looking : null
  }
  const bytes = () => readers.bytes(content, plan.limits.lookBytes)
  return children.lookFor(content, { job: content, bytes }, item.preview)
}

/** Its name stays with the scan: a place in the image is enough to read it. */
function contentOf({ sizeBytes, mediaType, sha256, volume, place }: ShardItem, n: number): PendingContent {
  const none = null
  return {
    ...{
      entryId: n,
      contentId: n,
      path: filePath(Buffer.from(`content ${n}`)),
      sizeBytes: BigInt(sizeBytes),
    },
    ...{ modifiedNs: none, device: none, inode: none, allocatedBytes: none, band: 0, meanings: [] },
    onImage: { volume, place },
    content: { digests: { md5: '', sha1: '', sha256, blake3: '' }, sizeBytes: BigInt(sizeBytes), mediaType },
  }
}
