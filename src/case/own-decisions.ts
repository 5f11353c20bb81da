/**
 * The decisions of a case on one scale as rows of a hash list (match/formats/own-decisions.ts). Only decisions that stand
 * and agree are taken, and only where a person saw the content: a decision on a list's word alone would hand that list's
 * word on as the laboratory's own.
 */
import type { CustodyEvent } from '../contracts/custody.ts'
import { decisionsOf, outcomeOf, type RecordedDecision, standing } from '../ledger/custody/decisions.ts'
import { isOnSight } from '../ledger/custody/sight.ts'
import { openForReading } from '../ledger/format/open-readonly.ts'
import { OWN_DECISION_COLUMNS } from '../match/formats/own-decisions.ts'
import { csvRow } from '../report/exchange/csv.ts'

export interface OwnDecisions {
  /** In the order of their digests. */
  readonly rows: readonly (readonly string[])[]
  /** Contents on which persons differ. */
  readonly differing: number
  /** Contents on which no person decided on sight. */
  readonly withoutSight: number
}

export interface OwnDecisionsAsked {
  readonly caseNumber: string
  readonly scale: string
  readonly laboratory: string
  /** Take decisions too that were made without sight. */
  readonly withoutSight: boolean
  readonly exhibits: readonly { readonly exhibit: string; readonly path: string }[]
}

/** @param events of the log of the case, which holds every decision */
export function ownDecisions(events: readonly CustodyEvent[], asked: OwnDecisionsAsked): OwnDecisions {
  const found = new Map<string, readonly RecordedDecision[]>()
  let [differing, withoutSight] = [0, 0]
  for (const [sha256, made] of decisionsOf(events)) {
    const { kind } = outcomeOf(made, asked.scale)
    if (kind === 'none') continue
    if (kind === 'differing') differing++
    else if (!asked.withoutSight && !settling(made, asked.scale).some(isOnSight)) withoutSight++
    else found.set(sha256, made)
  }
  const places = digestsOf(found.keys(), asked.exhibits)
  const rows = [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([sha256, made]) => {
      const place = places.get(sha256)
      return place === undefined ? [] : [rowOf(sha256, made, place, asked)]
    })
  return { rows, differing, withoutSight }
}

/** The list as it is written. */
export function asList({ rows }: OwnDecisions): string {
  return csvRow(OWN_DECISION_COLUMNS) + rows.map(csvRow).join('')
}

interface Place {
  readonly md5: string
  readonly sha1: string
  readonly size: string
  readonly exhibits: readonly string[]
}

function rowOf(
  sha256: string,
  made: readonly RecordedDecision[],
  { md5, sha1, size, exhibits }: Place,
  { caseNumber, scale, laboratory }: OwnDecisionsAsked,
): readonly string[] {
  const outcome = outcomeOf(made, scale)
  const persons = settling(made, scale)
  const category = 'category' in outcome ? outcome.category : ''
  const seen = [...new Set(persons.map((one) => one.seen))].sort().join(' ')
  const decided =
    persons
      .map(({ utc }) => utc)
      .sort()
      .at(-1) ?? ''
  const names = persons.map(({ operator }) => operator).join('; ')
  return [
    ...[caseNumber, sha256, md5, sha1, size, category, scale, outcome.kind, names, seen],
    ...[decided, exhibits.join('; '), laboratory],
  ]
}

/** Standing decisions for the category of the outcome: one that an adjudication overruled is of another category. */
function settling(made: readonly RecordedDecision[], scale: string): readonly RecordedDecision[] {
  const outcome = outcomeOf(made, scale)
  const category = 'category' in outcome ? outcome.category : null
  return standing(made).filter((one) => one.scale === scale && (one.category ?? '') === category)
}

function digestsOf(
  contents: Iterable<string>,
  exhibits: OwnDecisionsAsked['exhibits'],
): ReadonlyMap<string, Place> {
  const wanted = [...contents]
  const found = new Map<string, Place>()
  for (const { exhibit, path } of exhibits) {
    const { db, close } = openForReading(path)
    try {
      const digests = db.prepare<[Buffer], { md5: Buffer; sha1: Buffer; size: number }>(
        'SELECT md5, sha1, size FROM content WHERE sha256 = +?',
      )
      for (const sha256 of wanted) {
        const row = digests.get(Buffer.from(sha256, 'hex'))
        if (row === undefined) continue
        const { md5, sha1, size } = row
        const before = found.get(sha256)?.exhibits ?? []
        found.set(sha256, {
          md5: md5.toString('hex'),
          sha1: sha1.toString('hex'),
          size: String(size),
          exhibits: [...before, exhibit],
        })
      }
    } finally {
      close()
    }
  }
  return found
}
