/**
 * Where this report answers what standards on reports ask for: clause by clause, in words of our own.
 * @see ISO/IEC 17025:2017, 7.8; ISO 21043-5:2025 by its published table of contents (its text was not at hand)
 */
import type { Row } from './row.ts'
import type { CourtKey, CourtTexts } from './texts.ts'

/** What is asked for, clause of ISO/IEC 17025:2017, clause of ISO 21043-5:2025, section of this report. */
const ASKED: readonly (readonly [asked: CourtKey, iso17025: string, iso21043: string, where: CourtKey])[] = [
  ['std-lab', '7.8.2.1 b–e, h–j, o', '5.2', 'h-lab'],
  ['std-item', '7.8.2.1 g', '5.3', 'h-digests'],
  ['std-method', '7.8.2.1 f', '5', 'h-method'],
  ['std-results', '7.8.2.1 m', '5', 'h-results'],
  ['std-left', '7.8.2.1 n', '5', 'h-not-examined'],
  ['std-error', '7.8.3.1 c', '5.4', 'h-annex'],
  ['std-opinion', '7.8.7', '5.5', 'h-listed'],
  ['std-custody', '7.11', '5.3', 'h-custody'],
  ['std-replaces', '7.8.8', '–', 'h-lab'],
  ['std-review', '7.8.1.1', '6', 'std-outside'],
]

/** @param hasModels the report has the annex of leads; without models no error of theirs is stated */
export function standardRows(texts: CourtTexts, hasModels: boolean): readonly Row[] {
  return ASKED.map(([asked, iso17025, iso21043, where]) => [
    texts.say(asked),
    iso17025,
    iso21043,
    where === 'h-annex' && !hasModels ? '–' : texts.say(where),
  ])
}
