/** Trains a head: finds the graded contents, has their features made and the head fitted in confined processes, seals it. */
import { createHash } from 'node:crypto'
import { closeSync, openSync, readdirSync, readSync } from 'node:fs'
import { join, relative } from 'node:path'
import { UsageError } from '../../base/errors.ts'
import { MODELS_DIR } from '../../base/version.ts'
import type { BackboneId } from '../../classify/backbone-ids.ts'
import { featureOf } from '../../classify/backbones.ts'
import type { HeadCard } from '../../classify/head-card.ts'
import {
  featurePool,
  featuresOfPicture,
  learn,
  type PictureFeatures,
  widthOf,
} from '../../host/decoder/learn-request.ts'
import { type GradedContent, gradedContents, type Located, manifestOf } from '../../learn/contents.ts'
import type { Labelled } from '../../learn/labelled.ts'
import type { TrainingRow } from '../../learn/rows.ts'
import { crashPoint } from '../../ledger/write/crash-hook.ts'
import { lookOf } from '../../media-types/applies.ts'
import { DEFAULT_LIMITS } from '../../plan.ts'
import { plural } from '../../report/texts/format.ts'
import { seal } from '../../terms/sealed-file.ts'
import { KeptFeatures } from './kept-features.ts'
import { readOne } from './one-file.ts'

export interface Training {
  readonly id: string
  readonly agency: string
  readonly examiner: string
  readonly basis: string
  readonly labelled: readonly Labelled[]
  /** Of decisions: contents that lie elsewhere, as in an image, are counted; of a table they are refused. */
  readonly mayMiss: boolean
  /** What the card states of its rows beside the figures. */
  readonly rowsOf: Readonly<Record<string, unknown>>
  readonly exhibits: readonly string[]
  readonly backbones: readonly BackboneId[]
  readonly workers: number
  readonly allowUnconfined: boolean
  readonly passphrase: string
  /** Folder of the new model; beside it the features are kept until the head is there. */
  readonly out: string
}

export interface TrainedHead {
  readonly card: HeadCard
  readonly sealed: Buffer
  readonly manifest: Buffer
}

/** @throws UsageError naming the line, or the minimum that the rows do not reach */
export async function trainHead(given: Training): Promise<TrainedHead> {
  const features = given.backbones.map((id) => featureOf(MODELS_DIR, id))
  const kept = KeptFeatures.of(given.out, features, given.passphrase)
  try {
    const head = await trained(given, features, kept)
    kept.remove()
    return head
  } catch (error) {
    if (kept.leave())
      process.stderr.write(`${kept.path} keeps the features, sealed: the same command goes on with them.\n`)
    throw error
  }
}

async function trained(
  given: Training,
  features: HeadCard['features'],
  kept: KeptFeatures,
): Promise<TrainedHead> {
  const width = widthOf(features)
  const { rows, values, notUsed } = await gather(given, features, kept)
  process.stderr.write(`${plural(rows.length, 'content')} with features; the head is fitted and measured.\n`)
  crashPoint('train:fit')
  const { reply, onnx } = await learn(rows, values, width, DEFAULT_LIMITS, given.allowUnconfined)
  if (!reply.done) throw new UsageError(`No head was trained: ${reply.why}.`)
  const { measured, leadPer10k, alertPer10k, positives, clusters } = reply
  const sealed = seal('head', onnx, given.passphrase)
  const manifest = manifestOf(rows)
  const { recall } = measured.recallAt[0]!
  const card: HeadCard = {
    cardVersion: 1,
    role: 'head',
    id: given.id,
    agency: given.agency,
    examiner: given.examiner,
    basis: given.basis,
    sha256: sha256Of(onnx),
    sealedSha256: sha256Of(sealed),
    features,
    contents: rows.length,
    positives,
    cases: new Set(rows.flatMap(({ cases }) => cases)).size,
    clusters,
    manifestSha256: sha256Of(manifest),
    leadPer10k,
    alertPer10k,
    recallPer10k: per10k(recall.value),
    recallLowPer10k: per10k(recall.low),
    recallHighPer10k: per10k(recall.high),
    measured: { ...measured, rowsOf: given.rowsOf, notUsed },
    neverMeasured: NEVER_MEASURED,
  }
  return { card, sealed, manifest }
}

const NEVER_MEASURED = [
  'Pictures of another agency, and ordinary pictures of a device: `seized model evaluate` measures them where they are.',
  'Videos: the rows are pictures; of a video its sampled frames are scored.',
  'How much the head remembers of its rows: keep it and hand it on like the material.',
]

