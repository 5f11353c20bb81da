/**
 * Reads prefetch files of Windows: a program, its run count, its last run time (since Windows 8 the last eight), and
 * the files it opened in its first seconds. Of these files only pictures and videos become records; the others are
 * libraries of the program. A file may come from any of the runs, so its record has no time.
 *
 * @see libyal/libscca, "Windows Prefetch File (PF) format"; versions 17, 23, 26, 30 and 31, the last three also
 *   packed (MAM, XPRESS-Huffman)
 */

import { endingOf, MEDIA_ENDINGS } from '../../../media-types/media-names.ts'
import { fileTime } from '../../bytes/times.ts'
import { decodeXpressStream } from '../../image/content/xpress.ts'
import {
  ArtefactNotBuilt,
  type ArtefactReader,
  NotAnArtefact,
  type RecordCollector,
} from '../../records/artefact.ts'

const PACKED = 'MAM\x04'
const PACKED_HEAD_BYTES = 8
const HEAD_BYTES = 84
const MOST_PLAIN_BYTES = 64 << 20
const MOST_NAMES = 100_000
/** Maximum characters of a program name. */
const MOST_NAME = 29

/** Offsets of the run times and the run count in each version. Version 30 has two forms. */
const VERSIONS: Readonly<
  Record<number, { readonly timesAt: number; readonly times: number; readonly runsAt: number }>
> = {
  17: { timesAt: 120, times: 1, runsAt: 144 },
  23: { timesAt: 128, times: 1, runsAt: 152 },
  26: { timesAt: 128, times: 8, runsAt: 208 },
  30: { timesAt: 128, times: 8, runsAt: 208 },
  31: { timesAt: 128, times: 8, runsAt: 208 },
}
/** Offset of the first list in the form whose information block is eight bytes shorter. */
const SHORT_FORM = 296
const SHORT_RUNS_AT = 200

export const prefetch: ArtefactReader = {
  id: 'prefetch',
  mediaTypes: ['application/x-ms-prefetch'],
  read(given, sink) {
    const bytes = given.toString('latin1', 0, 4) === PACKED ? unpacked(given, sink) : given
    if (bytes.length < HEAD_BYTES + 70 || bytes.toString('latin1', 4, 8) !== 'SCCA') throw new NotAnArtefact()
    const version = VERSIONS[bytes.readUInt32LE(0)]
    if (version === undefined) throw new ArtefactNotBuilt()
    readProgram(bytes, version, sink)
    return []
  },
}

function unpacked(given: Buffer, sink: RecordCollector): Buffer {
  if (given.length < PACKED_HEAD_BYTES) throw new NotAnArtefact()
  const stated = given.readUInt32LE(4)
  if (stated > MOST_PLAIN_BYTES) sink.leftBytes += stated - MOST_PLAIN_BYTES
  const plain = Buffer.alloc(Math.min(stated, MOST_PLAIN_BYTES))
  const filled = decodeXpressStream(given.subarray(PACKED_HEAD_BYTES), plain)
  if (filled < plain.length) sink.spoiled(PACKED_HEAD_BYTES)
  return plain.subarray(0, filled)
}

function readProgram(
  bytes: Buffer,
  { timesAt, times, runsAt }: (typeof VERSIONS)[number],
  sink: RecordCollector,
): void {
  const name = wideText(bytes.subarray(16, 76))
  const names = namesIn(bytes, sink)
  // The paths are in capitals and in the system's own form. One is the path of the program, with the full name; the
  // header may cut the name.
  const own = `\\${name.toUpperCase()}`
  const isOwn = (one: string) => (name.length < MOST_NAME ? one.endsWith(own) : one.includes(own))
  const path = names.find(isOwn) ?? name
  const isShort = times > 1 && bytes.readUInt32LE(84) === SHORT_FORM
  const at = isShort ? SHORT_RUNS_AT : runsAt
  const runs = at + 4 <= bytes.length ? bytes.readUInt32LE(at) : 0
  for (let i = 0; i < times && timesAt + 8 * i + 8 <= bytes.length; i++) {
    const when = fileTime(bytes.readBigUInt64LE(timesAt + 8 * i))
    if (when === null && i > 0) continue
    const count = i === 0 && runs > 0 ? runs : null
    const params = { path, source: 'prefetch', ...(count !== null && { times: count }) }
    sink.add({ what: { code: 'program-run', params }, times: count, when })
  }
  for (const opened of new Set(names.filter((one) => MEDIA_ENDINGS.has(endingOf(one)))))
    sink.add({ what: { code: 'file-opened', params: { list: 'prefetch', path: opened, app: name } } })
}

/** Consecutive texts; a zero ends each. */
function namesIn(bytes: Buffer, sink: RecordCollector): readonly string[] {
  const [from, length] = [bytes.readUInt32LE(100), bytes.readUInt32LE(104)]
  if (from > bytes.length || from + length > bytes.length) sink.spoiled(100)
  const names = bytes.toString('utf16le', from, Math.min(bytes.length, from + (length & ~1))).split('\0')
  sink.leave(Math.max(0, names.length - MOST_NAMES))
  return names.slice(0, MOST_NAMES).filter((one) => one !== '')
}

function wideText(bytes: Buffer): string {
  return bytes.toString('utf16le').split('\0', 1)[0]!
}
