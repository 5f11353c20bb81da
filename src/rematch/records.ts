/**
 * Records of the device in a rematch. A ledger contains their digests, listed or not, and they are compared again.
 * Ledgers before format 4 contain only digests that a list named. For other records the comparison needs the exhibit.
 */
import { definedOnly } from '../base/defined-only.ts'
import type { Examination, Finding, Reference } from '../contracts/finding.ts'
import type { MatchResult, PendingContent } from '../contracts/ledger.ts'
import type { EntryViews, LedgerIdentity } from '../contracts/ledger-reader.ts'
import { RECORD_DIGESTS, type RecordDigests, type Sign } from '../contracts/record.ts'
import { OF_PIECES, OF_TREE } from '../contracts/record-time.ts'
import type { ContentFacts, Session } from '../contracts/session.ts'
import { stageOfFinding } from '../contracts/stage.ts'
import type { EntryView } from '../contracts/view.ts'
import type { OfList } from '../findings/list-columns.ts'
import { ContentSigns } from '../ledger/read/content-signs.ts'
import { NEEDS_EXHIBIT } from './examination.ts'

const BATCH = 500

export function copyRecords(old: LedgerIdentity & EntryViews, session: Session, named: Named): void {
  const waiting = new Map<string, PendingContent>()
  for (
    let page = session.pendingContents('records-read', null, BATCH);
    page.length > 0;
    page = session.pendingContents('records-read', page.at(-1)!, BATCH)
  )
    for (const one of page) waiting.set(one.content.digests.sha256, one)
  if (waiting.size === 0) return
  const signs = new ContentSigns(old.path)
  try {
    for (const view of old.entries()) {
      const pending = view.content && waiting.get(view.content.digests.sha256)
      if (!pending) continue
      const { sha256 } = pending.content.digests
      waiting.delete(sha256)
      const examination = examinationOf(view, signs.of(sha256), {
        named,
        session,
        keepsAll: signs.keepsDigests,
      })
      session.recordExaminations([{ contentId: pending.contentId, examination }])
    }
  } finally {
    signs.close()
  }
}

type Named = (digests: RecordDigests) => MatchResult

/** Links in a text that name a digest, compared again. The old ledger tells whether the content is on the exhibit. */
export function withLinks(
  examination: Examination,
  session: ContentFacts,
  named: (digests: RecordDigests) => MatchResult,
): Examination {
  const links = examination.findings.flatMap((one): Reference[] => {
    if (one.kind !== 'attribute' || one.code !== 'ed2k-link') return []
    const { digest, name, sizeBytes } = one.params
    const record = { code: 'ed2k-link', params: definedOnly({ name, sizeBytes }) }
    const said = {
      direction: null,
      times: null,
      when: null,
      algorithm: 'ed2k',
      digest,
      whenKind: null,
      moreTimes: [],
      digests: { ed2k: digest },
    } as const
    const found = session.named.hitsOf('ed2k', digest) !== null
    return named({ ed2k: digest }).hits.map((hit) => ({
      kind: 'reference',
      ...ofList(hit),
      record,
      ...said,
      found,
    }))
  })
  return links.length === 0 ? examination : { ...examination, findings: [...examination.findings, ...links] }
}

interface Anew {
  readonly named: Named
  readonly session: Session
  /** The old ledger has the digests of all records, whether a list named them or not. */
  readonly keepsAll: boolean
}

/** As in a scan: a record that the new lists name is a reference, any other is a sign. */
function examinationOf(view: EntryView, signs: readonly Sign[], anew: Anew): Examination {
  const before = view.stages['records-read']
  const had = view.attributes.some(({ code }) => code === 'device-records')
  const { textBasis, private: kept } = anew.session.plan.options
  const keepsWords = textBasis !== null && kept !== 'leave-out'
  const records = [...distinct(view.references).map((one) => signOf(one, keepsWords)), ...signs]
  const references = records.map((one) => referencesOf(one, anew))
  const findings: Finding[] = [
    ...view.attributes.filter((one) => stageOfFinding(one) === 'records-read'),
    ...references.flat(),
  ]
  const isTold = before.result === 'not-applicable' && before.reason === 'no-records'
  const isWanting = anew.keepsAll ? records.some((one) => mayBeByPieces(one, anew)) : had
  const result = isWanting || (before.result === 'not-applicable' && !isTold) ? NEEDS_EXHIBIT : before
  const others = records.filter((_, i) => references[i]!.length === 0)
  return { stage: 'records-read', result, findings, preview: null, signs: others.map(keptSign) }
}

