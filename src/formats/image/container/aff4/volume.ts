/** Members of AFF4 volumes: ZIP archives, nearly always with stored members, in one file or several. */
import { inflateRawSync } from 'node:zlib'
import type { Medium, Segment } from '../../../../contracts/image.ts'
import { partOf } from '../../content/ranges.ts'
import { readAt } from '../../content/read-at.ts'
import { type CentralRecord, centralRecords, findDirectory } from '../../filesystem/zip/directory.ts'

const MEMBERS_AT_MOST = 2_000_000
const LOCAL_HEADER_BYTES = 30
/** Limit for compressed indexes and descriptions; data members are stored. */
const INFLATED_BYTES_AT_MOST = 64 << 20

export class Aff4Members {
  readonly #members = new Map<string, { readonly medium: Medium; readonly record: CentralRecord }>()

  constructor(segments: readonly Segment[]) {
    for (const { medium } of segments) {
      const directory = findDirectory(medium)
      if (!directory) continue
      for (const record of centralRecords(medium, directory)) {
        if (this.#members.size >= MEMBERS_AT_MOST) break
        const name = record.name.toString('utf8')
        // Each volume has its own description, and all of them are used.
        const own = this.#members.has(name) && !name.includes('/') ? `${name}#${this.#members.size}` : name
        this.#members.set(own, { medium, record })
      }
    }
  }

  /** Names of members without a folder that start with `begins`. */
  named(begins: string): string[] {
    return [...this.#members.keys()].filter((name) => name.startsWith(begins) && !name.includes('/'))
  }

  /** A member of the object `urn`. The member name contains the URN escaped, or without its scheme. */
  of(urn: string, name: string): Medium | null {
    const bare = urn.replace(/^aff4:\/\//, '')
    return (
      this.member(`aff4%3A%2F%2F${bare}/${name}`) ??
      this.member(`${bare}/${name}`) ??
      this.member(`${urn}/${name}`)
    )
  }

  member(name: string): Medium | null {
    const found = this.#members.get(name)
    if (!found) return null
    const { medium, record } = found
    const header = readAt(medium, record.headerAt, LOCAL_HEADER_BYTES)
    if (header.length < LOCAL_HEADER_BYTES || header.readUInt32LE(0) !== 0x04034b50) return null
    const offset = record.headerAt + LOCAL_HEADER_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28)
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
