/** Extractor for TAR in all its dialects, through tar-stream. */
import { Readable } from 'node:stream'
import { type Extract, type Header, extract as newExtract } from 'tar-stream'
import type { EntryKind } from '../../contracts/entry.ts'
import { notDone } from '../../contracts/stage.ts'
import { piecesOf } from '../bytes/byte-source.ts'
import { detailOf } from '../bytes/coded-error.ts'
import {
  type Budget,
  ContainerDamaged,
  charged,
  type Extractor,
  LimitReached,
  type Member,
  messageOf,
} from './common/container.ts'

const KINDS: Readonly<Record<string, EntryKind>> = {
  file: 'file',
  'contiguous-file': 'file',
  link: 'symlink',
  symlink: 'symlink',
  directory: 'directory',
  'character-device': 'character-device',
  'block-device': 'block-device',
  fifo: 'fifo',
}

export const tar: Extractor = {
  id: 'tar',
  mediaTypes: ['application/x-tar'],
  members: (source, budget) => tarMembers(piecesOf(source), budget),
  streamed: tarMembers,
}

async function* tarMembers(
  pieces: Iterable<Buffer> | AsyncIterable<Buffer>,
  budget: Budget,
): AsyncGenerator<Member> {
  // latin1 keeps every byte of a name (one character a byte); memberOf() converts it back to bytes. An unknown format
  // is the format of 1979, which has no magic number. The checksum of each header is still required.
  const stream = (newExtract as (options: ExtractOptions) => Extract)({
    filenameEncoding: 'latin1',
    allowUnknownFormat: true,
  })
  Readable.from(pieces)
    .on('error', (error) => stream.destroy(error))
    .pipe(stream)
  try {
    for await (const entry of stream) {
      budget.entry()
      yield memberOf(entry.header, () =>
        charged(untilBroken(entry as unknown as AsyncIterable<Buffer>), budget),
      )
      entry.resume()
    }
  } catch (error) {
    if (error instanceof LimitReached) throw error
    throw new ContainerDamaged(detailOf(error), { cause: error })
  } finally {
    stream.destroy()
  }
}

/** Options that the types of tar-stream omit. */
interface ExtractOptions {
  readonly filenameEncoding: BufferEncoding
  readonly allowUnknownFormat: boolean
}

/** The error of a stream that was closed from outside has no further detail. */
async function* untilBroken(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* content
  } catch (error) {
    if (/destroyed|premature close/i.test(messageOf(error)))
      throw new ContainerDamaged({ code: 'archive-ends-inside', params: {} }, { cause: error })
    throw error
  }
}

function memberOf(header: Header, content: () => AsyncIterable<Buffer>): Member {
  const entryKind = KINDS[header.type ?? 'file'] ?? 'unknown'
  const modified = header.mtime ? BigInt(header.mtime.getTime()) * 1_000_000n : null
  return {
    kind: 'member',
    // A PAX header stores names in UTF-8, every older header in bytes.
    name: Buffer.from(header.name, pax(header).path ? 'utf8' : 'latin1'),
    entryKind,
    sizeBytes: BigInt(header.size ?? 0),
    modified: modified === null ? null : { ns: modified, source: 'archive', resolution: 's', zone: 'utc' },
    linkTarget: header.linkname
      ? Buffer.from(header.linkname, pax(header).linkpath ? 'utf8' : 'latin1')
      : null,
    read:
      entryKind === 'file' ? async () => (isPart(header) ? notDone('unsupported-format') : content()) : null,
  }
}

/**
 * A file with holes: what is stored lacks them, and may begin with a map of them. Or, of a letter that tar-stream does not
 * know, perhaps such a file or a piece of one (S and M of GNU). A digest of these bytes would be that of no file.
 * @see GNU tar manual, "Storing Sparse Files", "Standard": "Extensions to tar"
 */
function isPart({ type, name, size, pax }: Header): boolean {
  if (Object.keys(pax ?? {}).some((key) => key.startsWith('GNU.sparse.'))) return true
  return type === null && (size ?? 0) > 0 && !name.endsWith('/')
}

function pax(header: Header): { path?: string; linkpath?: string } {
  return header.pax ?? {}
}
