/**
 * Whether an exhibit is that of a ledger, asked at the start of a review or an export: a few contents are read from it
 * again. A wrong image is named before anybody works on it.
 */
import { UsageError } from '../base/errors.ts'
import { depthOf, printText } from '../base/evidence-path.ts'
import type { Exhibit } from '../contracts/case.ts'
import type { ExaminationFacts } from '../contracts/ledger-reader.ts'
import type { EntryView } from '../contracts/view.ts'
import { type ExhibitParts, readAgain } from './exhibit-contents.ts'
import type { ReviewSession } from './session.ts'

/** Contents that are read at most; one that agrees is enough. */
const MOST_READ = 8
/** Contents whose places are looked up. */
const MOST_LOOKED = 64
const MOST_BYTES = 16 * 1024 * 1024

/**
 * @param places of contents of the ledger; those of large files and of files inside others are passed over
 * @returns a sentence where some of the contents that were read are not those of the ledger; null where all agree
 * @throws UsageError where none agrees, or the image has another size
 */
export async function requireSameExhibit(
  ledger: Pick<ExaminationFacts, 'exhibit'>,
  places: Iterable<EntryView>,
  { image }: Exhibit,
  parts: ExhibitParts,
  path: string,
): Promise<string | null> {
  const recorded = ledger.exhibit.image
  if ((recorded ?? null) !== null && image && recorded!.sizeBytes !== image.sizeBytes)
    throw new UsageError(
      `${printText(path)} is not the exhibit of this ledger: it holds ${image.sizeBytes} bytes, and the image that was examined ${recorded!.sizeBytes}. Nothing was opened.`,
    )
  let [read, equal] = [0, 0]
  for (const place of places) {
    if (depthOf(place.entry.path) > 1 || place.entry.sizeBytes > MOST_BYTES) continue
    const found = await readAgain(parts, [place])
    read++
    if ('bytes' in found) {
      found.bytes.fill(0)
      equal++
    }
    if (read === MOST_READ || (equal > 0 && read >= 3)) break
  }
  if (read === 0 || equal === read) return null
  if (equal === 0)
    throw new UsageError(
      `${printText(path)} is not the exhibit of this ledger: ${read === 1 ? 'a content' : `${read} contents`} that the ledger names could not be found there as examined. Nothing was opened.`,
    )
  return `${read - equal} of ${read} contents that were read from ${printText(path)} are not there as they were examined: the exhibit may have changed.`
}

/** One place of some contents, spread over the catalogue. */
export function* somePlaces(session: ReviewSession): Iterable<EntryView> {
  const { catalogue, lookup, facts } = session
  const step = Math.max(1, Math.floor(catalogue.size / MOST_LOOKED))
  for (let number = 0; number < catalogue.size; number += step) {
    const [entry] = lookup.placesOf(catalogue.ids[number]!)
    if (entry !== undefined) yield facts.view(entry)
  }
}
