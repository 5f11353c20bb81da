/** Facts of tiles for the page, and the stored preview of a content: at most 16 × 16 grey cells. */
import { printLastName } from '../base/evidence-path.ts'
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
}

/** What is known of each tile; what it looks like comes with a screen, and is logged. */
export function tilesOf(
  session: ReviewSession,
  { tiles, members }: View,
  { from, count }: TilesAsked,
): { readonly tiles: readonly Tile[] } {
  const made = [...tiles.subarray(from, from + count)].map((number) => ({
    ...tileOf(session, number),
    stack: members?.get(number)?.length ?? 1,
  }))
  return { tiles: made }
}

function tileOf(session: ReviewSession, number: number): Omit<Tile, 'stack'> {
  const { catalogue, decided, isBlind, asked } = session
  return {
    sha256: catalogue.sha256(number),
    name: printLastName(session.paths.of(catalogue.entries[number]!)),
    priority: priorityOf(catalogue, number),
    kind: catalogue.kind(number),
    mine: decided.mine(number)?.category ?? null,
    eyes: decided.needsEyes(number, isBlind ? asked.operator : null),
    outcome: isBlind ? null : decided.outcome(number).kind,
    places: catalogue.places[number]!,
    listed: catalogue.isListed(number),
    tags: session.tags.of(catalogue.sha256(number)),
  }
}
