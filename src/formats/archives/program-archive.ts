/** Finds the archive of a self-extracting program or an installer behind the program code. */

import { HEAD_BYTES } from '../../media-types/sample.ts'
import { type ByteSource, sliceOf } from '../bytes/byte-source.ts'
import { overlayOf } from '../signatures/program-overlay.ts'
import {
  type Budget,
  ContainerDamaged,
  ContainerNotBuilt,
  type Extractor,
  type Member,
} from './common/container.ts'
import { sevenZip } from './seven-zip.ts'

export interface Appended {
  /** Only the archive; for embedded data the whole content. */
  readonly source: ByteSource
  /** Offset of the first member in the whole content. */
  readonly startsAt: number
  readonly endsAt: number
  readonly members: Extractor['members']
  /** Absent: the data is an archive. */
  readonly isArchive?: false
}

/** Setup programs write settings before the archive; no known program needs more space. */
const SEARCHED_BYTES = 1 << 20

/** Signatures, and the distance of each from the start of the data that it marks. */
const MARKS: readonly (readonly [mark: Buffer, offset: number, members: Extractor['members']])[] = [
  [Buffer.from('7z\xbc\xaf\x27\x1c', 'latin1'), 0, sevenZip.members],
  [Buffer.from('Rar!\x1a\x07', 'latin1'), 0, sevenZip.members],
  [Buffer.from('MSCF\0\0\0\0', 'latin1'), 0, sevenZip.members],
  // NSIS, Source/exehead/fileform.h: in `firstheader`, flags precede the two magic values.
  [Buffer.from('\xef\xbe\xad\xdeNullsoftInst', 'latin1'), 4, installer],
  // Inno Setup: signatures of its data blocks.
  [Buffer.from('zlb\x1a', 'latin1'), 0, notBuilt],
  [Buffer.from('idska32\x1a', 'latin1'), 0, notBuilt],
  [Buffer.from('ISSetupStream', 'latin1'), 0, notBuilt],
]

/** @returns null when no data follows the program, or no data with a known archive signature */
export function programArchive(whole: ByteSource): Appended | null {
  const overlay = overlayOf(whole.read(0, HEAD_BYTES), whole.sizeBytes)
  if (overlay === null) return null
  const { start, end } = overlay
  const bytes = whole.read(start, Math.min(SEARCHED_BYTES, end - start))
  const found = MARKS.map(([mark, offset, members]) => ({ at: bytes.indexOf(mark) - offset, members }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at)[0]
  if (!found) return null
  const startsAt = start + found.at
  return { startsAt, endsAt: end, members: found.members, source: sliceOf(whole, startsAt, end) }
}

/**
 * 7-Zip supports most versions of NSIS. In other versions it finds no member; that does not prove the installer is
 * empty.
 */
async function* installer(source: ByteSource, budget: Budget): AsyncGenerator<Member> {
  let members = 0
  try {
    for await (const member of sevenZip.members(source, budget)) {
      members++
      yield member
    }
  } catch (error) {
    if (members === 0 && error instanceof ContainerDamaged) throw new ContainerNotBuilt(error.detail)
    throw error
  }
}

// biome-ignore lint/correctness/useYield: it has none to give
async function* notBuilt(): AsyncGenerator<Member> {
  throw new ContainerNotBuilt({ code: 'not-unpacked', params: {} })
}
