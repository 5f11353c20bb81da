/** The file systems that are read from an image, in the order in which they are asked. */
import type { FileSystemFormat } from '../../contracts/image.ts'
import { EXFAT } from './exfat/exfat.ts'
import { EXT } from './ext/index.ts'
import { FAT } from './fat/fat.ts'
import { NTFS } from './ntfs/ntfs.ts'
import { TAR } from './tar/tar.ts'
import { ZIP } from './zip/zip.ts'

/** One row a reader; the first that recognises a volume reads it. */
export const FILE_SYSTEMS: readonly FileSystemFormat[] = [NTFS, EXFAT, FAT, EXT, TAR, ZIP]
