/**
 * A file of an encrypted iOS backup as a content: its bytes on the volume are AES-256-CBC, and are decrypted when read. The
 * class keys of an opened backup belong to the volume on which it lies.
 */
import { createDecipheriv } from 'node:crypto'
import type { SealedFile } from '../../../contracts/content-place.ts'
import type { Damage, Medium } from '../../../contracts/image.ts'
import type { OpenedBackup } from '../../../contracts/lock.ts'
import { fileKeyOf } from '../../stores/ios-backup-keys.ts'

const BLOCK = 16
const opened = new WeakMap<Medium, readonly OpenedBackup[]>()

export function keepBackups(volume: Medium, backups: readonly OpenedBackup[]): void {
  if (backups.length > 0) opened.set(volume, backups)
}

/** Backups on this volume that a password opened. */
export function backupsOn(volume: Medium): readonly OpenedBackup[] {
  return opened.get(volume) ?? []
}

/** The key of a sealed content is not in hand: the keys file was left out, or is another one. */
export class ContentSealed extends Error {}

/**
 * @param stored the bytes as they lie on the volume
 * @throws ContentSealed
 */
export function sealedContent(volume: Medium, stored: Medium, sealed: SealedFile, sizeBytes: number): Medium {
  const backup = backupsOn(volume).find(({ id }) => id === sealed.backup)
  const key = backup && fileKeyOf(backup, { ...sealed, wrapped: Buffer.from(sealed.wrappedHex, 'hex') })
  if (!key) throw new ContentSealed()
  const blocksOf = (offset: number, length: number) => {
    const from = Math.floor(offset / BLOCK) * BLOCK
    return [from, Math.min(Math.ceil((offset + length) / BLOCK) * BLOCK, stored.sizeBytes)] as const
  }
  // A member of an archive is read in order: going back by a block would inflate it from its beginning again.
  let last = { end: 0, block: Buffer.alloc(BLOCK) }
  const vectorAt = (from: number): Buffer => {
    if (from === 0) return Buffer.alloc(BLOCK)
    if (last.end === from) return last.block
    const before = Buffer.alloc(BLOCK)
    stored.readInto(before, from - BLOCK)
    return before
  }
  return {
    sizeBytes,
    readInto(target, offset) {
      const wanted = Math.max(0, Math.min(target.length, sizeBytes - offset))
      if (wanted === 0) return 0
      const [from, to] = blocksOf(offset, wanted)
      const vector = vectorAt(from)
      const bytes = Buffer.alloc(Math.max(0, to - from))
      stored.readInto(bytes, from)
      if (bytes.length >= BLOCK) last = { end: to, block: Buffer.from(bytes.subarray(-BLOCK)) }
      const cipher = createDecipheriv('aes-256-cbc', key, vector).setAutoPadding(false)
      const plain = cipher.update(bytes)
      const taken = plain.subarray(offset - from, offset - from + wanted)
      target.set(taken)
      target.fill(0, taken.length, wanted)
      return wanted
    },
    damageIn(offset, length) {
      const wanted = Math.max(0, Math.min(length, sizeBytes - offset))
      const [from, to] = blocksOf(Math.max(0, offset - BLOCK), wanted + BLOCK)
      // A damaged block spoils itself and the one behind it.
      const found: Damage[] = stored.damageIn(from, to - from).flatMap((damage) => {
        const [begin, end] = blocksOf(damage.offset, damage.length + BLOCK)
        const [first, last] = [
          Math.max(begin, offset),
          Math.min(Math.max(end, begin + BLOCK), offset + wanted),
        ]
        return last > first ? [{ ...damage, offset: first, length: last - first }] : []
      })
      const lacking = Math.max(offset, stored.sizeBytes - (stored.sizeBytes % BLOCK))
      if (lacking < offset + wanted)
        found.push({ offset: lacking, length: offset + wanted - lacking, kind: 'damaged', cause: 'cut' })
      return found
    },
  }
}
