/**
 * Tiles as bytes: the length of a JSON array (4 bytes, little-endian), the array, then the cells of all previews one
 * after the other. A preview is at most 16 × 16 grey cells; this module can send nothing larger.
 */
import { priorityOf } from './catalogue.ts'
import type { Tile } from './said.ts'
import type { ReviewSession } from './session.ts'
import type { View } from './views.ts'

/** Grey, row-major, at most 16 × 16. */
export interface PreviewCells {
  readonly width: number
  readonly height: number
  readonly cells: Buffer
}

const PREVIEW = 'SELECT width, height, cells FROM preview WHERE content = +? ORDER BY batch, ordinal LIMIT 1'

/** Null when no preview is stored. */
export function previewOf({ catalogue, db }: ReviewSession, number: number): PreviewCells | null {
  return db.prepare<[number], PreviewCells>(PREVIEW).get(catalogue.ids[number]!) ?? null
}

export interface TilesAsked {
  readonly from: number
  readonly count: number
  /** Called for every content whose preview is sent. */
  readonly seen: (number: number) => void
}

export function tilesOf(
  session: ReviewSession,
  { tiles, members }: View,
  { from, count, seen }: TilesAsked,
): Buffer {
  const { catalogue, db } = session
  const preview = db.prepare<[number], PreviewCells>(PREVIEW)
  const cells: Buffer[] = []
  const made: Tile[] = []
  for (const number of tiles.subarray(from, from + count)) {
    const row = preview.get(catalogue.ids[number]!)
    if (row) {
      cells.push(row.cells)
      seen(number)
    }
    made.push({
      ...tileOf(session, number),
      w: row?.width ?? 0,
      h: row?.height ?? 0,
      stack: members?.get(number)?.length ?? 1,
    })
  }
  const json = Buffer.from(JSON.stringify(made))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(json.length)
  return Buffer.concat([length, json, ...cells])
}

function tileOf(session: ReviewSession, number: number): Omit<Tile, 'w' | 'h' | 'stack'> {
  const { catalogue, decided, isBlind, asked } = session
  return {
    sha256: catalogue.sha256(number),
    priority: priorityOf(catalogue, number),
    kind: catalogue.kind(number),
    mine: decided.mine(number)?.category ?? null,
    eyes: decided.needsEyes(number, isBlind ? asked.operator : null),
    outcome: isBlind ? null : decided.outcome(number).kind,
    places: catalogue.places[number]!,
  }
}
