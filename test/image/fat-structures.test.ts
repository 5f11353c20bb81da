import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import type { Medium } from '../../src/contracts/image.ts'
import { textOfCp437 } from '../../src/formats/image/filesystem/fat/cp437.ts'
import {
  CLUSTER_BYTES,
  clusterAt,
  FatVolume,
  folderSlots,
  longSlots,
  slot,
  TABLE_AT,
  TABLE_BYTES,
} from './fat-maker.ts'
import { randomBytes, seeded } from './random.ts'
import { bytesAccountedFor, bytesOf, listedMedium, memoryMedium, pathOf } from './volume.ts'

const random = seeded(7)
const FOLDER = { attributes: 0x10 }
const listing = (volume: FatVolume, medium: Medium = memoryMedium(volume.bytes)) => {
  const found = listedMedium(medium)
  const { classes, free, volume: size, unallocated } = bytesAccountedFor(found)
  expect([classes, free]).toEqual([size, unallocated])
  return found
}
const entryOf = (found: ReturnType<typeof listing>, path: string) =>
  found.entries.find((entry) => pathOf(entry) === path)!

describe('names', () => {
  it('takes a long name by its checksum, and the short one where the checksum is another’s', () => {
    const volume = new FatVolume()
    volume.directory(
      2,
      longSlots('A long name, ąž.jpeg', 'ALONGN~1JPE'),
      slot('ALONGN~1JPE', 0, 0),
      longSlots('not this one', 'OTHER   TXT'),
      slot('SHORT   TXT', 0, 0),
    )
    const found = listing(volume)
    expect(found.entries.map(pathOf)).toEqual(['A long name, ąž.jpeg', 'SHORT.TXT'])
    expect(found.system.problems().map(({ code }) => code)).toEqual(['long-name-orphan'])
  })

  it('keeps lone surrogates, and lets no name hold a slash or a zero', () => {
    const volume = new FatVolume()
    volume.directory(2, longSlots('a/b\ud800c', 'AB~1'), slot('AB~1', 0, 0))
    const [entry] = listing(volume).entries
    expect(entry?.path).toEqual([Buffer.from([0x61, 0xef, 0xbf, 0xbd, 0x62, 0xed, 0xa0, 0x80, 0x63])])
    expect(entry?.notes).toContain('name-altered')
  })

  it('reads letters above ASCII by code page 437, and says that it assumed it', () => {
    const volume = new FatVolume()
    volume.directory(2, slot('\x05\x81R     TXT', 0, 0))
    const [entry] = listing(volume).entries
    expect(entry && pathOf(entry)).toBe('σüR.TXT')
    expect(entry?.notes).toEqual(['name-code-page-assumed'])
  })

  it('has the whole code page as a library of code pages has it', () => {
    const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
    expect(textOfCp437(all)).toBe(iconv.decode(all, 'cp437'))
  })

  it('gives a removed long name back whole, and says where a first letter is lost', () => {
    const volume = new FatVolume()
    volume.directory(
      2,
      longSlots('photograph of a cat.jpeg', 'PHOTOG~1JPE', true),
      slot('PHOTOG~1JPE', 0, 0, { removed: true }),
      slot('SHORT   TXT', 0, 0, { removed: true }),
      longSlots('of another file altogether', 'ZZZZZZ~1', true),
      slot('QUITE   TXT', 0, 0, { removed: true }),
    )
    const { entries } = listing(volume)
    expect(entries.map((entry) => [pathOf(entry), entry.notes])).toEqual([
      ['photograph of a cat.jpeg', []],
      ['_HORT.TXT', ['first-letter-lost']],
      // Thirteen letters twice: no part tells that the name ends there.
      ['of another file altogether', ['long-name-only']],
      ['_UITE.TXT', ['first-letter-lost']],
    ])
  })

  it('reads names behind the end of a directory as removed ones', () => {
    const volume = new FatVolume()
    volume.directory(2, slot('LIVE    TXT', 0, 0), Buffer.alloc(32), slot('OLDER   TXT', 50, 100))
    const { entries } = listing(volume)
    expect(entries.map((entry) => [pathOf(entry), entry.status, entry.notes])).toEqual([
      ['LIVE.TXT', 'live', []],
      ['OLDER.TXT', 'deleted', ['behind-directory-end']],
    ])
  })
})

