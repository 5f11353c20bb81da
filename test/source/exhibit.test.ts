import { spawnSync } from 'node:child_process'
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { UsageError } from '../../src/base/errors.ts'
import { deviceNumber, mountOf, mountsBelow, parseMountInfo, readMounts } from '../../src/mounts/mounts.ts'
import { describeExhibit, isInside } from '../../src/source/mount/exhibit.ts'
import { atFileEnd } from '../at-file-end.ts'
import { CAN_FUSE, CAN_MOUNT, ext4Image, fill, fuseMount, mountLoop, sh, tempFolder } from './helpers.ts'

describe('mountinfo', () => {
  const text = [
    '27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard',
    '40 27 7:0 / /mnt/with\\040space ro,relatime - ext4 /dev/loop0 ro',
    '41 27 7:1 / /mnt/with\\040space rw,relatime - vfat /dev/loop1 rw',
    '42 27 254:0 /srv/part /mnt/bind rw,relatime master:2 propagate_from:1 - ext4 /dev/vda rw',
    '43 41 0:44 / /mnt/with\\040space/fu\\134se rw - fuse.rclone remote:\\011x rw,user_id=0',
  ].join('\n')
  const mounts = parseMountInfo(`${text}\n`)

  it('reads optional fields, escapes and bind roots', () => {
    expect(mounts).toHaveLength(5)
    expect(mounts[1]).toMatchObject({
      point: '/mnt/with space',
      device: '7:0',
      fileSystem: 'ext4',
      options: ['ro', 'relatime'],
    })
    expect(mounts[3]).toMatchObject({ root: '/srv/part', superOptions: ['rw'] })
    expect(mounts[4]).toMatchObject({
      point: '/mnt/with space/fu\\se',
      source: 'remote:\tx',
      fileSystem: 'fuse.rclone',
    })
  })

  it('finds the mount that a path reaches: the longest point, the newest where one covers another', () => {
    expect(mountOf('/mnt/with space/a/b', mounts)?.fileSystem).toBe('vfat')
    expect(mountOf('/mnt/with spaces', mounts)?.point).toBe('/')
    expect(mountOf('/', mounts)?.point).toBe('/')
    expect(mountsBelow('/mnt', mounts).map(({ point }) => point)).toEqual([
      '/mnt/bind',
      '/mnt/with space',
      '/mnt/with space/fu\\se',
    ])
  })

  it('agrees with the kernel on the file system of this folder', () => {
    const [device] = sh('stat -c "%Hd:%Ld" "$1"', tempFolder()).trim().split('\n')
    expect(mountOf(tempFolder(), readMounts())?.device).toBe(device)
    expect(deviceNumber(0xfe00n)).toBe('254:0')
    expect(deviceNumber((1n << 20n) | 0x12345n)).toBe(
      sh('echo $(( (0x112345 >> 8) & 0xfff )):$(( (0x112345 & 0xff) | ((0x112345 >> 12) & ~0xff) ))').trim(),
    )
  })

  it('refuses a line that is not of its shape', () => {
    expect(() => parseMountInfo('1 2 3')).toThrow(RangeError)
  })
})

