import {
  appendFileSync,
  closeSync,
  copyFileSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  bytesOf,
  canMount,
  differences,
  inScratch,
  linesOf,
  linesOfMount,
  makeVolume,
  mounted,
  openVolume,
  run,
} from './volumes.ts'

/** Journals as the kernel writes them: options of mke2fs and of the mount. */
const JOURNALS: Readonly<Record<string, { options: readonly string[]; mount: string }>> = {
  'checksums of blocks, 64 bits': { options: ['-t', 'ext4'], mount: 'data=ordered' },
  'checksums of blocks, 32 bits': { options: ['-t', 'ext4', '-O', '^64bit'], mount: 'data=ordered' },
  'no checksums': { options: ['-t', 'ext4', '-O', '^metadata_csum'], mount: 'data=ordered' },
  'checksums of transactions': { options: ['-t', 'ext4', '-O', '^metadata_csum'], mount: 'journal_checksum' },
  'ext3, 32 bits': { options: ['-t', 'ext3', '-b', '1024'], mount: 'data=ordered' },
  'contents in the journal': { options: ['-t', 'ext4'], mount: 'data=journal' },
  'contents in the journal, without checksums': { options: ['-t', 'ext3'], mount: 'data=journal' },
}

describe.skipIf(!canMount)('a volume that was not unmounted is read as after the kernel replayed it', () => {
  for (const [name, { options, mount }] of Object.entries(JOURNALS)) {
    it(name, () => {
      const path = makeVolume(`replay-${name.replace(/[^a-z0-9]/g, '-')}`, 32_768, null, ...options)
      const pulled = inScratch('pulled')
      mounted(path, mount, (root) => {
        for (let index = 0; index < 60; index++)
          writeFileSync(join(root, `a${index}`), bytesOf(index + 1, index * 97))
        run('sync', '-f', root)
        // A directory whose blocks are freed and taken by contents: the journal revokes them.
        mkdirSync(join(root, 'gone'))
        for (let index = 0; index < 200; index++)
          writeFileSync(join(root, 'gone', 'x'.repeat(100) + index), '')
        run('sync', '-f', root)
        rmSync(join(root, 'gone'), { recursive: true })
        // Contents that begin with the journal's magic: escaped when they go through it.
        writeFileSync(join(root, 'magic'), Buffer.concat([Buffer.from('c03b3998', 'hex'), bytesOf(7, 9000)]))
        writeFileSync(join(root, 'short-magic'), Buffer.from('c03b39', 'hex'))
        for (let index = 0; index < 40; index++)
          writeFileSync(join(root, `b${index}`), bytesOf(index + 99, 3000))
        renameSync(join(root, 'a3'), join(root, 'renamed'))
        truncateSync(join(root, 'a50'), 100)
        appendFileSync(join(root, 'a51'), bytesOf(5, 70_000))
        rmSync(join(root, 'a7'))
        run('sync', '-f', root)
        copyFileSync(path, pulled)
      })
      expect(run('dumpe2fs', '-h', pulled)).toContain('needs_recovery')
      const before = readFileSync(pulled)
      const { medium, system, entries } = openVolume(pulled)
      const read = linesOf(medium, entries)
      expect(system.problems()).toEqual([])
      expect(readFileSync(pulled).equals(before)).toBe(true)
      expect(differences(read, mounted(pulled, 'noatime', linesOfMount))).toEqual([])
      expect(read.length).toBeGreaterThan(90)
    })
  }
})

it.skipIf(!canMount)('fast commits that follow the last transaction are said', () => {
  const path = makeVolume('fast', 32_768, null, '-t', 'ext4', '-O', 'fast_commit')
  const pulled = inScratch('fast-pulled')
  mounted(path, 'noatime', (root) => {
    for (let index = 0; index < 20; index++) {
      const fd = openSync(join(root, `f${index}`), 'w')
      writeSync(fd, bytesOf(index + 1, 5000))
      fsyncSync(fd)
      closeSync(fd)
    }
    copyFileSync(path, pulled)
  })
  const [problem] = openVolume(pulled).system.problems()
  expect(problem?.code).toBe('fast-commits-not-replayed')
  expect(Number(problem?.detail)).toBeGreaterThan(10)
  mounted(pulled, 'noatime', () => undefined)
  expect(openVolume(pulled).system.problems()).toEqual([])
})
