/** Small images for `mutants`: a volume of every file system with files, folders, holes and deleted files, and one disk in every container. */
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { madeVolume } from '../../fixtures/apfs/volume.ts'
import { writeDiskImage } from '../../fixtures/disk-image.ts'
import { everythingHalfWritten } from '../../fixtures/hfs-plus/everything.ts'
import { physicalVolume } from '../../fixtures/lvm.ts'
import { segmentsOf } from '../../src/host/held/segments-of.ts'
import { contentOf, textOf } from './made-tree.ts'
import { sh } from './made-volumes.ts'

export interface MutantSample {
  readonly name: string
  readonly kind: 'file system' | 'container'
  /** @returns the segments, in order */
  readonly make: (folder: string) => readonly string[]
}

function fill(root: string): void {
  mkdirSync(join(root, 'a/b/c'), { recursive: true })
  for (let i = 0; i < 120; i++) {
    const folder = ['', 'a/', 'a/b/', 'a/b/c/'][i % 4]!
    writeFileSync(join(root, `${folder}name of file ${i}.bin`), contentOf(i, 50 + i * 131))
  }
  const fd = [0, 1].map((n) => openSync(join(root, `piece${n}.bin`), 'w'))
  for (let turn = 0; turn < 40; turn++) for (const one of fd) writeSync(one, contentOf(turn, 4096))
  for (const one of fd) closeSync(one)
}

const thinOut = (root: string): void => {
  for (let i = 0; i < 120; i += 5)
    unlinkSync(join(root, `${['', 'a/', 'a/b/', 'a/b/c/'][i % 4]}name of file ${i}.bin`))
}

/** Filled through a mount, then thinned out through another. */
function mounted(
  file: string,
  mount: string,
  unmount: string,
  special: (root: string) => void = () => {},
): readonly string[] {
  const root = `${file}.mount`
  mkdirSync(root)
  const made = (at: string) => {
    fill(at)
    special(at)
  }
  for (const use of [made, thinOut]) {
    sh(mount, file, root)
    try {
      use(root)
    } finally {
      sh(unmount, file, root)
    }
  }
  return [file]
}

function withHole(root: string): void {
  const fd = openSync(join(root, 'hole.bin'), 'w')
  writeSync(fd, contentOf(900, 5000), 0, 5000, 200_000)
  ftruncateSync(fd, 600_000)
  closeSync(fd)
}

const NTFS_UNMOUNT = 'umount "$2"; while pgrep -f "[n]tfs-3g.* $1 " >/dev/null; do sleep 0.1; done'
const LOOP_UNMOUNT =
  'dev=$(findmnt -n -o SOURCE "$2"); umount "$2"; while losetup -n -O NAME -j "$1" | grep -q .; do losetup -d $dev 2>/dev/null || sleep 0.1; done'

const FILE_SYSTEM_SAMPLES: readonly MutantSample[] = [
  {
    name: 'ntfs',
    kind: 'file system',
    make(folder) {
      const file = join(folder, 'ntfs.raw')
      sh('truncate -s 6M "$1"; mkntfs -F -Q -q -c 1024 "$1"', file)
      return mounted(
        file,
        'ntfs-3g -o streams_interface=windows,compression "$1" "$2"',
        NTFS_UNMOUNT,
        (root) => {
          withHole(root)
          for (let i = 0; i < 10; i++)
            writeFileSync(join(root, `name of file ${i * 4}.bin:stream`), textOf(i, 400 + i * 900))
          sh('mkdir "$1/packed"; setfattr -h -v 0x00000810 -n system.ntfs_attrib_be "$1/packed"', root)
          for (let i = 0; i < 10; i++) writeFileSync(join(root, 'packed', `t${i}`), textOf(i, 30_000))
        },
      )
    },
  },
  ...['ext2', 'ext4'].map(
    (name): MutantSample => ({
      name,
      kind: 'file system',
      make(folder) {
        const file = join(folder, `${name}.raw`)
        sh(`truncate -s 10M "$1"; mkfs.${name} -q -F -b 1024 "$1"`, file)
        return mounted(file, 'mount -o loop "$1" "$2"', LOOP_UNMOUNT, withHole)
      },
    }),
  ),
  {
    name: 'xfs',
    kind: 'file system',
    make(folder) {
      const file = join(folder, 'xfs.raw')
      sh('truncate -s 24M "$1"; mkfs.xfs --unsupported -q -f -b size=1024 "$1" 2>/dev/null', file)
      return mounted(file, 'mount -o loop "$1" "$2"', LOOP_UNMOUNT, withHole)
    },
  },
  {
    name: 'btrfs',
    kind: 'file system',
    make(folder) {
      const file = join(folder, 'btrfs.raw')
      sh('truncate -s 24M "$1"; mkfs.btrfs -q -f -M -n 4096 "$1"', file)
      return mounted(file, 'mount -o loop,compress=lzo "$1" "$2"', LOOP_UNMOUNT, (root) => {
        withHole(root)
        for (let i = 0; i < 10; i++) writeFileSync(join(root, `words${i}.txt`), textOf(i, 30_000))
      })
    },
  },
  {
    name: 'f2fs',
    kind: 'file system',
    make(folder) {
      const file = join(folder, 'f2fs.raw')
      const tree = join(folder, 'tree-f2fs')
      mkdirSync(tree)
      fill(tree)
      sh(
        'truncate -s 64M "$1"; mkfs.f2fs -q -f "$1" >/dev/null; sload.f2fs -f "$2" "$1" >/dev/null',
        file,
        tree,
      )
      return [file]
    },
  },
  {
    name: 'exfat',
    kind: 'file system',
    make(folder) {
      const file = join(folder, 'exfat.raw')
      sh('truncate -s 8M "$1"; mkfs.exfat -q -c 4096 "$1" >/dev/null', file)
      return mounted(file, 'mount.exfat-fuse $(losetup -f --show "$1") "$2"', LOOP_UNMOUNT)
    },
  },
  ...(
    [
      [12, 2],
      [16, 12],
      [32, 40],
    ] as const
  ).map(
    ([bits, megabytes]): MutantSample => ({
      name: `fat${bits}`,
      kind: 'file system',
      make(folder) {
        const file = join(folder, `fat${bits}.raw`)
        const tree = join(folder, `tree${bits}`)
        mkdirSync(tree)
        fill(tree)
        sh(
          `truncate -s ${megabytes}M "$1"; mkfs.vfat -F ${bits} -s 1 "$1" >/dev/null; mcopy -s -Q -i "$1" "$2"/* ::`,
          file,
          tree,
        )
        for (let i = 0; i < 120; i += 5)
          sh('mdel -i "$1" "$2"', file, `::${['', 'a/', 'a/b/', 'a/b/c/'][i % 4]}name of file ${i}.bin`)
        return [file]
      },
    }),
  ),
  {
    name: 'apfs',
    kind: 'file system',
    make(folder) {
      const file = join(folder, 'apfs.raw')
      writeFileSync(file, madeVolume())
      return [file]
    },
  },
  {
    name: 'hfsplus',
    kind: 'file system',
    make(folder) {
      const file = join(folder, 'hfsplus.raw')
      writeFileSync(file, everythingHalfWritten())
      return [file]
    },
  },
  ...(['zip -q -r', 'tar cf'] as const).map(
    (command): MutantSample => ({
      name: command.slice(0, 3),
      kind: 'file system',
      make(folder) {
        const tree = join(folder, `tree-${command.slice(0, 3)}`)
        const file = join(folder, `archive.${command.slice(0, 3)}`)
        mkdirSync(tree)
        fill(tree)
        sh(`cd "$2"; ${command} "$1" .`, file, tree)
        return [file]
      },
    }),
  ),
]

