/**
 * Names in a block of a directory, or inside an inode.
 * @see Linux include/linux/f2fs_fs.h, struct f2fs_dentry_block and f2fs_dir_entry; fs/f2fs/inline.c
 */
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
