/** `seized exposure` counts only what verifies: whatever is wrong with a ledger or its log is named, and no figure is given. */
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { reviewContent } from '../../fixtures/ledgers/review.ts'
import { noteHead } from '../../src/cli/services/heads.ts'
import type { RevealFact } from '../../src/contracts/custody.ts'
import { appendCustody, custodyPath, readCustody } from '../../src/ledger/custody/custody.ts'
import { temporaryFolder } from '../ledger/temporary.ts'
import { reviewLedgerIn } from '../review/review-server.ts'
import { seized } from './seized.ts'

const WHO = { operator: 'A. Example', account: 'tester' }

/** A ledger in a folder of its own, with reveals that were shown for so long. */
function ledgerWithReveals(folder: string, name: string, contents: number, shown: readonly number[]): string {
  mkdirSync(join(folder, name))
  const path = reviewLedgerIn(join(folder, name), contents)
  for (const [number, shownMs] of shown.entries()) {
    const fact: RevealFact = {
      kind: 'reveal',
      sha256: reviewContent(number).digests.sha256,
      act: 'asked',
      reason: 'unclear',
      treatment: 'grey',
      part: null,
      asked: null,
      shownMs: null,
      session: 's',
    }
    const detail = { mostMs: '6000', pictures: '1' }
    const asked = appendCustody(path, { ...WHO, event: 'reveal-asked', detail, fact })
    const after = { ...fact, act: 'shown', asked: asked.number, shownMs } as const
    appendCustody(path, { ...WHO, event: 'reveal-shown', detail: { by: 'key', pictures: '1' }, fact: after })
  }
  return path
}

describe('seized exposure', () => {
  it('adds up to what the logs say, to the millisecond, and counts a copy of a ledger once', () => {
    const folder = temporaryFolder()
    const heads = join(folder, 'heads')
    const one = ledgerWithReveals(folder, 'one', 6, [1234, 5001])
    const two = ledgerWithReveals(folder, 'two', 4, [777, 6000, 3])
    mkdirSync(join(folder, 'copy'))
    copyFileSync(one, join(folder, 'copy/other.sqlite'))
    copyFileSync(custodyPath(one), custodyPath(join(folder, 'copy/other.sqlite')))
    const { stdout, stderr, status } = seized(['exposure', folder, '--format', 'json', '--heads', heads])
    expect([status, stderr]).toEqual([0, ''])
    const logged = [one, two].flatMap((path) =>
      readCustody(path).flatMap(({ fact }) => (fact?.kind === 'reveal' ? [fact.shownMs ?? 0] : [])),
    )
    const days = JSON.parse(stdout).days as { seconds: number; reveals: number }[]
    const sum = (name: 'seconds' | 'reveals') => days.reduce((all, day) => all + day[name], 0)
    expect(sum('reveals')).toBe(5)
    expect(Math.round(sum('seconds') * 1000)).toBe(logged.reduce((all, ms) => all + ms, 0))
    expect(sum('seconds')).toBe(13.015)
  })

  it.each([
    {
      what: 'a byte of the ledger was changed',
      harm: ({ bad }: Harmed) => {
        const bytes = readFileSync(bad)
        bytes[bytes.length - 2000] = bytes[bytes.length - 2000]! ^ 1
        writeFileSync(bad, bytes)
      },
    },
    {
      what: 'a time was shortened in the log',
      harm: ({ bad }: Harmed) => {
        const db = new Database(custodyPath(bad))
        for (const name of db
          .prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
          .pluck()
          .all() as string[])
          db.exec(`DROP TRIGGER "${name}"`)
        db.exec('UPDATE reveal SET shown_ms = 1 WHERE shown_ms = 4321')
        db.close()
      },
    },
    {
      what: 'it is the log of another ledger',
      harm: ({ good, bad }: Harmed) => copyFileSync(custodyPath(good), custodyPath(bad)),
    },
    { what: 'the ledger is gone', harm: ({ bad }: Harmed) => rmSync(bad) },
    {
      what: 'the end of the log was cut off cleanly',
      harm: ({ bad, before, heads }: Harmed) => {
        noteHead(bad, readCustody(bad).at(-1)!.head, heads)
        copyFileSync(before, custodyPath(bad))
      },
    },
  ])('gives no figure and names the ledger, with exit code 4, where $what', ({ harm }) => {
    const folder = temporaryFolder()
    const heads = join(folder, 'heads')
    const good = ledgerWithReveals(folder, 'good', 3, [1000])
    const bad = ledgerWithReveals(folder, 'bad', 5, [])
    const before = join(folder, 'before')
    copyFileSync(custodyPath(bad), before)
    const fact = readCustody(ledgerWithReveals(folder, 'more', 5, [4321])).find(
      (one) => one.fact?.kind === 'reveal' && one.fact.act === 'shown',
    )!.fact
    appendCustody(bad, { ...WHO, event: 'reveal-shown', detail: { by: 'key' }, fact })
    rmSync(join(folder, 'more'), { recursive: true })
    harm({ good, bad, before, heads })
    for (const format of ['json', 'csv', 'lines']) {
      const { stdout, stderr, status } = seized(['exposure', folder, '--format', format, '--heads', heads])
      expect([status, stdout]).toEqual([4, ''])
      expect(stderr).toContain(bad)
      expect(stderr).not.toContain(good)
    }
  })
})

interface Harmed {
  readonly good: string
  readonly bad: string
  /** The log of the bad one as it was before anything was revealed. */
  readonly before: string
  readonly heads: string
}
