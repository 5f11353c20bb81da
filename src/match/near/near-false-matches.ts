/**
 * Estimates the false near matches: other pictures within 31 bits of a record.
 *
 * The true number is uncertain, so three estimates are given with their origin. With independent bits of PDQ there
 * would never be one. But the bits depend on each other.
 * In 357,783 comparisons of unrelated public pictures (44,722 pairs from different test collections, in eight
 * orientations; photographs, drawings, text, test charts) the tail is far heavier than chance. Still, the nearest
 * unrelated pair was 66 bits apart. The share at 31 bits is extrapolated from there.
 */

export interface FalseMatches {
  /** Expected in a million pictures that are on no list, each counted once, if bits were independent. */
  readonly byChance: number
  /** The same, extrapolated from photographs among each other. */
  readonly photographs: number
  /** The same, extrapolated from pictures of every kind: drawings and text vary less. */
  readonly everyKind: number
  /** Upper bound with 95 % confidence, from the measurement alone, without a model. */
  readonly atMost: number
}

/**
 * @param records       PDQ records in the lists
 * @param orientations  1, or 8 when turned and mirrored copies are searched too
 */
export function expectedFalseMatchesPerMillion(records: number, orientations: 1 | 8 = 1): FalseMatches {
  const comparisons = records * orientations
  const perMillion = (probability: number) => -1e6 * Math.expm1(comparisons * Math.log1p(-probability))
  return {
    byChance: perMillion(CHANCE),
    photographs: perMillion(tailAt(PHOTOGRAPHS, 31)),
    everyKind: perMillion(tailAt(EVERY_KIND, 31)),
    // No match in n comparisons: below 3 / n with 95 % confidence (the rule of three).
    atMost: perMillion(3 / MEASURED_COMPARISONS),
  }
}

/** In words, for reports and documentation. */
export function falseMatchStatement(records: number, orientations: 1 | 8 = 1): string {
  const { photographs, everyKind } = expectedFalseMatchesPerMillion(records, orientations)
  return (
    `Against ${records.toLocaleString('en')} PDQ records${orientations === 8 ? ' in eight orientations' : ''}, ` +
    `about ${rounded(photographs)} of a million unrelated photographs, or ${rounded(everyKind)} of a million pictures ` +
    'of every kind, are expected to come within 31 bits by mistake. Both figures are extrapolated and may be wrong by ' +
    'a factor of ten or more: every near match needs a person.'
  )
}

const MEASURED_COMPARISONS = 357_783

/** Probability that two independent hashes differ in at most 31 of 256 bits. */
const CHANCE = ((): number => {
  let term = 2 ** -256
  let sum = term
  for (let bits = 1; bits <= 31; bits++) {
    term *= (257 - bits) / bits
    sum += term
  }
  return sum
})()

/** Share of unrelated pairs within a distance, at two distances with enough pairs. */
interface Tail {
  readonly near: { readonly bits: number; readonly share: number }
  readonly far: { readonly bits: number; readonly share: number }
}

/** Measured on the corpora named above; the public test collections are listed in bench/near.ts. */
const EVERY_KIND: Tail = { near: { bits: 70, share: 2 / 357_783 }, far: { bits: 100, share: 518 / 357_783 } }
const PHOTOGRAPHS: Tail = { near: { bits: 95, share: 4 / 25_439 }, far: { bits: 105, share: 64 / 25_439 } }

/** A straight line through the logarithms. Tails of distances fall faster than that, so it errs on the high side. */
function tailAt({ near, far }: Tail, bits: number): number {
  const slope = Math.log(far.share / near.share) / (far.bits - near.bits)
  return near.share * Math.exp(slope * (bits - near.bits))
}

/** One digit is more than the extrapolation knows. */
export function rounded(count: number): string {
  if (count < 1) return 'less than 1'
  return Number(count.toPrecision(1)).toLocaleString('en')
}
