/**
 * JSONL: one line for each place of every entry, including directories, links and special files.
 *
 * The keys below are the written format that laboratories parse: every line contains all of them, in this order.
 * `path` is not an identity: it is printable text for people, and `pathBytes` (base64) is the path. A line with
 * `followsFrom` is a place in another copy of a container: count contents, not lines.
 */

import { printName, printPath } from '../../base/evidence-path.ts'
import type { EvidencePath, FileTime, OnImage } from '../../contracts/entry.ts'
import { FINDING_LISTS, type FindingLists, type Lead } from '../../contracts/finding.ts'
import type { StageName, StageResult } from '../../contracts/stage.ts'
import { STAGES } from '../../contracts/stage.ts'
import type { ContentRecord, EntryView } from '../../contracts/view.ts'
import { FINDINGS, listOf } from '../../findings/index.ts'
import { decisionsOf, outcomeOf, type RecordedDecision } from '../../ledger/custody/decisions.ts'
import { secondsInSight, sightOf } from '../../ledger/custody/sight.ts'
import type { Exporter } from '../export/exporter.ts'
import { NO_WISHES } from '../export/wishes.ts'
import { HASHES_ARE_FOR_MATCHING } from '../model/leaves-out.ts'
import { withText } from '../model/text-out.ts'
import { fromPer10k, isoTime, ledgerState, safeNumber, wellFormed } from '../model/values.ts'

export const jsonl: Exporter = {
  id: 'jsonl',
  title: 'One JSON object a line, one line a place',
  extension: '.jsonl',
  leavesOut: { 'perceptual-hash': HASHES_ARE_FOR_MATCHING },
  ofCase: 'rows',
  async write(ledger, out, _view, { also } = NO_WISHES) {
    await withText(out, async (text) => {
      for (const one of [ledger, ...also]) {
        const decisions = decisionsOf(one.custody())
        const { caseId, exhibitId } = one.case
        const named = also.length === 0 ? {} : { case: caseId, exhibit: exhibitId }
        const made = { ledger: ledgerState(one), newestHead: one.newestHead() }
        for (const view of one.places())
          await text.write(`${jsonLine({ ...named, ...entryRecord(view, decisions), ...made })}\n`)
      }
    })
  },
}

/** The object of one line. Digests and media type are null where no content was read. */
export function entryRecord(view: EntryView, decisions: Decisions = NO_DECISIONS) {
  const { entry, content, followsFrom, placesLeftOut } = view
  const made = decisions.get(content?.digests.sha256 ?? '') ?? []
  return {
    path: printPath(entry.path),
    pathBytes: entry.path.bytes.toString('base64'),
    steps: stepRecords(entry.path),
    followsFrom: followsFrom && printPath(followsFrom),
    placesLeftOut: safeNumber(placesLeftOut),
    kind: entry.kind,
    sizeBytes: safeNumber(entry.sizeBytes),
    times: {
      modified: timeRecord(entry.times.modified),
      changed: timeRecord(entry.times.changed),
      accessed: timeRecord(entry.times.accessed),
      born: timeRecord(entry.times.born),
    },
    onImage: imageRecord(entry.onImage),
    mediaType: content?.mediaType ?? null,
    md5: content?.digests.md5 ?? null,
    sha1: content?.digests.sha1 ?? null,
    sha256: content?.digests.sha256 ?? null,
    blake3: content?.digests.blake3 ?? null,
    stages: Object.fromEntries(STAGES.map((stage) => [stage, stageRecord(view.stages[stage])])) as Record<
      StageName,
      ReturnType<typeof stageRecord>
    >,
    ...findingRecords(view),
    records: view.records.map(recordOfContent),
    priority: view.ranked.priority,
    reasons: view.ranked.reasons,
    decisions: made.map((one) => decisionRecord(one, view.hits)),
    outcomes: outcomesOf(made),
  }
}

/** A record on the device that concerns this content. */
function recordOfContent({ path, record, direction, when, person, status, ...times }: ContentRecord) {
  return {
    path: printPath(path),
    record: record.code,
    params: record.params,
    direction,
    when: timeRecord(when),
    whenKind: times.whenKind,
    moreTimes: times.moreTimes.map((one) => ({ kind: one.kind, when: timeRecord(one.when) })),
    person,
    status,
  }
}

