/**
 * The file list of a logical EWF image (L01, Lx01): text, depth first. A line with the count of children precedes
 * each entry.
 *
 * @see libewf, documentation/Expert Witness Compression Format (EWF).asciidoc, "Ltree section"
 */
import type { ContentPlace, DataRun } from '../../../../contracts/content-place.ts'
import type { ByteRange, FileSystem, Medium, VolumeEntry } from '../../../../contracts/image.ts'
import { nameOfUtf16 } from '../../filesystem/common/utf16-name.ts'
import { type Listing, logicalFileSystem, timesInUtc } from '../common/logical-file-system.ts'
import { cellsOf, linesOf } from './lines.ts'

const DEPTH_AT_MOST = 1000
const EXTENTS_AT_MOST = 65_536
/** Limit for the lines before the file list: categories of records, permissions, sources and subjects. */
const LINES_BEFORE_AT_MOST = 1_000_000
const FLAG = { deleted: 0x80, stream: 0x2000, folder: 0x0200_0000, sparse: 0x0400_0000, link: 0x10 } as const
/** EnCase writes this dot instead of NTFS's colon before a stream name. */
const MIDDLE_DOT = '\u00b7'
const NO_DIGEST = /^0*$/

/** @returns total bytes of all contents, as the first category states; null when it states none */
export function logicalBytes(medium: Medium, text: ByteRange): number | null {
  let line = 0
  let columns: string[] = []
  for (const bytes of linesOf(medium, text)) {
    if (line === 2) columns = cellsOf(bytes).map(textOf)
    if (line === 3) {
      const total = columns.indexOf('tb')
      const value = total < 0 ? '' : textOf(cellsOf(bytes)[total] ?? Buffer.alloc(0))
      return /^\d{1,15}$/.test(value) ? Number(value) : null
    }
    line++
  }
  return null
}

/**
 * @param list range of the text, without its header
 * @param media the contents; all offsets refer to it
 */
export function ltreeFileSystem(segment: Medium, list: ByteRange, media: Medium): FileSystem {
  return logicalFileSystem('ewf-logical', '', '', [], media.sizeBytes, (listing) =>
    entriesOf(segment, list, media, listing),
  )
}

function* entriesOf(
  segment: Medium,
  list: ByteRange,
  media: Medium,
  listing: Listing,
): IterableIterator<VolumeEntry> {
  const lines = linesOf(segment, list)
  const columns = columnsBefore(lines)
  if (!columns) {
    listing.problem('list-damaged', null, 'no category of entries')
    return
  }
  const open: { readonly path: readonly Buffer[]; left: number }[] = []
  for (let number = 0; ; number++) {
    const counts = lines.next().value
    // An empty line ends the category.
    if (!counts || counts.length === 0) break
    const values = lines.next().value
    if (!values) {
      listing.problem('list-damaged', number, 'an entry without its line')
      break
    }
    const children = Number(textOf(counts).split('\t')[1] ?? 0)
    const row = rowOf(columns, values)
    while (open.length > 0 && open[open.length - 1]!.left <= 0) open.pop()
    const parent = open[open.length - 1]
    if (parent) parent.left--
    // The first entry is the root of the list, not a file.
    const path = number === 0 ? [] : [...(parent?.path ?? []), nameOf(row).bytes]
    if (number > 0) yield entryOf(row, path, number, media, listing)
    if (!Number.isSafeInteger(children) || children <= 0) continue
    if (open.length < DEPTH_AT_MOST) open.push({ path, left: children })
    else listing.problem('too-deep', number, '')
  }
}

type Row = ReadonlyMap<string, Buffer>

const textOf = (units: Buffer): string => units.toString('utf16le')
const cell = (row: Row, column: string): string => textOf(row.get(column) ?? Buffer.alloc(0))

function columnsBefore(lines: IterableIterator<Buffer>): readonly string[] | null {
  for (let line = 0; line < LINES_BEFORE_AT_MOST; line++) {
    const bytes = lines.next().value
    if (!bytes) return null
    if (textOf(bytes) !== 'entry') continue
    lines.next()
    const columns = lines.next().value
    return columns ? cellsOf(columns).map(textOf) : null
  }
  return null
}

function rowOf(columns: readonly string[], line: Buffer): Row {
  const cells = cellsOf(line)
  return new Map(columns.map((column, index) => [column, cells[index] ?? Buffer.alloc(0)]))
}

const nameOf = (row: Row) => nameOfUtf16(row.get('n') ?? Buffer.alloc(0))

