/** What the machine lacks, and what a mount claims, is no evidence. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isScarce } from '../../src/base/scarce.ts'
import { openExhibit } from '../../src/cli/services/open-exhibit.ts'
import { REASONS } from '../../src/contracts/reason.ts'
import { kindOnDevice } from '../../src/mounts/fuse-kind.ts'
import { isWritable } from '../../src/mounts/mounts.ts'
import { describeExhibit } from '../../src/source/mount/exhibit.ts'
import { atFileEnd } from '../at-file-end.ts'
import { BIN, scanArgs } from '../e2e/seized.ts'
import { byPath, CAN_MOUNT, fill, has, IS_ROOT, sh, tempFolder, walkAll, walkAside } from './helpers.ts'

describe('12 B12: limits of the machine', () => {
  it('says the same of an exhibit with 64 descriptors as with many, and has no folder unread for it', () => {
    const root = tempFolder()
    for (let chain = 0; chain < 4; chain++) {
      let at = root
      for (let level = 0; level < 60; level++) {
        at = join(at, `folder-${chain}-${level}`)
        mkdirSync(at)
        writeFileSync(join(at, 'file'), `content ${chain} ${level}`)
      }
    }
    const digestWith = (descriptors: number) => {
      const ledger = join(tempFolder(), 'ledger.sqlite')
      const args = scanArgs(root, ledger, [], '--phases', 'inventory,known', '--workers', '2')
      const { stdout, stderr } = spawnSync(
        'sh',
        ['-c', `ulimit -n ${descriptors}; exec "$@"`, 'sh', process.execPath, BIN, ...args],
        { encoding: 'utf8' },
      )
      const last = JSON.parse(stdout.trim().split('\n').at(-1) ?? stderr)
      return { digest: last.evidenceDigest, entries: last.entries, unread: last.stages.read['not-done'] }
    }
    const many = digestWith(1024)
    expect(many).toMatchObject({ entries: 481, unread: 0 })
    expect(digestWith(64)).toEqual(many)
  })

  it('takes a lack of descriptors or memory for no evidence', () => {
    expect(REASONS['machine-short'].environmentDependent).toBe(true)
    // Of the engine, which has no memory left for a buffer: no model's file is unreadable for it.
    expect(isScarce(Object.assign(new Error('none'), { code: 'ERR_MEMORY_ALLOCATION_FAILED' }))).toBe(true)
  })

  it.skipIf(!existsSync('/dev/shm') || !IS_ROOT)(
    'does not begin to read a file that claims 2^62 bytes where nothing can be behind it',
    () => {
      const root = tempFolder()
      sh('mount -t tmpfs -o size=1m none "$1"', root)
      atFileEnd(() => spawnSync('umount', ['-l', root]))
      sh('truncate -s 4E "$1/huge"', root)
      const { entry, read } = byPath(walkAll(root)).get('huge')!
      expect(entry.sizeBytes).toBe(2n ** 62n)
      expect(read).toMatchObject({
        result: 'not-done',
        reason: 'over-byte-limit',
        detail: { params: { bytes: 2 ** 62 } },
      })
    },
  )
})

describe('12 B12: what mounts claim', () => {
  it('tells programs that cannot write by their kind, whatever their flags say', () => {
    const mount = (fileSystem: string) => ({
      device: '0:44',
      root: '/',
      point: '/m',
      options: ['rw'],
      superOptions: ['rw'],
      fileSystem,
      source: 'x',
    })
    for (const name of ['fuse.fuseiso', 'fuse.fsapfsmount', 'fuse.ewfmount'])
      expect(isWritable(mount(name)), name).toBe(false)
    for (const name of ['fuse.ntfs-3g', 'fuse', 'fuseblk', 'ext4', 'fuse.xmount'])
      expect(isWritable(mount(name)), name).toBe(true)
  })

  it.skipIf(!CAN_MOUNT || !has('ewfacquire', 'ewfmount'))('takes an ewfmount for what it is', async () => {
    const folder = tempFolder()
    sh('head -c 1048576 /dev/urandom >"$1/raw"; ewfacquire -u -q -t "$1/e" "$1/raw" >/dev/null', folder)
    const point = tempFolder()
    sh('ewfmount "$1/e.E01" "$2" >/dev/null', folder, point)
    atFileEnd(() => spawnSync('umount', ['-l', point]))
    const exhibit = await describeExhibit(point)
    expect(exhibit).toMatchObject({ fileSystem: 'fuse', writable: false, viaFuse: true })
    expect(exhibit.mountOptions).toContain('rw')
    expect(exhibit.remarks.join('\n')).toContain('it has no way to write, whatever its flags say')
    // Its walker, which sees no other process, is told so.
    expect([...byPath(await walkAside(point)).keys()]).toEqual(['', 'ewf1'])
  })

  it.skipIf(!CAN_MOUNT || !has('ntfs-3g', 'mkfs.ntfs'))(
    'reads times of NTFS through ntfs-3g as UTC',
    async () => {
      const image = join(tempFolder(), 'image')
      sh('truncate -s 8M "$1"; mkfs.ntfs -q -F "$1" >/dev/null 2>&1', image)
      expect(kindOnDevice(image)).toBe('fuse.ntfs-3g')
      const device = execFileSync('losetup', ['--show', '-f', image], { encoding: 'utf8' }).trim()
      const point = tempFolder()
      atFileEnd(() => {
        spawnSync('umount', ['-l', point])
        spawnSync('losetup', ['-d', device])
      })
      sh('ntfs-3g "$1" "$2"', device, point)
      writeFileSync(join(point, 'file'), 'x')
      expect((await describeExhibit(point)).fileSystem).toBe('fuseblk')
      const stamp = { zone: 'utc', resolution: '100ns' }
      expect(byPath(walkAll(point)).get('file')!.entry.times.modified).toMatchObject(stamp)
      // Its walker, which cannot read the device, is told so; also of a mount below another folder.
      expect(byPath(await walkAside(point)).get('file')!.entry.times.modified).toMatchObject(stamp)
      const above = tempFolder()
      mkdirSync(join(above, 'below'))
      sh('mount --bind "$1" "$2"', point, join(above, 'below'))
      atFileEnd(() => spawnSync('umount', ['-l', join(above, 'below')]))
      expect(byPath(await walkAside(above)).get('below/file')!.entry.times.modified).toMatchObject(stamp)
    },
  )

  it('names a bind mount made read-only as the way out of a writable one', async () => {
    const root = fill(tempFolder(), { a: 'x' })
    await expect(openExhibit(root, { allowWritable: false, allowUnconfined: false })).rejects.toThrow(
      `mount --bind ${root} VIEW && mount -o remount,bind,ro VIEW`,
    )
  })

  it.skipIf(!CAN_MOUNT)('and takes that way', async () => {
    const root = fill(tempFolder(), { a: 'x' })
    const view = tempFolder()
    sh('mount --bind "$1" "$2"; mount -o remount,bind,ro "$2"', root, view)
    atFileEnd(() => spawnSync('umount', ['-l', view]))
    expect((await openExhibit(view, { allowWritable: false, allowUnconfined: false })).exhibit.writable).toBe(
      false,
    )
  })
})
