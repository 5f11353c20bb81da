/** The file systems that are read from an image, in the order in which they are tried. */
import type { FileSystemFormat } from '../../../contracts/image.ts'
import { APFS, APFS_BY_COPY } from './apfs/apfs.ts'
import { BTRFS, BTRFS_BY_COPY } from './btrfs/btrfs.ts'
import { EXFAT } from './exfat/exfat.ts'
import { EXT, EXT_BY_BACKUP } from './ext/index.ts'
import { F2FS } from './f2fs/f2fs.ts'
import { FAT } from './fat/fat.ts'
import { HFSPLUS, HFSPLUS_BY_COPY } from './hfsplus/hfsplus.ts'
import { lvmFormat } from './lvm/lvm.ts'
import { NTFS, NTFS_BY_BACKUP } from './ntfs/ntfs.ts'
import { TAR } from './tar/tar.ts'
import { XFS } from './xfs/xfs.ts'
import { ZIP } from './zip/zip.ts'

/** One row a reader; the first that recognises a volume reads it. */
const OF_VOLUMES: readonly FileSystemFormat[] = [NTFS, EXFAT, FAT, EXT, APFS, HFSPLUS, XFS, BTRFS, F2FS]
export const FILE_SYSTEMS: readonly FileSystemFormat[] = [
  ...OF_VOLUMES,
  lvmFormat(() => OF_VOLUMES),
  TAR,
  ZIP,
]

/**
 * File systems recognised by copies further in, tried for a volume whose beginning is not recognised. FAT and exFAT
 * always try theirs.
 */
export const BY_COPIES: readonly FileSystemFormat[] = [
  NTFS_BY_BACKUP,
  EXT_BY_BACKUP,
  APFS_BY_COPY,
  HFSPLUS_BY_COPY,
  BTRFS_BY_COPY,
]
