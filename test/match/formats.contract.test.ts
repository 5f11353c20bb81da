/** What every member of HASH_SET_FORMATS keeps to, run over each by itself. */
import { describe, expect, it } from 'vitest'
import { UsageError } from '../../src/base/errors.ts'
import { detectFormat } from '../../src/match/formats/intake.ts'
import {
  HASH_SET_FORMATS,
  importHashSet,
  loadHashSets,
  parseHashSetDeclaration,
} from '../../src/match/index.ts'
import { ListFile } from '../../src/match/records/list-file.ts'
import { SAMPLES } from './samples.ts'
import { listFile, readAll, temporaryPath } from './support.ts'

it('has a sample for each format, and no format twice', () => {
  const ids = HASH_SET_FORMATS.map((format) => format.id)
  expect(ids.toSorted()).toEqual(Object.keys(SAMPLES).toSorted())
  expect(new Set(ids).size).toBe(ids.length)
})

describe.each(HASH_SET_FORMATS.map((format) => [format.id, format] as const))('%s', (id, format) => {
  const sample = SAMPLES[id]!

  it('is recognised by content, with a reason, under any name', () => {
    const found = detectFormat(new ListFile(listFile(sample.content, `list-of-${id}.txt`)))
    expect(found.format.id).toBe(id)
    expect(found.reason.length).toBeGreaterThan(10)
  })

  it('recognises neither nothing nor noise', () => {
    const noise = [
      Buffer.alloc(0),
      Buffer.alloc(5000),
      mutated(Buffer.alloc(3000, 65), randomNumbers(7), 2000),
    ]
    for (const content of noise) {
      expect(format.detect(content, content.length, listFile(content)).matches).toBe(false)
    }
  })

  it('reads every record, and accounts for every row', async () => {
    const { records, rejected, rows, sha256 } = await readAll(format, sample.content, { extras: true })
    expect(rejected).toEqual([])
    expect([records.length, rows]).toEqual([sample.records, sample.records])
    expect(sha256).toMatch(/^[0-9a-f]{64}$/)
    expect(records.map((record) => record.line)).toEqual(
      [...records.map((record) => record.line)].sort((a, b) => a - b),
    )
  })

  it('loads alike from the list and from a compiled index', async () => {
    const declaration = parseHashSetDeclaration(`${sample.declared}:${listFile(sample.content)}`)
    const raw = (await loadHashSets([declaration])).hashSets[0]!
    const target = temporaryPath('index')
    await importHashSet(declaration, target)
    const compiled = (await loadHashSets([{ ...declaration, file: target }])).hashSets[0]!
    const { notes: _, ...facts } = raw
    expect(compiled).toMatchObject(facts)
    expect(raw).toMatchObject({ format: id, recordsKept: sample.records, rejected: 0, duplicates: 0 })
  })

  it('says where a truncated list ends, and is never silently short', async () => {
    const random = randomNumbers(11)
    for (let i = 0; i < 40; i++) {
      const length = 1 + random(sample.content.length - 1)
      const cut = sample.content.subarray(0, length)
      const read = await outcome(format, cut)
      if (typeof read === 'string')
        expect(read, `cut at ${length}`).toMatch(
          /line|byte|record|row|column|truncated|SQLite|header|None of/i,
        )
      else {
        expect(sample.headerLines, `cut at ${length} must be refused`).not.toBeNull()
        const begun = cut
          .toString('latin1')
          .split('\n')
          .filter((line) => line.trim() !== '').length
        expect(read.rows, `cut at ${length}`).toBeGreaterThanOrEqual(begun - sample.headerLines!)
        expect(read.rows).toBe(read.records.length + read.rejected.length)
      }
    }
  })

  it('takes or refuses damaged lists, and never fails otherwise', async () => {
    const random = randomNumbers(13)
    const whole = await readAll(format, sample.content)
    const known = new Set(whole.records.map((record) => JSON.stringify(record.digests)))
    for (let i = 0; i < 120; i++) {
      const damaged = mutated(sample.content, random, 1 + random(6))
      const read = await outcome(format, damaged)
      if (typeof read === 'string') {
        expect(read.length).toBeGreaterThan(10)
        continue
      }
      expect(read.rows).toBe(read.records.length + read.rejected.length)
      for (const { line, reason } of read.rejected) {
        expect(line).toBeGreaterThan(0)
        expect(reason.length).toBeGreaterThan(5)
      }
      // A few changed bytes spoil a few rows, not the list.
      if (sample.headerLines !== null && damaged.length === sample.content.length) {
        const unspoilt = read.records.filter((record) => known.has(JSON.stringify(record.digests)))
        expect(unspoilt.length + read.rejected.length, `damage ${i}`).toBeGreaterThanOrEqual(
          sample.records - 12,
        )
      }
    }
  })
})

/** What came of reading; text: the refusal. Anything but a UsageError is a failure. */
async function outcome(format: (typeof HASH_SET_FORMATS)[number], content: Buffer) {
  try {
    return await readAll(format, content)
  } catch (error) {
    if (error instanceof UsageError) return error.message
    throw error
  }
}

/** Bytes changed, put in, taken out or repeated at random. */
function mutated(content: Buffer, random: (below: number) => number, times: number): Buffer {
  let bytes = Buffer.from(content)
  for (let i = 0; i < times; i++) {
    const at = random(bytes.length)
    switch (random(6)) {
      case 0:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random(4))])
        break
      case 1:
        bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from([random(256)]), bytes.subarray(at)])
        break
      case 2:
        bytes[at] = '",;\n\\{}[]:0\0'.charCodeAt(random(12))
        break
      default:
        bytes[at] = random(256)
    }
  }
  return bytes
}

function randomNumbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}