type Decisions = ReturnType<typeof decisionsOf>
const NO_DECISIONS: Decisions = new Map()

/**
 * Decisions come oldest first; the last one stands. `sight`: what the program had shown that person of the content;
 * `seconds`: for how long at that level, null where the log does not say it.
 */
function decisionRecord(made: RecordedDecision, hits: EntryView['hits']) {
  const { utc, operator, account, scale, act, category, note } = made
  const seconds = secondsInSight(made)
  return { utc, operator, account, scale, act, category, note, sight: sightOf(made, hits), seconds }
}

/** For each scale, the outcome of the decisions. */
function outcomesOf(made: readonly RecordedDecision[]) {
  return [...new Set(made.map(({ scale }) => scale))].map((scale) => ({ scale, ...outcomeOf(made, scale) }))
}

/**
 * JSON on one line for every reader, and safe on a terminal. Characters that JSON leaves raw (C1 controls,
 * bidirectional marks, U+2028) are written as \uNNNN, which parses back to the same text.
 */
export function jsonLine(value: unknown): string {
  const json = JSON.stringify(value)
  // A lone surrogate becomes an escape, which UTF-8 can carry but strict readers refuse.
  const clean = json.includes('\\ud') ? JSON.stringify(value, wellFormedValue) : json
  return ASCII.test(clean) ? clean : clean.replace(RAW_IN_JSON, escapeCodeUnits)
}

function wellFormedValue(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? wellFormed(value) : value
}

const ASCII = /^[\x20-\x7e]*$/

// The same classes as in evidence-path.ts: controls, format characters, separators, private use and unassigned code
// points.
const RAW_IN_JSON = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}]/gu

function escapeCodeUnits(char: string): string {
  let out = ''
  for (let i = 0; i < char.length; i++) out += `\\u${char.charCodeAt(i).toString(16).padStart(4, '0')}`
  return out
}

function stepRecords(path: EvidencePath) {
  return path.steps.map((step) => ({
    kind: step.kind,
    name: printName(step.name),
    nameBytes: step.name.toString('base64'),
  }))
}

function timeRecord(time: FileTime | null) {
  return time && { time: isoTime(time), zone: time.zone, resolution: time.resolution, source: time.source }
}

/** Null for a mount, and for a derived entry. */
function imageRecord(of: OnImage | undefined) {
  if (!of) return null
  const { volume, status, basis, record, sequence, nameTimes, notes } = of
  return {
    volume,
    status,
    basis,
    record,
    sequence,
    nameTimes: nameTimes && {
      modified: timeRecord(nameTimes.modified),
      changed: timeRecord(nameTimes.changed),
      accessed: timeRecord(nameTimes.accessed),
      born: timeRecord(nameTimes.born),
    },
    notes,
  }
}

function stageRecord(stage: StageResult) {
  if (stage.result === 'done') return { result: stage.result, reason: null }
  const { result, reason, detail } = stage
  return detail === null ? { result, reason } : { result, reason, detail }
}

type FindingRecords = Readonly<
  Record<keyof Omit<FindingLists, 'scores' | 'perceptualHashes'> | 'leads', readonly object[]>
>

/** One key for each kind, with the name that it has in views; scores appear as leads. */
function findingRecords(view: EntryView): FindingRecords {
  const { linkTarget } = view.entry
  const records = {} as Record<keyof FindingRecords, readonly object[]>
  for (const kind of FINDINGS) {
    if (kind.kind === 'score') records.leads = view.leads.map(leadRecord)
    else if (kind.record)
      records[FINDING_LISTS[kind.kind] as keyof FindingRecords] = listOf(view, kind).map(kind.record)
  }
  const target = linkTarget && { code: 'link-target', params: { name: printName(linkTarget) } }
  return target ? { ...records, attributes: [...records.attributes, target] } : records
}

function leadRecord(lead: Lead) {
  return {
    classifier: lead.classifier,
    label: lead.label,
    score: fromPer10k(lead.scorePer10k),
    threshold: fromPer10k(lead.thresholdPer10k),
    scores: Object.fromEntries(Object.entries(lead.scores).map(([label, s]) => [label, fromPer10k(s)])),
    modelSha256: lead.modelSha256,
  }
}
