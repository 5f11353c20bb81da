import { closeSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { VolumeEntry } from '../../../src/contracts/image.ts'
import { contentOf } from '../../../src/formats/image/content/content.ts'
import { bytesOf, mounted, scratch } from '../ext/volumes.ts'
import { type Listing, listed, run } from '../volume.ts'
import { CAN_FILL, makeXfs } from './volumes.ts'

const GONE = bytesOf(3, 100_001)
const KEPT = bytesOf(4, 50_000)

function bytesIn({ medium }: Listing, entry: VolumeEntry): Buffer {
  if (entry.place.kind === 'none') throw new Error(entry.place.reason)
  const bytes = Buffer.alloc(entry.sizeBytes)
  contentOf(medium, entry.place, entry.sizeBytes).readInto(bytes, 0)
  return bytes
}

const named = ({ entries }: Listing, path: string) => entries.filter((entry) => entry.path.join('/') === path)

/** Files that were on the volume at an unmount, some of which were removed at the next mount. */
function withRemoved(name: string, remove: (root: string) => void): string {
  const path = makeXfs(name)
  mounted(path, 'noatime', (root) => {
    mkdirSync(join(root, 'folder', 'below'), { recursive: true })
    for (let i = 0; i < 40; i++) writeFileSync(join(root, 'folder', `file-${i}`), i === 7 ? GONE : KEPT)
    writeFileSync(join(root, 'folder', 'below', 'leaf'), GONE)
    run('sync', ['-f', root])
  })
  mounted(path, 'noatime', remove)
  return path
}

describe.skipIf(!CAN_FILL)('removed files of XFS (skipped without root, mkfs.xfs and the driver)', () => {
  it('have their name and content where the log still tells their size', () => {
    const path = withRemoved('removed.xfs', (root) => rmSync(join(root, 'folder', 'file-7')))
    listed(path, (listing) => {
      const found = named(listing, 'folder/file-7')
      expect(found).toHaveLength(1)
      const [entry] = found as [VolumeEntry]
      expect(entry).toMatchObject({ status: 'deleted', basis: 'journal', kind: 'file', notes: [] })
      expect(bytesIn(listing, entry).equals(GONE)).toBe(true)
      expect(listing.system.problems()).toEqual([])
      expect(named(listing, 'folder/file-8')[0]).toMatchObject({ status: 'live' })
    })
  })

  it('have whole blocks where the log does not tell their size any more', () => {
    const path = withRemoved('forgotten.xfs', (root) => rmSync(join(root, 'folder', 'file-7')))
    // Makes a new log.
    run('xfs_repair', ['-L', path])
    listed(path, (listing) => {
      const [entry] = named(listing, 'folder/file-7') as [VolumeEntry]
      expect(entry).toMatchObject({ status: 'deleted', basis: 'inode', notes: ['size-not-recorded'] })
      expect(entry.sizeBytes).toBe(Math.ceil(GONE.length / 4096) * 4096)
      const bytes = bytesIn(listing, entry)
      expect(bytes.subarray(0, GONE.length).equals(GONE)).toBe(true)
      expect(bytes.subarray(GONE.length).every((byte) => byte === 0)).toBe(true)
    })
  })

  it('give no byte where others have their blocks now', () => {
    const path = withRemoved('taken.xfs', (root) => {
      rmSync(join(root, 'folder', 'file-7'))
      run('sync', ['-f', root])
      writeFileSync(join(root, 'all'), '')
      run('sh', ['-c', 'cat /dev/zero > "$1/all" 2>/dev/null || true; sync -f "$1"', 'sh', root])
    })
    listed(path, (listing) => {
      const removed = listing.entries.filter(({ status }) => status.startsWith('deleted'))
      expect(removed.map((entry) => entry.path.join('/'))).toContain('folder/file-7')
      const stored = removed.flatMap(({ place }) => (place.kind === 'runs' ? place.runs : []))
      expect(stored).toEqual([])
    })
  })

  it('a name whose inode another file has says so, and has no content', () => {
    const path = withRemoved('again.xfs', (root) => rmSync(join(root, 'folder', 'file-7')))
    mounted(path, 'noatime', (root) => {
      for (let i = 0; i < 200; i++)
        writeFileSync(join(root, 'folder', `a much longer name of later ${i}`), KEPT)
    })
    listed(path, (listing) => {
      const [entry] = named(listing, 'folder/file-7')
      expect(entry).toMatchObject({
        status: 'deleted',
        place: { kind: 'none', reason: 'not-recorded' },
        notes: ['inode-in-use-again'],
      })
    })
  })

  it('a file removed while open is found, with its name where that remains', () => {
    const path = makeXfs('pulled.xfs')
    const pulled = join(scratch, 'pulled-copy.xfs')
    mounted(path, 'noatime', (root) => {
      writeFileSync(join(root, 'open'), GONE)
      run('sync', ['-f', root])
      const fd = openSync(join(root, 'open'), 'r')
      rmSync(join(root, 'open'))
      run('xfs_freeze', ['-f', root])
      run('cp', ['--sparse=always', path, pulled])
      run('xfs_freeze', ['-u', root])
      closeSync(fd)
    })
    listed(pulled, (listing) => {
      expect(listing.system.stated).toContainEqual({ name: 'log', value: 'replayed' })
      const found = listing.entries.filter(({ notes }) => notes.includes('removed-while-open'))
      expect(found).toHaveLength(1)
      expect(bytesIn(listing, found[0]!).equals(GONE)).toBe(true)
    })
  })
})
