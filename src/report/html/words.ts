/** The report's words for codes of the ledger. A reader needs no other document. */

import type { Scope } from '../../contracts/case.ts'
import { PRIORITIES, type Priority } from '../../contracts/finding.ts'
import { MEANINGS, type Meaning } from '../../contracts/hash-set.ts'
import { STAGE_OUTCOMES, STAGES, type StageName, type StageOutcome } from '../../contracts/stage.ts'
import { fromPer10k } from '../model/values.ts'
import { ENGLISH } from '../texts/index.ts'
import { say } from '../texts/say.ts'

export const STAGE_WORDS: Readonly<Record<StageName, { readonly title: string; readonly means: string }>> =
  made(STAGES, (stage) => ({
    title: ENGLISH.word('stage', stage),
    means: ENGLISH.word('stage-means', stage),
  }))

export const OUTCOME_WORDS: Readonly<Record<StageOutcome, string>> = made(STAGE_OUTCOMES, (outcome) =>
  ENGLISH.word('outcome', outcome),
)

export const MEANING_WORDS: Readonly<Record<Meaning, string>> = made(MEANINGS, (meaning) =>
  ENGLISH.word('list-meaning', meaning),
)

export const PRIORITY_WORDS: Readonly<Record<Priority, string>> = made(PRIORITIES, (priority) =>
  ENGLISH.word('priority', String(priority)),
)

function made<K extends string | number, T>(keys: readonly K[], words: (key: K) => T): Record<K, T> {
  return Object.fromEntries(keys.map((key) => [key, words(key)])) as Record<K, T>
}

/** `0.50`, or every digit where two would round: a score just below its threshold must not read as the threshold. */
export function decimal(per10k: number): string {
  return per10k % 100 === 0 ? fromPer10k(per10k).toFixed(2) : fromPer10k(per10k).toFixed(4)
}

export function categoryText(of: {
  readonly category: string | null
  readonly categoryLabel: string | null
  readonly scale: string | null
}): string {
  if (of.category === null) return say('no-category')
  return say('category', {
    category: of.category,
    ...(of.categoryLabel === null ? {} : { label: of.categoryLabel }),
    ...(of.scale === null ? {} : { scale: of.scale }),
  })
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

/** `the whole exhibit`, or the limits of the scope. */
export function scopeText(scope: Scope): string {
  const limits = [
    ...(scope.within === undefined ? [] : ['only locked contents']),
    ...(scope.include.length > 0 ? [`only ${scope.include.join(', ')}`] : []),
    ...(scope.exclude.length > 0 ? [`without ${scope.exclude.join(', ')}`] : []),
    ...(scope.modifiedFrom === null ? [] : [`modified from ${scope.modifiedFrom}`]),
    ...(scope.modifiedTo === null ? [] : [`modified to ${scope.modifiedTo}`]),
    ...(scope.mediaTypes.length > 0 ? [`looking only at ${scope.mediaTypes.join(', ')}`] : []),
  ]
  return limits.length === 0 ? 'the whole exhibit' : `limited: ${limits.join('; ')}`
}
