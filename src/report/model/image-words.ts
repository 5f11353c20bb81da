/**
 * Sentences on an image and on parts that were not examined, in the languages of the court's edition. Terminal, both
 * editions and the exports use these sentences, so that their statements agree. The English text binds; the
 * translations were not reviewed.
 */
import { createHash } from 'node:crypto'
import type { Params } from '../../contracts/coded.ts'
import { type ImageState, recordedImageState } from '../../contracts/image-state.ts'
import {
  INCOMPLETE,
  INCOMPLETE_BEFORE_3,
  type IncompleteCode,
  lacksLists,
} from '../../contracts/incomplete.ts'
import type { EntryTotals, ExaminationFacts, MediumFacts } from '../../contracts/ledger-reader.ts'
import type { Omission } from '../../contracts/omission.ts'
import { CustomOf, PLAIN } from '../texts/custom.ts'
import bn from '../texts/image/bn.json' with { type: 'json' }
import el from '../texts/image/el.json' with { type: 'json' }
import en from '../texts/image/en.json' with { type: 'json' }
import es from '../texts/image/es.json' with { type: 'json' }
import fr from '../texts/image/fr.json' with { type: 'json' }
import lt from '../texts/image/lt.json' with { type: 'json' }
import pt from '../texts/image/pt.json' with { type: 'json' }
import { Message } from '../texts/message.ts'
import { omissionsOf } from './omissions.ts'

export type ImageKey = keyof typeof en.messages

export const IMAGE_WORDS = [en, lt, es, pt, fr, el, bn]

const ENGLISH = 'en'
const read = new Map<string, Message>()

export function sayOfImage(key: ImageKey, params: Params = {}, language = ENGLISH): string {
  const of = IMAGE_WORDS.find((one) => one.language === language) ?? en
  const known = read.get(`${of.language} ${key}`)
  const message =
    known ?? new Message(of.messages[key], of.language, of === en ? PLAIN : new CustomOf(of.language))
  if (!known) read.set(`${of.language} ${key}`, message)
  return message.write(params)
}

/** Whether the sentences of a language were reviewed. */
export function isImageReviewed(language: string): boolean {
  const of = IMAGE_WORDS.find((one) => one.language === language)
  return of?.reviewedBy != null && of.sourceSha256 === IMAGE_SOURCE_SHA256
}

/** SHA-256 of the English messages as JSON with sorted keys: a translation of other messages is stale. */
export const IMAGE_SOURCE_SHA256 = createHash('sha256')
  .update(
    JSON.stringify(Object.fromEntries(Object.entries(en.messages).sort(([a], [b]) => (a < b ? -1 : 1)))),
  )
  .digest('hex')

/** One sentence with every known value. */
export function imageStateText(
  { kind, hashes, isWhole, lostBytes, isDespite }: ImageState,
  language = ENGLISH,
): string {
  const values = hashes.flatMap(({ algorithm, ...by }) =>
    (['stored', 'stated', 'computed'] as const).flatMap((source) => {
      const hex = by[source]
      if (hex === null) return []
      const of = source === 'computed' && !isWhole ? 'zeros' : source
      return [sayOfImage('hash', { algorithm: NAMES[algorithm] ?? algorithm, hex, of }, language)]
    }),
  )
  return sayOfImage(
    `state-${kind}`,
    {
      ...(values.length > 0 && { values: values.join('; ') }),
      ...(lostBytes > 0 && { lost: lostBytes }),
      despite: isDespite ? 'yes' : 'no',
    },
    language,
  )
}

const NAMES: Readonly<Record<string, string>> = {
  md5: 'MD5',
  sha1: 'SHA-1',
  sha256: 'SHA-256',
  sha512: 'SHA-512',
}

/**
 * Reasons why the examination is not complete, the gravest first; reasons that the columns of counts already show are
 * left out.
 */
export function incompleteTexts(
  ledger: ExaminationFacts & MediumFacts & EntryTotals,
  language = ENGLISH,
): readonly string[] {
  const state = recordedImageState(ledger)
  // For a seal of an earlier version, which did not count these codes.
  const always: Partial<Record<IncompleteCode, boolean>> = {
    'no-list': lacksLists(ledger.plan),
    'image-differs': state.kind === 'differs',
    'image-not-whole': !state.isWhole,
  }
  const said = new Set([...INCOMPLETE.filter((code) => always[code]), ...(ledger.summary().incomplete ?? [])])
  return [...said].flatMap((code) => {
    if (INCOMPLETE_BEFORE_3.has(code)) return []
    if (code === 'image-differs') return [imageStateText(state, language)]
    if (code === 'image-not-whole')
      return state.kind === 'not-readable-whole' ? [imageStateText(state, language)] : []
    return [sayOfImage(`incomplete-${code}` as ImageKey, {}, language)]
  })
}

export function omissionText({ code, bytes, count, searched }: Omission, language = ENGLISH): string {
  const params = {
    ...(bytes !== null && { bytes }),
    ...(count !== undefined && { count }),
    ...(searched !== undefined && { searched }),
  }
  return sayOfImage(`omitted-${code}`, params, language)
}

/** One line for each omission; empty for a mount. */
export function omissionTexts(ledger: ExaminationFacts & MediumFacts, language = ENGLISH): readonly string[] {
  return omissionsOf(ledger).map((one) => omissionText(one, language))
}

/** Null where no deleted file was read. */
export function recoveredText(ledger: MediumFacts, language = ENGLISH): string | null {
  const { entries, bytes } = ledger.deletedFiles().read
  return entries === 0 ? null : sayOfImage('recovered', { count: entries, bytes }, language)
}