describe('chains', () => {
  const content = randomBytes(random, 2500)

  it('follows a scattered chain', () => {
    const volume = new FatVolume()
    volume.directory(2, slot('A', 20, content.length))
    volume.chain(20, 10, 30)
    volume.fill(content, 20, 10, 30)
    const found = listing(volume)
    expect(bytesOf(found.medium, entryOf(found, 'A'))).toEqual(content)
    expect(found.system.classes()).toMatchObject({ allocated: 2500, slack: 3 * CLUSTER_BYTES - 2500 })
  })

  it('gives no content for a loop, and as much as there is of a chain that ends too soon', () => {
    const volume = new FatVolume()
    volume.directory(2, slot('LOOP', 20, 100_000), slot('SHORT', 40, 2500))
    volume.chain(20, 21, 22)
    volume.link(22, 21)
    volume.chain(40)
    const found = listing(volume)
    expect(entryOf(found, 'LOOP').place).toMatchObject({
      kind: 'none',
      reason: 'damaged',
      detail: 'chain-loop',
    })
    expect(entryOf(found, 'SHORT')).toMatchObject({
      notes: ['chain-short'],
      place: { runs: [{ length: CLUSTER_BYTES }] },
    })
  })

  it('counts a cluster that two files share once, and says so of the second', () => {
    const volume = new FatVolume()
    volume.directory(2, slot('FIRST', 20, 2048), slot('SECOND', 21, 1024))
    volume.chain(20, 21)
    const found = listing(volume)
    expect(entryOf(found, 'SECOND').notes).toContain('cross-linked')
    expect(found.system.classes().allocated).toBe(2048)
  })

  it('ends where a million names share a chain of the whole volume', () => {
    const volume = new FatVolume(1000)
    volume.chain(...Array.from({ length: 900 }, (_, n) => n + 100))
    volume.chain(2, ...Array.from({ length: 60 }, (_, n) => n + 3))
    for (let cluster = 2; cluster < 63; cluster++)
      volume.directory(
        cluster,
        ...Array.from({ length: 32 }, (_, n) => slot(`F${cluster}X${n}`, 100, 900 * CLUSTER_BYTES)),
      )
    const found = listing(volume)
    expect(found.entries.filter(({ kind }) => kind === 'file').length).toBe(61 * 32)
    expect(found.entries.at(-1)?.place).toMatchObject({ kind: 'none', detail: 'chain-bounded' })
  })

  it('breaks a folder that holds itself', () => {
    const volume = new FatVolume()
    volume.directory(2, slot('IN', 20, 0, FOLDER))
    volume.chain(20)
    volume.directory(20, folderSlots(20, 0), slot('SELF', 20, 0, FOLDER), slot('ROOT', 2, 0, FOLDER))
    const found = listing(volume)
    expect(found.entries.map(pathOf)).toEqual(['IN', 'IN/SELF', 'IN/ROOT'])
    expect(found.system.problems().map(({ code }) => code)).toEqual([
      'directory-crossed',
      'directory-crossed',
    ])
  })

  it('reads the second table where the first is damaged', () => {
    const volume = new FatVolume()
    volume.directory(2, slot('A', 20, content.length))
    volume.chain(20, 10, 30)
    volume.fill(content, 20, 10, 30)
    volume.bytes.fill(0, TABLE_AT, TABLE_AT + TABLE_BYTES)
    const whole = memoryMedium(volume.bytes)
    const damaged: Medium = {
      ...whole,
      damageIn: (offset, length) =>
        offset < TABLE_AT + 512 && offset + length > TABLE_AT
          ? [{ offset: TABLE_AT, length: 512, kind: 'damaged', cause: 'checksum' }]
          : [],
    }
    const found = listing(volume, damaged)
    expect(bytesOf(found.medium, entryOf(found, 'A'))).toEqual(content)
  })
})

