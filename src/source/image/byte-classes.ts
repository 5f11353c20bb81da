/**
 * Every byte of a medium in exactly one class, from what became of its ranges.
 *
 * What the image says that it could not read (damaged, unreadable at acquisition) is known only where it was read; the classes
 * count what the structures say.
 */
import type { ByteClass, ByteCount, ListedRange } from '../../contracts/image-exhibit.ts'

/** They add up to the medium's size, because its ranges cover it without overlap. */
export function byteClassesOf(ranges: readonly ListedRange[]): ByteCount[] {
  const sums = new Map<string, ByteCount>()
  for (const count of ranges.flatMap(countsOf)) {
    const key = `${count.volume} ${count.class}`
    sums.set(key, { ...count, bytes: count.bytes + (sums.get(key)?.bytes ?? 0) })
  }
  return [...sums.values()]
}

function countsOf({ range, classes, listed }: ListedRange): ByteCount[] {
  const { number, kind, length } = range
  const whole = (name: ByteClass): ByteCount[] => [{ volume: number, class: name, bytes: length }]
  if (kind === 'table') return whole('partition-tables')
  if (kind === 'gap') return whole('gaps')
  if (classes === null)
    return whole('reason' in listed && listed.reason === 'encrypted' ? 'encrypted' : unreadClass(listed))
  const { metadata, allocated, unallocated, slack, bad } = classes
  const rest = length - (metadata + allocated + unallocated + slack + bad)
  const counts: readonly (readonly [ByteClass, number])[] = [
    ['metadata', metadata],
    ['allocated', allocated],
    ['unallocated', unallocated],
    ['slack', slack],
    ['bad', bad],
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
