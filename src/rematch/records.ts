/**
 * Records of the device in a rematch. A ledger holds those that named a listed digest, not the others: where there were any, what
 * the new lists would say of them needs the exhibit, and what is held is compared anew.
 */
import { definedOnly } from '../base/defined-only.ts'
import type { Examination, Finding, Reference } from '../contracts/finding.ts'
import type { LedgerReader, MatchResult, PendingContent, Session } from '../contracts/ledger.ts'
import type { RecordDigests } from '../contracts/record.ts'
import { stageOfFinding } from '../contracts/stage.ts'
import type { EntryView } from '../contracts/view.ts'
import { NEEDS_EXHIBIT } from './examination.ts'

const BATCH = 500

export function copyRecords(
  old: LedgerReader,
  session: Session,
  exact: (digests: RecordDigests) => MatchResult,
): void {
  const waiting = new Map<string, PendingContent>()
  for (
    let page = session.pendingContents('records-read', null, BATCH);
    page.length > 0;
    page = session.pendingContents('records-read', page.at(-1)!, BATCH)
  )
    for (const one of page) waiting.set(one.content.digests.sha256, one)
  if (waiting.size === 0) return
  for (const view of old.entries()) {
    const pending = view.content && waiting.get(view.content.digests.sha256)
    if (!pending) continue
    waiting.delete(pending.content.digests.sha256)
    const examination = examinationOf(view, exact)
    session.recordExaminations([{ contentId: pending.contentId, examination }])
  }
}

/** Links in a text that name a digest, compared anew; whether the content is here the new ledger knows as the old one did. */
export function withLinks(
  examination: Examination,
  session: Session,
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

function examinationOf(view: EntryView, exact: (digests: RecordDigests) => MatchResult) {
  const before = view.stages['records-read']
  const had = view.attributes.some(({ code }) => code === 'device-records')
  const findings: Finding[] = [
    ...view.attributes.filter((one) => stageOfFinding(one) === 'records-read'),
    ...distinct(view.references).flatMap((one) =>
      exact({ [one.algorithm]: one.digest }).hits.map((hit): Reference => ({ ...one, ...ofList(hit) })),
    ),
  ]
  const isTold = before.result === 'not-applicable' && before.reason === 'no-records'
  const result = had || (before.result === 'not-applicable' && !isTold) ? NEEDS_EXHIBIT : before
  return { stage: 'records-read', result, findings, preview: null } as const
}

function ofList(hit: MatchResult['hits'][number]) {
  const { hashSet, hashSetSha256, edition, category, scale, categoryLabel, meaning } = hit
  return { hashSet, hashSetSha256, edition, category, scale, categoryLabel, meaning }
}

/** One a record: several lists may have named it. */
function distinct(references: readonly Reference[]): readonly Reference[] {
  const key = ({ record, algorithm, digest, when, times }: Reference) =>
    JSON.stringify([record, algorithm, digest, String(when?.ns), times])
  return [...new Map(references.map((one) => [key(one), one])).values()]
}
