import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { sealedWithLog } from '../ledger/temporary.ts'
import { seized, temporaryFolder } from './seized.ts'

it('writes the court’s edition with what the laboratory states, and a reissue stands in the custody log', () => {
  const ledger = sealedWithLog()
  const folder = temporaryFolder()
  const lab = join(folder, 'lab.json')
  const out = join(folder, 'report.html')
  const report = (...more: string[]) =>
    seized([
      'report',
      ledger,
      '--format',
      'html',
      '--edition',
      'court',
      '--lab',
      lab,
      '--out',
      out,
      '--overwrite',
      ...more,
    ])
  writeFileSync(
    lab,
    JSON.stringify({
      laboratory: 'Forensic laboratory',
      reportNumber: 'R-2',
      replaces: { number: 'R-1', why: 'a list was missing' },
    }),
  )
  expect(report('--language', 'lt').status).toBe(0)
  const html = readFileSync(out, 'utf8')
  expect(html).toContain('<html lang="lt">')
  expect(html).toContain('R-1; priežastis: a list was missing')
  expect(seized(['report', ledger, '--format', 'html', '--out', out, '--overwrite']).status).toBe(0)
  expect(readFileSync(out, 'utf8')).toMatch(/R-1.*a list was missing/)

  writeFileSync(lab, JSON.stringify({ laboratry: 'a slip' }))
  const refused = report()
  expect([refused.status, refused.stderr]).toEqual([
    2,
    expect.stringContaining('"laboratry" is none of laboratory'),
  ])
  expect(report('--language', 'xx').status).toBe(2)
})
