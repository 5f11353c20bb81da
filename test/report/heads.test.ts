/** The custody head stands in every output (issue 12, A3): every exporter, whatever it is for. */
import { describe, expect, it } from 'vitest'
import { EXPORTERS } from '../../src/report/index.ts'
import { exported } from './collect.ts'
import { decidedLedger } from './exchange/decided-ledger.ts'

describe.each(EXPORTERS)('$id', ({ load }) => {
  it('A3: has the newest head of the record', async () => {
    const ledger = decidedLedger()
    const text = (await exported(await load(), ledger)).toString('utf8')
    expect(text).toContain(ledger.newestHead())
  })
})
