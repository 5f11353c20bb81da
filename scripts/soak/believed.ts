/** Whether an honest lister is believed: what it says of an image, however damaged, passes every check of the main process. */
import { describeRanges, listImage } from '../../src/confined/lister/list-image.ts'
import type { OpenImage } from '../../src/contracts/image.ts'
import type { SegmentFile } from '../../src/contracts/image-exhibit.ts'
import { rangesOf } from '../../src/formats/image/handed-image.ts'
import type { HeldImage } from '../../src/host/held/held-image.ts'
import { ListingCheck } from '../../src/host/lister/checked-listing.ts'
import { HeaderHashIndex } from '../../src/wire/header-hash-index.ts'
import { ImplausibleReply } from '../../src/wire/implausible.ts'
import { type EntryTuple, tupleOf } from '../../src/wire/walk-protocol.ts'

const ASKED = {
  task: 'list',
  algorithms: [],
  sparseLogicalBytes: 16 * 1024 ** 3,
  damage: [],
  volumes: null,
  passOver: [],
  given: [],
  secrets: [],
  unlocked: [],
  remains: 'carve',
  sample: { draws: 8, seed: 'mutants' },
  lists: [],
} as const
const BATCH_ENTRIES = 64

/** @returns what the main process does not believe; null: it believes all */
export function disbelieved(image: OpenImage, segments: readonly SegmentFile[]): string | null {
  const held: HeldImage = { path: '/', segments, descriptors: [], changed: () => [], close() {} }
  const check = new ListingCheck(held, ASKED)
  const ranges = rangesOf(image)
  const { format, medium, stated, storedHashes, remarks } = image
  const facts = { format, sizeBytes: medium.sizeBytes, segments, stated, storedHashes, remarks }
  let batch: { volume: number; entries: EntryTuple[] } = { volume: 0, entries: [] }
  const flush = () => {
    if (batch.entries.length > 0) check.entries(said(batch))
    batch = { volume: batch.volume, entries: [] }
  }
  try {
    check.facts(said({ image: facts, ranges: describeRanges(image, ranges, null), locks: [] }))
    const known = new HeaderHashIndex(Buffer.alloc(0))
    const at = (volume: number) => void check.at(said(volume))
    for (const listed of listImage(image, ranges, { ...ASKED, known, at })) {
      if (listed.kind === 'range') {
        flush()
        check.range(said(listed.listing))
        continue
      }
      if (listed.volume !== batch.volume) flush()
      batch.volume = listed.volume
      batch.entries.push(tupleOf(listed.walked))
      if (batch.entries.length === BATCH_ENTRIES) flush()
    }
    flush()
    check.end()
    return null
  } catch (error) {
    if (!(error instanceof ImplausibleReply)) throw error
    return error.message
  }
}

/** As it comes through a socket. */
function said(message: unknown): unknown {
  return JSON.parse(JSON.stringify(message))
}
