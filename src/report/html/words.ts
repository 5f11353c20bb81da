/** The report's words for what the ledger has codes for. A reader needs no other document. */
import type { CaseInfo, Scope } from '../../contracts/case.ts'
import type { Priority } from '../../contracts/finding.ts'
import type { Meaning } from '../../contracts/hash-set.ts'
import type { StageName, StageOutcome } from '../../contracts/stage.ts'
import { fromPer10k } from '../values.ts'

export const STAGE_WORDS: Readonly<Record<StageName, { readonly title: string; readonly means: string }>> = {
  read: { title: 'Read', means: 'the whole content was read once and its digests were made' },
  matched: { title: 'Matched', means: 'its digests were compared with every hash list' },
  opened: {
    title: 'Opened',
    means: 'containers (archives and the like) were opened and their members became entries',
  },
  'looked-at': { title: 'Looked at', means: 'pictures and video were decoded and scored by the models' },
  'text-read': { title: 'Text read', means: 'text was searched for signs, where a legal basis was stated' },
}

export const OUTCOME_WORDS: Readonly<Record<StageOutcome, string>> = {
  done: 'done',
  'done-with-warnings': 'done with warnings',
  'not-applicable': 'not applicable',
  'out-of-scope': 'out of scope',
  'not-done': 'not done',
}

export const MEANING_WORDS: Readonly<Record<Meaning, string>> = {
  illegal: 'lists of illegal material',
  interest: 'lists of interest',
  known: 'lists of known, unremarkable contents',
}

export const ACQUISITION_WORDS: Readonly<Record<CaseInfo['acquisitionStatus'], string>> = {
  'verified-by-seized': 'verified: seized read the whole image and its digest agreed',
  'stated-by-operator': 'stated by the operator, not checked by seized',
  'not-verified': 'not verified: no hash was stated and none was made',
}

export const PRIORITY_WORDS: Readonly<Record<Priority, string>> = {
  1: 'first',
  2: 'next',
  3: 'after that',
  4: 'later',
  5: 'last',
}

/** `0.50`, and every digit where two would round: a score just below its threshold must not read as the threshold. */
export function decimal(per10k: number): string {
  return per10k % 100 === 0 ? fromPer10k(per10k).toFixed(2) : fromPer10k(per10k).toFixed(4)
}

export function categoryText(of: {
  readonly category: string | null
  readonly categoryLabel: string | null
  readonly scale: string | null
}): string {
  if (of.category === null) return 'no category on the list'
  const label = of.categoryLabel === null ? '' : ` “${of.categoryLabel}”`
  return `category ${of.category}${label} on ${of.scale === null ? 'an unknown scale' : `the scale ${of.scale}`}`
}

export function algorithmsText(algorithms: readonly string[]): string {
  return algorithms.map((name) => ALGORITHM_NAMES[name] ?? name).join(' + ')
}

const ALGORITHM_NAMES: Readonly<Record<string, string>> = {
  md5: 'MD5',
  sha1: 'SHA-1',
  sha256: 'SHA-256',
  blake3: 'BLAKE3',
  pdq: 'PDQ',
  vpdq: 'vPDQ',
}

/** `the whole exhibit`, or what limits it. */
export function scopeText(scope: Scope): string {
  const limits = [
    ...(scope.include.length > 0 ? [`only ${scope.include.join(', ')}`] : []),
    ...(scope.exclude.length > 0 ? [`without ${scope.exclude.join(', ')}`] : []),
    ...(scope.modifiedFrom === null ? [] : [`modified from ${scope.modifiedFrom}`]),
    ...(scope.modifiedTo === null ? [] : [`modified to ${scope.modifiedTo}`]),
    ...(scope.mediaTypes.length > 0 ? [`looking only at ${scope.mediaTypes.join(', ')}`] : []),
  ]
  return limits.length === 0 ? 'the whole exhibit' : `limited: ${limits.join('; ')}`
}
