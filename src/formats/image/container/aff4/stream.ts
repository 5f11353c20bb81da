/** A stream of an AFF4 image: chunks in bevies. Each bevy has an index, and in some images a digest of each chunk. */
import { createHash } from 'node:crypto'
import type { Damage, Medium } from '../../../../contracts/image.ts'
import { ImageRefused, plausibleSize } from '../../../../wire/image-refused.ts'
import { type BlockPlace, blockMedium } from '../../content/block-medium.ts'
import { inflatedBlock } from '../../content/inflate-block.ts'
import type { DeflateForm } from '../../content/inflater.ts'
import { cutOf, lost } from '../../content/lacking.ts'
import { PagedTable } from '../../content/paged-table.ts'
import { readAt, u64 } from '../../content/read-at.ts'
import { Recent } from '../../content/recent.ts'
import { unlz4, unsnappy } from './decompress.ts'
import type { Said } from './turtle.ts'
import type { Aff4Members } from './volume.ts'

const CHUNK_BYTES_AT_MOST = 1 << 26
const INDEX_ENTRY_BYTES = 12
const BEVIES_KEPT = 16
/** 64 TB of bevies of usual size. This limit is needed, because an image may state any size. */
const ABSENT_AT_MOST = 1_000_000
const CACHE_BYTES = 8 << 20
const DIGESTS = [
  { name: 'sha1', bytes: 20 },
  { name: 'md5', bytes: 16 },
  { name: 'sha256', bytes: 32 },
] as const

type Decode = (stored: Buffer, chunkBytes: number) => Uint8Array | null

const DECODERS: Readonly<Record<string, Decode>> = {
  'http://code.google.com/p/snappy/': unsnappy,
  'https://github.com/google/snappy': unsnappy,
  'https://code.google.com/p/lz4/': unlz4,
  'https://github.com/lz4/lz4': unlz4,
  'https://www.ietf.org/rfc/rfc1950.txt': inflatedBy('zlib'),
  'https://tools.ietf.org/html/rfc1951': inflatedBy('raw'),
  'aff4:NullCompressor': (stored) => stored,
}

function inflatedBy(form: DeflateForm): Decode {
  return (stored, chunkBytes) => {
    const place = inflatedBlock(form, stored, 0, chunkBytes)
    return place.kind === 'decoded' ? place.bytes : null
  }
}

interface Bevy {
  readonly data: Medium
  readonly index: PagedTable
  readonly digests: { readonly name: string; readonly table: PagedTable } | null
}

export interface Aff4Stream {
  readonly medium: Medium
  /** Chunks without a bevy, and chunks behind the end of their bevy. */
  readonly lacks: () => Iterable<Damage>
}

/** @throws ImageRefused when the compression is not supported or the chunk size is not plausible */
export function aff4Stream(
  urn: string,
  said: ReadonlyMap<string, readonly Said[]>,
  members: Aff4Members,
): Aff4Stream {
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

  const sizeBytes = plausibleSize(number('size'), 'aff4')
  const medium = blockMedium(sizeBytes, chunkBytes, (chunk, length) =>
    chunks.get(chunk, () => {
      const bevyNumber = Math.floor(chunk / chunksInBevy)
      const bevy = bevies.get(bevyNumber, () => bevyOf(urn, bevyNumber, chunksInBevy, members))
      if (bevy === 'cut') return { kind: 'damaged', cause: 'cut' }
      return chunkIn(bevy, chunk % chunksInBevy, length, chunkBytes, decode)
    }),
  )

  function* lacks(): Iterable<Damage> {
    const bevyBytes = chunksInBevy * chunkBytes
    let absent = 0
    for (let at = 0, bevy = 0; at < sizeBytes; at += bevyBytes, bevy++) {
      const held = bevyOf(urn, bevy, chunksInBevy, members)
      const bytes = Math.min(bevyBytes, sizeBytes - at)
      if (held !== 'cut')
        for (const damage of lackingIn(held, bytes, chunkBytes))
          yield { ...damage, offset: at + damage.offset }
      else if (++absent > ABSENT_AT_MOST) return
      else yield lost(at, bytes, 'cut')
    }
  }
  return { medium, lacks }
}

function* lackingIn({ data, index }: Bevy, bevyBytes: number, chunkBytes: number): Iterable<Damage> {
  for (let at = 0, chunk = 0; at < bevyBytes; at += chunkBytes, chunk++) {
    const entry = index.entry(chunk)
    if (!entry) return yield lost(at, bevyBytes - at, 'cut')
    const stored = { offset: u64(entry, 0), length: entry.readUInt32LE(8), coded: true }
    const cut = cutOf(data, stored, at, Math.min(chunkBytes, bevyBytes - at))
    if (cut) yield cut
  }
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
  // A chunk that did not become smaller is stored uncompressed.
  const bytes = storedBytes === chunkBytes ? stored : decoded(stored, chunkBytes, decode)
  if (!bytes || bytes.length < length) return { kind: 'damaged', cause: 'inflate' }
  const digest = bevy.digests?.table.entry(index)
  if (bevy.digests && digest && !createHash(bevy.digests.name).update(bytes).digest().equals(digest)) {
    return { kind: 'damaged', cause: 'checksum' }
  }
  return { kind: 'decoded', bytes }
}

function decoded(stored: Buffer, chunkBytes: number, decode: Decode): Uint8Array | null {
  try {
    return decode(stored, chunkBytes)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return null
  }
}
