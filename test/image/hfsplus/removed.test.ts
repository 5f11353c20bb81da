import { hash } from 'node:crypto'
import { deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { hfsPlusVolume } from '../../../fixtures/cftt/hfs-plus.ts'
import { decmpfs, zlibFork } from '../../../fixtures/hfs-plus/everything.ts'
import { catalogKey } from '../../../fixtures/hfs-plus/keys.ts'
import {
  type MadeItem,
  type MadeVolume,
  makeHfsPlus,
  type VolumeForm,
} from '../../../fixtures/hfs-plus/volume.ts'
import { noise } from '../../../fixtures/pictures.ts'
import type { VolumeEntry } from '../../../src/contracts/image.ts'
import { mkdir, range, remove, write } from '../../../src/validate/cftt/case.ts'
import { bytesAccountedFor, bytesOf, listedMedium, memoryMedium, pathOf } from '../volume.ts'

const BLOCK = 4096

/** Path, status, basis, and the content's MD5 or why there is none. */
function removedOf(bytes: Buffer): [string, string, string | null, string][] {
  const listing = listedMedium(memoryMedium(bytes))
  const { classes, free, volume, unallocated } = bytesAccountedFor(listing)
  expect([classes, free, listing.system.problems()]).toEqual([volume, unallocated, []])
  const content = (entry: VolumeEntry): string => {
    if (entry.place.kind === 'none') return `${entry.place.reason}: ${entry.place.detail}`
    return entry.kind === 'directory' ? 'folder' : md5(bytesOf(listing.medium, entry))
  }
  return listing.entries
    .filter(({ status }) => status !== 'live')
    .map((entry): [string, string, string | null, string] => [
      entry.stream === null ? pathOf(entry) : `${pathOf(entry)}:${entry.stream}`,
      entry.status,
      entry.basis,
      content(entry),
    ])
    .sort(([a], [b]) => (a < b ? -1 : 1))
}

const md5 = (bytes: Buffer): string => hash('md5', bytes)

/** A volume, and how it was while what is removed was there. */
function twice(items: readonly MadeItem[], form: VolumeForm = {}): { now: MadeVolume; before: MadeVolume } {
  const before = makeHfsPlus(
    items.map((item) => ({ ...item, removed: false })),
    form,
  )
  return { now: makeHfsPlus(items, form), before }
}

/** Puts records of the volume as it was into the unused part of the first leaf. */
function leave({ now, before }: ReturnType<typeof twice>, ...paths: readonly string[]): Buffer {
  const bytes = Buffer.from(now.bytes)
  const node = bytes.subarray((now.at.catalog + 1) * BLOCK, (now.at.catalog + 2) * BLOCK)
  // Something of another record stands before it.
  let at = node.readUInt16BE(BLOCK - 2 * (node.readUInt16BE(10) + 1)) + 40
  for (const path of paths) {
    const record = recordOf(before, path)
    record.copy(node, at)
    at += record.length
  }
  return bytes
}

function recordOf({ bytes, at, idOf }: MadeVolume, path: string): Buffer {
  const slash = path.lastIndexOf('/')
  const key = catalogKey(slash < 0 ? 2 : idOf(path.slice(0, slash)), path.slice(slash + 1))
  const from = bytes.indexOf(key, at.catalog * BLOCK)
  const kind = bytes.readUInt16BE(from + key.length)
  return bytes.subarray(from, from + key.length + (kind === 1 ? 88 : 248))
}

const KEPT: MadeItem = { path: 'kept', data: noise(9, 5000) }

describe('what was removed from a volume of HFS+', () => {
  it('is found in the unused part of nodes, with its contents while their blocks are free', () => {
    const volumes = twice([
      KEPT,
      { path: 'gone', data: noise(1, 9000), resource: noise(2, 700), pieces: 2, removed: true },
      { path: 'empty', removed: true },
      { path: 'links to it', finder: 'hlnkhfs+', special: 5, flags: 0x20, removed: true },
      { path: 'packed', ownerFlags: 0x20, removed: true },
      { path: 'shreds', data: noise(3, 12 * BLOCK), pieces: 12, removed: true },
    ])
    const bytes = leave(volumes, 'gone', 'empty', 'links to it', 'packed', 'shreds')
    expect(removedOf(bytes)).toEqual([
      ['empty', 'deleted', 'catalog-slack', 'not-recorded: empty'],
      ['gone', 'deleted', 'catalog-slack', md5(noise(1, 9000))],
      ['gone:com.apple.ResourceFork', 'deleted', 'catalog-slack', md5(noise(2, 700))],
      ['links to it', 'deleted', 'catalog-slack', 'not-recorded: hard-link'],
      ['packed', 'deleted', 'catalog-slack', 'not-recorded: decmpfs'],
      // Four of its extents stood elsewhere.
      ['shreds', 'deleted', 'catalog-slack', 'not-recorded: extents'],
    ])
  })

  it('has the extended attributes that still stand in their file, and what was compressed into one or by one', () => {
    const words = Buffer.from('again and again the same words. '.repeat(3000))
    const volumes = twice([
      KEPT,
      {
        path: 'gone',
        data: noise(1, 300),
        attributes: { 'user.from': Buffer.from('somewhere') },
        removed: true,
      },
      {
        path: 'packed',
        ownerFlags: 0x20,
        attributes: { 'com.apple.decmpfs': decmpfs(3, 900, deflateSync(words.subarray(0, 900))) },
        removed: true,
      },
      {
        path: 'packed larger',
        ownerFlags: 0x20,
        attributes: { 'com.apple.decmpfs': decmpfs(4, words.length) },
        resource: zlibFork(words),
        removed: true,
      },
    ])
    const bytes = leave(volumes, 'gone', 'packed', 'packed larger')
    expect(removedOf(bytes)).toEqual([
      ['gone', 'deleted', 'catalog-slack', md5(noise(1, 300))],
      ['gone:user.from', 'deleted', 'catalog-slack', md5(Buffer.from('somewhere'))],
      ['packed', 'deleted', 'catalog-slack', md5(words.subarray(0, 900))],
      ['packed larger', 'deleted', 'catalog-slack', md5(words)],
    ])
  })

  it('has the path of folders that went with it, or none', () => {
    const items: MadeItem[] = [
      KEPT,
      { path: 'gone', folder: true, removed: true },
      { path: 'gone/deep', folder: true, removed: true },
      { path: 'gone/deep/file', data: noise(1, 100), removed: true },
    ]
    expect(removedOf(leave(twice(items), 'gone/deep/file', 'gone/deep', 'gone'))).toEqual([
      ['gone', 'deleted', 'catalog-slack', 'folder'],
      ['gone/deep', 'deleted', 'catalog-slack', 'folder'],
      ['gone/deep/file', 'deleted', 'catalog-slack', md5(noise(1, 100))],
    ])
    expect(removedOf(leave(twice(items), 'gone/deep/file'))).toEqual([
      ['$Orphan/file', 'orphan', 'catalog-slack', md5(noise(1, 100))],
    ])
  })

  it('is said to be overwritten, in whole or in part, where something live lies there now', () => {
    const volumes = twice([
      KEPT,
      { path: 'part', data: noise(1, 3 * BLOCK), removed: true },
      { path: 'on part', data: noise(2, BLOCK), over: 'part' },
      { path: 'whole', data: noise(3, BLOCK), removed: true },
      { path: 'on whole', data: noise(4, BLOCK), over: 'whole' },
    ])
    expect(removedOf(leave(volumes, 'part', 'whole'))).toEqual([
      ['part', 'deleted-overwritten', 'catalog-slack', 'overwritten-in-part: 1/3'],
      ['whole', 'deleted-overwritten', 'catalog-slack', 'overwritten: 1/1'],
    ])
  })

  it('gives blocks that two of them held to the one that was written last', () => {
    const volumes = twice([
      KEPT,
      { path: 'first', data: noise(1, 2 * BLOCK), time: -60, removed: true },
      { path: 'later', data: noise(2, BLOCK), over: 'first', removed: true },
    ])
    expect(removedOf(leave(volumes, 'first', 'later'))).toEqual([
      ['first', 'deleted-overwritten', 'catalog-slack', 'overwritten-in-part: 1/2'],
      ['later', 'deleted', 'catalog-slack', md5(noise(2, BLOCK))],
    ])
  })

  it('gives them to the one that came last, though it is a copy and kept the time of its original', () => {
    const volumes = twice([
      KEPT,
      { path: 'first', data: noise(1, 2 * BLOCK), time: -60, removed: true },
      { path: 'later', data: noise(2, BLOCK), over: 'first', time: -3600, changed: 0, removed: true },
    ])
    expect(removedOf(leave(volumes, 'first', 'later'))).toEqual([
      ['first', 'deleted-overwritten', 'catalog-slack', 'overwritten-in-part: 1/2'],
      ['later', 'deleted', 'catalog-slack', md5(noise(2, BLOCK))],
    ])
  })

  it('is found in nodes as they were, which the journal holds', () => {
    const items: MadeItem[] = [KEPT, { path: 'gone', data: noise(1, 9000), removed: true }]
    const { before } = twice(items, { journal: { blocks: 16 } })
    const node = before.bytes.subarray((before.at.catalog + 1) * BLOCK, (before.at.catalog + 2) * BLOCK)
    const { bytes } = makeHfsPlus(items, { journal: { blocks: 16, old: [Buffer.alloc(512), node] } })
    expect(removedOf(bytes)).toContainEqual(['gone', 'deleted', 'journal', md5(noise(1, 9000))])
  })

  it('is found in what is left of a node, where a later transaction or the end of the ring parts it', () => {
    const names = range(600).map((i) => `f${i}.bin`)
    const image = hfsPlusVolume('hfs+', [
      [mkdir('many'), ...names.map((name, i) => write(`many/${name}`, noise(i, 500)))],
      names.map((name) => remove(`many/${name}`)),
    ])
    // Length of the name, the name, and the kind of a file's record.
    const left = image.toString('latin1').matchAll(/\0[\x06-\x08]((?:\0[\w.])+)\0\x02/g)
    const known = new Set(
      [...left].map(([, name]) => name!.replaceAll('\0', '')).filter((one) => names.includes(one)),
    )
    expect(known.size).toBeGreaterThan(20)
    const given = removedOf(image).filter(([path]) => path!.startsWith('many/'))
    expect(new Set(given.map(([path]) => path!.slice(5)))).toEqual(known)
  })

  it('tells the old name of what lives under another', () => {
    const volumes = twice([KEPT, { path: 'old name', data: noise(1, 100), removed: true }])
    const bytes = leave(volumes, 'old name')
    // Its number is that of the live file.
    const at = bytes.indexOf(recordOf(volumes.before, 'old name'))
    const key = catalogKey(2, 'old name').length
    bytes.writeUInt32BE(volumes.now.idOf('kept'), at + key + 8)
    expect(removedOf(bytes)).toEqual([['old name', 'deleted', 'catalog-slack', 'not-recorded: renamed']])
  })

  it('is not made up out of what stands', () => {
    const volumes = twice([KEPT])
    expect(removedOf(leave(volumes, 'kept'))).toEqual([])
  })
})
