/**
 * State of the comparison of an image with its acquisition hashes: one closed union. Only this module derives it, and
 * every output uses it. A ledger stores the hashes and not the state, so the state is equally correct for ledgers of
 * earlier versions.
 */
import type { CaseInfo, Exhibit, Plan } from './case.ts'
import type { ByteCount, ExhibitImage, ImageHash } from './image-exhibit.ts'

export const IMAGE_STATES = [
  /** Neither the image nor the operator states a hash, and none was computed. */
  'not-stated',
  /** A hash is stated; the image was not read as a whole. */
  'not-computed',
  /** A hash of every byte was computed, but no hash of that algorithm is stated. */
  'nothing-to-compare',
  'agrees',
  /** Two values of one algorithm differ, for any reason. */
  'differs',
  /** Parts are damaged or missing, and no algorithm has two values to compare. */
  'not-readable-whole',
] as const
export type ImageStateKind = (typeof IMAGE_STATES)[number]

/** Values of one algorithm, lower-case hex; null: there is none. */
export interface ComparedHash {
  readonly algorithm: string
  /** By the image itself. */
  readonly stored: string | null
  /** By the operator. */
  readonly stated: string | null
  /** Computed from every byte; damaged or missing bytes count as zeros. */
  readonly computed: string | null
}

export interface ImageState {
  readonly kind: ImageStateKind
  readonly hashes: readonly ComparedHash[]
  readonly isWhole: boolean
  /** Known damaged or missing bytes; 0 also if the image is truncated by an unknown length. */
  readonly lostBytes: number
  /** The hash differs, and the operator ordered the examination anyway. */
  readonly isDespite: boolean
}

export interface ImageStateFacts {
  readonly stored: readonly ImageHash[]
  /** `alg:hex`, as the operator entered it. */
  readonly acquisitionHash: string | null
  readonly computed: readonly ImageHash[]
  readonly isWhole: boolean
  readonly lostBytes: number
  readonly despite?: boolean
}

export function imageStateOf(facts: ImageStateFacts): ImageState {
  const { stored, acquisitionHash, computed, isWhole, lostBytes, despite = false } = facts
  const stated = acquisitionHash === null ? [] : [statedHash(acquisitionHash)]
  const algorithms = new Set([...stored, ...stated, ...computed].map(({ algorithm }) => algorithm))
  const hashes = [...algorithms].map((algorithm) => ({
    algorithm,
    stored: hexOf(stored, algorithm),
    stated: hexOf(stated, algorithm),
    computed: hexOf(computed, algorithm),
  }))
  const kind = kindOf(hashes, isWhole)
  return { kind, hashes, isWhole, lostBytes, isDespite: despite && kind === 'differs' }
}

function kindOf(hashes: readonly ComparedHash[], isWhole: boolean): ImageStateKind {
  const values = hashes.map((one) => [one.stored, one.stated, one.computed].filter((hex) => hex !== null))
  if (values.some((known) => new Set(known).size > 1)) return 'differs'
  if (hashes.some(({ computed, stored, stated }) => computed !== null && (stored ?? stated) !== null))
    return 'agrees'
  if (!isWhole) return 'not-readable-whole'
  if (hashes.some(({ computed }) => computed !== null)) return 'nothing-to-compare'
  return hashes.length > 0 ? 'not-computed' : 'not-stated'
}

/** `alg:hex`, checked by the option's parser. */
export function statedHash(text: string): ImageHash {
  const [algorithm, hex] = text.split(':') as [ImageHash['algorithm'], string]
  return { algorithm, hex: hex.toLowerCase() }
}

function hexOf(hashes: readonly ImageHash[], algorithm: string): string | null {
  return hashes.find((one) => one.algorithm === algorithm)?.hex ?? null
}

/** Remarks for an image with a missing part. */
const CUT: ReadonlySet<string> = new Set(['image-cut', 'segment-cut'])

/** Missing bytes according to the image's own remarks; null: the image is truncated by an unknown length. */
export function cutBytes({ remarks }: Pick<ExhibitImage, 'remarks'>): number | null {
  let cut = 0
  for (const { code, params } of remarks) {
    if (!CUT.has(code)) continue
    const bytes =
      code === 'segment-cut'
        ? Number(params.missingBytes)
        : Number(params.sizeBytes) - Number(params.readableBytes)
    if (!Number.isFinite(bytes)) return null
    cut += bytes
  }
  return cut
}

/** @param damagedBytes damage that reading the image found */
export function wholenessOf(
  image: Pick<ExhibitImage, 'remarks'>,
  damagedBytes: number,
): Pick<ImageStateFacts, 'isWhole' | 'lostBytes'> {
  const cut = cutBytes(image)
  return { isWhole: cut === 0 && damagedBytes === 0, lostBytes: Math.max(cut ?? 0, damagedBytes) }
}

/** Facts about the image in a ledger. */
export interface RecordedImage {
  readonly case: Pick<CaseInfo, 'acquisitionHash' | 'acquisitionStatus'>
  readonly exhibit: Pick<Exhibit, 'image'>
  readonly plan: { readonly options: Pick<Plan['options'], 'despiteImage'> }
  imageHashes(): readonly (ImageHash & { readonly origin: 'stored' | 'computed' })[]
  byteClasses(): readonly ByteCount[]
}

export function recordedImageState(ledger: RecordedImage): ImageState {
  const { acquisitionHash, acquisitionStatus } = ledger.case
  const { image } = ledger.exhibit
  if (!image) {
    // A mount: the computed hash of its image is recorded only if it equalled the stated hash.
    const isRead = acquisitionStatus === 'verified-by-seized' && acquisitionHash !== null
    const computed = isRead ? [statedHash(acquisitionHash)] : []
    return imageStateOf({ stored: [], acquisitionHash, computed, isWhole: true, lostBytes: 0 })
  }
  const of = (origin: 'stored' | 'computed') => ledger.imageHashes().filter((one) => one.origin === origin)
  const damaged = ledger
    .byteClasses()
    .reduce((sum, one) => sum + (one.class === 'damaged' ? one.bytes : 0), 0)
  return imageStateOf({
    stored: of('stored'),
    acquisitionHash,
    computed: of('computed'),
    ...wholenessOf(image, Math.max(damaged, damagedIn(image))),
    despite: ledger.plan.options.despiteImage === true,
  })
}

/** Damage that a verification found before the listing. */
function damagedIn({ remarks }: Pick<ExhibitImage, 'remarks'>): number {
  return remarks.reduce(
    (sum, { code, params }) =>
      code === 'damaged-range' && params.kind === 'damaged' ? sum + Number(params.length) : sum,
    0,
  )
}
