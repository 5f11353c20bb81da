/**
 * NTFS, ext4 and exFAT, made and filled by the system's own programs, with live and deleted files, and compared with
 * another reader.
 */
import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { noise } from '../../../fixtures/pictures.ts'
import { digest } from '../exhibits/planted.ts'
import { Checks } from '../model/observation.ts'
import { type Bench, type Scenario, summaryOf } from '../model/scenario.ts'

interface FileSystem {
  readonly id: string
  readonly bytes: number
  /** Script for bash in a mount namespace of its own: $1 image, $2 source folder, $3 mount point. */
  readonly make: string
  readonly mounted: (then: string) => string
  /** Files may have further streams, written as `name:stream`. */
  readonly hasStreams: boolean
  /** Script without any mount: live files only. */
  readonly without: string | null
}

const MIB = 1 << 20
/** The driver writes the last of a volume after umount has returned: its process is waited for. */
const byDriver = (start: string) => (then: string) =>
  `${start} & driver=$!; for i in $(seq 200); do mountpoint -q "$3" && break; sleep 0.05; done; mountpoint -q "$3"; ${then}; sync -f "$3"; umount "$3"; wait $driver || true;`

const FILE_SYSTEMS: readonly FileSystem[] = [
  {
    id: 'ext4',
    bytes: 96 * MIB,
    make: 'mke2fs -q -F -t ext4 "$1";',
    mounted: (then) => `mount -o loop "$1" "$3"; ${then}; sync -f "$3"; umount "$3";`,
    hasStreams: false,
    without: 'mke2fs -q -F -t ext4 -d "$2" "$1"',
  },
  {
    id: 'ntfs',
    bytes: 64 * MIB,
    make: 'mkntfs -F -Q -q "$1";',
    mounted: byDriver('ntfs-3g -o no_detach,big_writes,streams_interface=windows "$1" "$3"'),
    hasStreams: true,
    without: 'mkntfs -F -Q -q "$1"; for f in "$2"/*; do ntfscp -q "$1" "$f" "$(basename "$f")"; done',
  },
  {
    id: 'exfat',
    bytes: 64 * MIB,
    make: 'mkfs.exfat "$1" >/dev/null;',
    // The driver takes block devices only.
    mounted: (then) =>
      `loop=$(losetup -f --show "$1"); trap 'losetup -d $loop' EXIT; ${byDriver('mount.exfat-fuse -d $loop "$3" >/dev/null 2>&1')(then)} losetup -d $loop; trap - EXIT;`,
    hasStreams: false,
    without: null,
  },
]

export const volumes: Scenario = {
  id: 'volumes',
  title: 'images of NTFS, ext4 and exFAT, made by the system’s own programs, with deleted files',
  speaksOf: ['filesystems-read', 'deleted-found', 'bytes-accounted'],
  weight: { quick: 6, full: 12 },
  async run(bench) {
    const read = new Checks(
      'filesystems-read',
      'seized scan of an image of each file system that can be made here',
      'every live file: hashed, a hit, and named',
    )
    const deleted = new Checks(
      'deleted-found',
      'files that were written, put to disk and deleted later, on each file system',
      'hashed and a hit, and marked as deleted',
    )
    const bytes = new Checks(
      'bytes-accounted',
      'the classes of bytes of each image',
      'they add up to its size',
    )
    for (const of of FILE_SYSTEMS) one(bench, of, { read, deleted, bytes })
    return [read, deleted, bytes].map(({ observation }) => observation)
  },
}

const STREAM = 'further'

interface Three {
  readonly read: Checks
  readonly deleted: Checks
  readonly bytes: Checks
}

