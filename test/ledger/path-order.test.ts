import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { bareEntry } from '../../src/base/bare-entry.ts'
import { childPath, filePath, volumePath } from '../../src/base/evidence-path.ts'
import type { EvidencePath } from '../../src/contracts/entry.ts'
import { notApplicable, notDone } from '../../src/contracts/stage.ts'
import { openLedger } from '../../src/ledger/read/read.ts'
import { newLedger } from './temporary.ts'

/** A fixed sequence: the same names on every machine. */
function random(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

// What sorts around the slash and the zero byte, and what is escaped.
const LETTERS = ['a', 'b', '.', '-', '0', '\x01', '\x02', '\xff']

function randomPath(pick: (below: number) => number): EvidencePath {
  const name = () => Array.from({ length: 1 + pick(2) }, () => LETTERS[pick(LETTERS.length)]!).join('')
  const names = Buffer.from(Array.from({ length: 1 + pick(4) }, name).join('/'), 'latin1')
  let path = pick(3) === 0 ? volumePath(1 + pick(12), names) : filePath(names)
  if (pick(4) === 0)
    path = childPath(path, (['stream', 'record', 'slack'] as const)[pick(3)]!, Buffer.from(name()))
  return path
}

function recorded(paths: readonly EvidencePath[], batch: number): readonly Buffer[] {
  const session = newLedger()
  for (let i = 0; i < paths.length; i += batch)
    session.recordEntries(
      paths.slice(i, i + batch).map((path) => ({
        entry: bareEntry({ path, kind: 'directory', sizeBytes: 0n, band: 0 }),
        read: notApplicable('directory'),
      })),
    )
  for (const path of paths) expect(session.hasEntry(path)).toBe(true)
  session.close()
  const ledger = openLedger(session.path)
  const found = [...ledger.entries()].map(({ entry }) => entry.path)
  ledger.close()
  const key = (path: EvidencePath) => JSON.stringify([path.bytes.toString('latin1'), path.steps])
  expect(new Set(found.map(key))).toEqual(new Set(paths.map(key)))
  return found.map(({ bytes }) => bytes)
}

function distinct(paths: readonly EvidencePath[]): EvidencePath[] {
  return [...new Map(paths.map((path) => [path.bytes.toString('latin1'), path])).values()]
}

describe('entries of a tree', () => {
  it('come back in the order of their paths, whatever order they were recorded in, with folders that are no entries', () => {
    for (let seed = 1; seed <= 12; seed++) {
      const pick = random(seed)
      const paths = distinct([
        filePath(Buffer.alloc(0)),
        ...Array.from({ length: 150 }, () => randomPath(pick)),
      ])
      if (seed % 2 === 0) paths.sort((a, b) => Buffer.compare(a.bytes, b.bytes))
      const found = recorded(paths, 1 + pick(60))
      expect(found).toEqual([...found].sort(Buffer.compare))
      expect(found.length).toBe(paths.length)
    }
  })

  it('are more than a page in one folder, and deep', () => {
    const wide = Array.from({ length: 1201 }, (_, i) => filePath(Buffer.from(`wide/${(i * 37) % 1201}`)))
    const deep = Array.from({ length: 300 }, (_, i) =>
      filePath(
        Buffer.from(
          Array(i + 1)
            .fill('d')
            .join('/'),
        ),
      ),
    )
    const found = recorded([...wide, ...deep], 400)
    expect(found).toEqual([...found].sort(Buffer.compare))
  })

  it('are stored by their last name: no path stands in a ledger twice', () => {
    const session = newLedger()
    const paths = ['a', 'a/b', 'a/b/c'].map((name) => filePath(Buffer.from(name)))
    session.recordEntries(
      paths.map((path) => ({
        entry: bareEntry({ path, kind: 'directory', sizeBytes: 0n, band: 0 }),
        read: notApplicable('directory'),
      })),
    )
    expect(session.hasEntry(filePath(Buffer.from('a/x/c')))).toBe(false)
    session.close()
    const db = new Database(session.path, { readonly: true })
    expect(db.prepare('SELECT above, CAST(name AS TEXT) AS name FROM entry ORDER BY id').raw().all()).toEqual(
      [
        [0, 'a'],
        [1, 'b'],
        [2, 'c'],
      ],
    )
    expect(db.prepare('SELECT count(*) FROM folder').pluck().get()).toBe(0)
    db.close()
  })

  it('name what lies in a member whose name holds a slash apart from what lies in a folder of that name', () => {
    const session = newLedger()
    const zip = filePath(Buffer.from('z.zip'))
    const [folder, member] = ['dir', 'dir/x'].map((name) => childPath(zip, 'member', Buffer.from(name)))
    for (const path of [zip, folder!, member!, childPath(member!, 'attachment', Buffer.from('y'))])
      session.recordEntries([
        {
          entry: bareEntry({ path, kind: 'file', sizeBytes: 0n, band: 0 }),
          read: notDone('sparse'),
        },
      ])
    session.close()
    const db = new Database(session.path, { readonly: true })
    expect(db.prepare('SELECT above FROM entry ORDER BY id').pluck().all()).toEqual([0, 1, 1, 3])
    db.close()
  })
})
