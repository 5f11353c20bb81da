/** Volumes of `compare-images`: each made and filled by programs that are not ours, and what was put on it that a mount may not show. */
import { execFileSync, spawnSync } from 'node:child_process'
import {
  closeSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  rmSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { setAttributeSync } from '@napi-rs/xattr'
import { contentOf, DELETED_OF_TREE, sha256, textOf } from './made-tree.ts'

export interface MadeVolume {
  readonly kind: string
  readonly file: string
  /** SHA-256 of contents that were deleted, and of which way of deleting. */
  readonly deleted: readonly {
    readonly path: string
    readonly sha256: string
    readonly age: 'old' | 'recent'
  }[]
  readonly streams: readonly { readonly path: string; readonly sha256: string }[]
  /** What the driver refused to make. */
  readonly refused: readonly string[]
  /** Shows the volume under `root`, for find and hashdeep. */
  readonly show: (root: string) => void
  readonly hide: (root: string) => void
}

const PATH = `${process.env.PATH ?? ''}:/usr/sbin:/sbin`

export function sh(command: string, ...args: readonly string[]): string {
  return execFileSync('bash', ['-ec', command, 'bash', ...args], {
    encoding: 'latin1',
    maxBuffer: 1 << 30,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PATH, LC_ALL: 'C.UTF-8', TZ: 'UTC' },
  })
}

const RECENT = 60

interface Driver {
  readonly kind: string
  readonly megabytes: number
  readonly make: string
  readonly mount: string
  readonly mountReadOnly: string
  readonly unmount: string
  readonly holes: boolean
}

const LOOP_UNMOUNT =
  'dev=$(findmnt -n -o SOURCE "$2"); umount "$2"; while losetup -n -O NAME -j "$1" | grep -q .; do losetup -d $dev 2>/dev/null || sleep 0.2; done'

export const DRIVERS: readonly Driver[] = [
  {
    kind: 'ntfs',
    megabytes: 2200,
    make: 'mkntfs -F -Q -q "$1"',
    mount: 'ntfs-3g -o streams_interface=windows,compression,big_writes "$1" "$2"',
    mountReadOnly: 'ntfs-3g -o ro,streams_interface=windows "$1" "$2"',
    // The driver writes the last of the volume after umount(8) has returned.
    unmount: 'umount "$2"; while pgrep -f "[n]tfs-3g.* $1 " >/dev/null; do sleep 0.2; done',
    holes: true,
  },
  {
    kind: 'ext4',
    megabytes: 2200,
    make: 'mkfs.ext4 -q -F "$1"',
    mount: 'mount -o loop "$1" "$2"',
    mountReadOnly: 'mount -o loop,ro "$1" "$2"',
    unmount: LOOP_UNMOUNT,
    holes: true,
  },
  {
    kind: 'exfat',
    megabytes: 2600,
    make: 'mkfs.exfat -q -c 4096 "$1" >/dev/null',
    mount: 'mount.exfat-fuse $(losetup -f --show "$1") "$2"',
    mountReadOnly: 'mount.exfat-fuse -o ro $(losetup -r -f --show "$1") "$2"',
    unmount: LOOP_UNMOUNT,
    holes: false,
  },
]

export function makeVolume(driver: Driver, scratch: string, source: string): MadeVolume {
  const { kind } = driver
  const file = join(scratch, `${kind}.raw`)
  const root = join(scratch, `${kind}.mount`)
  mkdirSync(root)
  sh(`truncate -s ${driver.megabytes}M "$1"; ${driver.make}`, file)
  const at = (name: string | Buffer) => Buffer.concat([Buffer.from(`${root}/`), Buffer.from(name)])
  const deleted: MadeVolume['deleted'][number][] = []
  const streams: MadeVolume['streams'][number][] = []
  const refused: string[] = []
  const attempt = (what: string, make: () => void) => {
    try {
      make()
    } catch (error) {
      refused.push(`${what} (${(error as NodeJS.ErrnoException).code ?? error})`)
    }
  }
  const mounted = (use: () => void) => {
    sh(driver.mount, file, root)
    try {
      use()
    } finally {
      sh(driver.unmount, file, root)
    }
  }
  mounted(() => {
    sh('cp -r "$1"/. "$2"', source, root)
    fragmented(join(root, 'pieces'), driver.kind === 'ext4')
    oddNames(kind, at, attempt)
    if (driver.holes) holes(join(root, 'sparse'))
    if (kind === 'ntfs') onNtfs(root, streams)
  })
  const recent = Array.from({ length: RECENT }, (_, i) => `recent/r${i}.bin`)
  mounted(() => {
    mkdirSync(join(root, 'recent'))
    recent.forEach((path, i) => {
      const bytes = contentOf(40_000 + i, 3_000 + i * 1_777)
      writeFileSync(join(root, path), bytes)
    })
    sh('sync -f "$1"', root)
  })
  mounted(() => {
    for (const [age, paths] of [
      ['old', DELETED_OF_TREE],
      ['recent', recent],
    ] as const)
      for (const path of paths) {
        deleted.push({ path, age, sha256: sh('sha256sum < "$1"', join(root, path)).slice(0, 64) })
        unlinkSync(join(root, path))
      }
  })
  rmSync(root, { recursive: true })
  return {
    kind,
    file,
    deleted,
    streams,
    refused,
    show: (point) => void sh(driver.mountReadOnly, file, point),
    hide: (point) => void sh(driver.unmount, file, point),
  }
}

