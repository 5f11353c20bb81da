/**
 * Names in a block of a directory, or inside an inode.
 * @see Linux include/linux/f2fs_fs.h, struct f2fs_dentry_block and f2fs_dir_entry; fs/f2fs/inline.c
 */
import type { VolumeEntry } from '../../../../contracts/image.ts'
import { EMPTY } from './inode.ts'

export const ENTRY_BYTES = 11
export const SLOT_BYTES = 8

export interface Dirent {
  readonly inode: number
  readonly name: Buffer
  readonly type: number
}

/** Bits of slots in use, entries of eleven bytes, then slots of eight bytes for names. */
export function* direntsIn(
  bytes: Buffer,
  count: number,
  entriesAt: number,
  slotsAt: number,
): Generator<Dirent> {
  for (let index = 0; index < count; ) {
    if ((bytes[index >>> 3]! & (1 << (index & 7))) === 0) {
      index++
      continue
    }
    const at = entriesAt + index * ENTRY_BYTES
    const length = bytes.readUInt16LE(at + 8)
    const from = slotsAt + index * SLOT_BYTES
    const name = Buffer.from(bytes.subarray(from, from + length))
    if (length > 0 && name.length === length && length <= 255 && !isDots(name))
      yield { inode: bytes.readUInt32LE(at + 4), name, type: bytes[at + 10]! }
    index += Math.max(1, Math.ceil(length / SLOT_BYTES))
  }
}

const isDots = (name: Buffer): boolean => name.length <= 2 && name.every((byte) => byte === 0x2e)

const KINDS: readonly VolumeEntry['kind'][] = [
  'unknown',
  'file',
  'directory',
  'character-device',
  'block-device',
  'fifo',
  'socket',
  'symlink',
]

/** A name whose inode is unused or unreadable. */
export function lostEntry(
  path: readonly Buffer[],
  { inode, type }: Dirent,
  status: 'live' | 'orphan',
  notes: readonly string[],
): VolumeEntry {
  const kind = KINDS[type] ?? 'unknown'
  return {
    path,
    stream: null,
    kind,
    status,
    basis: status === 'live' ? null : 'inode',
    record: inode,
    sequence: null,
    links: null,
    sizeBytes: 0,
    allocatedBytes: null,
    times: {
      modifiedNs: null,
      changedNs: null,
      accessedNs: null,
      bornNs: null,
      resolution: { modified: 'ns', changed: 'ns', accessed: 'ns', born: 'ns' },
      zone: 'utc',
    },
    nameTimes: null,
    mode: null,
    uid: null,
    gid: null,
    linkTarget: null,
    place:
      kind === 'file' || kind === 'unknown'
        ? { kind: 'none', reason: 'damaged', detail: 'inode-missing' }
        : EMPTY,
    notes: ['entry-of-unused-inode', ...notes],
  }
}
