/** Sight in the review of a case: from the exhibits that are at hand. Contents of the others show the cells of the ledgers. */
import { existsSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { UsageError } from '../../base/errors.ts'
import { printText } from '../../base/evidence-path.ts'
import type { CaseState } from '../../case/case-event.ts'
import { readersOfCase } from '../../case/exhibit-readers.ts'
import type { Secret } from '../../contracts/lock.ts'
import type { EntryView } from '../../contracts/view.ts'
import { keepSecrets } from '../../host/decoder/file-keys.ts'
import { openForReading } from '../../ledger/format/open-readonly.ts'
import type { openLedger } from '../../ledger/read/read.ts'
import { SearchFacts } from '../../ledger/read/search-facts.ts'
import { CaseTiles } from '../../review/case-tiles.ts'
import type { KeptPreviews } from '../../review/kept-previews.ts'
import { requireSameExhibit } from '../../review/same-exhibit.ts'
import type { ReviewSession } from '../../review/session.ts'
import type { Given } from '../arguments/option.ts'
import type { REVIEW } from '../arguments/options-table.ts'
import { secretsFor } from './keys-again.ts'
import { allowedBy, openExhibit, refuseOutputInside } from './open-exhibit.ts'
import { keptPreviews, type OpenSight, openSight, previewSight, sightOf } from './review-sight.ts'

/** Contents of a ledger that are compared with its exhibit, at most. */
const MOST_COMPARED = 64

/** Paths by exhibit. @throws UsageError for an exhibit that the case does not hold, or one named twice */
export function exhibitsAt(
  { exhibitAt, keys }: Pick<Given<typeof REVIEW>, 'exhibitAt' | 'keys'>,
  { exhibits }: CaseState,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const text of exhibitAt) {
    const one = exhibits.find(({ exhibit }) => text.startsWith(`${exhibit}=`))?.exhibit
    if (one === undefined || found.has(one))
      throw new UsageError(
        `--exhibit-at takes EXHIBIT=PATH with an exhibit of the case, each once: ${exhibits.map(({ exhibit }) => printText(exhibit)).join(', ')}; not "${printText(text)}".`,
      )
    found.set(one, text.slice(one.length + 1))
  }
  if (found.size === 0 && keys !== undefined)
    throw new UsageError('--keys opens exhibits that are at hand: name them with --exhibit-at.')
  return found
}

export async function openCaseSight(
  session: ReviewSession,
  given: Given<typeof REVIEW>,
  {
    ledgers,
    atHand,
    root,
    secrets: held,
  }: {
    readonly ledgers: readonly ReturnType<typeof openLedger>[]
    readonly atHand: ReadonlyMap<string, string>
    readonly root: string
    /** By exhibit, where they were read before; otherwise they are read from the keys that are given. */
    readonly secrets?: SecretsByExhibit
  },
): Promise<OpenSight> {
  const kept: KeptPreviews[] = []
  for (const ledger of ledgers) {
    const previews = atHand.has(ledger.case.exhibitId) ? null : await keptPreviews(session, ledger)
    if (previews !== null) kept.push(previews)
  }
  if (atHand.size === 0)
    return kept.length === 0
      ? openSight(session, given)
      : previewSight(session, given, new CaseTiles(null, kept))
  const opened: {
    readonly ledger: ReturnType<typeof openLedger>
    readonly path: string
    readonly one: Awaited<ReturnType<typeof openExhibit>>
    readonly secrets: readonly Secret[]
  }[] = []
  for (const ledger of ledgers) {
    const path = atHand.get(ledger.case.exhibitId)
    if (path === undefined) continue
    const secrets = held?.get(ledger.case.exhibitId) ?? secretsOn(ledger, given.keys)
    const one = await openExhibit(path, allowedBy(given), undefined, secrets)
    refuseOutputInside(one.exhibit, ledger.path, 'The ledger')
    refuseOutputInside(one.exhibit, root, 'The case')
    opened.push({ ledger, path, one, secrets })
  }
  const startReaders = () =>
    readersOfCase(
      new Map(
        opened.map(({ ledger, one }) => [
          ledger.case.exhibitId,
          one.startReaders(1, ledger.plan.limits, false),
        ]),
      ),
    )
  return sightOf(session, given, {
    kept,
    keep: (openers) =>
      keepSecrets(
        openers,
        opened.flatMap(({ secrets }) => secrets),
      ),
    startReaders,
    requireSame: async (parts) => {
      const warnings = []
      for (const { ledger, path, one } of opened) {
        const readers = one.startReaders(1, ledger.plan.limits, false)
        const own = { ...parts, readers, listedAt: () => null }
        const warning = await requireSameExhibit(
          ledger,
          somePlacesOf(ledger),
          one.exhibit,
          own,
          path,
        ).finally(() => readers.close())
        if (warning !== null) warnings.push(warning)
      }
      return warnings.length === 0 ? null : warnings.join(' ')
    },
  })
}

export type SecretsByExhibit = ReadonlyMap<string, readonly Secret[]>

/**
 * Reads the keys once, for every session of a served case, and tries them: a wrong one ends the start, not the session of
 * a person. They stay in the memory of this process alone.
 * @throws UsageError where keys are missing or open nothing
 */
export async function triedSecrets(
  ledgers: readonly ReturnType<typeof openLedger>[],
  atHand: ReadonlyMap<string, string>,
  given: Pick<Given<typeof REVIEW>, 'keys' | 'allowWritableMount' | 'allowUnconfined'>,
): Promise<SecretsByExhibit> {
  const found = new Map<string, readonly Secret[]>()
  for (const ledger of ledgers) {
    const path = atHand.get(ledger.case.exhibitId)
    if (path === undefined) continue
    const secrets = secretsOn(ledger, given.keys)
    found.set(ledger.case.exhibitId, secrets)
    if (secrets.length > 0) (await openExhibit(path, allowedBy(given), undefined, secrets)).held?.close()
  }
  return found
}

const KEYS_ENDINGS = ['.json', '.txt'] as const

/**
 * Secrets of one exhibit. `--keys` names one file for all exhibits that were examined with keys, or a folder with a file
 * `EXHIBIT.json` or `EXHIBIT.txt` for each, as of a batch.
 * @throws UsageError where the run used keys and none are given
 */
function secretsOn(
  { plan, case: { exhibitId } }: ReturnType<typeof openLedger>,
  keys: string | undefined,
): readonly Secret[] {
  if (plan.options.keysBasis === undefined) return []
  if (keys === undefined || !statSync(keys, { throwIfNoEntry: false })?.isDirectory())
    return secretsFor(plan, keys)
  const isName = basename(exhibitId) === exhibitId
  const files = isName ? KEYS_ENDINGS.map((ending) => join(keys, `${exhibitId}${ending}`)) : []
  return secretsFor(
    plan,
    files.find((file) => existsSync(file)),
  )
}

/** One place of the first contents of a ledger. */
function* somePlacesOf(ledger: ReturnType<typeof openLedger>): Iterable<EntryView> {
  const [file, facts] = [openForReading(ledger.path), new SearchFacts(ledger.path, ledger.plan)]
  try {
    const entries = file.db
      .prepare<[number], number>(
        'SELECT min(entry) FROM reading WHERE content IS NOT NULL GROUP BY content ORDER BY content LIMIT ?',
      )
      .pluck()
      .all(MOST_COMPARED)
    for (const entry of entries) yield facts.view(entry)
  } finally {
    file.close()
    facts.close()
  }
}
