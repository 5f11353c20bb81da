import { describe, expect, it } from 'vitest'
import { bareEntry } from '../../src/base/bare-entry.ts'
import { bytesOf } from '../../src/base/byte-string.ts'
import { UsageError } from '../../src/base/errors.ts'
import { filePath } from '../../src/base/evidence-path.ts'
import type { Scope } from '../../src/contracts/case.ts'
import type { Entry, FileTime } from '../../src/contracts/entry.ts'
import { outOfScope } from '../../src/contracts/stage.ts'
import { scopeResult } from '../../src/source/scope.ts'

const ALL: Scope = { include: [], exclude: [], modifiedFrom: null, modifiedTo: null, mediaTypes: [] }

function entry(path: string, modified: string | null = null, zone: FileTime['zone'] = 'utc'): Entry {
  const time: FileTime | null =
    modified === null
      ? null
      : { ns: BigInt(Date.parse(modified)) * 1_000_000n, source: 'stat', resolution: 's', zone }
  return bareEntry({
    path: filePath(bytesOf(path)),
    kind: 'file',
    sizeBytes: 1n,
    times: { modified: time, changed: null, accessed: null, born: null },
    band: 0,
  })
}

const out = (path: string, scope: Partial<Scope>) => scopeResult(entry(path), { ...ALL, ...scope })

describe('scope', () => {
  it('leaves everything in when nothing was asked', () => {
    expect(out('a/b', {})).toBeNull()
  })

  it.each([
    ['*.jpg', 'a/b/IMG.JPG', true],
    ['*.jpg', 'a.jpg/readme', true],
    ['*.jpg', 'a/b.jpeg', false],
    ['DCIM', 'phone/DCIM/100/a', true],
    ['Users/bob', 'Users/bob/x/y', true],
    ['/Users/bob/', 'Users/bob/x', true],
    ['Users/bob', 'old/Users/bob/x', false],
    ['**/bob', 'old/Users/bob/x', true],
    ['Users/*/Pictures/**', 'Users/eve/Pictures/.hidden/p', true],
    ['.hidden', 'a/.hidden/p', true],
    ['*', '.dot', true],
    ['*.jpg', 'caf\xe9.jpg', true],
    ['caf?.jpg', 'caf\xe9.jpg', true],
    ['caf?.jpg', 'caf\xc3\xa9.jpg', true],
    ['*.jpg', 'line\nbreak.jpg', true],
    ['a/**', 'a/line\nbreak/x', true],
    ['{a,b}/*.[ch]', 'b/x.h', true],
    ['!important', '!important', true],
    ['!important', 'other', false],
    ['#x', '#x', true],
    ['a\\*b', 'a*b', true],
    ['a\\*b', 'axb', false],
  ])('%j on %j: %s', (pattern, path, matches) => {
    expect(out(path, { exclude: [pattern] })).toEqual(matches ? outOfScope('scope-pattern') : null)
    expect(out(path, { include: [pattern] })).toEqual(matches ? null : outOfScope('scope-pattern'))
  })

  it.each([
    ['a/b', true],
    ['a/b/c', true],
    ['a/bc', false],
    ['a', false],
    ['x/caf\xe9', true],
    ['x/cafe', false],
  ])('keeps to the places of --continue-locked: %s is %s', (path, isIn) => {
    const within = ['a/b', 'x/caf\xe9']
    expect(out(path, { within })).toEqual(isIn ? null : outOfScope('scope-locked'))
    expect(out(path, { within: [''] })).toBeNull()
  })

  it('lets an exclusion prevail over an inclusion', () => {
    expect(out('a/b.jpg', { include: ['*.jpg'], exclude: ['a'] })).toMatchObject({ reason: 'scope-pattern' })
  })

  it('bounds by modified time, days whole, unknown times in', () => {
    const scope = { ...ALL, modifiedFrom: '2026-01-01', modifiedTo: '2026-01-31' }
    expect(scopeResult(entry('x', '2025-12-31T23:59:59Z'), scope)).toEqual(outOfScope('scope-date'))
    expect(scopeResult(entry('x', '2026-01-01T00:00:00Z'), scope)).toBeNull()
    expect(scopeResult(entry('x', '2026-01-31T23:59:59Z'), scope)).toBeNull()
    expect(scopeResult(entry('x', '2026-02-01T00:00:00Z'), scope)).toMatchObject({ reason: 'scope-date' })
    expect(scopeResult(entry('x'), scope)).toBeNull()
  })

  it('leaves a time of an unnamed zone out only when it is out in every zone', () => {
    const scope = { ...ALL, modifiedFrom: '2026-01-01', modifiedTo: null }
    expect(scopeResult(entry('x', '2025-12-31T11:00:00Z', 'local-unknown'), scope)).toBeNull()
    expect(scopeResult(entry('x', '2025-12-31T09:00:00Z', 'local-unknown'), scope)).toMatchObject({
      reason: 'scope-date',
    })
  })

  it('stops on a pattern or a date that says nothing', () => {
    expect(() => out('x', { exclude: ['/'] })).toThrow(UsageError)
    expect(() => out('x', { modifiedFrom: 'yesterday' })).toThrow(/not ISO-8601/)
  })
})
