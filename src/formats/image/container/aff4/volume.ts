/** Members of AFF4 volumes: ZIP archives, nearly always with stored members, in one file or several. */
import { inflateRawSync } from 'node:zlib'
import type { Medium, Segment } from '../../../../contracts/image.ts'
import { partOf } from '../../content/ranges.ts'
import { readAt } from '../../content/read-at.ts'
import { type CentralRecord, centralRecords, findDirectory } from '../../filesystem/zip/directory.ts'

const MEMBERS_AT_MOST = 2_000_000
const LOCAL_HEADER_BYTES = 30
/** Member that has the URN of its volume. */
const VOLUME = 'container.description'
const VOLUME_BYTES_AT_MOST = 4096
/** Limit for compressed indexes and descriptions; data members are stored. */
const INFLATED_BYTES_AT_MOST = 64 << 20

interface Member {
  readonly medium: Medium
  readonly record: CentralRecord
  /** Number of the volume among the segments. */
  readonly segment: number
  /** Another volume has a member of the same name. */
  readonly isAmbiguous: boolean
}

export class Aff4Members {
  readonly #members = new Map<string, Member>()
  /** URNs of the volumes; read when first asked for. */
  #volumes: readonly string[] | null = null

  constructor(segments: readonly Segment[]) {
    for (const [segment, { medium }] of segments.entries()) {
      const directory = findDirectory(medium)
      if (!directory) continue
      for (const record of centralRecords(medium, directory)) {
        if (this.#members.size >= MEMBERS_AT_MOST) break
        const name = record.name.toString('utf8')
        // Each volume has its own description, and all of them are used.
        const before = this.#members.get(name)
        const own = before && !name.includes('/') ? `${name}#${this.#members.size}` : name
        const isAmbiguous = own === name && before !== undefined && before.segment !== segment
        this.#members.set(own, { medium, record, segment, isAmbiguous })
      }
    }
  }

  /** Names of members without a folder that start with `begins`. */
  named(begins: string): string[] {
    return [...this.#members.keys()].filter((name) => name.startsWith(begins) && !name.includes('/'))
  }

  /** A member of the object `urn`. */
  of(urn: string, name: string): Medium | null {
    for (const begin of this.namesOf(urn)) {
      const medium = this.member(`${begin}/${name}`)
      if (medium) return medium
    }
    return null
  }

  /**
   * What the name of a member of the object `urn` may begin with: the URN escaped, without its scheme, or as it is; in a logical
   * image the URN without that of its volume, with spaces.
   */
  namesOf(urn: string): readonly string[] {
    const bare = urn.replace(/^aff4:\/\//, '')
    const names = [`aff4%3A%2F%2F${bare}`, bare, urn]
    this.#volumes ??= this.named(VOLUME).map((name) => {
      const medium = this.member(name)
      return medium ? readAt(medium, 0, VOLUME_BYTES_AT_MOST).toString('utf8').trim() : ''
    })
    for (const volume of this.#volumes) {
      if (volume === '' || !urn.startsWith(`${volume}/`)) continue
      const inside = urn.slice(volume.length + 1)
      names.push(inside, inside.replaceAll('%20', ' '))
    }
    return names
  }

  /** A member as its archive lists it, by the first of `names` that there is. */
  listed(names: readonly string[]): Member | undefined {
    for (const name of names) {
      const found = this.#members.get(name)
      if (found) return found
    }
    return undefined
  }

  member(name: string): Medium | null {
    const found = this.#members.get(name)
    if (!found) return null
    const { medium, record } = found
    const offset = contentAt(found)
    if (offset === null) return null
    const stored = partOf(medium, { offset, length: record.storedBytes })
    if (record.method === 0) return stored
    if (record.method !== 8 || record.storedBytes > INFLATED_BYTES_AT_MOST) return null
    try {
      const bytes = inflateRawSync(readAt(stored, 0, stored.sizeBytes), {
        maxOutputLength: INFLATED_BYTES_AT_MOST,
      })
      return inMemory(bytes)
    } catch (error) {
      if (!(error instanceof Error)) throw error
      return null
    }
  }
}

/** Where the stored bytes of a member begin in its volume; null when its local header is damaged. */
export function contentAt({ medium, record }: Pick<Member, 'medium' | 'record'>): number | null {
  const header = readAt(medium, record.headerAt, LOCAL_HEADER_BYTES)
  if (header.length < LOCAL_HEADER_BYTES || header.readUInt32LE(0) !== 0x04034b50) return null
  return record.headerAt + LOCAL_HEADER_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28)
}

function inMemory(bytes: Buffer): Medium {
  return {
    sizeBytes: bytes.length,
    readInto(target, offset) {
      const part = bytes.subarray(Math.min(offset, bytes.length), offset + target.length)
      target.set(part)
      return part.length
    },
    damageIn: () => [],
  }
}
