import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  bytesOf,
  differences,
  inScratch,
  linesOf,
  linesOfMount,
  mounted,
  sampleTree,
  sha256,
} from '../ext/volumes.ts'
import { listed, run } from '../volume.ts'
import { CAN_FILL, makeXfs } from './volumes.ts'

const VARIANTS: Readonly<Record<string, readonly string[]>> = {
  'as mkfs makes it': [],
  'blocks of 1 KiB, directory blocks of 8 KiB': ['-b', 'size=1024', '-n', 'size=8192'],
  'times of 32 bits, few extents, no list of free inodes': ['-m', 'bigtime=0,finobt=0', '-i', 'nrext64=0'],
}

/** Changes of every kind, some on the volume before and some in the log alone. */
function change(root: string): void {
  run('cp', ['-a', `${sampleTree(700)}/.`, root])
  run('sync', ['-f', root])
  for (let i = 0; i < 300; i++) rmSync(join(root, 'many', `${i}-${'m'.repeat(i % 60)}`))
  for (let i = 300; i < 400; i++)
    renameSync(join(root, 'many', `${i}-${'m'.repeat(i % 60)}`), join(root, 'deep', `moved-${i}`))
  const fd = openSync(join(root, 'fragments'), 'w')
  for (let at = 0; at < 120; at++) writeSync(fd, bytesOf(at, 4096), 0, 4096, at * 3 * 4096)
  closeSync(fd)
  for (let i = 0; i < 200; i++) {
    mkdirSync(join(root, `folder-${i}`))
    writeFileSync(join(root, `folder-${i}`, `file-${i}`), bytesOf(i, i * 37))
  }
  for (let i = 0; i < 200; i += 3) rmSync(join(root, `folder-${i}`), { recursive: true })
  run('sync', ['-f', root])
}

/** A copy as at that moment. */
function pulled(path: string, root: string): string {
  const copy = `${path}-pulled`
  run('xfs_freeze', ['-f', root])
  try {
    run('cp', ['--sparse=always', path, copy])
  } finally {
    run('xfs_freeze', ['-u', root])
  }
  return copy
}

describe.skipIf(!CAN_FILL)(
  'a volume of XFS that was not unmounted (skipped without root, mkfs.xfs and the driver)',
  () => {
    it.each(Object.entries(VARIANTS))('%s: is read as after the kernel replayed its log', (name, options) => {
      const path = makeXfs(`replay-${name.replaceAll(/\W/g, '-')}.xfs`, ...options)
      const copy = mounted(path, 'noatime', (root) => {
        change(root)
        return pulled(path, root)
      })
      const before = sha256(readFileSync(copy))
      const read = listed(copy, ({ system, medium, entries }) => {
        expect(system.problems()).toEqual([])
        expect(system.stated).toContainEqual({ name: 'log', value: 'replayed' })
        const { metadata, allocated, unallocated, slack } = system.classes()
        expect(metadata + allocated + unallocated + slack).toBe(medium.sizeBytes)
        return linesOf(medium, entries)
      })
      expect(sha256(readFileSync(copy))).toBe(before)
      expect(read.length).toBeGreaterThan(600)
      expect(differences(read, mounted(copy, 'noatime', linesOfMount))).toEqual([])
    })

    it('whose log went round is read as after the kernel replayed it', () => {
      const path = makeXfs('round.xfs')
      const copy = mounted(path, 'noatime', (root) => {
        for (let round = 0; round < 60; round++) {
          mkdirSync(join(root, `round-${round}`))
          for (let i = 0; i < 600; i++)
            writeFileSync(join(root, `round-${round}`, `${'n'.repeat(180)}-${i}`), '')
          if (round >= 4) rmSync(join(root, `round-${round - 4}`), { recursive: true })
          run('sync', ['-f', root])
        }
        return pulled(path, root)
      })
      const read = listed(copy, ({ system, medium, entries }) => {
        expect(system.problems()).toEqual([])
        return linesOf(medium, entries)
      })
      expect(differences(read, mounted(copy, 'noatime', linesOfMount))).toEqual([])
    })

    it('whose log is damaged says so, and gives what the volume itself holds', () => {
      const path = makeXfs('damaged-log.xfs')
      const copy = mounted(path, 'noatime', (root) => {
        run('cp', ['-a', `${sampleTree(50)}/.`, root])
        run('sync', ['-f', root])
        return pulled(path, root)
      })
      const bytes = readFileSync(copy)
      const magic = Buffer.from('feedbabe', 'hex')
      for (let at = bytes.indexOf(magic, 4096); at !== -1; at = bytes.indexOf(magic, at + 512))
        bytes.fill(0, at, at + 4)
      const broken = inScratch('broken-log.xfs')
      writeFileSync(broken, bytes)
      listed(broken, ({ system }) => {
        expect(system.problems()).toMatchObject([{ code: 'journal-not-replayed', detail: 'no record' }])
      })
    })
  },
)