describe('removed contents and folders', () => {
  const content = randomBytes(random, 2500)

  it('reads a removed content by its chain where the table still has it', () => {
    const volume = new FatVolume()
    volume.directory(2, slot('GONE', 20, content.length, { removed: true }))
    volume.chain(20, 10, 30)
    volume.fill(content, 20, 10, 30)
    const found = listing(volume)
    const [entry] = found.entries
    expect(entry).toMatchObject({ status: 'deleted', basis: 'chain' })
    expect(entry && bytesOf(found.medium, entry)).toEqual(content)
  })

  it('says of a removed name whose content lives on under another that it begins like a live one', () => {
    const volume = new FatVolume()
    volume.directory(2, slot('OLDNAME', 20, 1000, { removed: true }), slot('NEWNAME', 20, 1000))
    volume.chain(20)
    const found = listing(volume)
    expect(entryOf(found, '_LDNAME')).toMatchObject({
      status: 'deleted-overwritten',
      notes: ['first-letter-lost', 'begins-like-a-live-name'],
      place: { kind: 'none', reason: 'overwritten' },
    })
  })

  it('walks a removed folder inside a removed folder, and a lost one that nothing names', () => {
    const volume = new FatVolume()
    volume.directory(2, slot('OUTER', 20, 0, { ...FOLDER, removed: true }))
    volume.directory(20, folderSlots(20, 0), slot('INNER', 30, 0, FOLDER), slot('A', 50, 2500))
    volume.directory(30, folderSlots(30, 20), slot('B', 60, 2500))
    volume.directory(40, folderSlots(40, 35), slot('C', 70, 2500), slot('D', 45, 0, FOLDER))
    volume.directory(45, folderSlots(45, 40), slot('E', 80, 2500))
    for (const first of [50, 60, 70, 80]) volume.fill(content, first, first + 1, first + 2)
    const found = listing(volume)
    const files = found.entries.filter(({ kind }) => kind === 'file')
    expect(files.map((entry) => [pathOf(entry), entry.status])).toEqual([
      ['_UTER/INNER/B', 'deleted'],
      ['_UTER/A', 'deleted'],
      ['$Orphan/cluster-40/C', 'orphan'],
      ['$Orphan/cluster-40/D/E', 'orphan'],
    ])
    for (const entry of files) expect(bytesOf(found.medium, entry)).toEqual(content)
  })

  it('reads nothing in the place of a removed folder that others hold now', () => {
    const volume = new FatVolume()
    volume.directory(2, slot('FOLDER', 20, 0, { ...FOLDER, removed: true }), slot('FILE', 20, 1000))
    volume.chain(20)
    volume.directory(20, folderSlots(20, 0), slot('INSIDE', 50, 2500))
    expect(listing(volume).entries.map((entry) => [pathOf(entry), entry.status])).toEqual([
      ['FILE', 'live'],
      ['_OLDER', 'deleted-overwritten'],
    ])
  })
})

describe('the volume itself', () => {
  it('is read by the copy of its first sector', () => {
    const volume = new FatVolume()
    volume.directory(2, slot('LABELLED', 0, 0, { attributes: 0x08 }), slot('A', 0, 0))
    volume.bytes.fill(0, 0, 512)
    const found = listing(volume)
    expect(found.system).toMatchObject({ kind: 'fat32', label: 'LABELLED', uuid: '1234-5678' })
    expect(found.entries.map(pathOf)).toEqual(['A'])
    expect(found.system.problems().map(({ code }) => code)).toEqual(['boot-sector-from-copy'])
  })

  it('is read as far as it goes when it is cut, with every byte in a class', () => {
    const volume = new FatVolume()
    volume.directory(2, slot('A', 20, 2500), slot('B', 190, 1000))
    volume.chain(20, 21, 22)
    volume.chain(190)
    const cut = memoryMedium(volume.bytes.subarray(0, clusterAt(22) + 100))
    const found = listing(volume, cut)
    expect(found.system.problems().map(({ code }) => code)).toContain('volume-cut')
    expect(found.system.classes()).toMatchObject({ allocated: 2 * CLUSTER_BYTES })
  })

  it('has bad clusters in a class of their own', () => {
    const volume = new FatVolume()
    volume.link(77, 0x0ffffff7)
    expect(listing(volume).system.classes().bad).toBe(CLUSTER_BYTES)
  })
})
