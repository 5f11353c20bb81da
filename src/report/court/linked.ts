/** That contents of an exhibit were seen on others of the laboratory, in the court's language. */
import { type LinksFile, linkedParams } from '../model/links-file.ts'
import { type CourtExhibit, labelled } from './exhibits.ts'
import type { CourtTexts } from './texts.ts'

export interface LinkWishes {
  /** Of a laboratory that compared exhibits; none: nothing is said of it. */
  readonly links?: LinksFile | undefined
}

/** A sentence an exhibit. */
export function linkedWords(
  exhibits: readonly CourtExhibit[],
  { links }: LinkWishes,
  texts: CourtTexts,
): string[] {
  if (links === undefined) return []
  return exhibits.map(({ ledger, label }) => {
    const params = linkedParams(links, ledger.case.caseId, ledger.case.exhibitId)
    return labelled(label, texts.say(params.contents === 0 ? 'result-not-linked' : 'result-linked', params))
  })
}
