/**
 * Signature lines for the persons who answer for a report, to sign by hand. The program signs nothing and names no
 * office.
 */
import type { ExaminationFacts } from '../../contracts/ledger-reader.ts'
import type { CourtTexts } from './texts.ts'

/** A line to write on: its label, and its value where it is already known. */
export interface SignatureField {
  readonly label: string
  readonly value: string
}

/** One set of lines for each examiner that the ledgers name. */
export function signatureFields(
  ledgers: readonly ExaminationFacts[],
  texts: CourtTexts,
): readonly SignatureField[] {
  const examiners = [...new Set(ledgers.map((ledger) => ledger.case.examiner))]
  return examiners.flatMap((value) => [
    { label: texts.say('sign-name'), value },
    { label: texts.say('sign-position'), value: '' },
    { label: texts.say('sign-date'), value: '' },
    { label: texts.say('sign-signature'), value: '' },
  ])
}
