/** ZIP and everything built on it, through its central directory (yauzl checks local headers and sizes). */
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { fromRandomAccessReader, RandomAccessReader, type Entry as ZipEntry, type ZipFile } from 'yauzl'
import type { FileTime } from '../../contracts/entry.ts'
import { notDone } from '../../contracts/stage.ts'
import { detailOf } from '../said.ts'
import { type ByteSource, piecesOf } from './byte-source.ts'
import {
  type Budget,
  ContainerDamaged,
  charged,
  type Member,
  type MemberContent,
  type Opener,
} from './container.ts'

export const zip: Opener = {
  id: 'zip',
  mediaTypes: [
    'application/zip',
    'application/java-archive',
    'application/vnd.android.package-archive',
    'application/epub+zip',
    'application/x-xpinstall',
    'application/vnd.google-earth.kmz',
    'application/x-ios-app',
  ],
  members: (source, budget) => zipMembers(source, budget, 'member'),
}

/** Parts of an office document that are its own markup: text-read reads them, nobody looks at them as files. */
const MARKUP = /(\.xml|\.rels|\.rdf|^mimetype)$/i

/** OOXML and ODF: embedded pictures, objects and fonts; the markup is the document itself, not something inside it. */
export const officeZip: Opener = {
  id: 'office-zip',
  mediaTypes: [
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    'application/vnd.openxmlformats-officedocument.presentationml.presentation',
    'application/vnd.oasis.opendocument.text',
    'application/vnd.oasis.opendocument.spreadsheet',
    'application/vnd.oasis.opendocument.presentation',
  ],
  async *members(source, budget) {
    for await (const member of zipMembers(source, budget, 'embedded'))
      if (member.entryKind === 'file' && !MARKUP.test(member.name.toString('latin1'))) yield member
  },
}

const OPTIONS = {
  lazyEntries: true,
  decodeStrings: false,
  validateEntrySizes: true,
  autoClose: false,
} as const

async function* zipMembers(
  source: ByteSource,
  budget: Budget,
  kind: 'member' | 'embedded',
): AsyncIterable<Member> {
  const file = await opened(source)
  for (;;) {
    const entry = await nextEntry(file)
    if (entry === null) return
    budget.entry()
    yield memberOf(file, entry, budget, kind)
  }
}

/** yauzl reads where it likes; a source is read where it lies. */
class SourceReader extends RandomAccessReader {
  readonly #source: ByteSource

  constructor(source: ByteSource) {
    super()
    this.#source = source
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(piecesOf(this.#source, start, end), { objectMode: false })
  }
}

async function opened(source: ByteSource): Promise<ZipFile> {
  const open = promisify<SourceReader, number, object, ZipFile>(fromRandomAccessReader as never)
  try {
    return await open(new SourceReader(source), source.sizeBytes, OPTIONS)
  } catch (cause) {
    throw new ContainerDamaged(detailOf(cause), { cause })
  }
}

function nextEntry(file: ZipFile): Promise<ZipEntry | null> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      file.removeAllListeners()
      act()
    }
    file.once('entry', (entry) => settle(() => resolve(entry)))
    file.once('end', () => settle(() => resolve(null)))
    file.once('error', (cause) => settle(() => reject(new ContainerDamaged(detailOf(cause), { cause }))))
    file.readEntry()
  })
}

// Upper 16 bits of the external attributes hold the Unix mode when the archive was made on Unix (APPNOTE 4.4.2, host 3).
const UNIX = 3
const S_IFMT = 0xf000
const S_IFLNK = 0xa000

function memberOf(file: ZipFile, entry: ZipEntry, budget: Budget, kind: Member['kind']): Member {
  const name = entry.fileName as unknown as Buffer
  const mode = entry.versionMadeBy >> 8 === UNIX ? (entry.externalFileAttributes >>> 16) & S_IFMT : 0
  const entryKind = name.at(-1) === 0x2f ? 'directory' : mode === S_IFLNK ? 'symlink' : 'file'
  return {
    kind,
    name,
    entryKind,
    sizeBytes: BigInt(entry.uncompressedSize),
    modified: dosTime(entry),
    linkTarget: null,
    read: entryKind === 'directory' ? null : () => contentOf(file, entry, budget),
  }
}

async function contentOf(file: ZipFile, entry: ZipEntry, budget: Budget): Promise<MemberContent> {
  if (entry.generalPurposeBitFlag & 1) return notDone('encrypted-member')
  budget.expect(entry.uncompressedSize)
  try {
    const open = promisify(
      file.openReadStream.bind(file) as (
        e: ZipEntry,
        cb: (err: Error | null, s: NodeJS.ReadableStream) => void,
      ) => void,
    )
    return charged((await open(entry)) as unknown as AsyncIterable<Buffer>, budget)
  } catch (error) {
    return notDone('decode-failed', detailOf(error))
  }
}

/** MS-DOS time: two-second resolution, no zone (APPNOTE 4.4.6). */
function dosTime(entry: ZipEntry): FileTime | null {
  const { lastModFileDate: date, lastModFileTime: time } = entry
  if (date === 0) return null
  const ms = Date.UTC(
    (date >> 9) + 1980,
    ((date >> 5) & 15) - 1,
    date & 31,
    time >> 11,
    (time >> 5) & 63,
    (time & 31) * 2,
  )
  return { ns: BigInt(ms) * 1_000_000n, source: 'archive', resolution: '2s', zone: 'local-unknown' }
}
