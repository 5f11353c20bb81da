import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { TextIndex, TextIndexWriter } from '../../src/search/text-index.ts'
import { temporaryFolder } from '../ledger/temporary.ts'

it('a text index with an endless view for a table is refused before anything is asked of it', () => {
  const path = join(temporaryFolder(), 'a.text.sqlite')
  const writer = new TextIndexWriter(path)
  writer.finish()
  writer.close()
  expect(new TextIndex(path).contents).toBe(0)
  const db = new Database(path)
  db.exec(`DROP TABLE part; CREATE VIEW part AS
    WITH RECURSIVE n (id) AS (VALUES (1) UNION ALL SELECT id + 1 FROM n)
    SELECT id, x'00' AS sha256, 1 AS number, NULL AS language, 0 AS compressed, x'' AS text FROM n`)
  db.close()
  expect(() => new TextIndex(path)).toThrow(/the schema was changed: .*part/)
})
