/**
 * 7z, RAR, CAB, ISO and the single-stream compressors, through 7-Zip compiled to WebAssembly. 7-Zip sees only its own
 * memory file system: names in the archive create nothing outside it. Sizes are listed and checked before unpacking.
 */

import { notDone } from '../../contracts/stage.ts'
import type { ByteSource } from '../bytes/byte-source.ts'
import { libraryText } from '../bytes/coded-error.ts'
import {
  type Budget,
  ContainerDamaged,
  ContainerEncrypted,
  ContainerNotBuilt,
  type Extractor,
  type Member,
} from './common/container.ts'
import { type Keys, NO_KEYS } from './common/keys.ts'
import { extract, type Unpacked, unpackedPath, withDamage } from './seven-zip-extract.ts'
import { DATA_AFTER, type Listed, type Listing } from './seven-zip-list.ts'
import { listedWith, type Unlocking, unlockedContent } from './seven-zip-passwords.ts'

export const sevenZip: Extractor = {
  id: 'seven-zip',
  mediaTypes: [
    'application/x-7z-compressed',
    'application/vnd.rar',
    'application/x-rar-compressed',
    'application/vnd.ms-cab-compressed',
    'application/x-iso9660-image',
    'application/x-xz',
    'application/x-bzip2',
    'application/zstd',
    'application/x-lzip',
    'application/x-compress',
    'application/x-lzma',
    'application/x-lzh-compressed',
    'application/x-arj',
    'application/x-cpio',
    'application/x-archive',
    'application/x-ms-wim',
    'application/x-deb',
    'application/x-rpm',
    'application/x-xar',
    'application/x-squashfs-image',
    'application/vnd.ms-htmlhelp',
  ],
  members: (source, budget, _beside, _type, passwords) => membersOf(source, budget, false, passwords),
}

/** Disk images: 7-Zip lists the content of an image (partition table or file system). It does not support all images. */
export const diskImage: Extractor = {
  id: 'disk-image',
  mediaTypes: [
    'application/x-apple-diskimage',
    'application/x-qcow-disk',
    'application/x-raw-disk-image',
    'application/x-vhd-disk',
    'application/x-vhdx-disk',
    'application/x-virtualbox-vdi',
    'application/x-vmdk-disk',
  ],
  async *members(source, budget, _beside, _type, passwords = NO_KEYS) {
    if (ENCRYPTED.some(([at, mark]) => source.read(at, mark.length).toString('latin1') === mark)) {
      passwords.closed()
      throw new ContainerEncrypted()
    }
    yield* membersOf(source, budget, true, passwords)
  },
}

/** BitLocker, and an image encrypted by Apple's hdiutil. */
const ENCRYPTED = [
  [3, '-FVE-FS-'],
  [0, 'encrcdsa'],
] as const

async function* membersOf(
  source: ByteSource,
  budget: Budget,
  isDisk: boolean,
  passwords: Keys = NO_KEYS,
): AsyncGenerator<Member> {
  const { listing, password } = await listedWith(source, passwords)
  const { listed, problem, isPart, isEndless }: Listing = listing
  for (const item of listed) {
    budget.entry()
    budget.expect(item.sizeBytes)
  }
  budget.expect(listed.reduce((sum, item) => sum + item.sizeBytes, 0))
  if (listed.length === 0 && problem && (isDisk || isRar14(source)))
    throw new ContainerNotBuilt(libraryText(problem))
  for (const batch of batchesOf(listed)) {
    // Unpacks a batch when its first member is read. A caller that needs one member unpacks no other batch.
    let unpacking: Promise<Unpacked> | null = null
    const unpacked = () => {
      unpacking ??= unpack(password)
      return unpacking
    }
    const unpack = (by: string | null) => extract(source, batch.length === listed.length ? null : batch, by)
    const unlocking = { source, batch, passwords, unpack, unpacked: new Map() }
    const last = new Map(batch.map((item) => [unpackedPath(item), item]))
    for (const item of batch) {
      const isLast = last.get(unpackedPath(item)) === item
      yield memberOf(item, unpacked, budget, { isOnly: listed.length === 1, isLast, unlocking })
    }
  }
  if (problem) throw new ContainerDamaged(libraryText(problem))
  // 7-Zip hides the member that states the format version, and reports no error when all other members are missing.
  if (isDebian(source) && !listed.some(({ path }) => path.startsWith('data.tar')))
    throw new ContainerDamaged({ code: 'package-without-data', params: {} })
  if (isEndless && listed.length > 0) throw new ContainerDamaged({ code: 'end-unknown', params: {} })
  if (isDisk && isPart) throw new ContainerDamaged(libraryText(DATA_AFTER))
}

/** `debian-binary` is the first member of a Debian package. @see deb(5) */
function isDebian(source: ByteSource): boolean {
  return source.read(0, 21).toString('latin1') === '!<arch>\ndebian-binary'
}

/** RAR before version 1.5 (1995). */
function isRar14(source: ByteSource): boolean {
  return source.read(0, 4).toString('latin1') === 'RE~^'
}

/** Unpacked members stay in memory until the caller has received them. */
const BATCH_BYTES = 256 << 20

function* batchesOf(listed: readonly Listed[]): Generator<readonly Listed[]> {
  let batch: Listed[] = []
  let bytes = 0
  for (const item of listed) {
    if (batch.length > 0 && bytes + item.sizeBytes > BATCH_BYTES) {
      yield batch
      batch = []
      bytes = 0
    }
    batch.push(item)
    bytes += item.sizeBytes
  }
  if (batch.length > 0) yield batch
}

/** @param place `isOnly`: the container has no other member; `isLast`: last member unpacked to its path (overwrites) */
function memberOf(
  item: Listed,
  unpacked: () => Promise<Unpacked>,
  budget: Budget,
  place: { readonly isOnly: boolean; readonly isLast: boolean; readonly unlocking: Unlocking },
): Member {
  const { isOnly, isLast, unlocking } = place
  return {
    kind: 'member',
    name: Buffer.from(item.path || 'content', 'utf8'),
    entryKind: item.kind,
    sizeBytes: BigInt(item.sizeBytes),
    modified: item.modified,
    linkTarget: item.linkTarget,
    read:
      item.kind !== 'file'
        ? null
        : async () => {
            if (item.encrypted) {
              const content = await unlockedContent(item, unlocking)
              if (Buffer.isBuffer(content)) budget.charge(content.length)
              return content
            }
            const { files, problem, said } = await unpacked()
            // A single-stream compressor stores no name; 7-Zip invents one.
            const file =
              files.get(unpackedPath(item)) ??
              (isOnly && files.size === 1 ? [...files.values()][0] : undefined)
            // Without a checksum, nothing tells which of the members these bytes belong to.
            if (!isLast && item.crc === null)
              return notDone('decode-failed', { code: 'written-over', params: {} })
            if (!file)
              return notDone(
                'decode-failed',
                problem ? libraryText(problem) : { code: 'not-unpacked', params: {} },
              )
            const content = file()
            budget.charge(content.length)
            return withDamage(item, content, said.get(item.path) ?? (isOnly ? problem : ''))
          },
  }
}
