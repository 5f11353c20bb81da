/** The suite that every reader of device records passes: what its sample holds comes out, and no mutant of it breaks a child. */

import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { RECORDS } from '../../../src/contracts/record.ts'
import { ARTEFACTS } from '../../../src/formats/artefacts/index.ts'
import { DATABASES } from '../../../src/formats/artefacts/sqlite-databases.ts'
import { RecordCollector } from '../../../src/formats/records/artefact.ts'
import { identifyContent } from '../../../src/formats/signatures/index.ts'
import { SqliteFile } from '../../../src/formats/sqlite/sqlite-file.ts'
import { Tables } from '../../../src/formats/sqlite/sqlite-tables.ts'
import { mediaTypeRow } from '../../../src/media-types/applies.ts'
import { placedType } from '../../../src/media-types/placed-types.ts'
import { LANGUAGES } from '../../../src/report/texts/index.ts'
import { LIST_NAMES, PROGRAM_NAMES } from '../../../src/report/texts/kind-words.ts'
import { type ArtefactSample, KINDS, samplesOf } from '../sample.ts'
import { checkedRecord, mutant, recordsOf } from './records-of.ts'

const TESTS = join(import.meta.dirname, '..')
const SAMPLES: ArtefactSample[] = []
for (const kind of KINDS)
  if (existsSync(join(TESTS, kind.parent, kind.name, 'sample.ts')))
    SAMPLES.push(...((await samplesOf(kind)).samples ?? []))

const LOCKED = SAMPLES.filter(({ isEncrypted }) => isEncrypted)
const READ = SAMPLES.filter(({ isEncrypted }) => !isEncrypted)

describe('every kind', () => {
  it('has a sample in the folder of its tests', () => {
    const without = KINDS.filter(({ parent, name }) => !existsSync(join(TESTS, parent, name, 'sample.ts')))
    expect(without).toEqual([])
  })

  it('has its tests in the folder that mirrors its own', () => {
    for (const parent of ['artefacts', 'chats'] as const) {
      const folders = readdirSync(join(TESTS, parent), { withFileTypes: true }).filter((one) =>
        one.isDirectory(),
      )
      const kinds = KINDS.filter((kind) => kind.parent === parent).map(({ name }) => name)
      expect(folders.map(({ name }) => name).sort()).toEqual(kinds)
    }
  })
})

describe.each(ARTEFACTS)('the reader $id', ({ id, mediaTypes }) => {
  it('has a sample of each of its media types', () => {
    const sampled = new Set(SAMPLES.map(({ mediaType }) => mediaType))
    expect([id, mediaTypes.filter((type) => !sampled.has(type))]).toEqual([id, []])
  })
})

describe('the readers of databases', () => {
  it('have a sample each, and take no sample of another', () => {
    const taken = READ.filter(({ reader }) => reader !== undefined).map(({ reader, make }) => {
      const tables = new Tables(new SqliteFile(make()))
      const collector = () => new RecordCollector(100, () => {})
      const by = DATABASES.filter((read) => read(tables, collector())).map(({ name }) => name)
      expect([reader, by]).toEqual([reader, [reader]])
      return reader
    })
    // Chats have a suite of their own (test/formats/chats).
    const names = DATABASES.map(({ name }) => name).filter((name) => name !== 'readChats')
    expect([...taken].sort()).toEqual(names.sort())
  })
})

describe.each(READ)('a sample of $mediaType $reader', ({ mediaType: type, make, records }) => {
  it('is recognised as its type, and gives every record', async () => {
    expect((await identifyContent(make())).mediaType).toBe(type)
    expect(mediaTypeRow(type).records).toBe(true)
    const read = recordsOf(type, make())
    expect([read.result, read.records.length]).toEqual([{ result: 'done' }, records])
    for (const { what } of read.records) {
      expect(Object.hasOwn(RECORDS, what.code)).toBe(true)
      const { program, list } = what.params as { readonly program?: string; readonly list?: string }
      const words = LANGUAGES.en!.record[what.code]!
      if (program !== undefined && words.includes(' ares {Ares}'))
        expect(Object.keys(PROGRAM_NAMES)).toContain(program)
      if (list !== undefined) expect(Object.keys(LIST_NAMES)).toContain(list)
    }
  })

  it('says nothing in 200 mutants that is not believed, and throws on none', () => {
    for (let i = 0; i < 200; i++) {
      const read = recordsOf(type, mutant(make(), i))
      for (const record of read.records) checkedRecord(record)
    }
  })

  it('gives no more records than it may, and the others are counted', () => {
    const read = recordsOf(type, make(), 0)
    expect(read.records).toEqual([])
    if (records === 0) return expect(read.result).toEqual({ result: 'done' })
    expect(read.result).toEqual({
      result: 'done-with-warnings',
      reason: 'partly-examined',
      detail: { code: 'device-records-left', params: { records } },
    })
  })
})

describe.each(LOCKED)('the encrypted store $mediaType', ({ mediaType: type, place, make }) => {
  it('is recognised, not done, and survives 200 mutants', async () => {
    const byContent = (await identifyContent(make())).mediaType
    expect(place === undefined ? byContent : placedType(place, BigInt(make().length))).toBe(type)
    expect(mediaTypeRow(type).records).toBe(true)
    expect(recordsOf(type, make()).result).toMatchObject({ result: 'not-done', reason: 'encrypted' })
    for (let i = 0; i < 200; i++)
      expect(recordsOf(type, mutant(make(), i)).result).toMatchObject({ result: 'not-done' })
  })
})
