/**
 * Apple's disk images (UDIF, `.dmg`): stored, and compressed by zlib, bzip2, LZFSE or ADC. The trailer at the end names the tables.
 * Checksums of partitions (CRC-32) are not compared (docs/evidence/images.md); zlib and bzip2 have their own.
 *
 * @see QEMU, block/dmg.c; libdmg-hfsplus, dmg/udif.c; J. Levin, "Demystifying the DMG File Format"
 */
import type { ContainerFormat, Damage, Medium, OpenImage, Segment } from '../../../../contracts/image.ts'
import { ImageRefused, plausibleSize } from '../../../../wire/image-refused.ts'
import { type BlockPlace, placedMedium, ZEROS } from '../../content/block-medium.ts'
import { inflatedOnce } from '../../content/inflate-block.ts'
import { cutOf, damageOf, lost } from '../../content/lacking.ts'
import { decodeLzfse } from '../../content/lzfse.ts'
import { readAt, u64be } from '../../content/read-at.ts'
import { Recent } from '../../content/recent.ts'
import { unbzip2 } from '../ewf/bzip2.ts'
import { decodeAdc } from './adc.ts'
import { RUN, type Run, runsOf, SECTOR_BYTES, TABLES_BYTES_AT_MOST } from './runs.ts'

const TRAILER = Buffer.from('koly')
const TRAILER_BYTES = 512
/** Of one compressed run in the disk; Apple's programs write 256 KiB to 1 MiB. */
const CODED_BYTES_AT_MOST = 16 << 20
const CACHE_BYTES = 8 << 20

const NAMES = new Map<number, string>([
  [RUN.adc, 'ADC'],
  [RUN.zlib, 'zlib'],
  [RUN.bzip2, 'bzip2'],
  [RUN.lzfse, 'LZFSE'],
])
const PLAIN: ReadonlySet<number> = new Set([RUN.zeros, RUN.stored, RUN.unused])

export const UDIF: ContainerFormat = {
  name: 'dmg',
  recognises: ([first]) => trailerOf(first.medium) !== null,
  open([segment]) {
    const { name, medium } = segment
    const trailer = trailerOf(medium)!
    refuseUnread(segment, trailer)
    const runs = runsOf(medium, {
      dataOffset: u64be(trailer, 24),
      list: { offset: u64be(trailer, 216), length: u64be(trailer, 224) },
      fork: { offset: u64be(trailer, 40), length: u64be(trailer, 48) },
    })
    const sizeBytes = plausibleSize(u64be(trailer, 492) * SECTOR_BYTES, 'dmg')
    if (runs === null || !areSound(runs, sizeBytes)) {
      throw new ImageRefused('header-damaged', `The tables of ${name} cannot be used.`, {
        segment: name,
        format: 'dmg',
      })
    }
    const kinds = new Set(runs.map(({ kind }) => kind))
    for (const kind of kinds)
      if (!PLAIN.has(kind) && !NAMES.has(kind))
        throw notBuilt(segment, kind === RUN.xz ? 'dmg with LZMA' : `dmg with runs of kind ${kind}`)
    return {
      format: 'dmg',
      medium: placedMedium(sizeBytes, blockAt(medium, runs, sizeBytes)),
      stated: statedOf(trailer, kinds),
      storedHashes: [],
      remarks: [],
      lacks: () => damageOf(sizeBytes, lacking(medium, runs, sizeBytes)),
      logical: null,
    }
  },
}

function trailerOf(medium: Medium): Buffer | null {
  const trailer = readAt(medium, medium.sizeBytes - TRAILER_BYTES, TRAILER_BYTES)
  return trailer.length === TRAILER_BYTES && TRAILER.equals(trailer.subarray(0, 4)) ? trailer : null
}

function refuseUnread(segment: Segment, trailer: Buffer): void {
  const segments = trailer.readUInt32BE(60)
  if (segments > 1) throw notBuilt(segment, `dmg in ${segments} parts`)
  const tableBytes = Math.max(u64be(trailer, 224), u64be(trailer, 48))
  if (tableBytes > TABLES_BYTES_AT_MOST) throw notBuilt(segment, `dmg with a table of ${tableBytes} bytes`)
}

const notBuilt = ({ name }: Segment, format: string) =>
  new ImageRefused('format-not-built', `${name} is a ${format}, which is not read.`, {
    segment: name,
    format,
  })

