/**
 * What was typed into the search of eMule: a text without any mark, a line a search, that its name alone tells (`AC_SearchStrings.dat`).
 * The newest stands first. The file says no time.
 *
 * @see eMule 0.50a, SearchParamsWnd.cpp (SEARCH_STRINGS_PROFILE), CustomAutoComplete.cpp (SaveList)
 */

import type { EvidencePath } from '../contracts/entry.ts'
import type { Sign } from '../contracts/record.ts'
import { NO_RECORD_FACTS } from '../contracts/record-time.ts'

const NAME = /(?:^|[/\0:])ac_searchstrings\.dat$/i
/** The program itself keeps thirty. */
const MOST = 1_000

/** @param text all of the content; the run has a legal basis for it @returns none of any other file */
export function searchesIn({ bytes }: EvidencePath, text: string): readonly Sign[] {
  if (!NAME.test(bytes.toString('latin1'))) return []
  return text
    .split(/\r?\n/)
    .map((line) => line.replace(/^\ufeff/, '').trim())
    .filter((line) => line !== '')
    .slice(0, MOST)
    .map((words) => ({
      what: { code: 'words-searched', params: { program: 'emule', words } },
      ...NO_RECORD_FACTS,
      when: null,
      ...{ person: null, direction: null, status: 'live', isPrivate: true, ofSha256: null },
    }))
}