/** The rows of a training and their features, sorted by digest. @throws UsageError naming the line */
export async function gather(
  {
    labelled,
    exhibits,
    mayMiss,
    workers,
    allowUnconfined,
  }: Pick<Training, 'labelled' | 'exhibits' | 'mayMiss' | 'workers' | 'allowUnconfined'>,
  features: HeadCard['features'],
  kept?: KeptFeatures,
) {
  const notUsed = { notBelowExhibit: 0, notPictures: 0, notDecodedOrJudged: 0 }
  const contents = gradedContents(
    labelled,
    locator(exhibits, labelled),
    mayMiss ? () => notUsed.notBelowExhibit++ : undefined,
  )
  const width = widthOf(features)
  const again = contents.filter(({ sha256 }) => kept?.of(sha256)).length
  const goesOn = again === 0 ? '' : `, ${again.toLocaleString('en')} of them kept by a training before`
  process.stderr.write(`${plural(contents.length, 'graded content')}; features are made${goesOn}.\n`)
  crashPoint('train:features')
  const pool = featurePool(features, workers, DEFAULT_LIMITS, allowUnconfined)
  const made: (TrainingRow & { readonly values: Buffer })[] = []
  const waiting = contents.values()
  const add = (
    { pdq, values }: PictureFeatures,
    { sha256, positive, cases, groups }: GradedContent,
  ): void => {
    if (values === null) notUsed.notDecodedOrJudged++
    else made.push({ sha256, positive, cases, pdq, values, ...(groups && { groups }) })
  }
  const work = async (): Promise<void> => {
    for (const content of waiting) {
      const { sha256, file } = content
      const before = kept?.of(sha256)
      if (before) {
        add(before, content)
        continue
      }
      const read = await readOne(file)
      if (!read.read) throw new UsageError(`${file} could not be read (${read.errno}).`)
      if (read.content.digests.sha256 !== sha256) throw new UsageError(`${file} changed during the training.`)
      if (lookOf(read.content.mediaType) !== 'picture') {
        notUsed.notPictures++
        continue
      }
      const found = await featuresOfPicture(pool, read.content, read.bytes, width, DEFAULT_LIMITS)
      kept?.keep(sha256, found)
      add(found, content)
    }
  }
  try {
    await Promise.all(Array.from({ length: workers }, work))
  } finally {
    await pool.close()
  }
  // The order of the answers depends on the machine; the order of the digests does not.
  made.sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1))
  return {
    rows: made.map(({ values: _, ...row }): TrainingRow => row),
    values: made.map(({ values }) => values),
    notUsed,
  }
}

/** Finds contents by path without reading others, and by digest after hashing every file once. */
function locator(
  exhibits: readonly string[],
  labelled: readonly Labelled[],
): (content: Labelled['content']) => Located | null {
  const files = exhibits.flatMap((folder) => filesBelow(folder).map((file) => ({ folder, file })))
  const byPath = new Map<string, string>()
  for (const { folder, file } of files) {
    const path = relative(folder, file)
    if (!byPath.has(path)) byPath.set(path, file)
  }
  const byDigest = new Map<string, string>()
  if (labelled.some(({ content }) => 'sha256' in content))
    for (const { file } of files) byDigest.set(fileDigest(file), file)
  return (content) => {
    if ('sha256' in content) {
      const file = byDigest.get(content.sha256)
      return file === undefined ? null : { file, sha256: content.sha256 }
    }
    const file = byPath.get(content.path)
    return file === undefined ? null : { file, sha256: fileDigest(file) }
  }
}

/** Regular files; links are not followed. */
function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((item) => item.isFile())
      .map((item) => join(item.parentPath, item.name))
      .sort()
  } catch (cause) {
    throw new UsageError(`${folder} could not be listed (${(cause as NodeJS.ErrnoException).code}).`, {
      cause,
    })
  }
}

function fileDigest(file: string): string {
  const hash = createHash('sha256')
  const piece = Buffer.allocUnsafe(1 << 20)
  try {
    const open = openSync(file, 'r')
    try {
      for (let read = readSync(open, piece); read > 0; read = readSync(open, piece))
        hash.update(piece.subarray(0, read))
    } finally {
      closeSync(open)
    }
  } catch (cause) {
    throw new UsageError(`${file} could not be read (${(cause as NodeJS.ErrnoException).code}).`, { cause })
  }
  return hash.digest('hex')
}

function sha256Of(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function per10k(share: number): number {
  return Math.round(10_000 * Math.min(1, Math.max(0, share)))
}
