/** Findings as rows of their tables, and back. Lists of algorithms are sorted and joined by commas. */

import type { Attribute } from '../../contracts/attribute.ts'
import type { Params } from '../../contracts/coded.ts'
import type {
  DigestConflict,
  Finding,
  Hit,
  NameFinding,
  NearMatch,
  PerceptualHash,
  Preview,
  Reference,
  Score,
  Signal,
} from '../../contracts/finding.ts'
import type { Meaning } from '../../contracts/hash-set.ts'
import type { Put } from '../write/appender.ts'
import { attributeOf } from './older-attribute.ts'
import { parseStoredJson, storedJson } from './stored-json.ts'
import type { Value } from './tables.ts'
import { timeFromRow, timeValues } from './time-columns.ts'

/** Longest text of the exhibit that a ledger keeps with a finding (invariant 7). */
const TEXT_CHARACTERS = 200
const PREVIEW_CELLS = 16

export function putFinding(put: Put, content: number, stage: string, finding: Finding): void {
  const head: Value[] = [content, stage]
  switch (finding.kind) {
    case 'hit':
      put('hit', [
        ...head,
        ...listValues(finding),
        joined(finding.algorithms),
        finding.weak ? 1 : 0,
        ...categoryValues(finding),
      ])
      return
    case 'conflict':
      put('digest_conflict', [
        ...head,
        ...listValues(finding),
        joined(finding.agreeing),
        joined(finding.differing),
        ...categoryValues(finding),
      ])
      return
    case 'near':
      put('near_match', [
        ...head,
        ...listValues(finding),
        finding.algorithm,
        finding.distanceBits,
        finding.quality,
        finding.band,
        finding.orientation,
        ...categoryValues(finding),
      ])
      return
    case 'score':
      put('score', [...head, ...scoreValues(finding)])
      return
    case 'signal':
      put('signal', [
        ...head,
        finding.classifier,
        finding.rule,
        finding.stage,
        shortened(finding.quote),
        finding.start,
        finding.end,
        finding.messageIndex,
      ])
      return
    case 'attribute':
      put('attribute', [...head, ...attributeValues(finding)])
      return
    case 'perceptual-hash':
      put('perceptual_hash', [
        ...head,
        finding.algorithm,
        finding.hex,
        finding.quality,
        finding.flavour,
        finding.part,
      ])
      return
    case 'reference':
      put('reference', [...head, ...referenceValues(finding)])
      return
  }
}

/** What the name of an entry says, apart from its content. */
export function putNameFinding(put: Put, entry: number, finding: NameFinding): void {
  if (finding.kind === 'attribute') put('entry_attribute', [entry, ...attributeValues(finding)])
  else put('entry_score', [entry, ...scoreValues(finding)])
}

function attributeValues({ code, params }: Attribute): Value[] {
  return [code, storedJson(shortenedParams(params)), ...NO_TIME]
}

const NO_TIME = [null, null, null] as const

/** Every text of the exhibit in them is bounded. */
function shortenedParams(params: Params): Params {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      typeof value === 'string' ? shortened(value) : value,
    ]),
  )
}

function referenceValues(reference: Reference): Value[] {
  const { algorithm, digest, record, direction, times, when, found } = reference
  return [
    ...listValues(reference),
    algorithm,
    Buffer.from(digest, 'hex'),
    record.code,
    storedJson(shortenedParams(record.params)),
    direction,
    times,
    ...(when === null ? NO_TIME : timeValues(when)),
    found ? 1 : 0,
    ...categoryValues(reference),
  ]
}

function scoreValues(score: Score): Value[] {
  return [score.classifier, score.modelSha256, score.label, score.scorePer10k, score.thresholdPer10k]
}

/** @throws RangeError for a picture that a ledger may not keep */
export function putPreview(put: Put, content: number, stage: string, preview: Preview): void {
  const { width, height, cells } = preview
  if (width > PREVIEW_CELLS || height > PREVIEW_CELLS || cells.length !== width * height)
    throw new RangeError(
      `a preview of ${width}×${height} cells with ${cells.length} bytes may not be recorded`,
    )
  put('preview', [content, stage, width, height, cells])
}

/** A row of a finding table, all integers big. */
export type FindingRow = Readonly<Record<string, string | bigint | Buffer | null>>