describe('describeExhibit', () => {
  it('describes a plain folder by the mount that holds it', async () => {
    const root = tempFolder()
    const exhibit = await describeExhibit(root)
    expect(exhibit).toMatchObject({ root, viaFuse: false, submounts: [] })
    expect(exhibit.fileSystem).toBe(sh('stat -f -c %T "$1"', root).trim().replace('ext2/ext3', 'ext4'))
    expect(exhibit.rootInode.toString()).toBe(sh('stat -c %i "$1"', root).trim())
    expect(exhibit.remarks.join('\n')).toMatch(/a folder of the file system mounted at/)
    expect(exhibit.remarks.join('\n')).toMatch(/no deleted or unallocated data/)
  })

  it('follows a link given as the root and refuses what is no directory', async () => {
    const root = fill(tempFolder(), { file: 'x' })
    symlinkSync(root, join(tempFolder(), 'link'))
    await expect(describeExhibit(join(root, 'file'))).rejects.toThrow(UsageError)
    await expect(describeExhibit(join(root, 'nothing'))).rejects.toThrow(/could not be found \(ENOENT\)/)
  })

  it.skipIf(!CAN_MOUNT)('describes a read-only loop mount, its UUID and what that proves', async () => {
    const image = ext4Image(fill(tempFolder(), { a: 'x' }))
    const root = mountLoop(image)
    const exhibit = await describeExhibit(root)
    expect(exhibit).toMatchObject({
      root,
      fileSystem: 'ext4',
      writable: false,
      viaLoop: true,
      viaFuse: false,
    })
    expect(exhibit.mountOptions).toMatch(/^ro/)
    expect(exhibit.uuid).toBe(sh('blkid -p -o value -s UUID "$1"', image).trim())
    const remarks = exhibit.remarks.join('\n')
    expect(remarks).toContain('does not prove that the image was unchanged before')
    expect(remarks).toContain(`a write-protected loop device over ${image}`)
    expect(remarks).not.toContain('replay its journal')
  })

  it.skipIf(!CAN_MOUNT)('says that ro over a writable device may have replayed the journal', async () => {
    const image = ext4Image(fill(tempFolder(), { a: 'x' }))
    const device = sh('losetup --find --show "$1"', image).trim()
    const point = tempFolder()
    sh('mount -o ro "$1" "$2"', device, point)
    atFileEnd(() => {
      spawnSync('umount', ['-l', point])
      spawnSync('losetup', ['-d', device])
    })
    const exhibit = await describeExhibit(point)
    expect(exhibit.writable).toBe(false)
    expect(exhibit.remarks.join('\n')).toContain('Mounting ext4, also read-only, can replay its journal')
    sh('mount -o remount,rw "$1"', point)
    const writable = await describeExhibit(point)
    expect(writable.writable).toBe(true)
    expect(writable.remarks.join('\n')).toContain('mounted writable')
  })

  it.skipIf(!CAN_FUSE)('believes no flag of a FUSE mount', async () => {
    const image = ext4Image(fill(tempFolder(), { a: 'x' }))
    const point = tempFolder()
    await fuseMount(image, point)
    const exhibit = await describeExhibit(point)
    expect(exhibit).toMatchObject({ viaFuse: true, viaLoop: false })
    expect(exhibit.fileSystem).toMatch(/^fuse/)
    expect(exhibit.remarks.join('\n')).toContain('neither proves nor disproves')
  })

  it.skipIf(!CAN_MOUNT)('lists file systems below the root', async () => {
    const root = tempFolder()
    mkdirSync(join(root, 'inner'))
    sh('mount -o loop,ro "$1" "$2"', ext4Image(fill(tempFolder(), { a: 'x' })), join(root, 'inner'))
    atFileEnd(() => spawnSync('umount', ['-l', join(root, 'inner')]))
    const exhibit = await describeExhibit(root)
    expect(exhibit.submounts).toMatchObject([{ path: 'inner', fileSystem: 'ext4', writable: false }])
    expect(exhibit.remarks.join('\n')).toContain('inner (ext4, read-only)')
  })
})

describe('isInside', () => {
  it('refuses outputs below the exhibit, also those that do not exist yet or come by a link', () => {
    const root = fill(tempFolder(), { 'a/b': 'x' })
    const outside = tempFolder()
    symlinkSync(join(root, 'a'), join(outside, 'link'))
    symlinkSync(join(root, 'not-there-yet'), join(outside, 'dangling'))
    symlinkSync('loop', join(outside, 'loop'))
    for (const path of [
      root,
      join(root, 'case.sqlite'),
      join(root, 'new/new/x'),
      join(root, 'a/b'),
      `${root}/a/../c`,
      join(outside, 'link/new'),
      join(outside, 'dangling'),
    ])
      expect([path, isInside(root, path)]).toEqual([path, true])
    for (const path of [
      outside,
      join(outside, 'case.sqlite'),
      join(root, '..'),
      join(root, '../elsewhere'),
      '/',
    ])
      expect([path, isInside(root, path)]).toEqual([path, false])
    expect(() => isInside(root, join(outside, 'loop'))).toThrow(/ELOOP/)
  })

  it.skipIf(!CAN_MOUNT)('sees through bind mounts, of the exhibit and of what is mounted in it', () => {
    const root = fill(tempFolder(), { 'a/b': 'x', 'inner/z': '' })
    const elsewhere = fill(tempFolder(), { 'bound/x': '', 'bound-inner/x': '' })
    sh('mount --bind "$1/a" "$2/bound"', root, elsewhere)
    const image = ext4Image(fill(tempFolder(), { 'q/r': 'x' }))
    sh('mount -o loop,ro "$1" "$2/inner"; mount --bind "$2/inner/q" "$3/bound-inner"', image, root, elsewhere)
    atFileEnd(() =>
      spawnSync('sh', [
        '-c',
        'umount -l "$1/bound"; umount -l "$1/bound-inner"; umount -l "$2/inner"',
        'sh',
        elsewhere,
        root,
      ]),
    )
    expect(isInside(root, join(elsewhere, 'bound/case.sqlite'))).toBe(true)
    expect(isInside(root, join(elsewhere, 'bound-inner/case.sqlite'))).toBe(true)
    expect(isInside(root, join(elsewhere, 'case.sqlite'))).toBe(false)
  })
})
