/** A text index that is not the one that was made: nothing of it is shown, and verify says so. */
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { foldWords } from '../../src/search/fold-words.ts'
import { TextIndexWriter } from '../../src/search/text-index.ts'
import { sealedWithLog } from '../ledger/temporary.ts'
import { scanArgs, seized, temporaryFolder } from './seized.ts'

const TEXT = ['--text', '--basis', 'warrant 12/2026', '--workers', '1', '--phases', 'inventory,known,unknown']

it('an index that was emptied, or whose quotes were replaced, is exit code 4 of verify and of search, and is never quoted', () => {
  const folder = temporaryFolder()
  const exhibit = join(folder, 'exhibit')
  mkdirSync(exhibit)
  writeFileSync(join(exhibit, 'letter.txt'), 'the quick brown fox met a laukinis asilas on Tuesday')
  const ledger = join(folder, 'case.sqlite')
  const scan = seized(scanArgs(exhibit, ledger, [], ...TEXT))
  expect(scan.stdout).toContain('"event":"summary"')
  const index = `${ledger}.text.sqlite`
  const search = (...more: string[]) => seized(['search', ledger, 'laukinis', ...more])
  expect([search().status, seized(['verify', ledger]).status]).toEqual([0, 0])
  copyFileSync(index, `${index}.kept`)

  const changes: readonly (readonly [string, (db: Database.Database) => void])[] = [
    ['emptied', (db) => db.exec("DELETE FROM part; INSERT INTO words (words) VALUES ('delete-all')")],
    [
      'replaced',
      (db) => {
        db.prepare('UPDATE part SET text = ?, compressed = 0').run(
          Buffer.from('laukinis confession of the accused'),
        )
        db.exec("INSERT INTO words (words) VALUES ('delete-all')")
        db.prepare('INSERT INTO words (rowid, text) SELECT id, ? FROM part').run(
          foldWords('laukinis confession'),
        )
      },
    ],
  ]
  for (const [what, change] of changes) {
    copyFileSync(`${index}.kept`, index)
    const db = new Database(index)
    change(db)
    db.close()
    const verified = seized(['verify', ledger])
    expect([what, verified.status, verified.stdout]).toEqual([
      what,
      4,
      expect.stringContaining('the text index is not the one that was made'),
    ])
    const searched = search()
    expect([what, searched.status, searched.stdout]).toEqual([what, 4, ''])
    const despite = search('--despite-damage')
    expect(despite.stdout + despite.stderr).not.toContain('confession')
    expect(despite.stderr).toContain('DAMAGED')
  }
  copyFileSync(`${index}.kept`, index)
  expect([search().status, seized(['verify', ledger]).status]).toEqual([0, 0])
  // Who must delete the text deletes the file: that is said, and no damage.
  rmSync(index)
  const without = seized(['verify', ledger])
  expect([without.status, without.stdout]).toEqual([
    0,
    expect.stringContaining('was deleted, moved or left out'),
  ])
})

it('an index laid beside a ledger of which none was made is not searched', () => {
  const ledger = sealedWithLog()
  const index = new TextIndexWriter(`${ledger}.text.sqlite`)
  index.add({ digests: { sha256: 'ab'.repeat(32), md5: '', sha1: '', blake3: '' } }, 'planted words', 'en')
  index.finish()
  index.close()
  expect(seized(['search', ledger, 'planted']).status).toBe(4)
  const verified = seized(['verify', ledger])
  expect([verified.status, verified.stdout]).toEqual([
    4,
    expect.stringContaining('does not say that one was made'),
  ])
})
