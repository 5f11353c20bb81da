import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setAttributeSync } from '@napi-rs/xattr'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contentOf } from '../../../src/formats/image/content/content.ts'
import { fixUp } from '../../../src/formats/image/filesystem/ntfs/record.ts'
import { residentRuns } from '../../../src/formats/image/filesystem/ntfs/resident.ts'
import { bytesOf, CAN_MOUNT, listed, makeVolume, mounted, nameOf, workFolder } from './helpers.ts'

/** Bytes of which no four in a row come twice. */
const picture = (length: number): Buffer => {
  const bytes = Buffer.alloc(length)
  for (let at = 0, state = length; at < length; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    bytes[at] = state >>> 24
  }
  return bytes
}

describe.skipIf(!CAN_MOUNT)('contents inside records (skipped without root and ntfs-3g)', () => {
  const folder = CAN_MOUNT ? workFolder() : ''
  const sizes = [1, 20, 100, 180, 200, 220, 240, 260, 300, 400, 500, 600, 650]
  const images = [512, 4096].map((clusterBytes) => ({ clusterBytes, image: join(folder, `${clusterBytes}`) }))

  beforeAll(async () => {
    for (const { clusterBytes, image } of images) {
      makeVolume(image, 8 * 1024 * 1024, ['-c', `${clusterBytes}`])
      await mounted(image, (root) => {
        for (const size of sizes) writeFileSync(join(root, `${size}.jpg`), picture(size))
        // Streams enough for a list of attributes: some lie in records of their own.
        writeFileSync(join(root, 'streams'), picture(90))
        for (const size of sizes) setAttributeSync(join(root, 'streams'), `user.${size}`, picture(size))
        writeFileSync(join(root, 'empty.jpg'), '')
      })
    }
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('are read from where they lie, and nothing of them stands in what the ledger keeps', () => {
    for (const { image } of images) {
      listed(image, ({ entries, volume }) => {
        const all = entries.map(({ place }) => JSON.stringify(place)).join('\n')
        const named = new Map(entries.map((entry) => [nameOf(entry), entry]))
        let words = 0
        let inside = 0
        for (const size of sizes) {
          for (const name of [`${size}.jpg`, `streams:${size}`]) {
            const entry = named.get(name)
            if (entry?.place.kind !== 'runs') throw new Error(`${name} is not laid in runs`)
            expect([name, bytesOf(volume, entry).equals(picture(size))]).toEqual([name, true])
            // What did not fit into its record has clusters.
            if (entry.allocatedBytes === 0) inside += 1
            if (entry.place.runs.some(({ length }) => length === 2)) words += 1
          }
          if (size < 20) continue
          const part = picture(size).subarray(0, 18)
          for (const form of ['base64', 'hex'] as const) expect(all).not.toContain(part.toString(form))
        }
        expect(inside).toBeGreaterThan(sizes.length)
        // Some held the end of a sector, where a mark stands in place of the content.
        expect(words).toBeGreaterThan(3)
        expect(named.get('empty.jpg')?.place).toEqual({ kind: 'runs', runs: [], validBytes: 0 })
      })
    }
  })
})

describe('a value in a record', () => {
  const MARK = 0x0101
  /** A record as it is stored, with its fix-ups at 48, and as it is read. */
  function made(): { stored: Buffer; read: Buffer } {
    const stored = picture(1024)
    stored.write('FILE', 0, 'latin1')
    stored.writeUInt16LE(48, 4)
    stored.writeUInt16LE(3, 6)
    stored.writeUInt16LE(MARK, 48)
    for (const end of [510, 1022]) stored.writeUInt16LE(MARK, end)
    const read = Buffer.from(stored)
    expect(fixUp(read)).toBe(true)
    return { stored, read }
  }
  /** The record in two pieces, the second first: clusters are smaller than it. */
  const mediumOf = (stored: Buffer) => {
    const bytes = Buffer.concat([stored.subarray(512), Buffer.alloc(100), stored.subarray(0, 512)])
    return {
      sizeBytes: bytes.length,
      readInto: (target: Uint8Array, offset: number) => {
        const part = bytes.subarray(offset, offset + target.length)
        target.set(part)
        return part.length
      },
      damageIn: () => [],
    }
  }
  const LIES = [
    { offset: 612, length: 512 },
    { offset: 0, length: 512 },
  ]

  it('reads the same from the volume as from the record, wherever it begins and ends', () => {
    const { stored, read } = made()
    const medium = mediumOf(stored)
    for (const at of [60, 400, 509, 510, 511, 512, 600, 1021]) {
      for (const end of [509, 510, 511, 512, 513, 900, 1021, 1022, 1023, 1024].filter((end) => end > at)) {
        const runs = residentRuns({ bytes: read, at, end }, LIES) ?? []
        const target = Buffer.alloc(end - at)
        contentOf(medium, { kind: 'runs', runs, validBytes: end - at }, end - at).readInto(target, 0)
        expect([at, end, target.equals(read.subarray(at, end))]).toEqual([at, end, true])
      }
    }
  })

  it('reads a sector of another write as it stands', () => {
    const { stored } = made()
    stored.writeUInt16LE(0x0202, 510)
    const read = Buffer.from(stored)
    expect(fixUp(read)).toBe(false)
    expect(residentRuns({ bytes: read, at: 500, end: 512 }, LIES)).toEqual([{ offset: 1112, length: 12 }])
  })

  it('lies nowhere when a part of its record does not', () => {
    expect(residentRuns({ bytes: made().read, at: 400, end: 600 }, LIES.slice(0, 1))).toBeNull()
  })
})
