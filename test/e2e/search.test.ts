/** `seized search` as it is typed: what it refuses, and what it shows of hostile names (issue 12, D18). */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { expect, it } from 'vitest'
import { sealedWithLog } from '../ledger/temporary.ts'
import { scanArgs, seized, temporaryFolder } from './seized.ts'

it('D18: an unknown field is one sentence that names the fields, and exit 2; nothing is logged as searched', () => {
  const ledger = sealedWithLog()
  const { status, stdout, stderr } = seized(['search', ledger, 'colour:red'])
  expect([status, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(/^seized: There is no field colour: the fields are text, name, .*, to\. /)
  expect(stderr.trim().split('\n')).toHaveLength(1)
  expect(seized(['search', ledger, 'size:>1 score:>=0.1']).status).toBe(0)
})

it('D18: what is quoted is escaped once, on a terminal, in JSONL and in CSV', () => {
  const folder = temporaryFolder()
  const exhibit = join(folder, 'exhibit')
  mkdirSync(exhibit)
  const name = 'back\\slash » \u001b[2J zebra.txt'
  writeFileSync(join(exhibit, name), 'one\n')
  const ledger = join(folder, 'case.sqlite')
  expect(seized(scanArgs(exhibit, ledger, [], '--phases', 'inventory')).status).toBe(0)
  const search = (...more: string[]) => seized(['search', ledger, 'zebra', ...more]).stdout
  expect(search()).toContain('name: back\\\\slash \\u{bb} \\u{1b}[2J zebra.txt\n')
  expect(JSON.parse(search('--format', 'jsonl')).context).toBe(name)
  const [row] = parse(search('--format', 'csv'), { columns: true }) as Record<string, string>[]
  expect(row!.context).toBe('back\\\\slash \\u{bb} \\u{1b}[2J zebra.txt')
})
