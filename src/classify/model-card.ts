/**
 * A model's card: its inputs, its outputs, its origin, and its measured errors.
 *
 * The card pins the SHA-256 of the model file. It is read strictly: an unknown or missing field refuses the card,
 * because a misspelt normalisation would give numbers that are wrong.
 */
import { UsageError } from '../base/errors.ts'
import { type Fail, integer, list, oneOf, record, string, strings, triple } from './strict-fields.ts'

/**
 * Role of a model in the cascade. `classifier` gives labels for a whole picture, `face-classifier` for the square of
 * 1.1 times each detected face; an agency can add these two.
 * The others are parts of our own cascade. A `screen` only decides which pictures an expensive model can skip.
 */
const MODEL_ROLES = [
  'classifier',
  'face-classifier',
  'screen',
  'face-detector-blazeface',
  'face-detector-ssd',
  'face-age-bins',
  'face-age-years',
  'person-detector',
] as const
export type ModelRole = (typeof MODEL_ROLES)[number]

/** Meaning of a label for the rules of review priority; `none` is shown, but no rule uses it. */
const LABEL_MEANINGS = ['none', 'explicit', 'apparent-minor', 'agency-alert'] as const
export type LabelMeaning = (typeof LABEL_MEANINGS)[number]

/** Parts of our cascade that an added model can replace. */
const REPLACEABLE = ['picture-kind', 'explicitness', 'apparent-minor'] as const

const RESIZES = ['squash', 'pad-end', 'pad-centre', 'crop-centre'] as const
const SAMPLINGS = ['bilinear-align-corners', 'area'] as const

export interface ModelInput {
  readonly name: string
  readonly layout: 'NHWC' | 'NCHW'
  readonly width: number
  readonly height: number
  readonly channels: 'RGB' | 'BGR'
  /** Each channel, 0–255, becomes (value − mean) / divisor; in the order of `channels`. */
  readonly mean: readonly [number, number, number]
  readonly divisor: readonly [number, number, number]
  /** `squash` ignores the aspect ratio; `pad-…` keeps it on black; `crop-centre` cuts the longer side. */
  readonly resize: (typeof RESIZES)[number]
  /** `bilinear-align-corners` reads four pixels without a filter; `area` averages the pixels of a cell. */
  readonly sampling: (typeof SAMPLINGS)[number]
}

export interface ModelLabel {
  readonly label: string
  readonly meaning: LabelMeaning
  /** Null: never a lead. Parts per 10,000. */
  readonly thresholdPer10k: number | null
}

export interface ModelOutput {
  readonly name: string
  /** Function that maps the model's numbers to 0–1: `none` when the model does so itself. */
  readonly activation: 'none' | 'softmax' | 'sigmoid'
  /**
   * One label per number of the output, in order. Empty for outputs that a role of the cascade reads by its own rules.
   */
  readonly labels: readonly ModelLabel[]
}

export interface ModelCard {
  readonly cardVersion: 1
  readonly id: string
  readonly title: string
  readonly role: ModelRole
  /** Parts of our cascade that this model replaces; empty: it is used beside them. */
  readonly insteadOf: readonly (typeof REPLACEABLE)[number][]
  readonly sha256: string
  readonly sizeBytes: number
  readonly origin: string
  readonly licence: string
  readonly input: ModelInput
  readonly outputs: readonly ModelOutput[]
  readonly trainingData: string
  readonly publishedAccuracy: string
  readonly operatingPoints: readonly string[]
  readonly knownFailures: readonly string[]
  readonly neverMeasured: readonly string[]
}

/** A model that does not match its card, or an invalid card: the run stops before the first entry is read. */
export class ModelRefused extends UsageError {}

