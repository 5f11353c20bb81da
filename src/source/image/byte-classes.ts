/**
 * Puts every byte of a medium into exactly one class, from the results of its ranges.
 *
 * Damage that only a checksum shows is found where a byte was read: by the lister, or by a verification of the whole
 * image. Chunks that no process read before the inventory ended count in the class that the file system gives.
 */
import type { ByteClass, ByteCount, ListedRange, RangeListing } from '../../contracts/image-exhibit.ts'

/** Bytes by class. They add up to the medium's size, because its ranges cover it without overlap. */
export function byteClassesOf(ranges: readonly RangeListing[]): ByteCount[] {
  const sums = new Map<string, ByteCount>()
  for (const count of ranges.flatMap(withoutDamage)) {
    const key = `${count.volume} ${count.class}`
    sums.set(key, { ...count, bytes: count.bytes + (sums.get(key)?.bytes ?? 0) })
  }
  return [...sums.values()]
}

/** Takes damaged bytes out of their own class, and out of the next one where that has too few. */
function withoutDamage({ range, damage }: RangeListing): ByteCount[] {
  const counts = countsOf(range)
  const lost = damage.map(({ kind, of, bytes }) => {
    let left = bytes
    for (const wanted of [of, null])
      for (const [i, count] of counts.entries()) {
        if (wanted !== null && count.class !== wanted) continue
        const taken = Math.min(left, count.bytes)
        counts[i] = { ...count, bytes: count.bytes - taken }
        left -= taken
      }
    return { volume: range.range.number, class: kind, bytes: bytes - left }
  })
  return [...counts, ...lost].filter(({ bytes }) => bytes > 0)
}

function countsOf({ range, classes, listed }: ListedRange): ByteCount[] {
  const { number, kind, length } = range
  const whole = (name: ByteClass): ByteCount[] => [{ volume: number, class: name, bytes: length }]
  if (kind === 'table') return whole('partition-tables')
  if (kind === 'gap') return whole('gaps')
  if (classes === null)
    return whole('reason' in listed && listed.reason === 'encrypted' ? 'encrypted' : unreadClass(listed))
  const { metadata, allocated, unallocated, slack, bad, encrypted = 0, encryption = 0, unread = 0 } = classes
  const rest = length - (metadata + allocated + unallocated + slack + bad + encrypted + encryption + unread)
  const counts: readonly (readonly [ByteClass, number])[] = [
    ['metadata', metadata],
    ['allocated', allocated],
    ['unallocated', unallocated],
    ['slack', slack],
    ['bad', bad],
    ['encrypted', encrypted],
    ['encryption-metadata', encryption],
    ['not-read', unread],
    // Bytes behind the end of a file system that is smaller than its partition.
    ['gaps', rest],
  ]
  return counts
    .filter(([, bytes]) => bytes > 0)
    .map(([name, bytes]) => ({ volume: number, class: name, bytes }))
}

/** A volume whose sampled bytes are all zero contains no file system to list. */
function unreadClass(listed: ListedRange['listed']): ByteClass {
  return listed.result === 'done' ? 'unallocated' : 'not-read'
}
