/** The work of a review in a real browser, by keyboard alone, the same in each: a first pass with a stack and an undo, a blind pass, an adjudication. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { reviewContent } from '../../fixtures/ledgers/review.ts'
import { readCustody } from '../../src/ledger/custody/custody.ts'
import { decisionsOf, outcomeOf, recordDecisions, standing } from '../../src/ledger/custody/decisions.ts'
import { agreementOn } from '../../src/review/gradings.ts'
import { temporaryFolder, verifyAlone } from '../ledger/temporary.ts'
import { BROWSERS } from './browsers.ts'
import { reviewLedger, served } from './review-server.ts'
import { countOf, look, says, textOf, until } from './tab.ts'

const shaOf = (number: number) => reviewContent(number).digests.sha256

function decidedBy(path: string, operator: string, categories: Readonly<Record<number, string>>): void {
  recordDecisions(
    path,
    Object.entries(categories).map(([number, category]) => ({
      kind: 'decision',
      sha256: shaOf(Number(number)),
      scale: 'vics-us',
      act: 'decided',
      category,
      note: 'a note that tells',
      pass: 'first',
      session: null,
    })),
    { operator, account: 'tester' },
  )
}

describe.each(BROWSERS)('$name ($path)', ({ name, isHere, open }) => {
  it.skipIf(!isHere)(
    'works through sixty contents by keyboard alone, with a stack, an undo and one that needs eyes',
    async () => {
      const review = await served(reviewLedger(60, 4))
      const tab = await open(review.server.url)
      await says(tab, '#said', '60 shown')
      expect(await tab.run('location.hash')).toBe('')
      await look(tab, `${name}-light`)
      await tab.press('Alt+2')
      await until(tab, "document.querySelector('#ask').open")
      expect(await textOf(tab, '#ask-text')).toMatch(/^Decide 4 contents as 2 /)
      await tab.press('Escape')
      await until(tab, "!document.querySelector('#ask').open")
      expect(decisionsOf(readCustody(review.ledger)).size).toBe(0)
      await tab.press('Alt+2')
      await until(tab, "document.querySelector('#ask').open")
      await tab.press('Enter')
      await says(tab, '#said', '4 decided: 2 ')
      await says(tab, '#progress', '56 of 60 left')
      await tab.press('u')
      await says(tab, '#progress', '60 of 60 left')
      await tab.press('s')
      await says(tab, '#said', '15 shown')
      await look(tab, `${name}-stacks`)
      expect(await textOf(tab, '#focused')).toContain('3 near copies')
      await tab.press('s')
      await says(tab, '#said', '60 shown')
      await tab.press('Home')
      for (let i = 0; i < 59; i++) {
        await tab.press(String(i % 3))
        await says(tab, '#progress', `${59 - i} of 60`)
      }
      await tab.press('e')
      await says(tab, '#progress', '1 need')
      await tab.press('Home')
      await tab.press('5')
      await says(tab, '#said', '1 decided: 5')
      await tab.press('u')
      await says(tab, '#said', 'undone')
      await tab.press('End')
      await tab.press('ArrowLeft')
      await tab.press('Backspace')
      await says(tab, '#said', 'withdrawn')
      await says(tab, '#progress', '1 of 60 left')
      // Held down, a key decides once.
      await tab.down('3')
      await tab.down('3')
      await tab.up('3')
      await says(tab, '#said', '1 decided: 3')
      await says(tab, '#progress', '0 of 60 left')
      await tab.press('?')
      await until(tab, "document.querySelector('#keys').open")
      expect(await textOf(tab, '#key-list')).toContain('withdraw my decision')
      await look(tab, `${name}-keys`)
      await tab.press('Escape')
      await tab.press('i')
      await until(tab, "!document.querySelector('#details').hidden")
      await look(tab, `${name}-details`)
      // Before the end: a beat of the page that comes after it is refused, and the browser says so.
      expect(tab.heard).toEqual([])
      await review.close()
      const made = decisionsOf(readCustody(review.ledger))
      const standingNow = [...made.values()].flatMap((all) => standing(all).map(({ category }) => category))
      expect(
        ['0', '1', '2', '3', '5'].map((one) => standingNow.filter((category) => category === one).length),
      ).toEqual([20, 19, 19, 1, 0])
      expect(verifyAlone(review.ledger).problems).toEqual([])
    },
  )

  it.skipIf(!isHere)(
    'ends with a sentence when the page is loaded again, and what was decided stays',
    async () => {
      const review = await served(reviewLedger(6))
      const tab = await open(review.server.url)
      await says(tab, '#said', '6 shown')
      await tab.press('1')
      await says(tab, '#progress', '5 of 6')
      await tab.reload()
      await says(tab, 'body', 'This page has no key to a review')
      expect(await review.server.ended).toEqual({ how: 'left', problem: null })
      await look(tab, `${name}-again`)
      await review.close()
      const events = readCustody(review.ledger)
      expect(events.at(-1)).toMatchObject({ event: 'review-closed', detail: { how: 'left', decided: '1' } })
      const next = await served(review.ledger)
      await tab.go(next.server.url)
      await says(tab, '#progress', '5 of 6 left')
    },
  )

  it.skipIf(!isHere)(
    'is come to from a file that leads there where that was asked for, and from no other site otherwise',
    async () => {
      const folder = temporaryFolder()
      const file = join(folder, 'review.html')
      const review = await served(reviewLedger(3), {}, { fromFile: true })
      writeFileSync(file, `<!doctype html><meta http-equiv="refresh" content="0; url=${review.server.url}">`)
      const tab = await open(`file://${file}`)
      await says(tab, '#said', '3 shown')
      await review.close()
      const other = await served(review.ledger)
      writeFileSync(file, `<!doctype html><meta http-equiv="refresh" content="0; url=${other.server.url}">`)
      await tab.go(`file://${file}`)
      await says(tab, 'body', 'site')
    },
  )

  it.skipIf(!isHere)('grades blind, and then a third person settles what differs with a reason', async () => {
    const path = reviewLedger(6)
    decidedBy(path, 'B. Example', { 0: '1', 1: '1', 2: '3' })
    const peer = await served(path, { pass: 'peer' })
    const tab = await open(peer.server.url)
    await says(tab, '#said', '3 shown')
    expect(await textOf(tab, '#queue')).not.toContain('differently')
    for (const [category, left] of [
      ['2', 2],
      ['1', 1],
      ['3', 0],
    ] as const) {
      await tab.press('i')
      await until(tab, "!document.querySelector('#details').hidden")
      const seen = await tab.run<string>('document.body.textContent')
      expect(seen).toContain('Decisions of others are not shown')
      expect(seen).not.toMatch(/B\. Example|a note that tells/)
      await tab.press('Escape')
      await tab.press(category)
      await says(tab, '#progress', `${left} of 3 left`)
    }
    await peer.close()
    const found = agreementOn('vics-us', decisionsOf(readCustody(path)), ['0', '1', '2', '3'], 's')
    expect(found.outcomes).toEqual({ single: 0, agreed: 2, differing: 1, adjudicated: 0 })

    const settling = await served(path, { pass: 'adjudicate', operator: 'C. Example' })
    await tab.go(settling.server.url)
    await says(tab, '#said', '1 shown')
    await tab.press('i')
    await says(tab, '#details', 'B. Example')
    expect(await textOf(tab, '#details')).toContain('A. Example')
    await tab.press('1')
    await until(tab, "document.querySelector('#ask').open")
    await tab.type('Both seen, the first is right.')
    await look(tab, `${name}-adjudicate`)
    await tab.press('Enter')
    await says(tab, '#progress', '0 of 1 left')
    await settling.close()
    const made = decisionsOf(readCustody(path)).get(shaOf(0))!
    expect(outcomeOf(made, 'vics-us')).toEqual({ kind: 'adjudicated', category: '1' })
    expect(made.at(-1)).toMatchObject({ operator: 'C. Example', note: 'Both seen, the first is right.' })
    expect(await countOf(tab, 'img, video, picture, iframe, object, embed')).toBe(0)
    expect(verifyAlone(path).problems).toEqual([])
  })
})
