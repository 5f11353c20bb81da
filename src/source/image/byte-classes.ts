/**
 * Every byte of a medium in exactly one class, from what became of its ranges.
 *
 * Damage that only a checksum tells is known where a byte was read: by the lister, or by a verification of the whole image. Chunks
 * that nobody read before the inventory ended are counted as what the structures say.
 */
import type { ByteClass, ByteCount, ListedRange, RangeListing } from '../../contracts/image-exhibit.ts'

/** They add up to the medium's size, because its ranges cover it without overlap. */
export function byteClassesOf(ranges: readonly RangeListing[]): ByteCount[] {
  const sums = new Map<string, ByteCount>()
  for (const count of ranges.flatMap(withoutDamage)) {
    const key = `${count.volume} ${count.class}`
    sums.set(key, { ...count, bytes: count.bytes + (sums.get(key)?.bytes ?? 0) })
  }
  return [...sums.values()]
}

/** Damaged bytes are of no other class; where the class that they would be of has too few, the next gives the rest. */
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
  const { metadata, allocated, unallocated, slack, bad, encrypted = 0 } = classes
  const rest = length - (metadata + allocated + unallocated + slack + bad + encrypted)
  const counts: readonly (readonly [ByteClass, number])[] = [
    ['metadata', metadata],
    ['allocated', allocated],
    ['unallocated', unallocated],
    ['slack', slack],
    ['bad', bad],
    ['encrypted', encrypted],
    // Behind the end of a file system that is smaller than its partition.
    ['gaps', rest],
  ]
  return counts
    .filter(([, bytes]) => bytes > 0)
    .map(([name, bytes]) => ({ volume: number, class: name, bytes }))
}

/** A volume that holds only zeros where it was looked at has nothing to list. */
function unreadClass(listed: ListedRange['listed']): ByteClass {
  return listed.result === 'done' ? 'unallocated' : 'not-read'
}
