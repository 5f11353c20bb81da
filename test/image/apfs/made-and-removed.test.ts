/** What the writer of fixtures/cftt leaves of removed files, folders and names, counted by their bytes and by this reader. */
import { describe, expect, it } from 'vitest'
import { BLOCK_BYTES, objectsOf, seal, TYPE } from '../../../fixtures/apfs/volume.ts'
import { apfsVolume } from '../../../fixtures/cftt/apfs.ts'
import { noise } from '../../../fixtures/pictures.ts'
import { mkdir, range, remove, removeTree, write } from '../../../src/validate/cftt/case.ts'
import { pathOf } from '../volume.ts'
import { digests, open, sha256 } from './shared.ts'

describe('what was removed from a container that was made step by step', () => {
  it('is listed with its folders, its empty files, and each name of a file that had two', () => {
    const content = noise(1, 9000)
    const { entries } = open(
      apfsVolume('apfs', [
        [
          mkdir('stays'),
          mkdir('folder'),
          write('folder/one.bin', content),
          write('folder/empty.bin', Buffer.alloc(0)),
          { do: 'link', path: 'folder/one.bin', to: 'stays/two.bin' },
        ],
        [remove('stays/two.bin'), removeTree('folder')],
      ]),
    )
    const removed = entries.filter(({ status }) => status === 'deleted')
    expect(removed.map((entry) => [pathOf(entry), entry.kind, entry.sizeBytes]).sort()).toEqual([
      ['Cases/folder', 'directory', 0],
      ['Cases/folder/empty.bin', 'file', 0],
      ['Cases/folder/one.bin', 'file', 9000],
      ['Cases/stays/two.bin', 'file', 9000],
    ])
    expect(entries.filter(({ status }) => status === 'live').map(pathOf)).toContain('Cases/stays')
  })

  it('has its path where a checkpoint has lost the record of the folder, which is there today', () => {
    const files = range(1000).map((i) => write(`many/f${i}.bin`, noise(i, 600)))
    const { entries } = open(
      apfsVolume('apfs-first', [[mkdir('many'), ...files], range(1000).map((i) => remove(`many/f${i}.bin`))]),
    )
    const removed = entries.filter(({ status, basis }) => status === 'deleted' && basis === 'checkpoint')
    expect(removed.length).toBeGreaterThan(50)
    expect(removed.map(pathOf).filter((path) => !path.startsWith('Cases/many/'))).toEqual([])
  })

  it('is whole where the leaf with its extents was written once more than the leaf with its inode', () => {
    const files = range(1000).map((i) => ({ path: `many/f${i}.bin`, content: noise(i, 600) }))
    const image = apfsVolume('apfs', [
      [mkdir('many'), ...files.map(({ path, content }) => write(path, content))],
      files.map(({ path }) => remove(path)),
    ])
    // An inode states its name behind the lengths of its two fields.
    const isLeft = (name: string) =>
      image.includes(
        Buffer.concat([Buffer.from([name.length + 1, 0, 8, 0x20, 40, 0]), Buffer.from(`${name}\0`)]),
      )
    const left = files.filter(({ path }) => isLeft(path.slice(5)))
    expect(left.length).toBeGreaterThan(900)
    expect(
      digests(open(image), 'Cases/', ({ status, kind }) => status === 'deleted' && kind === 'file'),
    ).toEqual(new Map(left.map(({ path, content }) => [path, sha256(content)])))
  })

  it('has each of more than a thousand names', () => {
    const names = range(1100).map((i) => `links/n${i}`)
    const { entries } = open(
      apfsVolume('apfs-first', [
        [
          mkdir('links'),
          write('one.bin', noise(1, 9000)),
          ...names.map((to) => ({ do: 'link', path: 'one.bin', to }) as const),
        ],
        [removeTree('links'), remove('one.bin')],
      ]),
    )
    const removed = entries.filter(({ status, kind }) => status === 'deleted' && kind === 'file')
    expect(removed.map(pathOf).sort()).toEqual([...names, 'one.bin'].map((name) => `Cases/${name}`).sort())
  })

  it('of which the checkpoints lie in pieces is said to be read by its first block alone, which may be old', () => {
    const image = apfsVolume('apfs', [
      [mkdir('stays'), write('stays/a.bin', noise(1, 5000))],
      [write('stays/b.bin', noise(2, 5000))],
    ])
    const before = objectsOf(image, TYPE.container).find(({ bytes }) => bytes.readBigUInt64LE(16) === 4n)!
    const first = image.subarray(0, BLOCK_BYTES)
    before.bytes.copy(first)
    const codes = () =>
      open(image)
        .system.problems()
        .map(({ code }) => code)
    seal(first)
    expect(codes()).toEqual([])
    // The highest bit of the number of descriptors.
    first.writeUInt8(first[107]! | 0x80, 107)
    seal(first)
    const late = open(image).entries.filter((one) => pathOf(one) === 'Cases/stays/b.bin')
    expect(late.map(({ status }) => status)).toEqual(['deleted'])
    expect(codes()).toEqual(['checkpoints-in-pieces'])
  })
})
