import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { VolumeEntry } from '../../../src/contracts/image.ts'
import {
  bytesOf,
  canMount,
  digestOf,
  makeVolume,
  mounted,
  type Open,
  openVolume,
  run,
  sha256,
} from './volumes.ts'

const pathOf = (entry: VolumeEntry) =>
  Buffer.from(entry.path.map((name) => name.toString('latin1')).join('/'), 'latin1').toString()
const notLive = ({ entries }: Open) => entries.filter(({ status }) => status !== 'live')

/** Files by path, as they were before they were deleted. */
function fill(root: string): Map<string, string> {
  const digests = new Map<string, string>()
  const put = (path: string, bytes: Buffer) => {
    writeFileSync(join(root, path), bytes)
    digests.set(path, sha256(bytes))
  }
  mkdirSync(join(root, 'folder', 'inner'), { recursive: true })
  for (let index = 0; index < 60; index++) put(`folder/file ${index}`, bytesOf(index + 1, index * 531))
  for (let index = 0; index < 30; index++)
    put(`folder/inner/${'long '.repeat(index)}${index}`, bytesOf(index + 77, 20 + index))
  put('large', bytesOf(4, 2_000_003))
  put('empty', Buffer.alloc(0))
  // Two files that grow in turns: extents in a block of their own, or indirect blocks between the data.
  for (let index = 0; index < 24; index++) {
    appendFileSync(join(root, 'in pieces'), bytesOf(index + 5, 4096))
    run('sync', '-f', root)
    appendFileSync(join(root, 'between'), bytesOf(index + 50, 4096))
    run('sync', '-f', root)
  }
  digests.set('in pieces', sha256(readFileSync(join(root, 'in pieces'))))
  symlinkSync('where it leads', join(root, 'link'))
  symlinkSync('far/'.repeat(40), join(root, 'long link'))
  return digests
}

const JOURNALED: Readonly<Record<string, readonly string[]>> = {
  'ext4, 1 KiB blocks': ['-t', 'ext4', '-b', '1024'],
  'ext4, 4 KiB blocks': ['-t', 'ext4', '-b', '4096'],
  'ext4 without checksums': ['-t', 'ext4', '-O', '^metadata_csum'],
  'ext4 without 64 bits': ['-t', 'ext4', '-O', '^64bit'],
  'ext4, inline data': ['-t', 'ext4', '-O', 'inline_data', '-I', '256'],
  'ext4, bigalloc': ['-t', 'ext4', '-O', 'bigalloc', '-C', '16384'],
  ext3: ['-t', 'ext3', '-b', '1024'],
  'ext3, 4 KiB blocks': ['-t', 'ext3', '-b', '4096'],
}

describe.skipIf(!canMount)('what a kernel deleted', () => {
  for (const [name, options] of Object.entries(JOURNALED)) {
    it(`is found by the journal, with its path and content: ${name}`, () => {
      const path = makeVolume(`deleted-${name.replace(/[^a-z0-9]/g, '-')}`, 65_536, null, ...options)
      const digests = mounted(path, 'noatime', fill)
      mounted(path, 'noatime', (root) => {
        for (const name of ['folder', 'large', 'empty', 'in pieces', 'link', 'long link'])
          rmSync(join(root, name), { recursive: true })
      })
      const open = openVolume(path)
      const found = new Map(notLive(open).map((entry) => [pathOf(entry), entry]))
      // Contents inside an inode outlive it there.
      const bases = name.includes('inline') ? ['journal', 'inode'] : ['journal']
      const wrong = [...digests].filter(([path, digest]) => {
        const entry = found.get(path)
        if (entry?.status !== 'deleted' || !bases.includes(entry.basis ?? '')) return true
        return digestOf(open.medium, entry) !== digest
      })
      expect(wrong.map(([path]) => path)).toEqual([])
      expect(digests.size).toBe(93)
      expect(found.get('link')?.linkTarget?.toString()).toBe('where it leads')
      expect(found.get('long link')?.linkTarget?.toString()).toBe('far/'.repeat(40))
      expect(found.get('folder/inner')?.kind).toBe('directory')
      expect(open.system.problems()).toEqual([])
      const sum = Object.values(open.system.classes()).reduce((total, bytes) => total + bytes, 0)
      expect(sum).toBe(statSync(path).size)
    })
  }

  it('is never read from blocks that something else has taken since, over 600 changes', () => {
    const path = makeVolume('churn', 12_288, null, '-t', 'ext4', '-b', '1024', '-J', 'size=2')
    const was = new Map<string, Set<string>>()
    let seed = 7
    const next = (below: number) => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
      return (seed >>> 8) % below
    }
    for (let round = 0; round < 4; round++) {
      mounted(path, 'noatime', (root) => {
        for (let step = 0; step < 150; step++) {
          const name = `file ${next(25)}`
          const at = join(root, name)
          const action = next(10)
          if (action < 3) rmSync(at, { force: true })
          else {
            if (action < 6) rmSync(at, { force: true })
            const bytes = bytesOf(round * 1000 + step + 1, next(200_000))
            writeFileSync(at, bytes)
            const known = was.get(name) ?? new Set()
            was.set(name, known.add(sha256(bytes)))
          }
          // What comes and goes within one transaction leaves no trace in any metadata.
          run('sync', '-f', root)
        }
      })
    }
    const open = openVolume(path)
    const deleted = notLive(open).filter(({ kind }) => kind === 'file')
    const contents = deleted.filter(({ place, sizeBytes }) => place.kind !== 'none' && sizeBytes > 0)
    const guessed = contents.filter((entry) => !was.get(pathOf(entry))?.has(digestOf(open.medium, entry)))
    expect(guessed.map((entry) => `${pathOf(entry)} ${entry.record} ${entry.notes.join(' ')}`)).toEqual([])
    expect(contents.length).toBeGreaterThan(0)
    expect(deleted.some(({ status }) => status === 'deleted-overwritten')).toBe(true)
  })
})