/** A disk with two volumes, as each program writes it. */
const contained = (name: string, command: string, out: string): MutantSample => ({
  name,
  kind: 'container',
  make(folder) {
    const at = join(folder, name)
    mkdirSync(at)
    const files = Array.from({ length: 60 }, (_, i) => ({
      name: `F${i}.BIN`,
      bytes: i % 2 ? contentOf(i, 700 + i * 60) : textOf(i, 3000),
      state: i % 7 === 0 ? ('deleted' as const) : ('live' as const),
    }))
    writeDiskImage(join(at, 'disk.raw'), [files.slice(0, 30), files.slice(30)])
    sh(`cd "$1"; ${command}`, at)
    return segmentsOf(join(at, out))
  },
})

const CONTAINER_SAMPLES: readonly MutantSample[] = [
  contained('raw', 'true', 'disk.raw'),
  contained('split-raw', 'split -a 3 -d --additional-suffix= -b 7000000 disk.raw out.', 'out.000'),
  contained('e01', 'ewfacquire -q -u -f encase6 -c deflate:fast -t out disk.raw', 'out.E01'),
  contained(
    'e01-segments',
    'ewfacquire -q -u -f encase6 -c deflate:none -S 8388608 -t out disk.raw',
    'out.E01',
  ),
  contained('vhd', 'qemu-img convert -O vpc -o subformat=dynamic,force_size=on disk.raw out.vhd', 'out.vhd'),
  contained(
    'vhdx',
    'qemu-img convert -O vhdx -o subformat=dynamic,block_size=1M disk.raw out.vhdx',
    'out.vhdx',
  ),
  contained('vmdk', 'qemu-img convert -O vmdk -o subformat=streamOptimized disk.raw out.vmdk', 'out.vmdk'),
  contained('qcow2', 'qemu-img convert -O qcow2 -c disk.raw out.qcow2', 'out.qcow2'),
]

/** Two logical volumes in pieces over a physical one. */
const LVM_SAMPLE: MutantSample = {
  name: 'lvm2',
  kind: 'file system',
  make(folder) {
    const files = Array.from({ length: 60 }, (_, i) => ({
      name: `F${i}.BIN`,
      bytes: i % 2 ? contentOf(i, 700 + i * 60) : textOf(i, 3000),
      state: i % 7 === 0 ? ('deleted' as const) : ('live' as const),
    }))
    const volumes = [files.slice(0, 30), files.slice(30)].map((some, i) => {
      const file = join(folder, `lv-${i}.img`)
      writeDiskImage(file, [some])
      const disk = readFileSync(file)
      const at = disk.readUInt32LE(454) * 512
      return { name: `lv${i}`, bytes: disk.subarray(at, at + disk.readUInt32LE(458) * 512) }
    })
    const file = join(folder, 'pv.img')
    writeFileSync(file, physicalVolume('vg0', volumes))
    return [file]
  },
}

export const MUTANT_SAMPLES: readonly MutantSample[] = [
  ...FILE_SYSTEM_SAMPLES,
  LVM_SAMPLE,
  ...CONTAINER_SAMPLES,
]
