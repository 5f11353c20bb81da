/** `seized review --graded-also`: what was graded on another exhibit of the case stands beside the tile. */
import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { reviewContent } from '../../fixtures/ledgers/review.ts'
import { custodyPath } from '../../src/ledger/custody/custody.ts'
import { recordDecisions } from '../../src/ledger/custody/decisions.ts'
import { temporaryFolder } from '../ledger/temporary.ts'
import { reviewLedgerIn } from '../review/review-server.ts'
import { openReview, startReview } from './running-review.ts'

const { sha256 } = reviewContent(0).digests

it('has the category of another exhibit, and does not begin with a ledger that does not verify', async () => {
  const folder = temporaryFolder()
  const ledger = reviewLedgerIn(folder, 3)
  const others = join(folder, 'others')
  mkdirSync(others)
  const other = join(others, 'other.sqlite')
  copyFileSync(ledger, other)
  copyFileSync(custodyPath(ledger), custodyPath(other))
  const decision = { sha256, scale: 'vics-us', act: 'decided', category: '1', note: '' } as const
  recordDecisions(other, [{ kind: 'decision', ...decision, pass: 'first', session: null }], {
    operator: 'B. Example',
    account: 'tester',
  })
  const args = [
    ...[ledger, '--scale', 'vics-us', '--operator', 'A. Example'],
    ...['--graded-also', others, '--heads', join(folder, 'heads')],
  ]
  const review = await openReview(args)
  const { of } = (await (await review.post('elsewhere', { contents: [sha256] })).json()) as { of: unknown }
  expect(of).toEqual([[{ how: 'same', category: '1', operator: 'B. Example', exhibit: 'EX-1' }]])
  review.child.kill('SIGINT')
  await review.ended
  copyFileSync(custodyPath(ledger), other)
  await expect(startReview(args)).rejects.toThrow(/other\.sqlite/)
})
