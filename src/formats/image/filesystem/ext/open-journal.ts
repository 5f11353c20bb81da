/** Finds the journal of a volume, and replays it in memory when the volume was not unmounted. */

import type { ProblemLog } from '../common/problem-log.ts'
import type { Blocks } from './blocks.ts'
import type { Groups } from './groups.ts'
import { INODE_FLAG, type Inode, parseInode } from './inode.ts'
import type { InodeTable } from './inode-table.ts'
import { Journal } from './journal.ts'
import { replayOf } from './replay.ts'
import { layoutOf } from './runs.ts'
import { COMPAT, has, type Superblock } from './superblock.ts'

/** @returns null when there is no journal, or no readable one; the latter is reported as a problem */
export function openJournal(
  superblock: Superblock,
  blocks: Blocks,
  inodes: InodeTable,
  problems: ProblemLog,
): Journal | null {
  if (!has(superblock.compat, COMPAT.journal)) return null
  if (superblock.externalJournal) {
    problems.add('external-journal', null)
    return null
  }
  const { journalInode } = superblock
  const stored = inodes.inode(journalInode)
  const usable = stored?.kind === 'file' && stored.checksumAgrees && stored.sizeBytes > 0
  // The superblock has a copy of the journal's place (tune2fs, fs/ext4: s_jnl_blocks).
  for (const inode of [usable ? stored : null, backupOf(superblock)]) {
    if (!inode) continue
    const layout = layoutOf(superblock, inode, (block) => blocks.read(block))
    const opened = Journal.open(blocks, layout.extents)
    if (typeof opened === 'string') continue
    for (const code of opened.problems) problems.add(code, journalInode)
    if (inode !== stored) problems.add('journal-inode-backup-used', journalInode)
    return opened.journal
  }
  problems.add('journal-damaged', journalInode)
  return null
}

function backupOf(superblock: Superblock): Inode | null {
  const copy = superblock.journalBlocks
  if (!copy) return null
  const raw = Buffer.alloc(superblock.inodeBytes)
  raw.writeUInt16LE(0x8180, 0)
  copy.copy(raw, 40, 0, 60)
  copy.copy(raw, 108, 60, 64)
  copy.copy(raw, 4, 64, 68)
  if (copy.readUInt16LE(0) === 0xf30a) raw.writeUInt32LE(INODE_FLAG.extents, 32)
  return parseInode(superblock, superblock.journalInode, raw, null)
}

export function replayJournal(
  superblock: Superblock,
  journal: Journal | null,
  blocks: Blocks,
  groups: Groups,
  problems: ProblemLog,
): void {
  if (!superblock.recover) return
  const magicAt = journal?.offsetOf(0) ?? null
  if (!journal || magicAt === null) {
    problems.add('journal-not-replayed', null)
    return
  }
  if (journal.start === 0) return
  const replay = replayOf(journal)
  for (const { code, detail } of replay.problems) problems.add(code, superblock.journalInode, detail)
  if (replay.copies.size === 0) return
  blocks.replay(replay.copies, magicAt)
  groups.forget()
}
