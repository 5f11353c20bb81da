import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { expect, it } from 'vitest'
import { messengers as kik } from '../formats/chats/kik/sample.ts'
import { messengers as telegram } from '../formats/chats/telegram/sample.ts'
import { seized, temporaryFolder } from './seized.ts'

it('a report says of which messengers the reader was tried on made files alone, and each line of theirs says it too', () => {
  const folder = temporaryFolder()
  const exhibit = join(folder, 'exhibit')
  mkdirSync(exhibit)
  for (const [name, sample] of Object.entries({ 'cache4.db': telegram[0]!, 'kik.sqlite': kik[1]! }))
    writeFileSync(join(exhibit, name), sample.make())
  const ledger = join(folder, 'case.sqlite')
  const scanned = seized([
    ...['scan', exhibit, '--case', 'C', '--exhibit', 'C-1', '--examiner', 'A. Example', '--ledger', ledger],
    ...['--text', '--basis', 'test', '--allow-writable-mount'],
  ])
  expect([0, 3, 10, 13], scanned.stderr).toContain(scanned.status)
  const out = join(folder, 'timeline.csv')
  expect(seized(['timeline', ledger, '--format', 'csv', '--out', out]).status).toBe(0)
  const lines = parse(readFileSync(out), { columns: true, bom: true }) as { path: string; basis: string }[]
  const basisOf = (file: string) => [
    ...new Set(lines.filter(({ path }) => path === file).map(({ basis }) => basis)),
  ]
  expect(basisOf('kik.sqlite')).toEqual(['stated legal basis for text'])
  expect(basisOf('cache4.db')).toEqual([
    'stated legal basis for text; the reader of Telegram was tried on made files alone',
  ])
  const page = join(folder, 'report.html')
  expect(seized(['report', ledger, '--format', 'html', '--out', page]).status).toBe(0)
  const said = /The readers of ([^<]*) were tried on made files alone/.exec(readFileSync(page, 'utf8'))?.[1]
  expect(said).toContain('Telegram')
  expect(said).not.toMatch(/Kik|WhatsApp/)
})
