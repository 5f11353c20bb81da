import { deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { decmpfs } from '../../../fixtures/hfs-plus/everything.ts'
import { catalogKey } from '../../../fixtures/hfs-plus/keys.ts'
import { type MadeItem, makeHfsPlus } from '../../../fixtures/hfs-plus/volume.ts'
import { noise } from '../../../fixtures/pictures.ts'
import { NotThisFileSystem } from '../../../src/formats/image/filesystem/common/not-this-file-system.ts'
import { stored } from '../../../src/formats/image/filesystem/hfsplus/names.ts'
import { BY_COPIES, FILE_SYSTEMS } from '../../../src/formats/image/filesystem/index.ts'
import { bytesAccountedFor, bytesOf, type Listing, listedMedium, memoryMedium, pathOf } from '../volume.ts'

const BLOCK = 4096
const FILES = Array.from(
  { length: 60 },
  (_, i): MadeItem => ({
    path: `${['', 'docs/', 'docs/deep/'][i % 3]}file ${String(i).padStart(2, '0')}`,
    data: noise(i + 1, 300 + i * 40),
  }),
)
const made = makeHfsPlus(FILES)
const node = (bytes: Buffer, number: number): Buffer =>
  bytes.subarray((made.at.catalog + number) * BLOCK, (made.at.catalog + number + 1) * BLOCK)

/** A copy with something changed, listed. */
function damaged(change: (bytes: Buffer) => void): Listing {
  const bytes = Buffer.from(made.bytes)
  change(bytes)
  const listing = listedMedium(memoryMedium(bytes))
  const { classes, free, volume, unallocated } = bytesAccountedFor(listing)
  expect([classes, free]).toEqual([volume, unallocated])
  return listing
}

/** Files with the content that was written, by path. */
function whole({ entries, medium }: Listing): string[] {
  const written = new Map(FILES.map(({ path, data }) => [path, data]))
  return entries
    .filter(({ kind, status }) => kind === 'file' && status === 'live')
    .filter((entry) => written.get(pathOf(entry))?.equals(bytesOf(medium, entry)))
    .map(pathOf)
}

const codes = ({ system }: Listing): string[] => system.problems().map(({ code }) => code)

describe('a damaged volume of HFS+', () => {
  it('is read by the copy of its header', () => {
    // The size of blocks.
    const listing = damaged((bytes) => bytes.fill(0, 1024 + 40, 1024 + 44))
    expect([codes(listing), whole(listing).length]).toEqual([['volume-header-from-copy'], FILES.length])
  })

  it('is known by the copy of its header where something else stands in its first blocks', () => {
    const bytes = Buffer.from(made.bytes)
    bytes.fill(0x55, 0, 2048)
    const medium = memoryMedium(bytes)
    expect(FILE_SYSTEMS.some(({ recognises }) => recognises(medium))).toBe(false)
    const system = BY_COPIES.find(({ recognises }) => recognises(medium))?.open(medium)
    if (!system) throw new Error('not recognised')
    expect(whole({ system, medium, entries: [...system.entries()] }).length).toBe(FILES.length)
  })

  it('is refused with a sentence where both are lost', () => {
    const bytes = Buffer.from(made.bytes)
    for (const at of [1024, bytes.length - 1024]) bytes.fill(0, at + 40, at + 44)
    expect(() => listedMedium(memoryMedium(bytes))).toThrow(NotThisFileSystem)
  })

  it('gives the names of a leaf whose offsets are lost by what they look like, and says so', () => {
    const listing = damaged((bytes) => node(bytes, 2).fill(0xee, BLOCK - 60))
    expect(codes(listing)).toContain('catalog-node-damaged')
    const lost = FILES.length - whole(listing).length
    expect(lost).toBeLessThanOrEqual(1)
    expect(listing.entries.some(({ notes }) => notes.includes('node-damaged'))).toBe(true)
  })

  it('gives the names of a damaged leaf behind a lost one as live, and says of both that they are damaged', () => {
    const listing = damaged((bytes) => {
      node(bytes, 2).fill(0)
      node(bytes, 4).fill(0xee, BLOCK - 60)
    })
    const { entries, system } = listing
    const damages = system.problems().filter(({ code }) => code === 'catalog-node-damaged')
    expect(damages.map(({ record }) => record)).toEqual([2, 4])
    expect(entries.filter(({ status }) => status.startsWith('deleted')).map(pathOf)).toEqual([])
    expect(entries.some(({ notes }) => notes.includes('node-damaged'))).toBe(true)
  })

  it('says that a record of a sound leaf cannot be read', () => {
    const key = catalogKey(2, 'file 03')
    const at = made.bytes.indexOf(key, made.at.catalog * BLOCK)
    // The kind of the record; the length of its key.
    for (const place of [at + key.length, at]) {
      const listing = damaged((bytes) => bytes.writeUInt16BE(0x4242, place))
      expect(whole(listing).length).toBe(FILES.length - 1)
      expect(codes(listing)).toContain('catalog-record-damaged')
    }
  })

  it('says that a record of extended attributes cannot be read', () => {
    const { bytes } = makeHfsPlus([{ path: 'one', attributes: { 'user.from': Buffer.from('somewhere') } }])
    bytes.writeUInt16BE(0, bytes.indexOf(stored('user.from')) - 14)
    expect(codes(listedMedium(memoryMedium(bytes)))).toEqual(['attribute-record-damaged'])
    const items = FILES.slice(0, 12).map(({ path }) => ({ path, attributes: { 'user.from': noise(1, 600) } }))
    const many = makeHfsPlus(items).bytes
    const first = many.indexOf(stored('user.from'))
    // Of the first leaf and of the next.
    for (const at of [first, many.indexOf(stored('user.from'), first + BLOCK)]) many.writeUInt16BE(0, at - 14)
    expect(codes(listedMedium(memoryMedium(many)))).toEqual([
      'attribute-record-damaged',
      'attribute-record-damaged',
    ])
  })

  it('loses no more than the names of a leaf that is overwritten', () => {
    const before = damaged(() => {})
    const listing = damaged((bytes) => node(bytes, 3).fill(0))
    expect(codes(listing)).toContain('catalog-node-damaged')
    const perLeaf = Math.ceil(BLOCK / 300)
    expect(whole(before).length - whole(listing).length).toBeLessThanOrEqual(perLeaf)
    expect(whole(listing).length).toBeGreaterThan(FILES.length / 2)
  })

  it('walks a chain of leaves that leads in a circle once, and finds the leaves behind it', () => {
    const listing = damaged((bytes) => node(bytes, 2).writeUInt32BE(1, 0))
    expect(codes(listing)).toEqual(['catalog-chain-damaged'])
    expect(whole(listing).sort()).toEqual(FILES.map(({ path }) => path).sort())
  })

  it('needs no header of the catalog, and no index', () => {
    const listing = damaged((bytes) => {
      node(bytes, 0).fill(0)
      const count = made.bytes.readUInt32BE(made.at.catalog * BLOCK + 14 + 22)
      for (let number = 1; number < count; number++)
        if (node(bytes, number)[8] === 0) node(bytes, number).fill(0)
    })
    expect(codes(listing)).toContain('catalog-header-damaged')
    expect(whole(listing).sort()).toEqual(FILES.map(({ path }) => path).sort())
  })

  it('calls no compressed file empty whose attribute is lost', () => {
    const words = Buffer.from('again and again the same words. '.repeat(30))
    const packed = makeHfsPlus([
      {
        ...{ path: 'packed', ownerFlags: 0x20 },
        attributes: { 'com.apple.decmpfs': decmpfs(3, words.length, deflateSync(words)) },
      },
    ])
    const placeOf = (bytes: Buffer) => listedMedium(memoryMedium(bytes)).entries[0]!.place
    expect(placeOf(packed.bytes).kind).toBe('coded')
    const bytes = Buffer.from(packed.bytes)
    // The length of the key stands before it.
    bytes.writeUInt16BE(0, bytes.indexOf(stored('com.apple.decmpfs')) - 14)
    expect(placeOf(bytes)).toEqual({ kind: 'none', reason: 'damaged', detail: 'decmpfs-missing' })
  })

  it('counts blocks of live files as in use where the allocation file does not', () => {
    const listing = damaged((bytes) => bytes.fill(0, made.at.bitmap * BLOCK, made.at.bitmap * BLOCK + 32))
    expect(codes(listing)).toEqual(['live-but-free'])
    const held = FILES.reduce((sum, { data }) => sum + (data?.length ?? 0), 0)
    expect(listing.system.classes().allocated).toBe(held)
  })

  it('is read as far as it goes where the image is cut', () => {
    const cut = made.bytes.subarray(0, Math.floor(made.bytes.length / BLOCK / 2) * BLOCK)
    const listing = listedMedium(memoryMedium(Buffer.from(cut)))
    expect(codes(listing)).toContain('volume-cut')
    expect(listing.entries.filter(({ kind }) => kind === 'file').length).toBe(FILES.length)
    const { classes, volume } = bytesAccountedFor(listing)
    expect(classes).toBe(volume)
  })
})
