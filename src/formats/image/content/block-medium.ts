/**
 * A medium of blocks of one size that a container stores raw, omits, or compresses.
 *
 * The container is asked for each block's place at each read: a map of a large disk does not fit into memory.
 */
import type { Damage, Medium } from '../../../contracts/image.ts'
import { DamageLog } from './damage-log.ts'

export type BlockPlace =
  | { readonly kind: 'zeros' }
  | { readonly kind: 'stored'; readonly medium: Medium; readonly offset: number }
  | { readonly kind: 'decoded'; readonly bytes: Uint8Array }
  | { readonly kind: 'damaged'; readonly cause: string }

/**
 * Blocks behind the end of their medium, or without a table entry, found by asking for the place of each. This reads no
 * contents.
 *
 * @param tableBlocks number of blocks that the present table can place: the size stated by an image has no bound
 */
export function lackingBlocks(
  sizeBytes: number,
  blockBytes: number,
  placeOf: (index: number, length: number) => BlockPlace,
  tableBlocks: number,
): readonly Damage[] {
  const log = new DamageLog()
  const end = Math.min(sizeBytes, Math.max(0, Math.floor(tableBlocks)) * blockBytes)
  if (end < sizeBytes) log.add({ offset: end, length: sizeBytes - end, kind: 'damaged', cause: 'table' })
  for (let offset = 0, index = 0; offset < end; offset += blockBytes, index++) {
    const length = Math.min(blockBytes, sizeBytes - offset)
    const place = placeOf(index, length)
    if (place.kind === 'damaged') log.add({ offset, length, kind: 'damaged', cause: place.cause })
    if (place.kind !== 'stored') continue
    const held = Math.max(0, Math.min(length, place.medium.sizeBytes - place.offset))
    if (held < length)
      log.add({ offset: offset + held, length: length - held, kind: 'damaged', cause: 'cut' })
  }
  return log.within(0, sizeBytes)
}

export const ZEROS: BlockPlace = { kind: 'zeros' }

/**
 * @param placeOf place of block `index`, of which the medium has `length` bytes (fewer than a block only at its end)
 * @param known damage that the container itself states
 */
export function blockMedium(
  sizeBytes: number,
  blockBytes: number,
  placeOf: (index: number, length: number) => BlockPlace,
  known: readonly Damage[] = [],
): Medium {
  const at = (offset: number) => {
    const index = Math.floor(offset / blockBytes)
    const start = index * blockBytes
    const length = Math.min(blockBytes, sizeBytes - start)
    return { start, length, place: placeOf(index, length) }
  }
  return placedMedium(sizeBytes, at, known)
}

/**
 * The same of blocks of any sizes.
 * @param blockAt the block around an offset: where it begins, how long it is and where it lies
 */
export function placedMedium(
  sizeBytes: number,
  blockAt: (offset: number) => {
    readonly start: number
    readonly length: number
    readonly place: BlockPlace
  },
  known: readonly Damage[] = [],
): Medium {
  const log = new DamageLog()
  for (const damage of known) log.add(damage)

  /** Fills `target` with the bytes from offset `from` in the block that begins at `start`. */
  const fill = (target: Uint8Array, place: BlockPlace, from: number, start: number): void => {
    const lost = (at: number, length: number, cause: string) =>
      log.add({ offset: start + from + at, length, kind: 'damaged', cause })
    if (place.kind === 'zeros') {
      target.fill(0)
    } else if (place.kind === 'damaged') {
      target.fill(0)
      lost(0, target.length, place.cause)
    } else if (place.kind === 'decoded') {
      const bytes = place.bytes.subarray(from, from + target.length)
      target.set(bytes)
      if (bytes.length < target.length) {
        target.fill(0, bytes.length)
        lost(bytes.length, target.length - bytes.length, 'cut')
      }
    } else {
      const { medium } = place
      const offset = place.offset + from
      const got = offset < medium.sizeBytes ? medium.readInto(target, offset) : 0
      if (got < target.length) {
        target.fill(0, got)
        lost(got, target.length - got, 'cut')
      }
      for (const damage of medium.damageIn(offset, got)) {
        log.add({ ...damage, offset: start + from + damage.offset - offset })
      }
    }
  }

  return {
    sizeBytes,
    readInto(target, offset) {
      const wanted = Math.max(0, Math.min(target.length, sizeBytes - offset))
      for (let done = 0; done < wanted; ) {
        const block = blockAt(offset + done)
        const from = offset + done - block.start
        const length = Math.min(wanted - done, block.length - from)
        fill(target.subarray(done, done + length), block.place, from, block.start)
        done += length
      }
      return wanted
    },
    damageIn: (offset, length) => log.within(offset, length),
  }
}
