/** Databases written by SQLCipher 4.6.1 of Debian: one as version 3 writes it, one whose first 32 bytes are left plain, as programs on iOS do. */

import { randomFillSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { identifyContent } from '../../../../src/formats/signatures/index.ts'
import { areEncryptedPages, isEncryptedBehindHeader } from '../../../../src/formats/sqlite/encrypted-pages.ts'
import { textExtractorFor } from '../../../../src/formats/text/index.ts'
import { mediaTypeRow } from '../../../../src/media-types/applies.ts'
import { listContainer } from '../../../child/list-container.ts'
import { recordsOf } from '../records-of.ts'

const FOLDER = join(import.meta.dirname, '../../../../fixtures/device/sqlcipher')
const [version3, plainHeader] = ['version3.db', 'plain-header.db'].map((name) =>
  readFileSync(join(FOLDER, name)),
)
const SQLITE = 'application/x-sqlite3'

describe('databases that are encrypted as a whole', () => {
  it('are not done: encrypted, at the place of a messenger that keeps them so', async () => {
    const { mediaType } = await identifyContent(version3!)
    expect(recordsOf(mediaType, version3!)).toMatchObject({
      result: { result: 'not-done', reason: 'encrypted' },
    })
  })

  it('are told by their first page where their head is plain', async () => {
    const { mediaType } = await identifyContent(plainHeader!)
    expect(mediaType).toBe('application/x-sqlcipher-database')
    const { result, findings } = recordsOf(mediaType, plainHeader!)
    expect(result).toMatchObject({ result: 'not-done', reason: 'encrypted' })
    expect(findings).toMatchObject([
      { code: 'locked-store', params: { program: 'sqlcipher', form: 'database' } },
    ])
    expect((await listContainer(plainHeader!)).result).toMatchObject({ reason: 'encrypted' })
  })

  it('of Signal: settings that name the key as it is hold nothing else, and the key is said nowhere', async () => {
    const settings = readFileSync(join(FOLDER, 'signal-config.json'))
    const { mediaType } = await identifyContent(settings)
    const { result, findings, records } = recordsOf(mediaType, settings)
    expect([result, records]).toEqual([{ result: 'done' }, []])
    expect(findings).toEqual([
      { kind: 'attribute', code: 'database-key', params: { program: 'signal-desktop' } },
    ])
    expect([mediaTypeRow(mediaType).text, textExtractorFor(mediaType)]).toEqual([undefined, null])
  })

  it('are neither text, nor zeros, nor half a page, nor a database that holds noise', () => {
    for (const bytes of [Buffer.alloc(4096), Buffer.alloc(4096, 'lake and hill '), version3!.subarray(1)])
      expect(areEncryptedPages(bytes)).toBe(false)
    const db = new Database(':memory:')
    db.exec('CREATE TABLE picture (bytes BLOB)')
    db.prepare('INSERT INTO picture VALUES (?)').run(randomFillSync(Buffer.alloc(200_000)))
    const plain = db.serialize()
    db.close()
    expect([isEncryptedBehindHeader(plain), recordsOf(SQLITE, plain).result]).toMatchObject([
      false,
      { reason: 'not-built' },
    ])
  })
})
