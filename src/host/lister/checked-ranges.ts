/** Checks the ranges that a lister reports: they cover the medium, and the counts of each range fit into it. */
import { ImplausibleReply } from '../../wire/implausible.ts'
import type { ImageFacts, ListSetUp } from '../../wire/list-protocol.ts'
import type { RangeMessage } from '../../wire/lister.ts'
import type { HeldImage } from '../held/held-image.ts'

/** @throws ImplausibleReply unless the ranges cover the medium without overlap, and its volumes are numbered from 1 */
export function requireCovered({ image, ranges }: ImageFacts): void {
  let end = 0
  for (const { range } of [...ranges].sort((a, b) => a.range.offset - b.range.offset)) {
    // A volume that starts behind the end of the image has length 0.
    if (range.length === 0 && range.offset >= image.sizeBytes) continue
    if (range.offset !== end) throw new ImplausibleReply('ranges that do not cover the medium')
    end += range.length
  }
  if (end !== image.sizeBytes) throw new ImplausibleReply('ranges that do not cover the medium')
  const numbers = ranges.flatMap(({ range }) => range.number ?? []).sort((a, b) => a - b)
  if (numbers.some((number, i) => number !== i + 1))
    throw new ImplausibleReply('volumes that are not counted from 1')
  if (ranges.some(({ range: { kind, number } }) => (kind === 'volume') !== (number !== null)))
    throw new ImplausibleReply('a volume without a number')
}

/** Facts that the first lister of an image reported; every later lister must report the same. */
const first = new WeakMap<HeldImage, { readonly said: string; readonly facts: ImageFacts }>()

/** Null: no lister of this image has reported facts yet. */
export function factsOf(held: HeldImage): ImageFacts | null {
  return first.get(held)?.facts ?? null
}

/** @throws ImplausibleReply unless the segments are those that are held and the image is the one described before */
export function requireSameImage(held: HeldImage, facts: ImageFacts): void {
  const { image, ranges } = facts
  const { segments } = held
  const isHeld =
    image.segments.length === segments.length &&
    image.segments.every(({ name, sizeBytes }, i) => {
      const segment = segments[i]!
      return segment.name === name && segment.sizeBytes === sizeBytes
    })
  if (!isHeld) throw new ImplausibleReply('other segments than it was handed')
  const said = JSON.stringify([image, ranges.map(({ range }) => range)])
  const before = first.get(held)
  if (before === undefined) first.set(held, { said, facts })
  else if (said !== before.said) throw new ImplausibleReply('other facts of the image than before')
}

/**
 * @throws ImplausibleReply where a count of a range exceeds its length, or the sample is not the one that was
 *   requested
 */
export function requireWithin(
  { range: { range, classes, listed }, damage, samples }: RangeMessage,
  { volumes, lists, sample, passOver }: Pick<ListSetUp, 'volumes' | 'lists' | 'sample' | 'passOver'>,
): void {
  const { number, length } = range
  if (total(Object.values(classes ?? {})) > length || total(damage.map(({ bytes }) => bytes)) > length)
    throw new ImplausibleReply('more bytes than the range has')
  const isAsked = number === null || volumes === null || volumes.includes(number)
  const isOut = listed.result === 'out-of-scope'
  if (listed.result !== 'done' && listed.result !== 'not-done' && !isOut)
    throw new ImplausibleReply('a result that no range has')
  if (isOut === isAsked) throw new ImplausibleReply('a volume out of scope that is in it')
  if (number !== null && passOver.includes(number) && listed.result === 'done')
    throw new ImplausibleReply('all of a volume that is passed over')
  const drawnFor = new Set<string | null>()
  for (const one of samples) {
    const { volume, seed, blockBytes, blocks, drawn, read, empty, matched, hashSetSha256 } = one
    const isOne = volume === number && sample !== null && seed === sample.seed && drawn <= sample.draws
    const fits = blocks * blockBytes <= length && drawn <= blocks && read <= drawn
    const isListed = lists.length === 0 ? hashSetSha256 === null : isOf(lists, hashSetSha256)
    if (!isOne || !fits || empty > read || matched > drawn || !isListed || drawnFor.has(hashSetSha256))
      throw new ImplausibleReply('a sample that nobody drew')
    drawnFor.add(hashSetSha256)
  }
}

function isOf(lists: ListSetUp['lists'], sha256: string | null): boolean {
  return lists.some((list) => list.sha256 === sha256)
}

function total(bytes: readonly number[]): number {
  return bytes.reduce((sum, one) => sum + one, 0)
}
