/** The pixels of a screen, tile by tile, as each is made: cells first, then pictures that are cheap to decode. */
import type { ScreenLevel, Treatment } from '../contracts/sight.ts'
import type { InSight } from './in-sight.ts'
import type { ReviewSession } from './session.ts'
import { tilePart, withoutPart } from './tile-answer.ts'
import type { TileKind, TileSource, TileWant } from './tile-source.ts'
import { previewOf } from './tiles.ts'

/** Each holds one tile, and is overwritten once it was sent. */
export type Pieces = AsyncGenerator<Buffer, void, undefined>

export interface Wanted {
  readonly number: number
  readonly level: ScreenLevel
  readonly treatment: Treatment
  readonly want: TileWant
  readonly role: 'tile' | 'lift'
}

export interface PieceParts {
  readonly session: ReviewSession
  readonly pixels: TileSource | null
  readonly sight: InSight
  /** False once another screen was asked for. */
  readonly isCurrent: () => boolean
  /** Made when the screen is done. */
  readonly ahead: readonly Wanted[]
}

export async function* piecesOf(asked: readonly Wanted[], parts: PieceParts): Pieces {
  const { pixels, sight, isCurrent, ahead } = parts
  // Only what was taken by the receiver counts as shown: a generator that is left ends at its yield.
  const sent = (one: Wanted) => sight.sent(one.role, one.number, performance.now())
  for (const one of asked.filter(({ level }) => level === 'cells')) {
    const piece = isCurrent() ? cellsOf(one, parts) : null
    if (piece === null) continue
    yield piece
    sent(one)
  }
  if (pixels === null) return
  const rest = asked
    .filter(({ level }) => level !== 'cells')
    .sort((a, b) => pixels.costOf(a.number) - pixels.costOf(b.number))
  const making = new Map<Wanted, Promise<Piece>>()
  try {
    while (rest.length > 0 || making.size > 0) {
      while (rest.length > 0 && making.size < pixels.width) {
        const one = rest.shift()!
        making.set(one, pieceOf(pixels, one, parts))
      }
      const { one, piece, hasPixels } = await Promise.race(making.values())
      making.delete(one)
      if (!isCurrent()) {
        piece.fill(0)
        return
      }
      yield piece
      if (hasPixels) sent(one)
    }
  } finally {
    for (const late of making.values())
      void late.then(
        ({ piece }) => piece.fill(0),
        () => undefined,
      )
  }
  const next = ahead.filter(({ level }) => level !== 'cells')
  const [first] = next
  if (!first) return
  const alike = next.filter((one) => kindOf(one) === kindOf(first)).map(({ number }) => number)
  pixels.makeAhead(alike, first as Wanted & TileKind)
}

export function kindOf({ level, treatment, want }: Wanted): string {
  return `${level} ${level === 'blurred' ? treatment : ''} ${want}`
}

function cellsOf(one: Wanted, { session, sight }: PieceParts): Buffer | null {
  const preview = previewOf(session, one.number)
  if (preview === null || sight.eventOf(one.role, one.number, kindOf(one)) === null) return null
  const { width, height, cells } = preview
  const named = { sha256: session.catalogue.sha256(one.number), level: one.level, want: one.want }
  return tilePart(named, [{ width, height, pixels: cells }], null)
}

interface Piece {
  readonly one: Wanted
  readonly piece: Buffer
  readonly hasPixels: boolean
}

async function pieceOf(pixels: TileSource, one: Wanted, { session, sight }: PieceParts): Promise<Piece> {
  const { number, level, want } = one
  const named = { sha256: session.catalogue.sha256(number), level, want }
  const made = await pixels.make(number, one as Wanted & TileKind)
  const event = sight.eventOf(one.role, number, kindOf(one))
  const without = event === null ? 'gone' : 'without' in made ? made.without : null
  if (without !== null || 'without' in made)
    return { one, piece: withoutPart(named, without ?? 'gone'), hasPixels: false }
  const { operator } = session.asked
  const { caseId, exhibitId } = session.ledger.case
  const mark = `#${event} ${operator} ${caseId} ${exhibitId}`
  return { one, piece: tilePart(named, made.frames, mark), hasPixels: true }
}
