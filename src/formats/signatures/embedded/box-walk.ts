/** Walks the consecutive boxes of ISO base media by their headers alone. @see ISO/IEC 14496-12, 4.2 */
import type { Walk } from './walk.ts'

export interface Box {
  readonly type: string
  readonly at: number
  readonly bodyAt: number
  /** Infinity: the box extends to the end of the content. */
  readonly end: number
}

/** Fragmented videos have two boxes a second. */
const MOST_BOXES = 1_000_000

/**
 * @param end end of the parent
 * @param each visits a box before the next one, because a walk through chunks never goes back
 * @returns offset behind the last box
 */
function* boxesFrom(from: number, end: number, each: (box: Box) => Walk<void>): Walk<number> {
  let at = from
  for (let boxes = 0; at + 8 <= end && boxes < MOST_BOXES; boxes++) {
    const bytes = yield { at, least: 16 }
    const box = bytes.length < 8 ? null : boxAt(bytes, at, end)
    if (box === null) break
    yield* each(box)
    at = box.end
  }
  return at
}

/** Some names in QuickTime start with a copyright sign. */
const NAME = /^[\xa9A-Za-z0-9][A-Za-z0-9 \-_.]{3}$/

function boxAt(bytes: Buffer, at: number, outerEnd: number): Box | null {
  const type = bytes.toString('latin1', 4, 8)
  const size = bytes.readUInt32BE(0)
  if (!NAME.test(type)) return null
  if (size === 0) return { type, at, bodyAt: at + 8, end: outerEnd }
  if (size !== 1) return size < 8 ? null : { type, at, bodyAt: at + 8, end: at + size }
  if (bytes.length < 16) return null
  const large = Number(bytes.readBigUInt64BE(8))
  return large < 16 ? null : { type, at, bodyAt: at + 16, end: at + large }
}

/** Path to the cover pictures of iTunes. @see Apple, "QuickTime File Format": metadata; mp4v2, "iTunes metadata" */
const TO_COVERS: Readonly<Record<string, readonly string[]>> = {
  moov: ['udta', 'meta'],
  udta: ['meta'],
  meta: ['ilst'],
  ilst: ['covr'],
  covr: ['data'],
}

/** The `data` boxes of covers in `moov`. The body of each box is a type, a locale and the picture. */
function* coversIn(outer: Box): Walk<Box[]> {
  const covers: Box[] = []
  const wanted = TO_COVERS[outer.type] ?? []
  yield* boxesFrom(outer.bodyAt + (yield* versionBytes(outer)), outer.end, function* (box) {
    if (!wanted.includes(box.type)) return
    if (box.type === 'data') covers.push(box)
    else covers.push(...(yield* coversIn(box)))
  })
  return covers
}

/** `meta` has version and flags before its boxes, except in QuickTime. */
function* versionBytes({ type, bodyAt }: Box): Walk<number> {
  if (type !== 'meta') return 0
  const bytes = yield { at: bodyAt, least: 8 }
  return bytes.toString('latin1', 4, 8) === 'hdlr' ? 0 : 4
}

/**
 * Top-level boxes that contain a video or other data of their own: Google's and Samsung's motion photos, Samsung's
 * trailer.
 */
const HOLDING_BOXES: ReadonlySet<string> = new Set(['mpvd', 'sefd'])

export interface TopBoxes {
  /** Offset behind the last box, or of another file made of boxes. */
  readonly at: number
  readonly holding: readonly Box[]
  readonly covers: readonly Box[]
}

/** Top-level boxes of the file that starts at `from`. */
export function* topBoxes(from: number): Walk<TopBoxes> {
  const holding: Box[] = []
  const covers: Box[] = []
  let again: number | null = null
  const at = yield* boxesFrom(from, Number.POSITIVE_INFINITY, function* (box) {
    if (again !== null) return
    if (box.type === 'ftyp' && box.at > from && holdsFile(box, from)) again = box.at
    else if (HOLDING_BOXES.has(box.type)) holding.push(box)
    else if (box.type === 'moov') covers.push(...(yield* coversIn(box)))
  })
  return { at: again ?? at, holding, covers }
}

/** A first `ftyp` may follow a signature box of twelve bytes (JPEG 2000, JPEG XL), or `wide` or `free` (QuickTime). */
function holdsFile(box: Box, from: number): boolean {
  return box.at - from > 32
}