export function hitFromRow(row: FindingRow): Hit {
  return {
    kind: 'hit',
    ...listOf(row),
    algorithms: split(row.algorithms),
    weak: row.weak === 1n,
    ...categoryOf(row),
  }
}

export function conflictFromRow(row: FindingRow): DigestConflict {
  return {
    kind: 'conflict',
    ...listOf(row),
    agreeing: split(row.agreeing),
    differing: split(row.differing),
    ...categoryOf(row),
  }
}

export function nearFromRow(row: FindingRow): NearMatch {
  return {
    kind: 'near',
    ...listOf(row),
    algorithm: row.algorithm as NearMatch['algorithm'],
    distanceBits: Number(row.distance_bits),
    quality: Number(row.quality),
    band: row.nearness as NearMatch['band'],
    orientation: row.orientation as string,
    ...categoryOf(row),
  }
}

export function scoreFromRow(row: FindingRow): Score {
  return {
    kind: 'score',
    classifier: row.classifier as string,
    modelSha256: row.model_sha256 as string,
    label: row.label as string,
    scorePer10k: Number(row.score_per_10k),
    thresholdPer10k: row.threshold_per_10k === null ? null : Number(row.threshold_per_10k),
  }
}

export function signalFromRow(row: FindingRow): Signal {
  return {
    kind: 'signal',
    classifier: row.classifier as string,
    rule: row.rule as string,
    stage: row.rule_stage as string | null,
    quote: row.quote as string,
    start: Number(row.start_at),
    end: Number(row.end_at),
    messageIndex: row.message_index === null ? null : Number(row.message_index),
  }
}

export function attributeFromRow(row: FindingRow): Attribute {
  return attributeOf(row.code as string, parseStoredJson(row.params as string))
}

export function referenceFromRow(row: FindingRow): Reference {
  return {
    kind: 'reference',
    ...listOf(row),
    algorithm: row.algorithm as string,
    digest: (row.digest as Buffer).toString('hex'),
    record: {
      code: row.record_code as string,
      params: parseStoredJson(row.record_params as string) as Params,
    },
    direction: row.direction as Reference['direction'],
    times: row.times === null ? null : Number(row.times),
    when: timeFromRow(row),
    found: row.on_exhibit === 1n,
    ...categoryOf(row),
  }
}

export function perceptualHashFromRow(row: FindingRow): PerceptualHash {
  return {
    kind: 'perceptual-hash',
    algorithm: row.algorithm as PerceptualHash['algorithm'],
    hex: row.hex as string,
    quality: Number(row.quality),
    flavour: row.flavour as string,
    part: row.part as string,
  }
}

export function previewFromRow(row: FindingRow): Preview {
  return { width: Number(row.width), height: Number(row.height), cells: row.cells as Buffer }
}

type OfList = Pick<Hit, 'hashSet' | 'hashSetSha256' | 'edition'>
type WithCategory = Pick<Hit, 'category' | 'scale' | 'categoryLabel' | 'meaning'>

function listValues(finding: OfList): Value[] {
  return [finding.hashSet, finding.hashSetSha256, finding.edition]
}

function categoryValues(finding: WithCategory): Value[] {
  return [finding.category, finding.scale, finding.categoryLabel, finding.meaning]
}

function listOf(row: FindingRow): OfList {
  return {
    hashSet: row.hash_set as string,
    hashSetSha256: row.hash_set_sha256 as string,
    edition: row.edition as string | null,
  }
}

function categoryOf(row: FindingRow): WithCategory {
  return {
    category: row.category as string | null,
    scale: row.scale as string | null,
    categoryLabel: row.category_label as string | null,
    meaning: row.meaning as Meaning,
  }
}

function joined(algorithms: readonly string[]): string {
  return [...algorithms].sort().join(',')
}

function split(text: FindingRow[string] | undefined): string[] {
  return typeof text === 'string' && text !== '' ? text.split(',') : []
}

/** Counts characters, not UTF-16 units: what an extractor cut to the limit is not cut again. */
function shortened(text: string): string {
  if (text.length <= TEXT_CHARACTERS) return text
  const characters = [...text]
  return characters.length <= TEXT_CHARACTERS ? text : `${characters.slice(0, TEXT_CHARACTERS - 1).join('')}…`
}