/** FAT32 without a driver of the kernel: written by mtools, and copied out again by them. */
export function makeFat32(scratch: string, source: string): MadeVolume {
  const file = join(scratch, 'fat32.raw')
  sh('truncate -s 2600M "$1"; mkfs.vfat -F 32 -s 8 "$1" >/dev/null', file)
  const pieces = join(scratch, 'fat-pieces')
  mkdirSync(join(pieces, 'recent'), { recursive: true })
  mkdirSync(join(pieces, 'between'))
  for (let i = 0; i < 200; i++) writeFileSync(join(pieces, 'between', `b${i}`), contentOf(60_000 + i, 4_000))
  for (let i = 0; i < RECENT; i++)
    writeFileSync(join(pieces, 'recent', `r${i}.bin`), contentOf(40_000 + i, 3_000 + i * 1_777))
  // Every second of these goes, and what is written next lies in the holes: mtools fills from the front.
  sh('mcopy -s -Q -i "$1" "$2" ::between', file, join(pieces, 'between'))
  for (let i = 0; i < 200; i += 2) sh('mdel -i "$1" "$2"', file, `::between/b${i}`)
  sh('mmd -i "$1" ::pieces', file)
  for (let i = 0; i < 4; i++) {
    writeFileSync(join(pieces, `p${i}`), contentOf(61_000 + i, 90_000))
    sh('mcopy -Q -i "$1" "$2" ::pieces/', file, join(pieces, `p${i}`))
  }
  sh('for f in "$2"/*; do mcopy -s -Q -i "$1" "$f" ::; done', file, source)
  sh('mcopy -s -Q -i "$1" "$2" ::recent', file, join(pieces, 'recent'))
  const deleted: MadeVolume['deleted'][number][] = []
  const gone = [
    ...DELETED_OF_TREE.map((path) => ({ path, from: join(source, path), age: 'old' as const })),
    ...Array.from({ length: RECENT }, (_, i) => ({
      path: `recent/r${i}.bin`,
      from: join(pieces, `recent/r${i}.bin`),
      age: 'recent' as const,
    })),
  ]
  for (const { path, from, age } of gone) {
    deleted.push({ path, age, sha256: sh('sha256sum < "$1"', from).slice(0, 64) })
    sh('mdel -i "$1" "$2"', file, `::${path}`)
  }
  rmSync(pieces, { recursive: true })
  return {
    kind: 'fat32',
    file,
    deleted,
    streams: [],
    refused: ['holes, streams, compression: not of this file system'],
    show: (point) => void sh('mcopy -s -Q -n -i "$1" "::*" "$2"', file, point),
    hide: (point) => void sh('rm -rf "$2"/*', file, point),
  }
}

/** Twenty pairs of files that grow in turns. */
function fragmented(folder: string, synced: boolean): void {
  mkdirSync(folder)
  for (let pair = 0; pair < 20; pair++) {
    const open = ['a', 'b'].map((name) => openSync(join(folder, `${name}${pair}.bin`), 'w'))
    for (let turn = 0; turn < 24; turn++)
      open.forEach((fd, side) => {
        writeSync(fd, contentOf(50_000 + pair * 100 + turn * 2 + side, 8_192))
        if (synced) fsyncSync(fd)
      })
    for (const fd of open) closeSync(fd)
  }
}

function holes(folder: string): void {
  mkdirSync(folder)
  for (let i = 0; i < 20; i++) {
    const fd = openSync(join(folder, `s${i}.bin`), 'w')
    writeSync(fd, contentOf(70_000 + i, 9_000), 0, 9_000, 0)
    writeSync(fd, contentOf(70_100 + i, 9_000), 0, 9_000, 400_000 + i * 65_536)
    ftruncateSync(fd, 900_000 + i * 1_000)
    closeSync(fd)
  }
}

function oddNames(
  kind: string,
  at: (name: string | Buffer) => Buffer,
  attempt: (what: string, make: () => void) => void,
): void {
  const put = (what: string, name: string | Buffer) =>
    attempt(what, () => writeFileSync(at(name), `${what}\n`))
  for (const name of [
    'names/ä ö ü ß',
    'names/фото.jpg',
    'names/写真 (1).png',
    'names/😀 emoji',
    'names/e\u0301',
  ])
    put('a name in UTF-8', name)
  if (kind === 'ext4')
    for (const bytes of ['ff', 'fffe20', 'c3', 'e4f6fc', '80bf'])
      put('a name that is not UTF-8', Buffer.concat([Buffer.from('names/x'), Buffer.from(bytes, 'hex')]))
  // Half of a pair of UTF-16 units: a name that has no form in UTF-8.
  else
    put('half a pair of UTF-16 units', Buffer.concat([Buffer.from('names/x'), Buffer.from('eda080', 'hex')]))
}

function onNtfs(root: string, streams: MadeVolume['streams'][number][]): void {
  for (let i = 0; i < 40; i++) {
    const path = `tree/d${i % 30}/e0/f${i % 30}.bin:part ${i}`
    const bytes = contentOf(80_000 + i, 100 + i * 3_000)
    writeFileSync(join(root, path), bytes)
    streams.push({ path, sha256: sha256(bytes) })
  }
  const packed = join(root, 'packed')
  mkdirSync(packed)
  // FILE_ATTRIBUTE_COMPRESSED: what is made below is compressed.
  setAttributeSync(packed, 'system.ntfs_attrib_be', Buffer.from([0, 0, 8, 16]))
  for (let i = 0; i < 100; i++) writeFileSync(join(packed, `t${i}.txt`), textOf(i, 5_000 + i * 3_777))
  for (let i = 0; i < 10; i++) writeFileSync(join(packed, `noise${i}.bin`), contentOf(81_000 + i, 300_000))
}

export function unmountAll(point: string): void {
  spawnSync('umount', ['-l', point])
}
