import { join } from 'node:path'
import { expect, it } from 'vitest'
import { makeReviewLedger, reviewContent } from '../../fixtures/ledgers/review.ts'
import { attribute } from '../../src/contracts/attribute.ts'
import { openForReading, SMALL_CACHE_KIB } from '../../src/ledger/format/open-readonly.ts'
import { faceContents } from '../../src/review/face-contents.ts'
import { temporaryFolder } from '../ledger/temporary.ts'

const face = (width: number, height: number) =>
  attribute('face', { x: 0, y: 0, width, height, detector: 'ssd', scorePer10k: 9000 })

it('names the contents of which one face takes a tenth or more, and no others', () => {
  const path = join(temporaryFolder(), 'faces.sqlite')
  const faces = [
    [],
    [face(100, 100)],
    [face(50, 50), face(400, 300)],
    [face(99, 99)],
    [face(50, 50), face(60, 60)],
  ]
  makeReviewLedger({
    path,
    contents: faces.length,
    stackOf: 1,
    seal: true,
    found: (number) => [attribute('dimensions', { width: 1000, height: 100 }), ...faces[number]!],
  })
  const file = openForReading(path, SMALL_CACHE_KIB)
  try {
    const idOf = file.db.prepare<[Buffer], number>('SELECT id FROM content WHERE sha256 = ?').pluck()
    const found = faceContents(file.db)
    const numbers = faces.flatMap((_, number) => {
      const id = idOf.get(Buffer.from(reviewContent(number).digests.sha256, 'hex'))
      return found.has(id!) ? [number] : []
    })
    expect(numbers).toEqual([1, 2])
  } finally {
    file.close()
  }
})
