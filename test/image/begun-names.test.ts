import { describe, expect, it } from 'vitest'
import { BegunNames } from '../../src/formats/image/filesystem/clusters/begun-names.ts'
import { ExfatDirectoryReader } from '../../src/formats/image/filesystem/exfat/directory.ts'
import { at, exfatVolume } from './exfat-maker.ts'

describe('removed names that the end of a folder cuts short', () => {
  const removed = { name: 'gone-and-cut-short.jpg', content: Buffer.from('x'), clusters: [20], removed: true }
  const bytes = exfatVolume([removed])
  const reader = new ExfatDirectoryReader(400, () => {})
  // File, stream, and the first of two parts of its name.
  const cut = bytes.subarray(at(4) + 3 * 32, at(4) + 6 * 32)

  it('are given at once, as far as they are known, when the caller does not keep them', () => {
    const asked: number[] = []
    const names = (isKept: boolean) => [
      ...reader.names([{ offset: 0, bytes: cut }], (begun) => asked.push(begun.at) > 0 && isKept),
    ]
    const plain = [...reader.names([{ offset: 0, bytes: cut }])]
    expect(plain.map(({ notes }) => notes.includes('name-cut'))).toEqual([true])
    expect(names(false)).toEqual(plain)
    expect(names(true)).toEqual([])
    expect(asked).toEqual([0, 0])
  })

  it('are kept up to a bound, and behind it they are said not to be', () => {
    const begun = new BegunNames<string>(undefined as never, reader, 2)
    const name = { at: 0, bytes: cut, behindEnd: false }
    expect(['a', 'b', 'c'].map((where) => begun.add(where, undefined, name))).toEqual([true, true, false])
  })
})
