/**
 * Sentences, in the court's language, on contents of an exhibit that were also seen on other exhibits of the
 * laboratory.
 */
import { type LinksFile, linkedParams } from '../model/links-file.ts'
import { type CourtExhibit, labelled } from './exhibits.ts'
import type { CourtTexts } from './texts.ts'

export interface LinkWishes {
  /** From a laboratory that compared exhibits; absent: the report says nothing about it. */
  readonly links?: LinksFile | undefined
}

/** One sentence for each exhibit. */
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
