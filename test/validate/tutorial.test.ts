/** `seized tutorial`: led to its end by what is typed, with answers checked, and in a terminal with the review between. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readCustody } from '../../src/ledger/custody/custody.ts'
import { BIN, temporaryFolder } from '../e2e/seized.ts'

const typed = (folder: string, lines: readonly string[]) =>
  spawnSync(process.execPath, [BIN, 'tutorial', folder, '--operator', 'A. Learner'], {
    encoding: 'utf8',
    input: `${lines.join('\n')}\n`,
  })

const ANSWERS = ['', 'findings, incomplete', '', 'damaged.zip', '16', '', 'no', '', '2', '', '', 'no']

describe('seized tutorial', () => {
  it('runs every lesson, says of a wrong answer what to think of, and counts the first tries', () => {
    const folder = join(temporaryFolder(), 'made')
    const { status, stdout, stderr } = typed(folder, ['hit', 'A Lead', ...ANSWERS])
    expect([status, stderr.includes('a bug')]).toEqual([0, false])
    expect(stdout).toContain('Not so. One of the two is a fact about a list')
    expect(stdout).toContain('Right. 2 contents, at 4 places')
    expect(stdout).toContain('Done: 6 of 7 answers right at the first try.')
    expect(stdout).toContain('child\nsexual abuse material')
    expect(existsSync(join(folder, 'report.html'))).toBe(true)
    const events = readCustody(join(folder, 'tutorial.sqlite'))
    expect(events.filter(({ event }) => event === 'decided')).toHaveLength(1)
    expect(typed(folder, []).status).toBe(2)
  }, 120_000)

  it('tells the answer after three tries, and ends where nothing more is typed', () => {
    const folder = join(temporaryFolder(), 'made')
    const { status, stdout } = typed(folder, ['x', 'y', 'z'])
    expect(stdout).toContain('> z\nA lead: an opinion of a model')
    expect(stdout).toContain('Left. Begin again with a new folder')
    expect(status).toBe(130)
  }, 180_000)
})

const TMUX = spawnSync('tmux', ['-V']).status === 0

describe.skipIf(!TMUX)('seized tutorial in a terminal (tmux)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'seized-tutorial-'))
  const socket = join(folder, 'tmux')
  const tmux = (...args: string[]) => execFileSync('tmux', ['-S', socket, ...args], { encoding: 'utf8' })
  const until = async (text: string) => {
    for (let i = 0; i < 900; i++) {
      const screen = tmux('capture-pane', '-p')
      if (screen.includes(text)) return screen
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    throw new Error(`“${text}” did not come:\n${tmux('capture-pane', '-p')}`)
  }
  afterAll(() => {
    tmux('kill-server')
    rmSync(folder, { recursive: true, force: true })
  })

  it('hands the keys to the review and takes them back', async () => {
    const words = [process.execPath, BIN, 'tutorial', join(folder, 'made')]
    tmux('-f', '/dev/null', 'new-session', '-d', '-x', '90', '-y', '34', 'env', '-u', 'CI', 'sh')
    tmux('send-keys', `${words.join(' ')}; echo ENDED $?`, 'Enter')
    for (const [wait, type] of [
      ['a hit or a lead?', 'lead'],
      ['Enter runs it.', ''],
      ['findings, complete)', 'findings, incomplete'],
      ['*.zip', ''],
      ['What is its name?', 'damaged.zip'],
      ['--tui', ''],
    ] as const) {
      await until(wait)
      tmux('send-keys', type, 'Enter')
    }
    expect(await until('q end')).toContain('Pictures/boat.jpg')
    tmux('send-keys', 'q')
    await until('along one side?')
    tmux('send-keys', '16', 'Enter')
    await until('── 5 of 8: Decide')
  }, 240_000)
})
