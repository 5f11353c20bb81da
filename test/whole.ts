/**
 * Tests that try every value in every place draw a part of that product in the ordinary run, always the same one, so that a failure comes
 * again. With SEIZED_WHOLE=1 they try all of it, and tests that are left out of an ordinary run for their length are run.
 */
export const WHOLE = process.env.SEIZED_WHOLE === '1'

/** @param at number of the place @returns `count` of the values: those that follow one another, another beginning for each place */
export function drawn<T>(values: readonly T[], at: number, count: number): readonly T[] {
  if (WHOLE || count >= values.length) return values
  return Array.from({ length: count }, (_, i) => values[(at * count + i) % values.length]!)
}
