import { closeSync, openSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { bytesOf } from '../../src/base/byte-string.ts'
import { list } from '../../src/confined/walker/listing.ts'
import { tempFolder } from './helpers.ts'

describe('the names of a folder', () => {
  it.each([0, 1, 2, 3, 1000, 2500])('come once each and in the order of their bytes, %i of them', (count) => {
    const root = tempFolder()
    const names = new Set<string>()
    // Bytes of a fixed sequence, without zero and slash, of 1 to 40 in a name.
    let state = 7
    const next = () => (state = (state * 48_271) % 2_147_483_647)
    while (names.size < count) {
      const bytes = Array.from({ length: 1 + (next() % 40) }, () => 1 + (next() % 255)).filter(
        (b) => b !== 47,
      )
      const name = String.fromCharCode(...bytes)
      if (name !== '' && name !== '.' && name !== '..') names.add(name)
    }
    for (const name of names)
      closeSync(openSync(Buffer.concat([Buffer.from(`${root}/`), bytesOf(name)]), 'w'))
    const fd = openSync(root, 'r')
    let moves = 0
    const listed = list(
      fd,
      () => moves++,
      () => false,
    )
    closeSync(fd)
    expect(listed.result).toMatchObject({ result: 'not-applicable', reason: 'directory' })
    const given = Array.from({ length: listed.names.length }, (_, i) => listed.names.at(i))
    expect(given).toEqual([...names].sort())
    expect(listed.names.at(count)).toBeUndefined()
    expect(moves).toBe(Math.floor(count / 1024))
  })
})
