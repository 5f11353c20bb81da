/** Interval of a share, 95 % (Wilson 1927). */
export function wilson(part: number, of: number): readonly [number, number] {
  const z = 1.96
  const share = part / of
  const middle = (share + z ** 2 / (2 * of)) / (1 + z ** 2 / of)
  const half = (z / (1 + z ** 2 / of)) * Math.sqrt((share * (1 - share)) / of + z ** 2 / (4 * of ** 2))
  return [Math.max(0, middle - half), Math.min(1, middle + half)]
}
