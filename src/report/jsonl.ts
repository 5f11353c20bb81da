/**
 * JSONL: one line an entry, every entry: directories, links and special files too.
 *
 * The keys below are the written format that labs parse: they are all there on every line, in this order. A newcomer
 * would take `path` for identity; it is printable text for people, `pathBytes` (base64) is the path.
 */

import { printName, printPath } from '../base/evidence-path.ts'
import type { EvidencePath, FileTime } from '../contracts/entry.ts'
import type { DigestConflict, Hit, Lead, NearMatch, Signal } from '../contracts/finding.ts'
import type { StageName, StageResult } from '../contracts/stage.ts'
import { STAGES } from '../contracts/stage.ts'
import type { EntryView } from '../contracts/view.ts'
import { decisionsOf, type RecordedDecision } from '../ledger/custody/decisions.ts'
import type { Exporter } from './exporter.ts'
import { withText } from './text-out.ts'
import { fromPer10k, isoTime, ledgerState, safeNumber, wellFormed } from './values.ts'

export const jsonl: Exporter = {
  id: 'jsonl',
  title: 'One JSON object a line, one line an entry',
  extension: '.jsonl',
  async write(ledger, out) {
    await withText(out, async (text) => {
      const decisions = decisionsOf(ledger.custody())
      const made = { ledger: ledgerState(ledger), newestHead: ledger.newestHead() }
      for (const view of ledger.entries())
        await text.write(`${jsonLine({ ...entryRecord(view, decisions), ...made })}\n`)
    })
  },
}

/** The object of one line. Digests and media type are null where no content was read. */
export function entryRecord(view: EntryView, decisions: Decisions = NO_DECISIONS) {
  const { entry, content } = view
  return {
    path: printPath(entry.path),
    pathBytes: entry.path.bytes.toString('base64'),
    steps: stepRecords(entry.path),
    kind: entry.kind,
    sizeBytes: safeNumber(entry.sizeBytes),
    times: {
      modified: timeRecord(entry.times.modified),
      changed: timeRecord(entry.times.changed),
      accessed: timeRecord(entry.times.accessed),
      born: timeRecord(entry.times.born),
    },
    mediaType: content?.mediaType ?? null,
    md5: content?.digests.md5 ?? null,
    sha1: content?.digests.sha1 ?? null,
    sha256: content?.digests.sha256 ?? null,
    blake3: content?.digests.blake3 ?? null,
    stages: Object.fromEntries(STAGES.map((stage) => [stage, stageRecord(view.stages[stage])])) as Record<
      StageName,
      ReturnType<typeof stageRecord>
    >,
    hits: view.hits.map(hitRecord),
    conflicts: view.conflicts.map(conflictRecord),
    near: view.near.map(nearRecord),
    leads: view.leads.map(leadRecord),
    signals: view.signals.map(signalRecord),
    attributes: [
      ...view.attributes.map(({ code, params }) => ({ code, params })),
      ...(entry.linkTarget ? [{ code: 'link-target', params: { name: printName(entry.linkTarget) } }] : []),
    ],
    priority: view.ranked.priority,
    reasons: view.ranked.reasons,
    decisions: (decisions.get(content?.digests.sha256 ?? '') ?? []).map(decisionRecord),
  }
}

type Decisions = ReturnType<typeof decisionsOf>
const NO_DECISIONS: Decisions = new Map()

/** Oldest first: the last one holds. */
function decisionRecord({ utc, operator, account, scale, act, category, note }: RecordedDecision) {
  return { utc, operator, account, scale, act, category, note }
}

/**
 * JSON that is one line to every reader and harmless on a terminal: what JSON leaves raw (C1 controls, bidirectional
 * marks, U+2028) is written as \uNNNN, which parses back to the same text.
 */
export function jsonLine(value: unknown): string {
  const json = JSON.stringify(value)
  // A lone surrogate comes out as an escape, which UTF-8 can carry but no strict reader takes.
  const clean = json.includes('\\ud') ? JSON.stringify(value, wellFormedValue) : json
  return ASCII.test(clean) ? clean : clean.replace(RAW_IN_JSON, escapeCodeUnits)
}

function wellFormedValue(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? wellFormed(value) : value
}

const ASCII = /^[\x20-\x7e]*$/

// As in evidence-path.ts: controls, format characters, separators, private use and unassigned code points.
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

function stageRecord(stage: StageResult) {
  if (stage.result === 'done') return { result: stage.result, reason: null }
  const { result, reason, detail } = stage
  return detail === null ? { result, reason } : { result, reason, detail }
}

function hitRecord(hit: Hit) {
  return {
    hashSet: hit.hashSet,
    edition: hit.edition,
    algorithm: hit.algorithms.join('+'),
    category: hit.category,
    scale: hit.scale,
    meaning: hit.meaning,
    categoryLabel: hit.categoryLabel,
    hashSetSha256: hit.hashSetSha256,
    weak: hit.weak,
  }
}

function conflictRecord(conflict: DigestConflict) {
  return {
    hashSet: conflict.hashSet,
    edition: conflict.edition,
    agreeing: conflict.agreeing,
    differing: conflict.differing,
    category: conflict.category,
    scale: conflict.scale,
    meaning: conflict.meaning,
    categoryLabel: conflict.categoryLabel,
    hashSetSha256: conflict.hashSetSha256,
  }
}

function nearRecord(near: NearMatch) {
  return {
    hashSet: near.hashSet,
    edition: near.edition,
    algorithm: near.algorithm,
    distanceBits: near.distanceBits,
    quality: near.quality,
    band: near.band,
    orientation: near.orientation,
    category: near.category,
    scale: near.scale,
    meaning: near.meaning,
    categoryLabel: near.categoryLabel,
    hashSetSha256: near.hashSetSha256,
  }
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

function signalRecord(signal: Signal) {
  return {
    classifier: signal.classifier,
    rule: signal.rule,
    stage: signal.stage,
    quote: signal.quote,
    start: signal.start,
    end: signal.end,
    messageIndex: signal.messageIndex,
  }
}