/** No two runs have a sector, none is behind the disk, and no compressed one is larger than a program writes. */
function areSound(runs: readonly Run[], sizeBytes: number): boolean {
  return runs.every(({ kind, start, length, storedBytes }, index) => {
    const end = start + length
    const fits = end <= (runs[index + 1]?.start ?? sizeBytes)
    const isCoded = !PLAIN.has(kind)
    return fits && !(isCoded && Math.max(length, storedBytes) > CODED_BYTES_AT_MOST)
  })
}

function statedOf(trailer: Buffer, kinds: ReadonlySet<number>): OpenImage['stated'] {
  const coded = [...kinds].flatMap((kind) => NAMES.get(kind) ?? [])
  return [
    { name: 'subformat', value: coded.length === 0 ? 'stored' : coded.sort().join(', ') },
    { name: 'set-identifier', value: trailer.toString('hex', 64, 80) },
  ]
}

/** @returns for an offset of the disk the run around it, or the gap between two runs, which the tables do not speak of */
function blockAt(file: Medium, runs: readonly Run[], sizeBytes: number) {
  const longest = runs.reduce(
    (most, { kind, length }) => (PLAIN.has(kind) ? most : Math.max(most, length)),
    1,
  )
  const decoded = new Recent<number, BlockPlace>(CACHE_BYTES / longest)
  return (offset: number): { start: number; length: number; place: BlockPlace } => {
    let [low, high] = [0, runs.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (runs[middle]!.start <= offset) low = middle + 1
      else high = middle
    }
    const run = runs[low - 1]
    const end = run === undefined ? 0 : run.start + run.length
    if (run === undefined || offset >= end) {
      const length = (runs[low]?.start ?? sizeBytes) - end
      return { start: end, length, place: { kind: 'damaged', cause: 'table' } }
    }
    const { start, length } = run
    return { start, length, place: placeOf(file, run, decoded, low - 1) }
  }
}

function placeOf(file: Medium, run: Run, decoded: Recent<number, BlockPlace>, index: number): BlockPlace {
  if (run.kind === RUN.zeros || run.kind === RUN.unused) return ZEROS
  if (isShort(run)) return { kind: 'damaged', cause: 'table' }
  if (run.kind === RUN.stored) return { kind: 'stored', medium: file, offset: run.offset }
  return decoded.get(index, () => decodedRun(file, run))
}

/** A stored run with fewer bytes in the file than in the disk: those that follow in the file belong to other runs. */
const isShort = ({ kind, length, storedBytes }: Run) => kind === RUN.stored && storedBytes < length

function decodedRun(file: Medium, { kind, offset, storedBytes, length }: Run): BlockPlace {
  const stored = readAt(file, offset, storedBytes)
  if (stored.length < storedBytes) return { kind: 'damaged', cause: 'cut' }
  if (kind === RUN.zlib) return inflatedOnce('zlib', stored, length, length)
  if (kind === RUN.bzip2) {
    const bytes = unbzip2(stored, length)
    if (typeof bytes === 'string') return { kind: 'damaged', cause: bytes }
    return bytes.length === length ? { kind: 'decoded', bytes } : { kind: 'damaged', cause: 'inflate' }
  }
  const bytes = Buffer.alloc(length)
  const held = kind === RUN.adc ? decodeAdc(stored, bytes) : decodeLzfse(stored, bytes)
  return held === length ? { kind: 'decoded', bytes } : { kind: 'damaged', cause: 'inflate' }
}

/** Of runs behind the end of the file, of stored runs that are too short, and of gaps between runs. */
function* lacking(file: Medium, runs: readonly Run[], sizeBytes: number): Iterable<Damage> {
  let end = 0
  for (const run of runs) {
    const { kind, start, length, offset, storedBytes } = run
    if (start > end) yield lost(end, start - end, 'table')
    end = start + length
    if (isShort(run)) {
      yield lost(start, length, 'table')
      continue
    }
    const coded = !PLAIN.has(kind)
    if (!coded && kind !== RUN.stored) continue
    const cut = cutOf(file, { offset, length: storedBytes, coded }, start, length)
    if (cut) yield cut
  }
  if (end < sizeBytes) yield lost(end, sizeBytes - end, 'table')
}
