/**
 * Card of an agency's own hasher: a WASM module that makes a perceptual hash of a picture, which lists of the agency hold under a name
 * (PhotoDNA's shape: 144 bytes and a distance). Read as strictly as a model's card.
 */
import { createHash } from 'node:crypto'
import { HASH_METRICS, type HasherUse, type ModelUse } from '../contracts/case.ts'
import { cardJson, roleOf } from './card-file.ts'
import { ModelRefused } from './model-card.ts'
import { type Fail, integer, oneOf, record, string, strings } from './strict-fields.ts'

export interface HasherCard {
  readonly cardVersion: 1
  readonly id: string
  readonly title: string
  readonly role: 'hasher'
  readonly sha256: string
  readonly origin: string
  readonly licence: string
  readonly hash: Omit<HasherUse, 'cardSha256' | 'budgetMs'>
  readonly budgetMs: number
  readonly knownFailures: readonly string[]
  readonly neverMeasured: readonly string[]
}

const FIELDS = [
  'cardVersion',
  'id',
  'title',
  'role',
  'sha256',
  'origin',
  'licence',
  'hash',
  'budgetMs',
  'knownFailures',
  'neverMeasured',
] as const
const HASH_FIELDS = ['listField', 'hashBytes', 'metric', 'nearExact', 'similar'] as const

const MOST_HASH_BYTES = 1024
/** Longer than any look at a picture may take by the clock. */
const MOST_BUDGET_MS = 10_000

/** True where a card of either kind has the role of a hasher. */
export function isHasherCard(text: string): boolean {
  return roleOf(text) === 'hasher'
}

/** @throws ModelRefused when the card is not valid */
export function parseHasherCard(text: string, where: string): HasherCard {
  const fail: Fail = (what) => {
    throw new ModelRefused(`The hasher's card ${where} was refused: ${what}.`)
  }
  const card = record(cardJson(text, fail), 'card', FIELDS, fail)
  if (card.cardVersion !== 1) fail(`cardVersion is ${JSON.stringify(card.cardVersion)}, this program reads 1`)
  const id = string(card.id, 'id', fail)
  if (!/^[a-z0-9][a-z0-9-]{0,63}$/.test(id))
    fail('id must be lower-case letters, digits and hyphens, at most 64')
  const sha256 = string(card.sha256, 'sha256', fail)
  if (!/^[0-9a-f]{64}$/.test(sha256)) fail('sha256 must be 64 lower-case hex digits')
  const hash = record(card.hash, 'hash', HASH_FIELDS, fail)
  const similar = distance(hash.similar, 'hash.similar', fail)
  const nearExact = distance(hash.nearExact, 'hash.nearExact', fail)
  if (nearExact > similar) fail('hash.nearExact is greater than hash.similar')
  const listField = string(hash.listField, 'hash.listField', fail)
  if (!/^[A-Za-z0-9][A-Za-z0-9 _.-]{0,63}$/.test(listField))
    fail('hash.listField must be letters, digits, spaces, points, hyphens and underscores, at most 64')
  return {
    cardVersion: 1,
    id,
    title: string(card.title, 'title', fail),
    role: 'hasher',
    sha256,
    origin: string(card.origin, 'origin', fail),
    licence: string(card.licence, 'licence', fail),
    hash: {
      listField,
      hashBytes: integer(hash.hashBytes, 1, MOST_HASH_BYTES, 'hash.hashBytes', fail),
      metric: oneOf(hash.metric, HASH_METRICS, 'hash.metric', fail),
      nearExact,
      similar,
    },
    budgetMs: integer(card.budgetMs, 1, MOST_BUDGET_MS, 'budgetMs', fail),
    knownFailures: strings(card.knownFailures, 'knownFailures', fail),
    neverMeasured: strings(card.neverMeasured, 'neverMeasured', fail),
  }
}

/** The hasher in the plan of a run. @param text text of the card, whose digest is in every match */
export function asPlanned({ id, sha256, hash, budgetMs }: HasherCard, text: string): ModelUse {
  const cardSha256 = createHash('sha256').update(text).digest('hex')
  return { id, sha256, thresholds: {}, hasher: { ...hash, cardSha256, budgetMs } }
}

function distance(json: unknown, where: string, fail: Fail): number {
  if (typeof json !== 'number' || !Number.isFinite(json) || json < 0) return fail(`${where} is no distance`)
  return json
}
