/** What reports print of a reveal: why a person looked, in the report's language, and older logs as they stand. */
import { describe, expect, it } from 'vitest'
import { type CustodyEvent, REVEAL_REASONS } from '../../src/contracts/custody.ts'
import { appendCustody, readCustody } from '../../src/ledger/custody/custody.ts'
import { custodyDetail } from '../../src/report/texts/custody-detail.ts'
import { PAGE_LANGUAGES } from '../../src/report/texts/page-words.ts'
import { verifyAlone } from '../ledger/temporary.ts'
import { reviewLedger } from '../review/review-server.ts'

/** As the log has it. */
function logged(reason: string, words: Record<string, string> = {}): CustodyEvent {
  const path = reviewLedger(1)
  appendCustody(path, {
    event: 'reveal-asked',
    operator: 'A. Example',
    account: 'tester',
    detail: { mostMs: '6000', ...words },
    fact: {
      ...{ kind: 'reveal', act: 'asked', sha256: 'ab'.repeat(32), reason, treatment: 'grey' },
      ...{ part: null, asked: null, shownMs: null, session: 's' },
    },
  })
  expect(verifyAlone(path).problems).toEqual([])
  return readCustody(path).at(-1)!
}

describe('the reason of a reveal', () => {
  it('is said in other words in each language of the program', () => {
    for (const reason of REVEAL_REASONS) {
      const event = logged(reason)
      const said = PAGE_LANGUAGES.map((language) => custodyDetail(language)(event).reason)
      expect(new Set(said).size).toBe(PAGE_LANGUAGES.length)
    }
    expect(custodyDetail()(logged('report')).reason).toBe('it goes into a report')
    expect(custodyDetail('lt')(logged('report')).reason).toBe('bus ataskaitoje')
  })

  it('has beside it what the person typed, and is what an older log says where that is a sentence', () => {
    const typed = custodyDetail('lt')(logged('other', { words: 'the court asked' }))
    expect(typed).toMatchObject({ words: 'the court asked', act: 'asked', mostMs: '6000' })
    expect(custodyDetail('lt')(logged('it goes into a report')).reason).toBe('it goes into a report')
    // Labels of the page that are no reasons.
    expect(custodyDetail('lt')(logged('none')).reason).toBe('none')
  })
})