function entryOf(
  row: Row,
  path: readonly Buffer[],
  number: number,
  media: Medium,
  listing: Listing,
): VolumeEntry {
  const flags = number32(cell(row, 'opr'))
  const folder = cell(row, 'p') === '1' || (flags & FLAG.folder) !== 0
  const sizeBytes = folder ? 0 : (decimal(cell(row, 'ls')) ?? 0)
  const place: ContentPlace = folder
    ? { kind: 'none', reason: 'directory', detail: '' }
    : placeOf(row, flags, sizeBytes, media, listing)
  const notes: string[] = []
  if (nameOf(row).altered) notes.push('name-altered')
  const stream = flags & FLAG.stream ? streamOf(path) : null
  if (place.kind === 'runs' && cell(row, 'du') === '') {
    listing.held(place.runs.reduce((sum, run) => sum + (run.offset === null ? 0 : run.length), 0))
  }
  return {
    path: stream ? [...path.slice(0, -1), stream.file] : path,
    stream: stream?.name ?? null,
    kind: folder ? 'directory' : flags & FLAG.link ? 'symlink' : 'file',
    status: flags & FLAG.deleted ? 'deleted' : 'live',
    basis: null,
    record: decimal(cell(row, 'id')) ?? number,
    sequence: null,
    links: null,
    sizeBytes,
    allocatedBytes: null,
    times: timesInUtc(
      {
        modifiedNs: seconds(cell(row, 'wr')),
        changedNs: seconds(cell(row, 'mo')),
        accessedNs: seconds(cell(row, 'ac')),
        bornNs: seconds(cell(row, 'cr')),
      },
      's',
    ),
    nameTimes: null,
    mode: null,
    uid: null,
    gid: null,
    linkTarget: null,
    place,
    notes,
    statedHashes: [
      { algorithm: 'md5' as const, hex: cell(row, 'ha').toLowerCase(), digits: 32 },
      { algorithm: 'sha1' as const, hex: cell(row, 'sha').toLowerCase(), digits: 40 },
    ]
      .filter(({ hex, digits }) => hex.length === digits && /^[0-9a-f]+$/.test(hex) && !NO_DIGEST.test(hex))
      .map(({ algorithm, hex }) => ({ algorithm, hex })),
  }
}

/** `name·stream`: the middle dot is also an ordinary character, so the flag decides, and the first dot separates. */
function streamOf(path: readonly Buffer[]): { readonly file: Buffer; readonly name: Buffer } | null {
  const last = path[path.length - 1]
  const dot = last?.indexOf(MIDDLE_DOT) ?? -1
  if (!last || dot <= 0) return null
  return { file: last.subarray(0, dot), name: last.subarray(dot + Buffer.byteLength(MIDDLE_DOT)) }
}

function placeOf(row: Row, flags: number, sizeBytes: number, media: Medium, listing: Listing): ContentPlace {
  const runs = (list: readonly DataRun[]): ContentPlace => ({
    kind: 'runs',
    runs: list,
    validBytes: sizeBytes,
  })
  if (sizeBytes === 0) return runs([])
  const duplicate = decimal(cell(row, 'du'))
  if (duplicate !== null) return runs([{ offset: duplicate, length: sizeBytes }])
  const extents = extentsOf(cell(row, 'be'))
  if (!extents || extents.length === 0) return { kind: 'none', reason: 'not-recorded', detail: 'no extents' }
  if (flags & FLAG.sparse && extents[0]!.length === 1 && sizeBytes > 1) {
    const filler = Buffer.alloc(1)
    media.readInto(filler, extents[0]!.offset ?? 0)
    if (filler[0] === 0) return runs([{ offset: null, length: sizeBytes }])
    listing.problem('sparse-filler', null, String(filler[0]))
    return { kind: 'none', reason: 'not-built', detail: 'one byte repeated' }
  }
  return runs(extents)
}

/** `count [S] offset size …`, in hexadecimal. */
function extentsOf(text: string): DataRun[] | null {
  const words = text.split(' ').filter((word) => word !== '')
  const count = Number.parseInt(words.shift() ?? '', 16)
  if (!Number.isSafeInteger(count) || count > EXTENTS_AT_MOST) return null
  const runs: DataRun[] = []
  while (runs.length < count && words.length > 0) {
    const hole = words[0]!.toUpperCase() === 'S' && words.shift() !== undefined
    const [offset, length] = [words.shift() ?? '', words.shift() ?? '']
    if (!/^[0-9a-f]{1,13}$/i.test(offset) || !/^[0-9a-f]{1,13}$/i.test(length)) return null
    runs.push({ offset: hole ? null : Number.parseInt(offset, 16), length: Number.parseInt(length, 16) })
  }
  return runs
}

const decimal = (text: string): number | null => (/^\d{1,15}$/.test(text) ? Number(text) : null)
const number32 = (text: string): number => (decimal(text) ?? 0) | 0

/** Seconds since 1970; 0 and an empty text are not times. */
function seconds(text: string): bigint | null {
  return /^-?\d{1,12}$/.test(text) && text !== '0' ? BigInt(text) * 1_000_000_000n : null
}
