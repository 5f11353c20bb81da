/** `seized batch --case-dir`: a case of what the batch finished; run again, it adds what came since. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { seized, temporaryFolder } from '../e2e/seized.ts'
import { makeLab, makeManifest } from '../lab/made.ts'

it('makes a case of the finished ledgers, adds those that come later, and refuses a case of another number', () => {
  const folder = temporaryFolder()
  const lab = makeLab(folder, { A: 2, B: 2 })
  const dir = join(folder, 'the-case')
  const state = { XDG_STATE_HOME: join(folder, 'state') }
  const manifest = makeManifest(lab, ['A', 'gone', 'B'])
  const batch = (to: string) => {
    const out = ['--out', join(folder, 'out'), '--config', lab.config, '--workers', '2', '--case-dir', to]
    const ran = seized(['batch', manifest, ...out], state)
    const lines = ran.stdout.trim().split('\n').filter(Boolean)
    return { ...ran, made: lines.map((line) => JSON.parse(line)).find(({ event }) => event === 'case') }
  }
  const first = batch(dir)
  expect([first.status, first.made]).toEqual([
    75,
    expect.objectContaining({ added: ['A', 'B'], exhibits: 2 }),
  ])
  expect(seized(['case', 'verify', dir], state).stdout).toContain('VERIFIED: the case and 2 ledgers')

  mkdirSync(lab.exhibit('gone'))
  writeFileSync(join(lab.exhibit('gone'), 'note.txt'), 'a note')
  expect(batch(dir).made).toMatchObject({ added: ['gone'], exhibits: 3 })
  expect(batch(dir).made).toMatchObject({ added: [], exhibits: 3 })
  expect(seized(['case', 'verify', dir], state).stdout).toContain('VERIFIED: the case and 3 ledgers')

  const other = join(folder, 'another')
  expect(seized(['case', 'init', 'X-9', '--dir', other], state).status).toBe(0)
  const refused = batch(other)
  expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('is case X-9')])
  // Before the first exhibit: nothing was said of any.
  expect(refused.stdout).toBe('')
}, 240_000)
