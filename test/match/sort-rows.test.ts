import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { leaves, sortRows } from '../../src/match/index/sort-rows.ts'
import { Spool } from '../../src/match/index/spool.ts'
import { temporaryPath } from './support.ts'

/** Rows of two or three words: a length, a key, perhaps a value. */
const KIND = {
  wordsAt: (words: Uint32Array, at: number) => words[at]!,
  keyAt: 1,
  compare: (words: Uint32Array, x: number, y: number) =>
    words[x + 1]! - words[y + 1]! ||
    words[x]! - words[y]! ||
    (words[x] === 3 ? words[x + 2]! - words[y + 2]! : 0),
}

describe('external sort', () => {
  it.each([
    ['spread keys', (i: number) => Math.imul(i, 0x9e3779b1) >>> 0],
    ['keys that begin alike', (i: number) => 0xabcd0000 + (Math.imul(i, 40503) & 0xffff)],
    ['one key', () => 7],
    ['keys at both ends', (i: number) => (i % 2 === 0 ? 0 : 0xffffffff)],
  ])('orders %s as a plain sort does, however small the memory', (_, keyOf) => {
    const rows = Array.from({ length: 5000 }, (_, i) =>
      i % 3 === 0 ? [2, keyOf(i)] : [3, keyOf(i), (Math.imul(i, 77) % 50) >>> 0],
    )
    const paths: string[] = []
    const newSpool = (bits: number) => {
      paths.push(temporaryPath('spool'))
      return new Spool(paths.at(-1)!, bits, 1 << 10)
    }
    const spool = newSpool(3)
    for (const row of rows) {
      const at = spool.reserve(row[1]! >>> 29, row.length)
      spool.pool.set(row, at)
    }
    const sorted: number[][] = []
    for (let partition = 0; partition < spool.partitions; partition++) {
      for (const { words, skip } of leaves(spool, partition, KIND, newSpool, 300)) {
        for (const at of sortRows(words, skip, KIND)) sorted.push([...words.subarray(at, at + words[at]!)])
      }
    }
    spool.remove()
    const expected = rows.toSorted((a, b) => a[1]! - b[1]! || a[0]! - b[0]! || (a[2] ?? 0) - (b[2] ?? 0))
    expect(sorted).toEqual(expected)
    expect(paths.some((path) => existsSync(path))).toBe(false)
  })
})
