/** The change journal ($Extend/$UsnJrnl:$J): events of names with their times. Names in it outlive their records. */
import type { DataRun } from '../../../../contracts/content-place.ts'
import type { Medium } from '../../../../contracts/image.ts'
import type { Leftover } from './leftover.ts'
import { referenceAt } from './record.ts'
import { componentOf } from './text.ts'
import { NO_TIMES, nanoseconds } from './times.ts'

const PIECE = 1024 * 1024
/** Records never cross a page. */
const PAGE = 4096
/** Stored bytes that are read: Windows keeps 32 MiB to 1 GiB. */
const MAX_BYTES = 4 * 1024 ** 3
const FILE_DELETE = 0x200
const RENAME_OLD_NAME = 0x1000
const DIRECTORY = 0x10

interface Layout {
  readonly least: number
  readonly parentAt: number
  readonly timeAt: number
}

/** Versions 2 (references of 64 bits) and 3 (of 128, the lower half is the same). */
const LAYOUTS = new Map<number, Layout>([
  [2, { least: 60, parentAt: 16, timeAt: 32 }],
  [3, { least: 76, parentAt: 24, timeAt: 48 }],
])

/** @param ending true: only deleted or renamed ones, with the time of that; false: all others */
export function* journalNames(
  volume: Medium,
  runs: readonly DataRun[],
  ending: boolean,
): Generator<Leftover> {
  let budget = Math.min(MAX_BYTES, volume.sizeBytes)
  const piece = Buffer.alloc(PIECE)
  for (const run of runs) {
    if (run.offset === null) continue
    for (let done = 0; done < run.length && budget > 0; done += PIECE) {
      const length = Math.min(PIECE, run.length - done, budget)
      const got = volume.readInto(piece.subarray(0, length), run.offset + done)
      budget -= length
      for (let page = 0; page < got; page += PAGE) {
        yield* namesIn(piece.subarray(page, Math.min(got, page + PAGE)), ending)
      }
    }
  }
}

function* namesIn(page: Buffer, ending: boolean): Generator<Leftover> {
  for (let at = 0; at + 60 <= page.length; ) {
    const length = page.readUInt32LE(at)
    // The rest of a page is empty.
    if (length === 0) return
    const layout = LAYOUTS.get(page.readUInt16LE(at + 4))
    if (!layout || length < layout.least || length % 8 !== 0 || at + length > page.length) {
      at += 8
      continue
    }
    const record = page.subarray(at, at + length)
    at += length
    // Both versions go on alike from the time: reason, source, security, attributes, name length and offset.
    const reason = record.readUInt32LE(layout.timeAt + 8)
    if (((reason & (FILE_DELETE | RENAME_OLD_NAME)) !== 0) !== ending) continue
    const nameBytes = record.readUInt16LE(layout.timeAt + 24)
    const nameAt = record.readUInt16LE(layout.timeAt + 26)
    if (nameBytes < 2 || nameBytes > 510 || nameAt < layout.least || nameAt + nameBytes > length) continue
    yield {
      reference: referenceAt(record, 8),
      parent: referenceAt(record, layout.parentAt),
      name: componentOf(record.subarray(nameAt, nameAt + nameBytes)),
      directory: (record.readUInt32LE(layout.timeAt + 20) & DIRECTORY) !== 0,
      basis: 'change-journal',
      sizeBytes: 0,
      allocatedBytes: null,
      times: { ...NO_TIMES, changedNs: nanoseconds(record, layout.timeAt) },
    }
  }
}
