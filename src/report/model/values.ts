/** Values of the ledger in machine-readable outputs: times, sizes, scores. */
import type { FileTime } from '../../contracts/entry.ts'
import type { LedgerIdentity } from '../../contracts/ledger-reader.ts'

/**
 * ISO-8601 with nanoseconds. A time without a zone (FAT, EXIF) is never converted and ends without `Z`.
 * Years outside 0–9999 take the expanded form that ISO-8601 and ECMAScript share (`+010000-…`, `-000001-…`).
 */
export function isoTime(time: FileTime): string {
  const second = floorDivide(time.ns, 1_000_000_000n)
  const nanos = String(time.ns - second * 1_000_000_000n).padStart(9, '0')
  const zone = time.zone === 'local-unknown' ? '' : 'Z'
  return `${civil(second)}.${nanos}${zone}`
}

/** A number where JavaScript holds it exactly, else its decimal text. */
export function safeNumber(value: bigint): number | string {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) && value >= BigInt(Number.MIN_SAFE_INTEGER)
    ? Number(value)
    : String(value)
}

/** The state of a ledger; every line and page made from the ledger contains it. */
export function ledgerState({ seal, damage }: LedgerIdentity): 'sealed' | 'PARTIAL' | 'DAMAGED' {
  if (damage.length > 0) return 'DAMAGED'
  return seal ? 'sealed' : 'PARTIAL'
}

export function fromPer10k(per10k: number): number {
  return per10k / 10_000
}

/** Text that UTF-8 can represent: a lone surrogate becomes U+FFFD. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\uFFFD')
}

/**
 * `YYYY-MM-DDThh:mm:ss` of a count of seconds since 1970, for any 64-bit count (Date ends at ±8.64e15 ms).
 * @see Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days
 */
function civil(second: bigint): string {
  const day = floorDivide(second, 86_400n)
  const rest = Number(second - day * 86_400n)
  const z = day + 719_468n
  const era = floorDivide(z, 146_097n)
  const dayOfEra = z - era * 146_097n
  const yearOfEra = (dayOfEra - dayOfEra / 1_460n + dayOfEra / 36_524n - dayOfEra / 146_096n) / 365n
  const dayOfYear = dayOfEra - (365n * yearOfEra + yearOfEra / 4n - yearOfEra / 100n)
  const shifted = (5n * dayOfYear + 2n) / 153n
  const dayOfMonth = dayOfYear - (153n * shifted + 2n) / 5n + 1n
  const month = shifted < 10n ? shifted + 3n : shifted - 9n
  const year = yearOfEra + era * 400n + (month <= 2n ? 1n : 0n)
  const clock = [Math.floor(rest / 3_600), Math.floor(rest / 60) % 60, rest % 60]
  return `${yearText(year)}-${two(month)}-${two(dayOfMonth)}T${clock.map(two).join(':')}`
}

function yearText(year: bigint): string {
  if (year >= 0n && year <= 9_999n) return String(year).padStart(4, '0')
  return `${year < 0n ? '-' : '+'}${String(year < 0n ? -year : year).padStart(6, '0')}`
}

function two(value: bigint | number): string {
  return String(value).padStart(2, '0')
}

function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b
  return a % b < 0n ? quotient - 1n : quotient
}
