import { describe, expect, it } from 'vitest'
import { madeVolume, mounted, objectsOf, seal, TYPE } from '../../../fixtures/apfs/volume.ts'
import { pathOf } from '../volume.ts'
import { digests, open } from './shared.ts'

const made = open(madeVolume())
const of = (number: number) =>
  digests(made, `Made Volume/$Snapshot-${number}/`, ({ basis }) => basis === 'snapshot')
const without = (map: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>) =>
  new Map([...map].filter(([path, digest]) => other.get(path) !== digest))

describe('snapshots of APFS', () => {
  it('are counted and named with their time', () => {
    const named = made.system.stated.filter(({ name }) => name.includes('snapshot'))
    expect(named.map(({ name }) => name)).toEqual([
      'volume-1-snapshots',
      'volume-1-snapshot-1',
      'volume-1-snapshot-2',
    ])
    expect(named.map(({ value }) => value.replace(/T.*/, ''))).toEqual([
      '2',
      'first 2026-11-27',
      'second 2026-11-27',
    ])
  })

  it('give the files that were changed or removed since, as a mount of each shows them, and no others', () => {
    const second = without(mounted('second'), mounted('live'))
    expect(second.size).toBeGreaterThan(30)
    expect(of(2)).toEqual(second)
    const first = without(mounted('first'), mounted('second'))
    // The same content under another name is no other content.
    expect(first.delete('deep/a/b/c/two.bin')).toBe(true)
    expect(first.size).toBe(4)
    expect(of(1)).toEqual(first)
    expect(
      made.entries.filter(({ basis }) => basis !== null).every(({ status }) => status === 'deleted'),
    ).toBe(true)
  })

  it('of which a superblock is damaged are said, and the others listed', () => {
    const bytes = madeVolume()
    const [superblock] = objectsOf(bytes, TYPE.volume).filter(({ bytes: one }) => one.readUInt32LE(24) !== 13)
    superblock!.bytes[300] = 1
    const listing = open(bytes)
    const code = listing.system.problems().map(({ code: one, record }) => `${one} ${record}`)
    expect(code).toEqual(['snapshot-damaged 2'])
    const left = listing.entries.filter(({ basis }) => basis === 'snapshot').map(pathOf)
    expect(left.length).toBeGreaterThan(0)
    expect(left.every((path) => path.startsWith('Made Volume/$Snapshot-1/'))).toBe(true)
    seal(superblock!.bytes)
    expect(open(bytes).system.problems()).toEqual([])
  })
})
