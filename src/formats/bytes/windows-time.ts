/** Windows file time: 100 ns since 1601, UTC. */
import type { FileTime } from '../../contracts/entry.ts'

const TO_1970 = 116_444_736_000_000_000n
/** Only the years 1970 to 2370 are accepted as times. */
const LATEST = TO_1970 + 126_230_400_000_000_000n

export function windowsTime(value: bigint, source: 'archive' | 'document'): FileTime | null {
  if (value <= TO_1970 || value > LATEST) return null
  return { ns: (value - TO_1970) * 100n, source, resolution: '100ns', zone: 'utc' }
}
