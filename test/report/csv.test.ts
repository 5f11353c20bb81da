import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { printPath } from '../../src/base/evidence-path.ts'
import { csv, csvCell } from '../../src/report/exchange/csv.ts'
import { exported } from './collect.ts'
import { caseLedger, hostileLedger } from './ledgers.ts'

async function rows(ledger = caseLedger()): Promise<Record<string, string>[]> {
  return parse(await exported(csv, ledger), { columns: true, record_delimiter: '\r\n' })
}

describe('CSV', () => {
  it('has no cell that a spreadsheet would run, whatever the names hold', async () => {
    const cells = (await rows(hostileLedger())).flatMap((row) => Object.values(row))
    expect(cells.filter((cell) => /^\s*[=+\-@\t\r\0＝＋－＠]/.test(cell))).toEqual([])
  })

  it('gives back any path byte for byte', async () => {
    const paths = [...hostileLedger().entries()].map((v) => v.entry.path.bytes.toString('hex'))
    const written = (await rows(hostileLedger())).map((row) =>
      Buffer.from(row.pathBytes!, 'base64').toString('hex'),
    )
    expect(written).toEqual(paths)
  })

  it('prints paths as every other output does', async () => {
    const written = (await rows()).map((row) => row.path)
    expect(written).toEqual([...caseLedger().entries()].map((v) => printPath(v.entry.path)))
  })

  it.each(['=1', '+1', '-1', '@x', '\t=1', '\r=1', '\0=1', ' =1', '＝1'])(
    'disarms a cell that begins as %j',
    (text) => {
      expect(csvCell(text)).toBe(`"'${text}"`)
    },
  )

  it('leaves ordinary cells as they are and doubles quotes', () => {
    expect(csvCell('a "b", c')).toBe('"a ""b"", c"')
  })

  it('says PARTIAL on every row of a paused ledger', async () => {
    expect(new Set((await rows(caseLedger(false))).map((row) => row.ledger))).toEqual(new Set(['PARTIAL']))
  })

  it('is what it was: a lab’s spreadsheet depends on its columns', async () => {
    const text = (await exported(csv, caseLedger())).toString('utf8')
    await expect(text).toMatchFileSnapshot('../golden/report.csv')
  })
})