function one(bench: Bench, of: FileSystem, { read, deleted, bytes }: Three): void {
  const folder = bench.at(of.id)
  mkdirSync(folder)
  const files = Array.from({ length: bench.of(12, 80) }, (_, i) => ({
    name: `f${of.id}${i}.bin`,
    isDeleted: i % 3 === 0,
    bytes: noise(bench.seed * 9_001 + of.bytes + of.id.length * 1000 + i, 600 + ((i * 7_919) % 40_000)),
  }))
  for (const file of files) writeFileSync(join(folder, file.name), file.bytes)
  const stream = noise(bench.seed * 9_001 + of.bytes, 9_000)
  writeFileSync(`${folder}-stream`, stream)
  const image = bench.at(`${of.id}.dd`)
  const how = made(bench, of, image, folder, files)
  if (how === null) return
  const list = bench.at(`${of.id}.txt`)
  const listed = [...files.map((file) => file.bytes), stream]
  writeFileSync(list, listed.map((content) => `${digest('md5', content)}\n`).join(''))
  const ledger = bench.at(`${of.id}.sqlite`)
  summaryOf(bench.scan(image, ledger, '--hashset', `illegal:${list}`, '--phases', 'inventory,known'))
  const entries = bench.entries(ledger)
  for (const file of files) {
    const wasDeleted = how === 'mounted' && file.isDeleted
    const entry = entries.find(({ sha256 }) => sha256 === digest('sha256', file.bytes))
    const holds = entry !== undefined && entry.hits.length > 0
    const isNamed = entry?.path.endsWith(file.name) ?? false
    if (wasDeleted)
      deleted.see(holds, () => `${of.id}: ${file.name}, deleted, ${entry ? 'is no hit' : 'is not there'}`)
    else
      read.see(
        holds && isNamed,
        () => `${of.id}: ${file.name} ${entry ? 'is no hit or has another name' : 'is not there'}`,
      )
  }
  if (of.hasStreams && how === 'mounted') {
    const entry = entries.find(({ sha256 }) => sha256 === digest('sha256', stream))
    const isWhole = entry !== undefined && entry.hits.length > 0 && entry.path.includes(STREAM)
    read.see(
      isWhole,
      () => `${of.id}: a further stream of a file ${entry ? 'has another name' : 'is not there'}`,
    )
  }
  const classes = bench.oracle('sqlite3', ['-readonly', ledger, 'SELECT total(bytes) FROM byte_class'])
  if (classes !== null)
    bytes.equal(Math.round(Number(classes.trim())), of.bytes, `sum of the classes of ${of.id}`)
  const names = bench.oracle('fls', ['-r', '-p', '-u', image])
  if (names !== null)
    for (const file of files.filter(({ isDeleted }) => how === 'filled' || !isDeleted))
      read.see(names.includes(file.name), () => `${of.id}: fls does not list ${file.name}`)
  rmSync(image)
}

/** @returns null where it cannot be made here, which is a deviation */
function made(
  bench: Bench,
  of: FileSystem,
  image: string,
  folder: string,
  files: readonly { readonly name: string; readonly isDeleted: boolean }[],
): 'mounted' | 'filled' | null {
  const blank = () => {
    writeFileSync(image, '')
    truncateSync(image, of.bytes)
  }
  const mount = bench.at(`${of.id}-mount`)
  mkdirSync(mount)
  blank()
  const names = files.filter(({ isDeleted }) => isDeleted).map(({ name }) => `"$3"/${name}`)
  const streamed = of.hasStreams ? `; cat "$2-stream" > "$3"/${files[1]!.name}:${STREAM}` : ''
  const script = `export PATH="$PATH:/usr/sbin:/sbin"; ${of.make} ${of.mounted(`cp "$2"/* "$3"${streamed}`)} ${of.mounted(`rm ${names.join(' ')}`)}`
  if (bench.makes('unshare', ['-m', 'bash', '-ec', script, 'bash', image, folder, mount])) return 'mounted'
  if (of.without !== null) {
    blank()
    if (
      bench.makes('bash', [
        '-ec',
        `export PATH="$PATH:/usr/sbin:/sbin"; ${of.without}`,
        'bash',
        image,
        folder,
      ])
    ) {
      bench.deviates(`${of.id} was filled without a mount: deleted files on it were not tested`)
      return 'filled'
    }
  }
  bench.deviates(`${of.id} could not be made here and was not tested`)
  return null
}
