/** Extractor for ZIP and formats based on it, through the central directory (yauzl checks local headers and sizes). */
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { fromRandomAccessReader, RandomAccessReader, type Entry as ZipEntry, type ZipFile } from 'yauzl'

import { notDone } from '../../contracts/stage.ts'
import { type ByteSource, piecesOf, sliceOf } from '../bytes/byte-source.ts'
import { detailOf } from '../bytes/coded-error.ts'
import {
  Budget,
  ContainerDamaged,
  charged,
  type Extractor,
  type Member,
  type MemberContent,
  NO_COMPANIONS,
} from './common/container.ts'
import { checkedSum, checkedWhole, inflated } from './common/inflate.ts'
import { type Keys, NO_KEYS } from './common/keys.ts'
import { partsOf } from './embedded/behind.ts'
import { sevenZip } from './seven-zip.ts'
import { encryptedContent } from './zip-encrypted.ts'
import { endOfZip } from './zip-end.ts'
import { Fields } from './zip-fields.ts'
import { ListedRanges } from './zip-gaps.ts'
import { dosTime, localMembers } from './zip-local.ts'

export const zip: Extractor = {
  id: 'zip',
  mediaTypes: [
    'application/zip',
    'application/java-archive',
    'application/vnd.android.package-archive',
    'application/epub+zip',
    'application/x-xpinstall',
    'application/vnd.google-earth.kmz',
    'application/x-ios-app',
    'model/3mf',
  ],
  members: (source, budget, _beside, _type, passwords) => zipMembers(source, budget, 'member', passwords),
}

const OPTIONS = {
  lazyEntries: true,
  decodeStrings: false,
  validateEntrySizes: true,
  autoClose: false,
} as const

export async function* zipMembers(
  source: ByteSource,
  budget: Budget,
  kind: 'member' | 'embedded',
  passwords: Keys = NO_KEYS,
): AsyncIterable<Member> {
  const seen = new Set<number>()
  let members = 0
  try {
    const { file, archive } = await openedUpToItsEnd(source)
    const others = otherMethods(archive, passwords)
    // The first entry is read there; the types of yauzl call it a boolean.
    const directoryAt = Number(file.readEntryCursor)
    const listed = new ListedRanges()
    const fields = new Fields(archive)
    for (;;) {
      const entry = await nextEntry(file)
      if (entry === null) break
      budget.entry()
      seen.add(entry.relativeOffsetOfLocalHeader)
      listed.add(entry)
      fields.add(entry)
      const from = { file, archive, passwords, other: others(members++) }
      yield memberOf(entry, budget, kind, from)
    }
    yield* partsOf(source, 0, listed.first(directoryAt), 'before', budget)
    for (const { from, to } of listed.gaps(archive, directoryAt))
      yield* partsOf(source, from, to, 'between', budget)
    yield* fields.members(Number(file.readEntryCursor), file.comment.length, budget)
    yield* partsOf(source, archive.sizeBytes, source.sizeBytes, 'behind', budget)
  } catch (error) {
    if (!(error instanceof ContainerDamaged)) throw error
    for (const member of localMembers(source, budget, kind, seen)) {
      members++
      yield member
    }
    if (members === 0) throw error
    throw new ContainerDamaged({ code: 'directory-gone', params: { members } }, { cause: error })
  }
}

/**
 * 7-Zip unpacks members whose compression method zlib does not support. It lists members in the order of the
 * directory.
 */
function otherMethods(source: ByteSource, passwords: Keys): (index: number) => () => Promise<MemberContent> {
  let listing: Promise<readonly Member[]> | null = null
  return (index) => async () => {
    listing ??= all(sevenZip.members(source, UNBOUNDED, NO_COMPANIONS, undefined, passwords))
    const member = (await listing)[index]
    return member?.read ? await member.read() : notDone('unsupported-format')
  }
}

async function all(members: AsyncIterable<Member>): Promise<readonly Member[]> {
  const found: Member[] = []
  for await (const member of members) found.push(member)
  return found
}

const MOST = Number.MAX_SAFE_INTEGER
/** This extractor already counted the archive; it charges the bytes when it yields a member. */
const UNBOUNDED = new Budget({ entries: MOST, bytes: MOST, ratio: MOST }, MOST)

/** Adapter: yauzl reads at any offset; the source provides the bytes. */
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

/** When other data follows the archive, opens only the archive. */
async function openedUpToItsEnd(source: ByteSource): Promise<{ file: ZipFile; archive: ByteSource }> {
  try {
    return { file: await opened(source), archive: source }
  } catch (error) {
    const end = error instanceof ContainerDamaged ? endOfZip(source) : null
    if (end === null) throw error
    const archive = sliceOf(source, 0, end)
    return { file: await opened(archive), archive }
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

interface From {
  readonly file: ZipFile
  readonly archive: ByteSource
  readonly passwords: Keys
  /** The same member by 7-Zip. */
  readonly other: () => Promise<MemberContent>
}

function memberOf(entry: ZipEntry, budget: Budget, kind: Member['kind'], from: From): Member {
  const name = entry.fileName as unknown as Buffer
  const mode = entry.versionMadeBy >> 8 === UNIX ? (entry.externalFileAttributes >>> 16) & S_IFMT : 0
  // A name that ends as one of a folder hides no bytes.
  const isFolder = name.at(-1) === 0x2f && entry.uncompressedSize === 0
  const entryKind = isFolder ? 'directory' : mode === S_IFLNK ? 'symlink' : 'file'
  return {
    kind,
    name,
    entryKind,
    sizeBytes: BigInt(entry.uncompressedSize),
    modified: dosTime(entry.lastModFileDate, entry.lastModFileTime),
    linkTarget: null,
    read: entryKind === 'directory' ? null : () => contentOf(entry, budget, from),
  }
}

const [STORED, DEFLATED] = [0, 8]

/** Bit of the general purpose flag (APPNOTE 4.4.4). */
const ENCRYPTED = 1

async function contentOf(entry: ZipEntry, budget: Budget, from: From): Promise<MemberContent> {
  const { file, other } = from
  if (entry.generalPurposeBitFlag & ENCRYPTED) return encryptedContent(entry, from, budget)
  budget.expect(entry.uncompressedSize)
  const { compressionMethod: method, crc32: crc, uncompressedSize: bytes } = entry
  if (method !== STORED && method !== DEFLATED) return checkedWhole(await other(), { crc, bytes }, budget)
  const packed = () => packedPieces(file, entry)
  const pieces = method === STORED ? packed() : inflated('raw', packed(), packed)
  return charged(checkedSum(pieces, { crc, bytes }), budget)
}

async function* packedPieces(file: ZipFile, entry: ZipEntry): AsyncGenerator<Buffer> {
  const open = promisify(
    file.openReadStream.bind(file) as (
      e: ZipEntry,
      options: object,
      cb: (err: Error | null, s: NodeJS.ReadableStream) => void,
    ) => void,
  )
  const options = entry.compressionMethod === STORED ? {} : { decompress: false }
  yield* (await open(entry, options)) as unknown as AsyncIterable<Buffer>
}
