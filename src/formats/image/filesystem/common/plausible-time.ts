/** Times that a ledger can hold: 64 bits of nanoseconds, the years 1678 to 2262. */
const MOST = 2n ** 63n - 1n

/** @param ns nanoseconds since 1970 @returns null for a value of damage */
export const plausibleNs = (ns: bigint): bigint | null => (ns >= -MOST && ns <= MOST ? ns : null)
