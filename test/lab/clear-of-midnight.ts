const DAY_MS = 86_400_000

/** Waits for the next day, of UTC, where less than `ms` are left of this one: the status of a laboratory says what was examined today. */
export async function clearOfMidnight(ms: number): Promise<void> {
  const leftMs = DAY_MS - (Date.now() % DAY_MS)
  if (leftMs < ms) await new Promise((resolve) => setTimeout(resolve, leftMs + 1000))
}
