/**
 * Numbers, dates, times and units in the notation of a language, by the rules of Unicode CLDR in Node. Every language
 * uses the digits 0–9, so that a count looks the same in text, tables, digests and exports. Times are UTC, never
 * another zone: the court converts them.
 */
import { formatBytes, formatCount } from './format.ts'

export interface Custom {
  count(value: number): string
  /** Three digits, powers of 1000. */
  bytes(value: number): string
  /**
   * Parts per 10,000 as a fraction, with every digit: a score just below its threshold must not read as the threshold.
   */
  score(per10k: number): string
}

/** Notation of the working edition and the terminal: the same on every machine. */
export const PLAIN: Custom = {
  count: formatCount,
  bytes: formatBytes,
  score: (per10k) => (per10k / 10_000).toFixed(scoreDigits(per10k)),
}

/** The region selects one of several notations of a language; Bengali is set to the digits 0–9. */
const LOCALES: Readonly<Record<string, string>> = {
  en: 'en-GB',
  lt: 'lt-LT',
  es: 'es-ES',
  pt: 'pt-PT',
  fr: 'fr-FR',
  el: 'el-GR',
  bn: 'bn-BD-u-nu-latn',
}

const CLAUSES: Readonly<Record<string, string>> = { el: '· ', fr: '\u00a0; ' }

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte'] as const

export class CustomOf implements Custom {
  readonly #language: string
  readonly #locale: string
  readonly #counts: Intl.NumberFormat
  readonly #times: Intl.DateTimeFormat
  readonly #days: Intl.DateTimeFormat
  readonly #months: Intl.DateTimeFormat
  readonly #lists: Intl.ListFormat

  /** @param language one of the court's edition */
  constructor(language: string) {
    const locale = LOCALES[language] ?? LOCALES.en!
    const utc = { timeZone: 'UTC', hourCycle: 'h23' } as const
    this.#language = language
    this.#locale = locale
    // Grouping starts at four digits, as in the other notations here: one table never mixes 1234 and 12 345.
    this.#counts = new Intl.NumberFormat(locale, { useGrouping: 'always' })
    this.#times = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', ...utc })
    this.#days = new Intl.DateTimeFormat(locale, { dateStyle: 'long', ...utc })
    this.#months = new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'long', ...utc })
    this.#lists = new Intl.ListFormat(locale)
  }

  count(value: number): string {
    return this.#counts.format(value)
  }

  bytes(value: number): string {
    let [rest, unit] = [value, 0]
    while (rest >= 999.5 && unit < UNITS.length - 1) {
      rest /= 1000
      unit++
    }
    return new Intl.NumberFormat(this.#locale, {
      style: 'unit',
      unit: UNITS[unit]!,
      unitDisplay: unit === 0 ? 'long' : 'short',
      maximumFractionDigits: unit > 0 && rest < 9.95 ? 1 : 0,
      minimumFractionDigits: unit > 0 && rest < 9.95 ? 1 : 0,
    }).format(rest)
  }

  score(per10k: number): string {
    const digits = scoreDigits(per10k)
    return new Intl.NumberFormat(this.#locale, {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    }).format(per10k / 10_000)
  }

  /** @param utc ISO-8601 @returns the time followed by “UTC” */
  when(utc: string): string {
    const at = new Date(utc)
    return Number.isNaN(at.getTime()) ? utc : `${this.#times.format(at)} UTC`
  }

  /** @param day ISO-8601 date; any other text is returned unchanged */
  day(day: string): string {
    return /^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(Date.parse(day))
      ? this.#days.format(new Date(day))
      : day
  }

  /** @param month `2026-11` */
  month(month: string): string {
    return this.#months.format(new Date(`${month}-01`))
  }

  /** Clauses of one sentence, joined by a semicolon, which Greek writes as a raised point. */
  clauses(items: readonly string[]): string {
    return items.join(CLAUSES[this.#language] ?? '; ')
  }

  /** `MD5, SHA-1 and SHA-256`. */
  list(items: readonly string[]): string {
    return this.#lists.format(items)
  }
}

function scoreDigits(per10k: number): number {
  return per10k % 100 === 0 ? 2 : 4
}
