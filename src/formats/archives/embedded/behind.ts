/**
 * Lists data behind the end of a picture, sound or video, and videos in boxes of their own: motion photos, further
 * pictures of an MPO file, gain maps, previews, and data that a person appended. Makers index this data in many ways
 * (MPF, Google's XMP, Samsung's trailer). Each index points behind the end of the first picture. The walk to that
 * end, and a search behind it, therefore finds all of the data.
 *
 * @see CIPA DC-007, "Multi-Picture Format"; Android, "Motion Photo format 1.0" (`MotionPhoto`, box `mpvd`); ExifTool,
 *   Samsung.pm (trailer)
 */
import { lookOf } from '../../../media-types/applies.ts'
import { HEAD_BYTES } from '../../../media-types/sample.ts'
import type { ByteSource } from '../../bytes/byte-source.ts'
import { topBoxes } from '../../signatures/embedded/box-walk.ts'
import { BOXED, endOf } from '../../signatures/embedded/ends.ts'
import { walked } from '../../signatures/embedded/walk.ts'
import { isNoText } from '../../signatures/index.ts'
import { type Budget, ContainerDamaged, type Member } from '../common/container.ts'
import { embeddedPart, endingOf } from './embedded.ts'
import { endWithin, type Piece, piecesIn } from './pieces.ts'

/** Limit for concatenated pictures, as a webcam writes them. */
const MOST_PIECES = 256
const MOST_COUNTED = 65_536

export interface Stretch {
  readonly from: number
  readonly to: number
  /**
   * The picture is truncated before this range: unrecognised bytes at the start of the range are the rest of the
   * picture.
   */
  readonly isOwn?: true
}

/** @param taken ranges that another extractor handles, in order of offset */
export async function* behind(
  source: ByteSource,
  mediaType: string,
  taken: readonly Stretch[],
  budget: Budget,
): AsyncGenerator<Member> {
  let pieces = 0
  let pictures = 1
  for (const { from, to, isOwn } of without(taken, stretchesOf(source, mediaType))) {
    for (const piece of piecesIn(source, from, to, isOwn)) {
      if (++pieces > MOST_COUNTED) break
      if (pieces > MOST_PIECES) continue
      const { mediaType: type } = piece
      if (type !== null && lookOf(type) === 'picture') pictures++
      budget.entry()
      yield embeddedPart(`${nameOf(piece, pictures)}.${endingOf(type)}`, source, piece, budget)
    }
  }
  if (pieces > MOST_PIECES)
    throw new ContainerDamaged({
      code: 'pictures-passed-over',
      params: { pictures: pieces - MOST_PIECES },
    })
}

/** Lists the data in a range that belongs to no member of an archive. @param name for data of unknown type */
export function* partsOf(
  source: ByteSource,
  from: number,
  to: number,
  name: string,
  budget: Budget,
): Generator<Member> {
  yield* parts(source, piecesIn(source, from, to), name, budget)
}

/** Like {@link partsOf}, without data of unknown type, and without text that only begins as a format. */
export function* knownPartsOf(
  source: ByteSource,
  from: number,
  to: number,
  name: string,
  budget: Budget,
): Generator<Member> {
  yield* parts(source, known(source, piecesIn(source, from, to)), name, budget)
}

function* known(source: ByteSource, pieces: Iterable<Piece>): Generator<Piece> {
  for (const piece of pieces) {
    const sizeBytes = piece.to - piece.from
    const head = () => source.read(piece.from, Math.min(HEAD_BYTES, sizeBytes))
    if (piece.mediaType !== null && isNoText(head(), sizeBytes)) yield piece
  }
}

function* parts(source: ByteSource, found: Iterable<Piece>, name: string, budget: Budget): Generator<Member> {
  let pieces = 0
  for (const piece of found) {
    if (++pieces > MOST_PIECES) break
    budget.entry()
    const ending = endingOf(piece.mediaType)
    yield embeddedPart(`${name}${pieces === 1 ? '' : `-${pieces}`}.${ending}`, source, piece, budget)
  }
  if (pieces > MOST_PIECES)
    throw new ContainerDamaged({ code: 'pictures-passed-over', params: { pictures: 1 } })
}

/** The picture before the data counts as the first one. */
function nameOf({ mediaType }: Piece, pictures: number): string {
  const look = mediaType === null ? null : lookOf(mediaType)
  return look === 'picture' ? `picture-${pictures}` : look === 'video' ? 'motion' : 'behind'
}

/** Boxes that contain a video, and the range from the end of the picture to the end of the content. */
function stretchesOf(source: ByteSource, mediaType: string): Stretch[] {
  const { sizeBytes } = source
  const end = endOf(mediaType)
  if (end === null) return []
  if (!BOXED.has(mediaType)) {
    const { at, isBroken } = endWithin(source, end(0))
    return [{ from: at, to: sizeBytes, ...(isBroken && { isOwn: true }) }]
  }
  const { at, holding } = walked(topBoxes(0), (from, least) => source.read(from, Math.max(least, 4096)))
  const held = holding.map((box) => ({ from: box.bodyAt, to: Math.min(box.end, sizeBytes) }))
  return at === 0 ? held : [...held, { from: at, to: sizeBytes }]
}

function without(taken: readonly Stretch[], stretches: readonly Stretch[]): Stretch[] {
  return taken
    .reduce<Stretch[]>(
      (left, gone) =>
        left.flatMap(({ from, to, ...more }) => [
          { ...more, from, to: Math.min(to, Math.max(from, gone.from)) },
          { from: Math.max(from, gone.to), to },
        ]),
      [...stretches],
    )
    .filter(({ from, to }) => from < to)
}
