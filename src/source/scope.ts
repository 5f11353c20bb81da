/**
 * The operator's scope: places, patterns on paths, and bounds on the modification time. Scope leaves out contents, never names.
 *
 * A pattern is matched without regard to case against the path below the exhibit's root, read as UTF-8 (each invalid
 * byte is one character). Dots are ordinary characters.
 * Without a `/` a pattern matches any name in the path, so `*.jpg` and `Windows` work at any depth; with one it matches
 * from the root. A pattern that matches a folder matches its whole content.
 */
import picomatch from 'picomatch'
import { byteString } from '../base/byte-string.ts'
import { UsageError } from '../base/errors.ts'
import { listedName, printText } from '../base/evidence-path.ts'
import type { Scope } from '../contracts/case.ts'
import type { Entry, EvidencePath, FileTime } from '../contracts/entry.ts'
import { outOfScope, type StageResult } from '../contracts/stage.ts'

/** @returns null: in scope. @throws UsageError on a pattern or date that cannot be read */
export function scopeResult(entry: Entry, scope: Scope): StageResult | null {
  const rules = compiled(scope)
  if (rules.within !== null && !isWithin(entry.path, rules.within)) return OUT_OF_LOCKED
  if (rules.include.length > 0 || rules.exclude.length > 0) {
    const names = listedName(entry.path).toString('utf8').split('/')
    const included = rules.include.length === 0 || rules.include.some((matches) => matches(names))
    if (!included || rules.exclude.some((matches) => matches(names))) return OUT_BY_PATTERN
  }
  return isOutOfDate(entry.times.modified, rules) ? OUT_BY_DATE : null
}

type Pattern = (names: readonly string[]) => boolean

interface Rules {
  readonly within: ReadonlySet<string> | null
  readonly include: readonly Pattern[]
  readonly exclude: readonly Pattern[]
  readonly fromNs: bigint | null
  readonly toNs: bigint | null
}

const OUT_BY_PATTERN: StageResult = outOfScope('scope-pattern')
const OUT_OF_LOCKED: StageResult = outOfScope('scope-locked')
const OUT_BY_DATE: StageResult = outOfScope('scope-date')

const cache = new WeakMap<Scope, Rules>()

function compiled(scope: Scope): Rules {
  let rules = cache.get(scope)
  if (rules === undefined) {
    rules = {
      within: scope.within === undefined ? null : new Set(scope.within),
      include: scope.include.map(pattern),
      exclude: scope.exclude.map(pattern),
      fromNs: scope.modifiedFrom === null ? null : instant(scope.modifiedFrom, false),
      toNs: scope.modifiedTo === null ? null : instant(scope.modifiedTo, true),
    }
    cache.set(scope, rules)
  }
  return rules
}

/** Whether the place itself, or a folder or volume above it, is one of these. */
function isWithin({ bytes }: EvidencePath, places: ReadonlySet<string>): boolean {
  if (places.has('')) return true
  const whole = byteString(bytes)
  for (let at = 1; at < whole.length; at++)
    if ((whole[at] === '/' || whole[at] === '\0') && places.has(whole.slice(0, at))) return true
  return places.has(whole)
}

function pattern(glob: string): Pattern {
  const plain = glob.replace(/^\/+|\/+$/g, '')
  if (plain === '') throw new UsageError(`The scope pattern ${printText(JSON.stringify(glob))} is empty.`)
  // `s`: names may contain line breaks. `!` and comments are not special, because a file may have such a name.
  const matches = picomatch(plain, { dot: true, flags: 'is', nonegate: true })
  if (!plain.includes('/')) return (names) => names.some((name) => matches(name))
  return (names) => names.some((_, i) => matches(names.slice(0, i + 1).join('/')))
}

/** @param end a date without a time means the end of that day */
function instant(text: string, end: boolean): bigint {
  const ms = Date.parse(text)
  if (Number.isNaN(ms))
    throw new UsageError(
      `The date ${printText(JSON.stringify(text))} is not ISO-8601, for example 2026-03-01 or 2026-03-01T12:00:00Z.`,
    )
  const wholeDay = end && /^\d{4}-\d{2}-\d{2}$/.test(text)
  return BigInt(ms) * 1_000_000n + (wholeDay ? DAY_NS - 1n : 0n)
}

const DAY_NS = 86_400_000_000_000n
// Clocks run from UTC−12 to UTC+14: a time without a zone is out of bounds only when it is so in every zone.
const ZONES_NS = 14n * 3_600_000_000_000n

function isOutOfDate(modified: FileTime | null, { fromNs, toNs }: Rules): boolean {
  if (modified === null) return false
  const slack = modified.zone === 'local-unknown' ? ZONES_NS : 0n
  return (fromNs !== null && modified.ns + slack < fromNs) || (toNs !== null && modified.ns - slack > toNs)
}
