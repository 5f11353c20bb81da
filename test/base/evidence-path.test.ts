import { describe, expect, it } from 'vitest'
import {
  childPath,
  depthOf,
  filePath,
  listedName,
  listedPath,
  parseEvidencePath,
  parsePrintedName,
  printName,
  printPath,
  volumePath,
} from '../../src/base/evidence-path.ts'

/** Deterministic bytes, so that a failure can be repeated. */
function randomBytes(seed: number, length: number): Buffer {
  let x = (seed * 2654435761 + 1) >>> 0
  return Buffer.from(Array.from({ length }, () => (x = (Math.imul(x, 1664525) + 1013904223) >>> 0) >>> 24))
}

describe('evidence paths', () => {
  it('parse back from any bytes in a member name', () => {
    for (let seed = 0; seed < 500; seed++) {
      const outer = Buffer.from(randomBytes(seed, 20).filter((b) => b !== 0))
      const path = childPath(
        childPath(filePath(outer), 'member', randomBytes(seed + 1000, 30)),
        'thumbnail',
        Buffer.from([0, 1, 0, 1, 2]),
      )
      expect(parseEvidencePath(path.bytes)).toEqual(path)
    }
  })

  it('sort a container before everything inside it', () => {
    const zip = filePath(Buffer.from('a.zip'))
    const member = childPath(zip, 'member', Buffer.from('x'))
    expect(Buffer.compare(zip.bytes, member.bytes)).toBe(-1)
    expect(Buffer.compare(member.bytes, filePath(Buffer.from('a.zip.txt')).bytes)).toBe(-1)
  })

  it('name what lies on a volume of an image, its streams and deleted records, apart from what was found inside', () => {
    const file = volumePath(2, Buffer.from('Users/a.zip'))
    const stream = childPath(file, 'stream', Buffer.from('Zone.Identifier'))
    const deleted = childPath(file, 'record', Buffer.from('35-2'))
    const member = childPath(deleted, 'member', Buffer.from('b.jpg'))
    for (const path of [volumePath(2, Buffer.alloc(0)), file, stream, deleted, member])
      expect(parseEvidencePath(path.bytes)).toEqual(path)
    expect([file, stream, deleted, member].map(printPath)).toEqual([
      'volume 2 » Users/a.zip',
      'volume 2 » Users/a.zip » stream Zone.Identifier',
      'volume 2 » Users/a.zip » record 35-2',
      'volume 2 » Users/a.zip » record 35-2 » member b.jpg',
    ])
    expect([file, stream, deleted, member].map(depthOf)).toEqual([1, 1, 1, 2])
    expect(listedPath(member)).toEqual(deleted)
    expect(listedName(member).toString()).toBe('Users/a.zip')
    expect(listedPath(childPath(filePath(Buffer.from('x')), 'member', Buffer.from('y')))).toEqual(
      filePath(Buffer.from('x')),
    )
  })

  it('refuse bytes they cannot have written', () => {
    expect(() => parseEvidencePath(Buffer.from('a\0nonsense:x'))).toThrow(RangeError)
    expect(() => parseEvidencePath(Buffer.from('a\0member:\x01\x09'))).toThrow(RangeError)
  })
})

describe('printing names', () => {
  it('gives one line without controls or bidirectional marks, and parses back, for any bytes', () => {
    for (let seed = 0; seed < 1000; seed++) {
      const name = randomBytes(seed, seed % 64)
      const printed = printName(name)
      expect(printed).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
      expect(parsePrintedName(printed)).toEqual(name)
    }
    for (const name of ['\u202Egpj.exe', 'a\nb', 'tab\t', 'C:\\x', 'ünïcode ✓ 日本', '»', '\u0085', '\u2028'])
      expect(parsePrintedName(printName(Buffer.from(name))).toString()).toBe(name)
  })

  it('escapes terminal sequences, Latin-1 bytes and right-to-left marks', () => {
    expect(printName(Buffer.from('caf\xe9.jpg', 'latin1'))).toBe('caf\\xe9.jpg')
    expect(printName(Buffer.from('\x1b]0;x\x07'))).toBe('\\u{1b}]0;x\\u{7}')
    expect(
      printPath(childPath(filePath(Buffer.from('mail.eml')), 'attachment', Buffer.from('a\u202Eb'))),
    ).toBe('mail.eml » attachment a\\u{202e}b')
  })
})
