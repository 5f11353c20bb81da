/** Exact bounds for a random draw without replacement and without hits (hypergeometric distribution). */

/** ln of C(N − K, n) / C(N, n): the chance that n of N blocks meet none of K. −Infinity when they must. */
export function logChanceOfNone(blocks: number, listed: number, draws: number): number {
  if (draws > blocks - listed) return Number.NEGATIVE_INFINITY
  // The same product from either side: over the shorter one.
  const [few, many] = listed < draws ? [listed, draws] : [draws, listed]
  let sum = 0
  for (let n = 0; n < few; n++) sum += Math.log1p(-many / (blocks - n))
  return sum
}

/** The greatest K whose chance to be met by none of the draws is more than 1 − confidence. */
export function listedBlocksNotExcluded(blocks: number, draws: number, confidence: number): number {
  const least = Math.log(1 - confidence)
  let low = 0
  let high = blocks
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (logChanceOfNone(blocks, middle, draws) > least) low = middle
    else high = middle - 1
  }
  return low
}

/** The fewest draws that meet one of `listed` blocks with at least this confidence. */
export function drawsFor(blocks: number, listed: number, confidence: number): number {
  const least = Math.log(1 - confidence)
  let low = 0
  let high = blocks
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (logChanceOfNone(blocks, listed, middle) <= least) high = middle
    else low = middle + 1
  }
  return low
}
