/** A predicate says of every value what its schema says of it, and schemas of frequent messages have one. */
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { COUNT, checked, countUpTo, DECIMAL, DETAIL, hexOf, RESULT, TEXT } from '../../src/wire/checks.ts'
import { ENTRY_ITEMS, ENTRY_KIND, ON_IMAGE, ORIGINAL_PATH } from '../../src/wire/entry.ts'
import { ImplausibleReply } from '../../src/wire/implausible.ts'
import { predicateOf } from '../../src/wire/predicate.ts'

const FACTS = v.strictObject({ kind: v.literal('a'), size: COUNT, name: v.exactOptional(TEXT) })
const OTHER_FACTS = v.strictObject({ kind: v.literal('b'), runs: v.array(v.nullable(COUNT)) })
const PARTS = [
  COUNT,
  countUpTo(9),
  DECIMAL,
  TEXT,
  hexOf('md5'),
  DETAIL,
  RESULT,
  ENTRY_KIND,
  v.boolean(),
  v.null(),
]
const SCHEMAS: readonly v.GenericSchema[] = [
  ...PARTS,
  ...PARTS.map((part) => v.nullable(part)),
  ...PARTS.map((part) => v.array(part)),
  ...PARTS.map((part) => v.pipe(v.array(part), v.minLength(1), v.maxLength(2))),
  ...PARTS.map((part) => v.strictTuple([part, v.nullable(COUNT)])),
  FACTS,
  OTHER_FACTS,
  v.variant('kind', [FACTS, OTHER_FACTS]),
  v.array(v.lazy((value) => (Array.isArray(value) ? v.strictTuple([COUNT]) : FACTS))),
  v.pipe(v.number(), v.finite()),
  v.strictTuple([...ENTRY_ITEMS]),
  ON_IMAGE,
  ORIGINAL_PATH,
]

const LEAVES: readonly unknown[] = [
  ...[null, true, false, undefined, '', 'a', 'b', 'file', '12', '-1', '\n', 'f'.repeat(32), 'F'.repeat(32)],
  ...[0, 1, 9, 10, -1, 1.5, NaN, Infinity, 2 ** 53, Number.MAX_SAFE_INTEGER, -0],
  { result: 'done' },
  { result: 'not-done', reason: 'io-error', detail: null },
  { result: 'not-done', reason: 'directory', detail: null },
  { code: 'errno', params: { errno: 'EIO' } },
  { code: 'errno', params: { errno: 5 } },
]
const VALUES: readonly unknown[] = [
  ...LEAVES,
  ...LEAVES.map((leaf) => [leaf]),
  ...LEAVES.map((leaf) => [leaf, leaf]),
  ...LEAVES.map((leaf) => [leaf, null]),
  ...LEAVES.map((leaf) => [leaf, 1, leaf]),
  ...LEAVES.map((leaf) => ({ kind: 'a', size: leaf })),
  ...LEAVES.map((leaf) => ({ kind: 'a', size: 1, name: leaf })),
  ...LEAVES.map((leaf) => ({ kind: 'b', runs: [leaf, 1] })),
  ...LEAVES.map((leaf) => ({ kind: leaf, size: 1, runs: [] })),
  ...LEAVES.map((leaf) => [{ kind: 'a', size: leaf }, [leaf]]),
  ...LEAVES.map((leaf) => ({
    kind: 'attribute',
    code: 'original-path',
    params: { path: leaf, by: 'recycle-bin' },
  })),
  [],
  [[]],
  {},
  { kind: 'a', size: 1, more: 1 },
  { kind: 'a' },
  { kind: 'a', size: 1, constructor: 1 },
  JSON.parse('{"kind":"a","size":1,"__proto__":{"name":"x"}}'),
  Object.create({ kind: 'a', size: 1 }),
]

describe('predicate of a schema', () => {
  it('agrees with the schema about each value, and the schema would return the same value', () => {
    let accepted = 0
    for (const schema of SCHEMAS) {
      const predicate = predicateOf(schema)!
      expect(predicate, schema.type).not.toBeNull()
      for (const value of VALUES) {
        const { success, output } = v.safeParse(schema, value)
        const isTaken = predicate(value)
        // An object that inherits its fields came from no frame: the schema decides alone.
        if (!isTaken && success && Object.keys(value ?? {}).length === 0) continue
        expect([isTaken, schema.type, value]).toEqual([success, schema.type, value])
        if (isTaken) expect(output).toEqual(value)
        accepted += isTaken ? 1 : 0
      }
    }
    expect(accepted).toBeGreaterThan(200)
  })

  it('agrees about an entry of which one item at a time is another value', () => {
    const times = ['1', null, null, '-5']
    const entry = ['a/b', 'file', '5', '8', times, null, '1', '2', '1', 0o644, 0, 0, null, 3, null]
    const schema = v.strictTuple([...ENTRY_ITEMS])
    const predicate = predicateOf(schema)!
    expect(predicate(entry)).toBe(true)
    let refused = 0
    for (let i = 0; i < entry.length; i++)
      for (const value of [...VALUES, times, [...times, null], times.slice(1)]) {
        const other = entry.with(i, value as never)
        expect(predicate(other)).toBe(v.is(schema, other))
        refused += predicate(other) ? 0 : 1
      }
    expect(refused).toBeGreaterThan(1000)
  })

  it('does not exist for a schema that changes a value or leaves something out', () => {
    expect(predicateOf(v.object({ a: COUNT }))).toBeNull()
    expect(predicateOf(v.pipe(v.string(), v.trim()))).toBeNull()
    expect(predicateOf(v.strictTuple([v.nullable(v.unknown())]))).toBeNull()
    expect(checked(v.object({ a: COUNT }), { a: 1, more: 2 }, 'facts')).toEqual({ a: 1 })
  })

  it('leaves the words of a refusal to the schema', () => {
    expect(() => checked(FACTS, { kind: 'a', size: -1 }, 'facts')).toThrow(ImplausibleReply)
    expect(() => checked(FACTS, { kind: 'a', size: -1 }, 'facts')).toThrow('facts of another form (at size)')
  })
})
