import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { schemaSql } from '../../src/ledger/format/database.ts'
import { CanonicalEncoder } from '../../src/ledger/format/encode.ts'
import { BATCH_COLUMNS, TABLES } from '../../src/ledger/format/tables.ts'

describe('the canonical encoding', () => {
  const encoded = (encode: (encoder: CanonicalEncoder) => void) => {
    const encoder = new CanonicalEncoder()
    encode(encoder)
    return encoder.bytes.toString('hex')
  }

  it('is a type byte, a length of eight bytes, and the bytes (FORMAT.md, worked by hand)', () => {
    expect(encoded((e) => e.null())).toBe('000000000000000000')
    expect(encoded((e) => e.int(1))).toBe('0100000000000000080000000000000001')
    expect(encoded((e) => e.int(-1))).toBe('010000000000000008ffffffffffffffff')
    expect(encoded((e) => e.int(2n ** 63n - 1n))).toBe('0100000000000000087fffffffffffffff')
    expect(encoded((e) => e.text('é'))).toBe('020000000000000002c3a9')
    expect(encoded((e) => e.blob(Buffer.from([0, 255])))).toBe('03000000000000000200ff')
  })

  it('encodes numbers and big integers alike', () => {
    for (const n of [0, 1, -1, 255, -256, 2 ** 31, -(2 ** 31), 2 ** 32, 2 ** 53 - 1, -(2 ** 53) + 1])
      expect(encoded((e) => e.int(n))).toBe(encoded((e) => e.int(BigInt(n))))
  })

  it('has no encoding for a fraction, for what is no 64-bit number, and for a value of another type', () => {
    const encoder = new CanonicalEncoder()
    expect(() => encoder.int(0.5)).toThrow(RangeError)
    expect(() => encoder.int(2 ** 53)).toThrow(RangeError)
    expect(() => encoder.int(2n ** 63n)).toThrow(RangeError)
    expect(() => encoder.value('text', 1)).toThrow(TypeError)
    expect(() => encoder.value('blob', 'text')).toThrow(TypeError)
    expect(() => encoder.value('int', 'text')).toThrow(TypeError)
  })

  it('loses nothing when the buffer grows, wherever that happens', () => {
    const expected: string[] = []
    const encoder = new CanonicalEncoder()
    for (let i = 0; i < 3000; i++) {
      const bytes = Buffer.alloc((i * 7) % 1500, i)
      const text = 'ü'.repeat(i % 90)
      encoder.blob(bytes)
      encoder.text(text)
      encoder.range('text', Buffer.from(`before${text}after`), 6, 6 + Buffer.byteLength(text))
      encoder.range('blob', bytes, 0, bytes.length)
      const one = encoded((e) => e.text(text))
      expected.push(
        encoded((e) => e.blob(bytes)),
        one,
        one,
        encoded((e) => e.blob(bytes)),
      )
    }
    expect(encoder.bytes.toString('hex') === expected.join('')).toBe(true)
  })
})

describe('tables.ts', () => {
  it('describes the columns of the schema, in order, with type and nullability', () => {
    const db = new Database(':memory:')
    db.exec(schemaSql())
    const columnsOf = (table: string) =>
      (
        db.prepare('SELECT name, type, "notnull", pk FROM pragma_table_info(?)').all(table) as {
          name: string
          type: string
          notnull: number
          pk: number
        }[]
      ).map(({ name, type, notnull, pk }) => ({
        name,
        type: type === 'INTEGER' ? 'int' : type.toLowerCase(),
        nullable: notnull === 0 && pk === 0,
      }))
    const int = (name: string) => ({ name, type: 'int', nullable: false })
    for (const { name, columns } of Object.values(TABLES))
      expect([name, columnsOf(name)]).toEqual([name, [int('batch'), int('ordinal'), ...columns]])
    expect(columnsOf('batch')).toEqual([int('batch'), ...BATCH_COLUMNS])
    const tables = db
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
      .pluck()
      .all()
    expect(tables).toEqual([...Object.keys(TABLES), 'batch'].sort())
    expect(db.prepare('SELECT count(*) FROM pragma_table_list WHERE strict = 1').pluck().get()).toBe(
      tables.length,
    )
  })
})
