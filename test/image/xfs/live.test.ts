import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  bytesOf,
  differences,
  digestOf,
  inScratch,
  linesOf,
  linesOfMount,
  mounted,
  sampleTree,
  sha256,
} from '../ext/volumes.ts'
import { hasTools, listed } from '../volume.ts'
import { CAN_FILL, makeXfs } from './volumes.ts'

const VARIANTS: Readonly<Record<string, readonly string[]>> = {
  'as mkfs makes it': [],
  'blocks of 1 KiB': ['-b', 'size=1024'],
  'directory blocks of 16 KiB': ['-n', 'size=16384'],
  'inodes of 2 KiB, sectors of 4 KiB': ['-i', 'size=2048', '-s', 'size=4096'],
  'times of 32 bits, few extents': ['-m', 'bigtime=0', '-i', 'nrext64=0'],
  'whole chunks of inodes, many groups': ['-i', 'sparse=0', '-d', 'agcount=16'],
}

/** As a kernel shows it. The mark "read-only" of a loop device outlives its user, so a copy is mounted. */
function shownOf(path: string): string[] {
  const copy = `${path}-shown`
  execFileSync('cp', ['--sparse=always', path, copy])
  return mounted(copy, 'noatime,nouuid', linesOfMount)
}

/** Beside the tree: a content of more extents than an inode holds, an unwritten part, a large folder, a shared content. */
function fill(root: string): void {
  execFileSync('cp', ['-a', `${sampleTree(1500)}/.`, root])
  const fd = openSync(join(root, 'fragments'), 'w')
  for (let at = 0; at < 200; at++) writeSync(fd, bytesOf(at, 4096), 0, 4096, at * 3 * 4096)
  closeSync(fd)
  execFileSync('fallocate', ['-l', '300000', join(root, 'allocated-ahead')])
  execFileSync('sh', [
    '-c',
    'printf begun | dd of="$1" conv=notrunc status=none',
    'sh',
    join(root, 'allocated-ahead'),
  ])
  mkdirSync(join(root, 'empty-folder'))
  execFileSync('cp', ['--reflink=auto', join(root, 'large'), join(root, 'shared')])
  execFileSync('mknod', [join(root, 'device'), 'c', '1', '3'])
  writeFileSync(join(root, 'last'), bytesOf(77, 12_000))
  // A namespace of another test may keep the volume mounted after its end here.
  execFileSync('sync', ['-f', root])
}

describe.skipIf(!CAN_FILL)(
  'a volume of XFS, compared with the kernel (skipped without root, mkfs.xfs and the driver)',
  () => {
    it.each(Object.entries(VARIANTS))(
      '%s: names, sizes, times, owners and contents are equal',
      (name, options) => {
        const path = makeXfs(`${name.replaceAll(/\W/g, '-')}.xfs`, ...options)
        mounted(path, 'noatime', fill)
        const shown = shownOf(path)
        expect(shown.length).toBeGreaterThan(1520)
        listed(path, ({ system, medium, entries }) => {
          expect(system.kind).toBe('xfs')
          expect(differences(linesOf(medium, entries), shown)).toEqual([])
          expect(system.problems()).toEqual([])
          const { metadata, allocated, unallocated, slack, bad } = system.classes()
          expect(metadata + allocated + unallocated + slack + bad).toBe(medium.sizeBytes)
          const free = [...system.unallocated()].reduce((sum, { length }) => sum + length, 0)
          expect(free).toBe(unallocated)
        })
      },
    )
  },
)

/** Today's kernels do not mount version 4: mkfs.xfs fills it from a list. */
describe.skipIf(!hasTools('mkfs.xfs'))(
  'a volume of version 4, without checksums (skipped without mkfs.xfs)',
  () => {
    it.each([
      ['names with types', '1', '4096'],
      ['names without types', '0', '1024'],
    ])('%s: names, targets and contents are those that it was filled with', (_, types, blockBytes) => {
      const contents = new Map<string, Buffer>()
      const lines: string[] = []
      const put = (at: string, bytes: Buffer, indent: string) => {
        const source = inScratch(`source-${contents.size}`)
        writeFileSync(source, bytes)
        contents.set(at, bytes)
        lines.push(`${indent}${at.split('/').at(-1)} ---640 7 8 ${source}`)
      }
      put('small', Buffer.from('x'), '')
      put('empty', Buffer.alloc(0), '')
      put('large', bytesOf(5, 700_001), '')
      lines.push(`link l--777 0 0 ${'d/'.repeat(60)}`, 'short l--777 0 0 small', 'many d--755 0 0')
      for (let i = 0; i < 900; i++) put(`many/${i}-${'m'.repeat(i % 60)}`, bytesOf(i, i % 90), ' ')
      const list = inScratch(`list-${types}`)
      writeFileSync(list, `/dev/null\n0 0\nd--755 0 0\n${lines.join('\n')}\n $\n$\n`)
      const made = ['-m', 'crc=0,finobt=0', '-n', `ftype=${types}`, '-b', `size=${blockBytes}`]
      const path = makeXfs(`v4-${types}.xfs`, ...made, '-p', list)
      listed(path, ({ system, medium, entries }) => {
        expect(system.stated).toContainEqual({ name: 'version', value: '4' })
        expect([...system.problems()]).toEqual([])
        const files = entries.filter(({ kind }) => kind === 'file')
        expect(files.map((entry) => entry.path.join('/')).sort()).toEqual([...contents.keys()].sort())
        for (const entry of files)
          expect(digestOf(medium, entry), entry.path.join('/')).toBe(
            sha256(contents.get(entry.path.join('/'))!),
          )
        const links = entries.filter(({ kind }) => kind === 'symlink')
        expect(links.map(({ linkTarget }) => `${linkTarget}`).sort()).toEqual(['d/'.repeat(60), 'small'])
        expect(files[0]).toMatchObject({ uid: 7, gid: 8, mode: 0o100640 })
      })
    })
  },
)
