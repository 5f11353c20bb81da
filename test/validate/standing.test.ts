/** What makes a record stale for an examination: version, parts, model, threshold, list format, age. */
import { expect, it } from 'vitest'
import type { LedgerReader } from '../../src/contracts/ledger-reader.ts'
import type { ReadRecord } from '../../src/validate/read-record.ts'
import { standingOf } from '../../src/validate/standing.ts'

const MODEL = { id: 'm', sha256: 'aa', thresholds: { likely: 3000, possible: 2000 } }

function standing(change: {
  readonly tool?: object
  readonly models?: readonly object[]
  readonly format?: string
  readonly examined?: string
}) {
  const record = {
    ended: '2026-11-26T10:00:00.000Z',
    fit: true,
    program: { version: '1', partsSha256: '11', models: [MODEL], listFormats: ['csv'] },
  }
  const ledger = {
    tool: { seized: '1', partsSha256: '11', ...change.tool },
    plan: { models: change.models ?? [MODEL], hashSets: [{ format: change.format ?? 'csv' }] },
    events: () => [{ utc: change.examined ?? '2026-12-01T00:00:00.000Z' }],
  }
  return standingOf({ record, sha256: '3f2a9c118d04aaaa' } as unknown as ReadRecord, [
    ledger as unknown as LedgerReader,
  ])
}

it('holds for the same program, models and list formats within a year', () => {
  expect(standing({})).toEqual({
    number: 'V-2026-11-26-3f2a9c118d04',
    day: '2026-11-26',
    isFit: true,
    stale: [],
  })
  expect(standing({ models: [{ ...MODEL, thresholds: { possible: 2000, likely: 3000 } }] }).stale).toEqual([])
})

it.each([
  ['version', { tool: { seized: '2' } }],
  ['binary', { tool: { partsSha256: '12' } }],
  ['model', { models: [{ ...MODEL, sha256: 'ab' }] }],
  ['model', { models: [{ ...MODEL, thresholds: { likely: 3000, possible: 2001 } }] }],
  ['model', { models: [MODEL, { id: 'other', sha256: 'cc', thresholds: {} }] }],
  ['list-format', { format: 'encase' }],
  ['age', { examined: '2027-12-01T00:00:00.000Z' }],
])('is stale for another %s', (what, change) => {
  expect(standing(change).stale).toEqual([what])
})
