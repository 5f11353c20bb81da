/** Digests of zero bytes in a list: every empty file would match them. */
import {
  ALGORITHMS,
  type AlgorithmPlace,
  decodeHexText,
  EMPTY_DIGESTS,
  WIDE_BYTES,
} from '../records/algorithms.ts'
import type { RecordBatch } from '../records/record-batch.ts'

/** How the reason ends that rejects a digest of zero bytes. */
export const EMPTY_REASON = 'every empty file would match'

interface EmptyDigest {
  readonly place: AlgorithmPlace
  readonly bytes: Uint8Array
  readonly reason: string
}

const EMPTY: readonly EmptyDigest[] = ALGORITHMS.filter((place) => place.exact).map((place) => {
  const bytes = new Uint8Array(place.bytes)
  decodeHexText(EMPTY_DIGESTS[place.name as keyof typeof EMPTY_DIGESTS], bytes, 0, place.bytes)
  return { place, bytes, reason: `its ${place.title} is that of zero bytes: ${EMPTY_REASON}` }
})

const NONE_EMPTY: typeof EMPTY = []

/**
 * Takes digests of zero bytes out of records, and moves records without another digest to the rejected rows.
 * @returns number of records that keep another digest: a program wrote one although it had read nothing
 */
export function rejectEmpty(batch: RecordBatch): number {
  let kept = 0
  let inPart = 0
  for (let i = 0; i < batch.count; i++) {
    const empty = mayBeEmpty(batch, i) ? emptyIn(batch, i) : NONE_EMPTY
    if (empty.length === 0 && kept === i) {
      kept++
      continue
    }
    const others = empty.reduce((bits, { place }) => bits & ~place.bit, batch.present[i]!)
    if (others === 0) batch.rejected.push({ line: batch.lines[i]!, reason: empty[0]!.reason })
    else {
      if (empty.length > 0) inPart++
      batch.present[i] = others
      if (kept !== i) moveRecord(batch, i, kept)
      kept++
    }
  }
  batch.count = kept
  return inPart
}

/** The first bytes decide for nearly every record: lists have millions. */
function mayBeEmpty({ digests }: RecordBatch, i: number): boolean {
  const at = i * WIDE_BYTES
  for (let e = 0; e < EMPTY.length; e++)
    if (digests[at + EMPTY[e]!.place.at] === EMPTY[e]!.bytes[0]) return true
  return false
}

function emptyIn(batch: RecordBatch, i: number): typeof EMPTY {
  const present = batch.present[i]!
  let found: typeof EMPTY = NONE_EMPTY
  for (const one of EMPTY) {
    const { place, bytes } = one
    if ((present & place.bit) === 0) continue
    const at = i * WIDE_BYTES + place.at
    let b = 0
    while (b < bytes.length && batch.digests[at + b] === bytes[b]) b++
    if (b === bytes.length) found = [...found, one]
  }
  return found
}

function moveRecord(batch: RecordBatch, from: number, to: number): void {
  batch.digests.copyWithin(to * WIDE_BYTES, from * WIDE_BYTES, (from + 1) * WIDE_BYTES)
  batch.present[to] = batch.present[from]!
  batch.sizes[to] = batch.sizes[from]!
  batch.lines[to] = batch.lines[from]!
  batch.categories[to] = batch.categories[from]!
  batch.extras[to] = batch.extras[from]!
  batch.alternatives[to] = batch.alternatives[from]!
}