/** @param where name of the card in messages, e.g. its path */
export function parseModelCard(text: string, where: string): ModelCard {
  const fail = (what: string): never => {
    throw new ModelRefused(`The model card ${where} was refused: ${what}.`)
  }
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw new ModelRefused(`The model card ${where} was refused: it is not JSON.`, { cause: error })
  }
  const card = record(json, 'card', CARD_FIELDS, fail)
  if (card.cardVersion !== 1) fail(`cardVersion is ${JSON.stringify(card.cardVersion)}, this program reads 1`)
  const id = string(card.id, 'id', fail)
  if (!/^[a-z0-9][a-z0-9-]{0,63}$/.test(id))
    fail('id must be lower-case letters, digits and hyphens, at most 64')
  const sha256 = string(card.sha256, 'sha256', fail)
  if (!/^[0-9a-f]{64}$/.test(sha256)) fail('sha256 must be 64 lower-case hex digits')
  const role = oneOf(card.role, MODEL_ROLES, 'role', fail)
  const outputs = list(card.outputs, 'outputs', fail).map((o, i) => parseOutput(o, `outputs[${i}]`, fail))
  if (outputs.length === 0) fail('outputs is empty')
  const labels = outputs.flatMap((o) => o.labels.map((l) => l.label))
  if (role.endsWith('classifier') && outputs.some((o) => o.labels.length === 0)) {
    fail('each output of a classifier must declare its labels')
  }
  if (new Set(labels).size !== labels.length) fail('two labels have the same name')
  const meanings: readonly string[] = outputs
    .flatMap((o) => o.labels.map((l) => l.meaning))
    .filter((meaning) => meaning !== 'none')
  // Their scores go by the meaning, and there is one score a name.
  if (new Set(meanings).size !== meanings.length)
    fail('two labels have the same meaning; join them in the model')
  if (
    labels.some(
      (l) => (LABEL_MEANINGS as readonly string[]).includes(l) && !meanings.includes(l as LabelMeaning),
    )
  ) {
    fail('a label has the name of a meaning that it does not declare')
  }
  return {
    cardVersion: 1,
    id,
    title: string(card.title, 'title', fail),
    role,
    insteadOf: list(card.insteadOf, 'insteadOf', fail).map((part) =>
      oneOf(part, REPLACEABLE, 'insteadOf', fail),
    ),
    sha256,
    sizeBytes: integer(card.sizeBytes, 1, 2 ** 31 - 1, 'sizeBytes', fail),
    origin: string(card.origin, 'origin', fail),
    licence: string(card.licence, 'licence', fail),
    input: parseInput(card.input, fail),
    outputs,
    trainingData: string(card.trainingData, 'trainingData', fail),
    publishedAccuracy: string(card.publishedAccuracy, 'publishedAccuracy', fail),
    operatingPoints: strings(card.operatingPoints, 'operatingPoints', fail),
    knownFailures: strings(card.knownFailures, 'knownFailures', fail),
    neverMeasured: strings(card.neverMeasured, 'neverMeasured', fail),
  }
}

const CARD_FIELDS = [
  'cardVersion',
  'id',
  'title',
  'role',
  'insteadOf',
  'sha256',
  'sizeBytes',
  'origin',
  'licence',
  'input',
  'outputs',
  'trainingData',
  'publishedAccuracy',
  'operatingPoints',
  'knownFailures',
  'neverMeasured',
] as const
const INPUT_FIELDS = [
  'name',
  'layout',
  'width',
  'height',
  'channels',
  'mean',
  'divisor',
  'resize',
  'sampling',
] as const
const OUTPUT_FIELDS = ['name', 'activation', 'labels'] as const
const LABEL_FIELDS = ['label', 'meaning', 'thresholdPer10k'] as const

// A picture is at most 1536 pixels a side; a model that wants more would be shown an enlargement.
const MAX_SIDE = 1536
const MAX_LABELS = 10_000

function parseInput(json: unknown, fail: Fail): ModelInput {
  const input = record(json, 'input', INPUT_FIELDS, fail)
  const divisor = triple(input.divisor, 'input.divisor', fail)
  if (divisor.includes(0)) fail('input.divisor holds a zero')
  return {
    name: string(input.name, 'input.name', fail),
    layout: oneOf(input.layout, ['NHWC', 'NCHW'], 'input.layout', fail),
    width: integer(input.width, 1, MAX_SIDE, 'input.width', fail),
    height: integer(input.height, 1, MAX_SIDE, 'input.height', fail),
    channels: oneOf(input.channels, ['RGB', 'BGR'], 'input.channels', fail),
    mean: triple(input.mean, 'input.mean', fail),
    divisor,
    resize: oneOf(input.resize, RESIZES, 'input.resize', fail),
    sampling: oneOf(input.sampling, SAMPLINGS, 'input.sampling', fail),
  }
}

function parseOutput(json: unknown, where: string, fail: Fail): ModelOutput {
  const output = record(json, where, OUTPUT_FIELDS, fail)
  const labels = list(output.labels, `${where}.labels`, fail)
  if (labels.length > MAX_LABELS) fail(`${where}.labels holds more than ${MAX_LABELS}`)
  return {
    name: string(output.name, `${where}.name`, fail),
    activation: oneOf(output.activation, ['none', 'softmax', 'sigmoid'], `${where}.activation`, fail),
    labels: labels.map((l, i) => parseLabel(l, `${where}.labels[${i}]`, fail)),
  }
}

function parseLabel(json: unknown, where: string, fail: Fail): ModelLabel {
  const label = record(json, where, LABEL_FIELDS, fail)
  const meaning = oneOf(label.meaning, LABEL_MEANINGS, `${where}.meaning`, fail)
  const thresholdPer10k =
    label.thresholdPer10k === null
      ? null
      : integer(label.thresholdPer10k, 1, 10_000, `${where}.thresholdPer10k`, fail)
  if (meaning !== 'none' && thresholdPer10k === null)
    fail(`${where}: a label with a meaning needs a threshold`)
  const name = string(label.label, `${where}.label`, fail)
  if (!/^[A-Za-z0-9][A-Za-z0-9 _-]{0,63}$/.test(name)) {
    fail(`${where}.label must be letters, digits, spaces, hyphens and underscores, at most 64`)
  }
  return { label: name, meaning, thresholdPer10k }
}
