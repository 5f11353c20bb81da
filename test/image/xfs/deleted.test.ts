import { closeSync, mkdirSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { VolumeEntry } from '../../../src/contracts/image.ts'
import { contentOf } from '../../../src/formats/image/content/content.ts'
import { bytesOf, inScratch, mounted } from '../ext/volumes.ts'
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
function withRemoved(name: string, remove: (root: string) => void, ...options: readonly string[]): string {
  const path = makeXfs(name, ...options)
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

  /** A file of zeros over all that is free, with what the file system keeps back. Removed files are free after the unmount. */
  function fill(root: string): void {
    run('xfs_io', ['-x', '-c', 'resblks 0', root])
    run('sh', ['-c', 'cat /dev/zero > "$1/all" 2>/dev/null || true; sync -f "$1"', 'sh', root])
  }

  it('give no byte where others have their blocks now, or had them until later', () => {
    // The file that takes the blocks takes the inode of the first of them, too.
    const path = withRemoved(
      'taken.xfs',
      (root) => {
        for (const name of ['file-7', 'file-8', 'file-9']) rmSync(join(root, 'folder', name))
      },
      ...['-m', 'reflink=0,rmapbt=0,finobt=0'],
    )
    const overwritten = () =>
      listed(path, (listing) => {
        expect(named(listing, 'folder/file-8')).toMatchObject([
          { status: 'deleted-overwritten', place: { kind: 'none', reason: 'overwritten' } },
        ])
      })
    mounted(path, 'noatime', fill)
    overwritten()
    mounted(path, 'noatime', (root) => rmSync(join(root, 'all')))
    overwritten()
    // The name of the file that had the inode before is not that of what it holds now.
    listed(path, (listing) => {
      expect(named(listing, 'folder/file-7')).toMatchObject([
        { place: { kind: 'none', reason: 'not-recorded' } },
      ])
    })
  })

  it('do not take extents of an earlier life of their inode for theirs', () => {
    const path = makeXfs('lives.xfs')
    const old = bytesOf(21, 4096)
    mounted(path, 'noatime', (root) => {
      // Blocks with holes between them, so that the extents stay apart.
      const fd = openSync(join(root, 'first'), 'w')
      for (const at of [0, 2, 4]) writeSync(fd, old, 0, 4096, at * 8192)
      closeSync(fd)
      run('sync', ['-f', root])
    })
    mounted(path, 'noatime', (root) => rmSync(join(root, 'first')))
    mounted(path, 'noatime', (root) => {
      writeFileSync(join(root, 'second'), bytesOf(22, 3000))
      run('sync', ['-f', root])
    })
    mounted(path, 'noatime', (root) => rmSync(join(root, 'second')))
    run('xfs_repair', ['-L', path])
    listed(path, (listing) => {
      const gone = listing.entries.filter(
        ({ status, place }) => status === 'deleted' && place.kind === 'runs',
      )
      expect(gone.map(({ sizeBytes }) => sizeBytes)).toEqual([4096])
      expect(bytesIn(listing, gone[0]!).subarray(0, 3000).equals(bytesOf(22, 3000))).toBe(true)
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
    const pulled = inScratch('pulled-copy.xfs')
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
