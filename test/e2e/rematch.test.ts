import { join } from 'node:path'
import { expect, it } from 'vitest'
import { makeFixture } from '../../fixtures/make.ts'
import { exported, listsOf, scanArgs, seized, summaryOf, temporaryFolder } from './seized.ts'

it('rematches a sealed ledger with new lists, without the exhibit: the same digests as a scan with those lists', async () => {
  const out = temporaryFolder()
  const fixture = await makeFixture(out)
  const [illegal, vics, known] = listsOf(fixture) as [string, string, string]
  summaryOf(seized(scanArgs(fixture.exhibit, join(out, 'old.sqlite'), [illegal, known])))
  const wanted = summaryOf(
    seized(scanArgs(fixture.exhibit, join(out, 'scan.sqlite'), [illegal, vics, known])),
  )
  const lists = [illegal, vics, known].flatMap((list) => ['--hashset', list])
  const result = seized(['rematch', join(out, 'old.sqlite'), '--ledger', join(out, 'new.sqlite'), ...lists])
  expect([result.status, result.stdout]).toEqual([13, expect.stringContaining('4 added, 0 removed')])
  // Walking a writable folder a second time moved its access times, which no digest covers.
  const lines = (ledger: string) =>
    exported(join(out, ledger), out).map(({ times: { accessed, ...times }, ...line }) => ({ ...line, times }))
  expect(lines('new.sqlite')).toEqual(lines('scan.sqlite'))
  const verified = seized(['verify', join(out, 'new.sqlite')])
  expect(verified.status).toBe(0)
  expect(verified.stdout).toContain(wanted.evidenceDigest)
})
