/** Volumes made by mkfs.f2fs and filled by sload.f2fs: this kernel mounts none. */
import { execFileSync } from 'node:child_process'
import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { VolumeEntry } from '../../../src/contracts/image.ts'
import { exported, seized } from '../../e2e/seized.ts'
import { bytesOf, digestOf, inScratch, sha256 } from '../ext/volumes.ts'
import { hasTools, listed } from '../volume.ts'
import { makeF2fs } from './volumes.ts'

/** Small contents lie in their inode, the large one needs direct, indirect and double indirect nodes. */
function tree(): string {
  const folder = inScratch('f2fs-tree')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(join(folder, 'deep', 'er', 'still'), { recursive: true })
  const put = (name: string, bytes: Buffer) => writeFileSync(join(folder, name), bytes)
  put('empty', Buffer.alloc(0))
  put('small', bytesOf(1, 60))
  put('block', bytesOf(2, 4096))
  put('direct', bytesOf(3, 3_900_000))
  put('indirect', bytesOf(4, 14_000_001))
  put('deep/er/still/leaf', bytesOf(5, 777))
  put('n'.repeat(255), bytesOf(6, 20))
  mkdirSync(join(folder, 'many'))
  for (let i = 0; i < 900; i++) put(`many/${i}-${'m'.repeat(i % 60)}`, bytesOf(i + 10, i % 90))
  execFileSync('ln', ['-s', 'small', join(folder, 'short-link')])
  execFileSync('ln', ['-s', 'd/'.repeat(60), join(folder, 'long-link')])
  return folder
}

const nameOf = (entry: VolumeEntry) => entry.path.map((name) => name.toString('latin1')).join('/')

function* below(root: string, at = ''): Generator<string> {
  for (const name of readdirSync(join(root, at))) {
    const path = at === '' ? name : `${at}/${name}`
    yield path
    if (lstatSync(join(root, path)).isDirectory()) yield* below(root, path)
  }
}

describe.skipIf(!hasTools('mkfs.f2fs', 'sload.f2fs'))('a volume of F2FS (skipped without f2fs-tools)', () => {
  it.each([
    ['as mkfs makes it', []],
    [
      'with further attributes and times of creation',
      ['-O', 'extra_attr,inode_checksum,inode_crtime,sb_checksum'],
    ],
  ])('%s: names, sizes, owners, targets and contents are those that it was filled with', (name, options) => {
    const root = tree()
    const path = makeF2fs(`${name.length}.f2fs`, root, ...options)
    listed(path, ({ system, medium, entries }) => {
      expect(system.kind).toBe('f2fs')
      expect(system.problems()).toEqual([])
      const live = entries.filter(({ status }) => status === 'live')
      expect(live.map(nameOf).sort()).toEqual([...below(root)].sort())
      expect(entries.length - live.length).toBe(0)
      for (const entry of live) {
        const stat = lstatSync(join(root, nameOf(entry)))
        expect(entry.mode, nameOf(entry)).toBe(stat.mode)
        expect(Number(entry.times.modifiedNs! / 1_000_000_000n), nameOf(entry)).toBe(
          Math.floor(stat.mtimeMs / 1000),
        )
        if (stat.isSymbolicLink()) expect(`${entry.linkTarget}`).toBe(readlinkSync(join(root, nameOf(entry))))
        if (!stat.isFile()) continue
        expect(entry.sizeBytes).toBe(stat.size)
        expect(digestOf(medium, entry), nameOf(entry)).toBe(sha256(readFileSync(join(root, nameOf(entry)))))
      }
      const { metadata, allocated, unallocated, slack, bad } = system.classes()
      expect(metadata + allocated + unallocated + slack + bad).toBe(medium.sizeBytes)
      expect(allocated).toBeGreaterThan(17_900_000)
      expect(unallocated).toBeGreaterThan(20_000_000)
    })
  })

  it('is read by the copy of its superblock, and says so', () => {
    const path = makeF2fs('copy.f2fs', tree())
    const bytes = readFileSync(path)
    bytes.fill(0, 0, 4096)
    const broken = inScratch('copy-broken.f2fs')
    writeFileSync(broken, bytes)
    listed(broken, ({ system, entries }) => {
      expect(system.problems()).toEqual([{ code: 'superblock-from-copy', record: null, detail: '' }])
      expect(entries.length).toBeGreaterThan(900)
    })
  })

  it('a scan of its image finds a listed content', () => {
    const image = makeF2fs('scan.f2fs', tree())
    const list = inScratch('f2fs-list.txt')
    writeFileSync(list, `${sha256(bytesOf(4, 14_000_001))}\n${sha256(bytesOf(1, 60))}\n`)
    const ledger = inScratch('f2fs.sqlite')
    const who = ['--case', 'C', '--exhibit', 'E', '--examiner', 'X', '--ledger', ledger]
    seized(['scan', image, ...who, '--hashset', `illegal:${list}`, '--phases', 'inventory,known'])
    const hits = exported(ledger, inScratch()).filter((entry) => entry.hits.length > 0)
    expect(hits.map((entry) => entry.path.split(' » ').at(-1)).sort()).toEqual(['indirect', 'small'])
    expect(seized(['verify', ledger, '--against', image]).status).toBe(0)
  })
})