/** Turns a former reference into the sign that the ledger would have without the old lists. */
function signOf(one: Reference, keepsWords: boolean): HeldRecord {
  const { record, direction, times, when, whenKind, moreTimes, digests } = one
  const size = record.params.sizeBytes
  const isKept = keepsWords && record.code !== 'reported-file'
  const what = isKept
    ? record
    : {
        code: 'named-digest',
        params: { record: record.code, ...(typeof size === 'number' ? { sizeBytes: size } : {}) },
      }
  return {
    ...{ what, direction, when, whenKind, moreTimes, times, digests },
    ...{ person: null, status: 'live', isPrivate: isKept, ofSha256: null },
    said: record,
  }
}

/** A sign with the fields of a reference: its count, and the words of its record. */
type HeldRecord = Sign & { readonly times?: number | null; readonly said?: Reference['record'] }

function keptSign({ times: _, said: __, ...sign }: HeldRecord): Sign {
  return sign
}

function referencesOf(one: HeldRecord, { named, session }: Anew): readonly Reference[] {
  const { digests, direction, when, whenKind, moreTimes, times = null, what, said = what } = one
  const whole = Object.entries(digests).filter(([name]) => Object.hasOwn(RECORD_DIGESTS, name)) as [
    keyof RecordDigests,
    string,
  ][]
  if (whole.length === 0) return []
  const here = whole.flatMap(([algorithm, digest]) => {
    const hits = session.named.hitsOf(algorithm, digest)
    return hits === null ? [] : hits.map((hit) => ({ hit, algorithm, digest }))
  })
  const isHere = whole.some(([algorithm, digest]) => session.named.hitsOf(algorithm, digest) !== null)
  const { hits, conflicts } = named(Object.fromEntries(whole))
  const listed = [
    ...hits.map((hit) => ({ hit, algorithm: strongest(hit.algorithms) })),
    ...conflicts.map((hit) => ({ hit, algorithm: strongest(hit.agreeing) })),
  ].map(({ hit, algorithm }) => ({ hit, algorithm, digest: digests[algorithm]! }))
  const byContent = here.filter(
    ({ hit }) =>
      !listed.some((by) => by.hit.hashSetSha256 === hit.hashSetSha256 && by.hit.category === hit.category),
  )
  // A content that a report names and that is on the exhibit is compared by itself.
  if (isHere && (said.code === 'reported-file' || said.params.record === 'reported-file')) return []
  return [...listed, ...byContent].map(({ hit, algorithm, digest }) => ({
    kind: 'reference',
    ...ofList(hit),
    record: said,
    ...{ direction, times, when, whenKind, moreTimes, digests, algorithm, digest, found: isHere },
  }))
}

function strongest(algorithms: readonly string[]): keyof RecordDigests {
  return (['sha256', 'sha1', 'md5', 'ed2k'] as const).find((one) => algorithms.includes(one))!
}

const MOST_OF_SIZE = 8

/** A record with digests of pieces alone may name a content of a new list: to tell, the content must be read. */
function mayBeByPieces({ digests, what }: HeldRecord, { session }: Anew): boolean {
  const size = what.params.sizeBytes
  if (typeof size !== 'number' || !(OF_PIECES in digests || OF_TREE in digests)) return false
  return session.named
    .ofSize(size, MOST_OF_SIZE)
    .some(({ content }) => (session.named.hitsOf('sha256', content.digests.sha256) ?? []).length > 0)
}

function ofList(hit: OfList) {
  const { hashSet, hashSetSha256, edition, category, scale, categoryLabel, meaning } = hit
  return { hashSet, hashSetSha256, edition, category, scale, categoryLabel, meaning }
}

/** One a record: several lists may have named it. */
function distinct(references: readonly Reference[]): readonly Reference[] {
  const key = ({ record, algorithm, digest, when, times }: Reference) =>
    JSON.stringify([record, algorithm, digest, String(when?.ns), times])
  return [...new Map(references.map((one) => [key(one), one])).values()]
}
