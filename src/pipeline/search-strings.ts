/**
 * Search words of eMule: a text file without signature, one search per line, recognised only by its name
 * (`AC_SearchStrings.dat`). The newest search is first. The file contains no times.
 *
 * @see eMule 0.50a, SearchParamsWnd.cpp (SEARCH_STRINGS_PROFILE), CustomAutoComplete.cpp (SaveList)
 */

import type { EvidencePath } from '../contracts/entry.ts'
import type { Sign } from '../contracts/record.ts'
import { NO_RECORD_FACTS } from '../contracts/record-time.ts'

const NAME = /(?:^|[/\0:])ac_searchstrings\.dat$/i
/** The program itself stores thirty. */
const MOST = 1_000

/** @param text the whole content; the run has a legal basis for it @returns empty for any other file */
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
