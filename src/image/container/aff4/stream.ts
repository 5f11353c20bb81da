/** A stream of an AFF4 image: chunks in bevies, each with an index, and where they were made with a digest of each chunk. */
import { createHash } from 'node:crypto'
import { inflateRawSync, inflateSync } from 'node:zlib'
import type { Medium } from '../../../contracts/image.ts'
import { type BlockPlace, blockMedium } from '../../content/block-medium.ts'
import { PagedTable } from '../../content/paged-table.ts'
import { readAt, u64 } from '../../content/read-at.ts'
import { Recent } from '../../content/recent.ts'
import { ImageRefused, plausibleSize } from '../image-refused.ts'
import { unlz4, unsnappy } from './decompress.ts'
import type { Said } from './turtle.ts'
import type { Aff4Members } from './volume.ts'

const CHUNK_BYTES_AT_MOST = 1 << 26
const INDEX_ENTRY_BYTES = 12
const BEVIES_KEPT = 16
const CACHE_BYTES = 8 << 20
const DIGESTS = [
  { name: 'sha1', bytes: 20 },
  { name: 'md5', bytes: 16 },
  { name: 'sha256', bytes: 32 },
] as const

type Decode = (stored: Buffer, chunkBytes: number) => Buffer | null

const DECODERS: Readonly<Record<string, Decode>> = {
  'http://code.google.com/p/snappy/': unsnappy,
  'https://github.com/google/snappy': unsnappy,
  'https://code.google.com/p/lz4/': unlz4,
  'https://github.com/lz4/lz4': unlz4,
  'https://www.ietf.org/rfc/rfc1950.txt': (stored, chunkBytes) =>
    inflateSync(stored, { maxOutputLength: chunkBytes }),
  'https://tools.ietf.org/html/rfc1951': (stored, chunkBytes) =>
    inflateRawSync(stored, { maxOutputLength: chunkBytes }),
  'aff4:NullCompressor': (stored) => stored,
}

interface Bevy {
  readonly data: Medium
  readonly index: PagedTable
  readonly digests: { readonly name: string; readonly table: PagedTable } | null
}

/** @throws ImageRefused when its compression is not read or its chunks have no plausible size */
export function aff4Stream(
  urn: string,
  said: ReadonlyMap<string, readonly Said[]>,
  members: Aff4Members,
): Medium {
  const number = (name: string): number => Number(said.get(`aff4:${name}`)?.[0]?.value ?? Number.NaN)
  const chunkBytes = number('chunkSize')
  const chunksInBevy = number('chunksInSegment')
  const method = said.get('aff4:compressionMethod')?.[0]?.value ?? 'aff4:NullCompressor'
  const decode = Object.hasOwn(DECODERS, method) ? DECODERS[method] : undefined
  if (!decode) {
    throw new ImageRefused(
      'format-not-built',
      `A stream of the image is compressed with ${method}, which is not read.`,
      {
        format: `aff4 ${method}`,
      },
    )
  }
  const plausible = Number.isSafeInteger(chunkBytes) && chunkBytes > 0 && chunkBytes <= CHUNK_BYTES_AT_MOST
  if (!plausible || !Number.isSafeInteger(chunksInBevy) || chunksInBevy <= 0) {
    throw new ImageRefused('header-damaged', 'A stream of the image does not say how large its chunks are.', {
      format: 'aff4',
    })
  }
  const bevies = new Recent<number, Bevy | 'cut'>(BEVIES_KEPT)
  const chunks = new Recent<number, BlockPlace>(CACHE_BYTES / chunkBytes)

  return blockMedium(plausibleSize(number('size'), 'aff4'), chunkBytes, (chunk, length) =>
    chunks.get(chunk, () => {
      const bevyNumber = Math.floor(chunk / chunksInBevy)
      const bevy = bevies.get(bevyNumber, () => bevyOf(urn, bevyNumber, chunksInBevy, members))
      if (bevy === 'cut') return { kind: 'damaged', cause: 'cut' }
      return chunkIn(bevy, chunk % chunksInBevy, length, chunkBytes, decode)
    }),
  )
}

function bevyOf(urn: string, number: number, chunks: number, members: Aff4Members): Bevy | 'cut' {
  const name = String(number).padStart(8, '0')
  const data = members.of(urn, name)
  const index = members.of(urn, `${name}.index`) ?? members.of(urn, `${name}/index`)
  if (!data || !index) return 'cut'
  let digests: Bevy['digests'] = null
  for (const { name: algorithm, bytes } of DIGESTS) {
    const member: Medium | null = digests ? null : members.of(urn, `${name}.blockHash.${algorithm}`)
    if (member) digests = { name: algorithm, table: new PagedTable(member, 0, chunks, bytes, 2) }
  }
  return { data, index: new PagedTable(index, 0, chunks, INDEX_ENTRY_BYTES, 2), digests }
}

function chunkIn(bevy: Bevy, index: number, length: number, chunkBytes: number, decode: Decode): BlockPlace {
  const entry = bevy.index.entry(index)
  if (!entry) return { kind: 'damaged', cause: 'cut' }
  const storedBytes = entry.readUInt32LE(8)
  if (storedBytes > chunkBytes + (chunkBytes >> 2) + 1024) return { kind: 'damaged', cause: 'table' }
  const stored = readAt(bevy.data, u64(entry, 0), storedBytes)
  if (stored.length < storedBytes) return { kind: 'damaged', cause: 'cut' }
  // What did not become smaller stands as it is.
  const bytes = storedBytes === chunkBytes ? stored : decoded(stored, chunkBytes, decode)
  if (!bytes || bytes.length < length) return { kind: 'damaged', cause: 'inflate' }
  const digest = bevy.digests?.table.entry(index)
  if (bevy.digests && digest && !createHash(bevy.digests.name).update(bytes).digest().equals(digest)) {
    return { kind: 'damaged', cause: 'checksum' }
  }
  return { kind: 'decoded', bytes }
}

function decoded(stored: Buffer, chunkBytes: number, decode: Decode): Buffer | null {
  try {
    return decode(stored, chunkBytes)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return null
  }
}
