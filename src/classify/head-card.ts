/**
 * The card of a head: a small model that an agency trained in its own house, on features of models that look anyway.
 *
 * A card has digests, counts and measures. It names no content: the manifest of the rows is a file of its own.
 */
import { createHash } from 'node:crypto'
import type { ModelUse } from '../contracts/case.ts'
import { cardJson, roleOf } from './card-file.ts'
import { ModelRefused } from './model-card.ts'
import { type Fail, integer, list, record, string } from './strict-fields.ts'

export const HEAD_FILE = 'head.sealed'
export const HEAD_INPUT = 'features'
export const HEAD_OUTPUT = 'score'

/** A tensor of an installed model; a head reads those of its backbones one after the other. */
export interface Feature {
  readonly model: string
  /** Of the model's file, and of the same model with the tensor declared as an output. */
  readonly sha256: string
  readonly tappedSha256: string
  readonly tensor: string
  readonly size: number
}

export interface HeadCard {
  readonly cardVersion: 1
  readonly role: 'head'
  readonly id: string
  readonly agency: string
  /** Person who had it trained, and the legal basis. */
  readonly examiner: string
  readonly basis: string
  /** Of the plain ONNX file, which exists in memory alone, and of the sealed file. */
  readonly sha256: string
  readonly sealedSha256: string
  readonly features: readonly Feature[]
  /** Rows of the training. */
  readonly contents: number
  readonly positives: number
  readonly cases: number
  readonly clusters: number
  /** Of the manifest: digests and labels of all rows. */
  readonly manifestSha256: string
  /** Score from which a content is a lead, and one of the first priority (null: too few negatives to measure it), parts per 10,000. */
  readonly leadPer10k: number
  readonly alertPer10k: number | null
  /** On contents of other cases than those of the training, at 1 % false positives: recall and its 95 % interval, parts per 10,000. */
  readonly recallPer10k: number
  readonly recallLowPer10k: number
  readonly recallHighPer10k: number
  /** Everything that was measured; documentation, read by no rule. */
  readonly measured: object
  readonly neverMeasured: readonly string[]
}

/** A head that its passphrase opened, as the main process hands it to a child. */
export interface OpenHead {
  readonly cardText: string
  /** The plain ONNX file in base64. */
  readonly onnx: string
}

const FIELDS = [
  'cardVersion',
  'role',
  'id',
  'agency',
  'examiner',
  'basis',
  'sha256',
  'sealedSha256',
  'features',
  'contents',
  'positives',
  'cases',
  'clusters',
  'manifestSha256',
  'leadPer10k',
  'alertPer10k',
  'recallPer10k',
  'recallLowPer10k',
  'recallHighPer10k',
  'measured',
  'neverMeasured',
] as const
const FEATURE_FIELDS = ['model', 'sha256', 'tappedSha256', 'tensor', 'size'] as const
const MOST_ROWS = 10_000_000
/** Models that a head can read, and numbers of each. */
const MOST_FEATURES = 4
const MOST_NUMBERS = 8192

export function isHeadCard(text: string): boolean {
  return roleOf(text) === 'head'
}

/** @param where name of the card in messages @throws ModelRefused */
export function parseHeadCard(text: string, where: string): HeadCard {
  const fail: Fail = (what) => {
    throw new ModelRefused(`The card ${where} was refused: ${what}.`)
  }
  const card = record(cardJson(text, fail), 'card', FIELDS, fail)
  if (card.cardVersion !== 1) fail(`cardVersion is ${JSON.stringify(card.cardVersion)}, this program reads 1`)
  const id = string(card.id, 'id', fail)
  if (!/^own-[a-z0-9-]{1,60}$/.test(id))
    fail('id must begin with “own-” and have lower-case letters, digits and hyphens, at most 64')
  const count = (name: 'contents' | 'positives' | 'cases' | 'clusters') =>
    integer(card[name], 1, MOST_ROWS, name, fail)
  const share = (
    name: 'leadPer10k' | 'alertPer10k' | 'recallPer10k' | 'recallLowPer10k' | 'recallHighPer10k',
    from = 0,
  ) => integer(card[name], from, 10_000, name, fail)
  const features = list(card.features, 'features', fail).map((one, i) =>
    parseFeature(one, `features[${i}]`, fail),
  )
  if (features.length === 0 || features.length > MOST_FEATURES)
    fail(`features has not 1 to ${MOST_FEATURES} items`)
  if (typeof card.measured !== 'object' || card.measured === null) fail('measured is not an object')
  return {
    cardVersion: 1,
    role: 'head',
    id,
    agency: string(card.agency, 'agency', fail),
    examiner: string(card.examiner, 'examiner', fail),
    basis: string(card.basis, 'basis', fail),
    sha256: digest(card.sha256, 'sha256', fail),
    sealedSha256: digest(card.sealedSha256, 'sealedSha256', fail),
    features,
    contents: count('contents'),
    positives: count('positives'),
    cases: count('cases'),
    clusters: count('clusters'),
    manifestSha256: digest(card.manifestSha256, 'manifestSha256', fail),
    leadPer10k: share('leadPer10k', 1),
    alertPer10k: card.alertPer10k === null ? null : share('alertPer10k', 1),
    recallPer10k: share('recallPer10k'),
    recallLowPer10k: share('recallLowPer10k'),
    recallHighPer10k: share('recallHighPer10k'),
    measured: card.measured as object,
    neverMeasured: list(card.neverMeasured, 'neverMeasured', fail).map((one) =>
      string(one, 'neverMeasured', fail),
    ),
  }
}

/** The head as the plan of a run states it. A lead of the first priority has the label whose meaning the rules know. */
export function headUse(card: HeadCard, cardText: string): ModelUse {
  const { id, sha256, leadPer10k, alertPer10k, agency, contents, cases } = card
  const { recallPer10k, recallLowPer10k, recallHighPer10k } = card
  return {
    id,
    sha256,
    thresholds: {
      [OWN_LABEL]: leadPer10k,
      ...(alertPer10k === null ? {} : { [ALERT_LABEL]: alertPer10k }),
    },
    own: {
      cardSha256: createHash('sha256').update(cardText).digest('hex'),
      agency,
      contents,
      cases,
      recallPer10k,
      recallLowPer10k,
      recallHighPer10k,
    },
  }
}

export const OWN_LABEL = 'own-model'
export const ALERT_LABEL = 'agency-alert'

function parseFeature(json: unknown, where: string, fail: Fail): Feature {
  const one = record(json, where, FEATURE_FIELDS, fail)
  return {
    model: string(one.model, `${where}.model`, fail),
    sha256: digest(one.sha256, `${where}.sha256`, fail),
    tappedSha256: digest(one.tappedSha256, `${where}.tappedSha256`, fail),
    tensor: string(one.tensor, `${where}.tensor`, fail),
    size: integer(one.size, 1, MOST_NUMBERS, `${where}.size`, fail),
  }
}

function digest(json: unknown, where: string, fail: Fail): string {
  const text = string(json, where, fail)
  return /^[0-9a-f]{64}$/.test(text) ? text : fail(`${where} must be 64 lower-case hex digits`)
}
