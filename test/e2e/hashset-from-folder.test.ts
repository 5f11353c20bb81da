import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { seized, temporaryFolder } from './seized.ts'

it('makes a list of a folder that hashset info reads, and never overwrites one', () => {
  const folder = temporaryFolder()
  const holdings = join(folder, 'holdings')
  mkdirSync(join(holdings, 'deeper'), { recursive: true })
  writeFileSync(join(holdings, 'secret-name.bin'), Buffer.alloc(70_000, 'content '))
  writeFileSync(join(holdings, 'deeper', 'other.bin'), 'short')
  const out = join(folder, 'list.csv')
  const made = seized(['hashset', 'from-folder', holdings, '--out', out])
  expect([made.status, made.stdout]).toEqual([0, expect.stringContaining('2 contents, 0 duplicate files')])
  expect(readFileSync(out, 'utf8')).not.toMatch(/secret-name|content /)
  expect(seized(['hashset', 'info', out]).stdout).toContain('records kept   2')
  expect(seized(['hashset', 'from-folder', holdings, '--out', out]).status).toBe(2)
  const blocks = join(folder, 'blocks.txt')
  seized(['hashset', 'from-folder', holdings, '--out', join(folder, 'again.csv'), '--blocks', blocks])
  // Seventeen whole blocks of one short pattern: too few different bytes to be worth listing.
  expect(existsSync(blocks) && readFileSync(blocks, 'utf8')).toBe('')
})
