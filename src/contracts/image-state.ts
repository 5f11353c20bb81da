/**
 * Whether the bytes of an image were shown to be those that were acquired: one closed union, derived here alone, and used by every
 * output. A ledger holds the hashes, not the state: a ledger of an earlier version is told as truly as one of today.
 */
import type { CaseInfo, Exhibit, Plan } from './case.ts'
import type { ByteCount, ExhibitImage, ImageHash } from './image-exhibit.ts'

export const IMAGE_STATES = [
  /** Neither the image nor the operator states a hash, and none was computed. */
  'not-stated',
  /** A hash is stated; the image was not read as a whole. */
  'not-computed',
  /** Computed of every byte; none of that algorithm is stated. */
  'nothing-to-compare',
  'agrees',
  /** Two values of one algorithm are not the same, whatever the reason. */
  'differs',
  /** Parts are damaged or missing, and no two values of one algorithm stand against each other. */
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
  /** From every byte, those that are damaged or missing as zeros. */
  readonly computed: string | null
}

export interface ImageState {
  readonly kind: ImageStateKind
  readonly hashes: readonly ComparedHash[]
  readonly isWhole: boolean
  /** Damaged or missing, as far as that is known; 0 also where the image is cut by a length that is not known. */
  readonly lostBytes: number
  /** It differs, and the operator ordered to examine it all the same. */
  readonly isDespite: boolean
}

export interface ImageStateFacts {
  readonly stored: readonly ImageHash[]
  /** `alg:hex`, as given. */
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

/** Remarks of an image that say that a part of it is not there. */
const CUT: ReadonlySet<string> = new Set(['image-cut', 'segment-cut'])

/** Bytes that the image's own remarks miss; null: it is cut by a length that is not known. */
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

/** @param damagedBytes met by whoever read it */
export function wholenessOf(
  image: Pick<ExhibitImage, 'remarks'>,
  damagedBytes: number,
): Pick<ImageStateFacts, 'isWhole' | 'lostBytes'> {
  const cut = cutBytes(image)
  return { isWhole: cut === 0 && damagedBytes === 0, lostBytes: Math.max(cut ?? 0, damagedBytes) }
}

/** What a ledger holds of it. */
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
    // A mount: what was computed of its image is recorded only where it was the stated hash.
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

/** Of a verification, which met it before anything was listed. */
function damagedIn({ remarks }: Pick<ExhibitImage, 'remarks'>): number {
  return remarks.reduce(
    (sum, { code, params }) =>
      code === 'damaged-range' && params.kind === 'damaged' ? sum + Number(params.length) : sum,
    0,
  )
}
