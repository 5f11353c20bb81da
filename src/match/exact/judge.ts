/**
 * Judges the records that share a digest with a content: hits, conflicts, warnings, and whether the content is known.
 *
 * All common digests agree: a hit. One agrees and another does not: a conflict, from a faulty record or a crafted
 * collision. Results depend on the findings only, not on the order of lists or rows.
 */
import { canonicalJson } from '../../base/canonical-json.ts'
import { type Attribute, attribute } from '../../contracts/attribute.ts'
import type { DigestConflict, Hit } from '../../contracts/finding.ts'
import type { MatchResult } from '../../contracts/ledger.ts'
import { notApplicable, notDone, withWarnings } from '../../contracts/stage.ts'
import { ALGORITHMS, algorithmsIn, BLAKE3, MD5, SHA1, SHA256 } from '../records/algorithms.ts'
import type { LoadedSet } from '../records/loaded-set.ts'
import type { Found } from '../records/record-source.ts'
import { interpret } from '../records/scale.ts'

export interface Judged {
  readonly finding: Hit | DigestConflict
  /** True where the content may skip the unknown phase, unless an illegal match forbids it. */
  readonly suppresses: boolean
  readonly warning: Attribute | null
}

/**
 * Judges the records of one list. A judgement depends on the category and on the digests that agree and differ, so each
 * is made once: a million hits share a few.
 */
export class Judge {
  readonly #set: LoadedSet
  readonly #made = new Map<string | null, Map<number, Judged>>()

  constructor(set: LoadedSet) {
    this.#set = set
  }

  /** @param wantedBits algorithms of the content's digests */
  judge(record: Found, wantedBits: number, sizeBytes: bigint): Judged {
    const differed = record.present & wantedBits & ~record.agreed
    const judged = this.#judgement(record.category, record.agreed, differed)
    if (Number.isNaN(record.size) || record.size === Number(sizeBytes) || differed !== 0) return judged
    // The digests agree, so the hit stands. Sizes in lists are often wrong, and a person should know.
    const params = { list: this.#set.info.name, stated: record.size, bytes: Number(sizeBytes) }
    const warning = attribute('listed-size-differs', params)
    return { ...judged, suppresses: false, warning }
  }

  #judgement(category: string | null, agreed: number, differed: number): Judged {
    let byBits = this.#made.get(category)
    if (byBits === undefined) {
      byBits = new Map()
      this.#made.set(category, byBits)
    }
    const bits = agreed | (differed << ALGORITHMS.length)
    let judged = byBits.get(bits)
    if (judged === undefined) {
      judged = judgementOf(this.#set, category, agreed, differed)
      byBits.set(bits, judged)
    }
    return judged
  }
}

function judgementOf(
  { info, scale }: LoadedSet,
  category: string | null,
  agreed: number,
  differed: number,
): Judged {
  const { meaning, categoryLabel } =
    info.meaning !== null ? { meaning: info.meaning, categoryLabel: null } : interpret(scale, category)
  const named = {
    hashSet: info.name,
    hashSetSha256: info.sha256,
    edition: info.edition,
    category,
    scale: info.scale,
    categoryLabel,
    meaning,
  }
  if (differed !== 0) {
    const finding = {
      kind: 'conflict',
      ...named,
      agreeing: namesOf(agreed),
      differing: namesOf(differed),
    } as const
    return { finding, suppresses: false, warning: null }
  }
  const both = (agreed & MD5.bit) !== 0 && (agreed & SHA1.bit) !== 0
  const weak = (agreed & (SHA256.bit | BLAKE3.bit)) === 0 && !both
  return {
    finding: { kind: 'hit', ...named, algorithms: namesOf(agreed), weak },
    suppresses: meaning === 'known' && ((agreed & SHA256.bit) !== 0 || both),
    warning: null,
  }
}

function namesOf(bits: number): readonly string[] {
  return algorithmsIn(bits).map((place) => place.name)
}

/** @param judged at least one */
export function toResult(judged: readonly Judged[]): MatchResult {
  const [only] = judged
  if (judged.length === 1) return resultOfOne(only!)
  const hits = distinct(judged.map((j) => j.finding).filter((f): f is Hit => f.kind === 'hit'))
  const conflicts = distinct(
    judged.map((j) => j.finding).filter((f): f is DigestConflict => f.kind === 'conflict'),
  )
  const suppressing = distinct(judged.filter((j) => j.suppresses).map((j) => j.finding))
  const illegal = [...hits, ...conflicts].find((finding) => finding.meaning === 'illegal')
  const known = hits.find((hit) => hit.meaning === 'known')
  const warnings = distinctWarnings(judged)
  let result: MatchResult['result'] = DONE
  if (illegal !== undefined && known !== undefined) {
    const isHit = illegal.kind === 'hit'
    const params = { illegal: illegal.hashSet, known: known.hashSet }
    warnings.unshift(attribute(isHit ? 'illegal-and-known' : 'known-with-illegal-digests', params))
    if (isHit) result = withWarnings('known-and-illegal', { code: 'illegal-and-known', params })
  }
  const suppressedBy = illegal === undefined ? (suppressing[0]?.hashSet ?? null) : null
  return { result, hits, conflicts, suppressedBy, warnings }
}

/** Each warning once, because lists repeat records. */
function distinctWarnings(judged: readonly Judged[]): Attribute[] {
  const byText = new Map(
    judged.flatMap(({ warning }) => (warning ? [[canonicalJson(warning.params), warning] as const] : [])),
  )
  return [...byText].sort(([a], [b]) => compareText(a, b)).map(([, warning]) => warning)
}

/** The usual case, without the sorting and comparing of several. */
function resultOfOne({ finding, suppresses, warning }: Judged): MatchResult {
  return {
    result: DONE,
    hits: finding.kind === 'hit' ? [finding] : [],
    conflicts: finding.kind === 'conflict' ? [finding] : [],
    suppressedBy: suppresses ? finding.hashSet : null,
    warnings: warning === null ? [] : [warning],
  }
}

/** Equal findings once (lists repeat records), in an order that depends on the findings alone. */
function distinct<T extends Hit | DigestConflict>(findings: readonly T[]): readonly T[] {
  if (findings.length < 2) return findings
  const keyed = findings.map((finding) => {
    const algorithms =
      finding.kind === 'hit' ? finding.algorithms : [...finding.agreeing, '!', ...finding.differing]
    return {
      finding,
      key: [
        finding.hashSetSha256,
        finding.category === null ? '0' : `1${finding.category}`,
        algorithms.join(),
      ].join('\0'),
    }
  })
  keyed.sort((a, b) => compareText(a.key, b.key))
  return keyed.filter((k, i) => i === 0 || k.key !== keyed[i - 1]!.key).map((k) => k.finding)
}

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

const NOTHING: Omit<MatchResult, 'result'> = { hits: [], conflicts: [], suppressedBy: null, warnings: [] }
export const NO_HASH_SETS: MatchResult = {
  ...NOTHING,
  result: notDone('no-hash-sets'),
}
export const EMPTY_CONTENT: MatchResult = {
  ...NOTHING,
  result: notApplicable('empty'),
}
const DONE = { result: 'done' } as const
export const NOTHING_FOUND: MatchResult = { ...NOTHING, result: DONE }
