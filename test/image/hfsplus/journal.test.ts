import { describe, expect, it } from 'vitest'
import { halfWritten } from '../../../fixtures/hfs-plus/half-written.ts'
import type { MadeJournal } from '../../../fixtures/hfs-plus/journal.ts'
import type { MadeItem } from '../../../fixtures/hfs-plus/volume.ts'
import { noise } from '../../../fixtures/pictures.ts'
import { bytesAccountedFor, bytesOf, type Listing, listedMedium, memoryMedium, pathOf } from '../volume.ts'

const BLOCK = 4096
const NEW = noise(2, 9000)
const NOTE = Buffer.from('stands in the journal alone')
const items = (isThere: boolean): MadeItem[] => [
  { path: 'old', data: noise(1, 5000) },
  { path: 'new', data: NEW, attributes: { note: NOTE }, removed: !isThere },
]

/** The volume before `new` was made, with what makes it in the journal alone. */
function notWritten(form: Partial<MadeJournal> = {}): Buffer {
  const { bytes, waiting } = halfWritten(items(false), items(true), {}, { blocks: 32, ...form })
  expect(waiting).toBeGreaterThan(2)
  return bytes
}

function list(bytes: Buffer): Listing & { readonly paths: string[] } {
  const listing = listedMedium(memoryMedium(bytes))
  const { classes, free, volume, unallocated } = bytesAccountedFor(listing)
  expect([classes, free]).toEqual([volume, unallocated])
  const named = listing.entries.filter(({ status }) => status === 'live')
  return {
    ...listing,
    paths: named.map((entry) => (entry.stream === null ? pathOf(entry) : `${pathOf(entry)}:${entry.stream}`)),
  }
}

describe('the journal of a volume of HFS+', () => {
  it.each([
    ['little-endian', {}],
    ['big-endian', { bigEndian: true }],
    ['a ring that turns around', { startSector: 200 }],
    ['a ring that turns around inside a list', { startSector: 252 }],
  ] as const)('is replayed in memory: %s', (_, form) => {
    const { entries, medium, system, paths } = list(notWritten(form))
    expect(system.problems()).toEqual([])
    expect(paths).toEqual(['new', 'new:note', 'old'])
    const [file, note] = entries
    if (!file || !note) throw new Error('nothing listed')
    expect(bytesOf(medium, file)).toEqual(NEW)
    // It lies in the journal, and is read there by whoever has the volume as it is.
    expect(bytesOf(medium, note)).toEqual(NOTE)
  })

  it('stops where a list of blocks is damaged, and says so', () => {
    const bytes = notWritten()
    const at = bytes.indexOf(Buffer.from('xLNJ', 'latin1'), 4 * BLOCK)
    expect(at).toBeGreaterThan(0)
    // The checksum of the first list.
    bytes.writeUInt32LE(1, at + 512 + 8)
    const { system, paths } = list(bytes)
    expect(system.problems().map(({ code }) => code)).toContain('journal-not-replayed')
    expect(paths).toEqual(['old'])
  })

  it('is said to be damaged where its header is', () => {
    const bytes = notWritten()
    bytes.writeUInt32LE(7, bytes.indexOf(Buffer.from('xLNJ', 'latin1'), 4 * BLOCK) + 8)
    const { system, paths } = list(bytes)
    expect(system.problems().map(({ code }) => code)).toContain('journal-damaged')
    expect(paths).toEqual(['old'])
  })
})
