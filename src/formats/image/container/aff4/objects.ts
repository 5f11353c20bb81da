/** Objects of an AFF4 image by their URN: streams, maps, and the targets that a map names. */
import type { StatedHash } from '../../../../contracts/content-place.ts'
import type { Damage } from '../../../../contracts/image.ts'
import { ImageRefused, plausibleSize } from '../../../../wire/image-refused.ts'
import { clipped, partOf } from '../../content/ranges.ts'
import { readAt } from '../../content/read-at.ts'
import { aff4Map, type Target } from './map.ts'
import { type Aff4Stream, aff4Stream } from './stream.ts'
import type { Said, Statements } from './turtle.ts'
import type { Aff4Members } from './volume.ts'

const INDEX_BYTES_AT_MOST = 16 << 20
const HASHES: ReadonlyMap<string, StatedHash['algorithm']> = new Map([
  ['aff4:MD5', 'md5'],
  ['aff4:SHA1', 'sha1'],
  ['aff4:SHA256', 'sha256'],
])

export interface Aff4Objects {
  readonly statements: Statements
  readonly members: Aff4Members
  /** Of the first segment, for messages. */
  readonly name: string
}

export const first = (said: ReadonlyMap<string, readonly Said[]>, name: string): string | undefined =>
  said.get(name)?.[0]?.value

export function hashesOf(said: readonly Said[]): StatedHash[] {
  return said.flatMap(({ value, type }) => {
    const algorithm = HASHES.get(type)
    return algorithm ? [{ algorithm, hex: value.toLowerCase() }] : []
  })
}

/** @throws ImageRefused when the object is not in the segments, or in a form that is not read */
export function mediumOf(urn: string, objects: Aff4Objects): Aff4Stream {
  const said = objects.statements.get(urn) ?? new Map<string, readonly Said[]>()
  const map = objects.members.of(urn, 'map')
  if (!map) return streamOf(urn, objects)
  const index = objects.members.of(urn, 'idx')
  const names = index ? readAt(index, 0, INDEX_BYTES_AT_MOST).toString('utf8').split(/\r?\n/) : []
  const streams = new Map<string, Aff4Stream>()
  const targets = names.map((name) => targetOf(name, objects, streams))
  const gap = symbolOf(first(said, 'aff4:mapGapDefaultStream') ?? 'aff4:Zero') ?? { kind: 'filler', byte: 0 }
  return aff4Map(plausibleSize(Number(first(said, 'aff4:size')), 'aff4'), map, targets, gap)
}

/** A block that files share is named by its SHA-512; the description says in which stream it is. */
const BLOCK = /^(.+)\[0x([0-9a-f]{1,13}):0x([0-9a-f]{1,13})\]$/i

/** @param streams those that the map has opened: thousands of blocks are in one */
function targetOf(name: string, objects: Aff4Objects, streams: Map<string, Aff4Stream>): Target {
  const symbol = symbolOf(name)
  if (symbol) return symbol
  const block = name.startsWith('aff4:sha512:')
    ? BLOCK.exec(first(objects.statements.get(name) ?? new Map(), 'aff4:dataStream') ?? '')
    : null
  const urn = block?.[1] ?? name
  const held = streams.get(urn) ?? lackingOnce(streamOf(urn, objects))
  streams.set(urn, held)
  return { kind: 'stream', ...(block ? pieceOf(held, block[2]!, block[3]!) : held) }
}

/** A map of many blocks asks each block what it lacks: the stream is asked once. */
function lackingOnce({ medium, lacks }: Aff4Stream): Aff4Stream {
  let lacking: readonly Damage[] | null = null
  return {
    medium,
    lacks: () => {
      lacking ??= [...lacks()]
      return lacking
    },
  }
}

function pieceOf({ medium, lacks }: Aff4Stream, from: string, bytes: string): Aff4Stream {
  const offset = Number.parseInt(from, 16)
  const length = Number.parseInt(bytes, 16)
  const moved = (damage: Damage): Damage => ({ ...damage, offset: damage.offset - offset })
  return {
    medium: partOf(medium, { offset, length }),
    lacks: () => clipped([...lacks()], offset, length).map(moved),
  }
}

function streamOf(urn: string, { statements, members, name }: Aff4Objects): Aff4Stream {
  const said = statements.get(urn)
  if (!said?.has('aff4:chunkSize')) {
    const volume = said ? (first(said, 'aff4:stored') ?? urn) : urn
    throw new ImageRefused(
      'segment-missing',
      `A part of the image is not in ${name}: the volume ${volume} is missing.`,
      {
        segment: name,
        volume,
      },
    )
  }
  return aff4Stream(urn, said, members)
}

function symbolOf(name: string): Target | null {
  const symbol = name.replace('http://aff4.org/Schema#', 'aff4:')
  if (symbol === '' || symbol === 'aff4:Zero') return { kind: 'filler', byte: 0 }
  const byte = /^aff4:SymbolicStream([0-9A-Fa-f]{2})$/.exec(symbol)?.[1]
  if (byte) return { kind: 'filler', byte: Number.parseInt(byte, 16) }
  if (symbol === 'aff4:UnreadableData') return { kind: 'lost', cause: 'acquisition-error' }
  if (symbol === 'aff4:UnknownData') return { kind: 'lost', cause: 'not-acquired' }
  return null
}
