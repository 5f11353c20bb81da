/** ext2, ext3 and ext4: the row of the table of file systems. */
import type { FileSystemFormat } from '../../../../contracts/image.ts'
import { openExt } from './ext.ts'
import { hasBackup, looksLikeExt } from './superblock.ts'

export const EXT: FileSystemFormat = { name: 'ext', recognises: looksLikeExt, open: openExt }

/** Recognised by a backup superblock, where the beginning is overwritten. */
export const EXT_BY_BACKUP: FileSystemFormat = { ...EXT, recognises: hasBackup }
