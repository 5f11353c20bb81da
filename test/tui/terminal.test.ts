/** The live view on a real terminal (tmux), where there is one: what stands on the screen, and that Ctrl-C is the caller's. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { screenWith } from './on-screen.ts'

const TMUX = spawnSync('tmux', ['-V']).status === 0
const PROGRESS = new URL('../../dist/src/cli/progress/index.js', import.meta.url)

/** A run of a few seconds that stops when it is interrupted, as `seized scan` does. */
const RUN = `
import { createProgress } from ${JSON.stringify(PROGRESS.href)}
const progress = createProgress('tui', process)
const say = (event) => progress.on(event)
let paused = false
process.on('SIGINT', () => { paused = true })
const path = (text) => ({ bytes: Buffer.from(text), steps: [{ kind: 'file', name: Buffer.from(text) }] })
const hit = { kind: 'hit', meaning: 'illegal', hashSet: 'National list', category: '1', algorithms: ['md5'], weak: true }
say({ event: 'started', case: { caseId: '2026-114', exhibitId: 'LTU-07', examiner: 'A. Example' }, ledger: 'case.sqlite', planDigest: 'ab' })
say({ event: 'phase', phase: 'known', entriesTotal: 1000, bytesTotal: 1000000n })
say({ event: 'warning', message: 'What they contain was neither hashed nor matched; the systems’ own labels and those of entries whose names are not UTF-8 were not listed.' })
say({ event: 'hit', path: path('DCIM/\\u001b]0;owned\\u0007\\u001b[2J\\u202egpj.exe'), hit })
for (let i = 0; !paused; i = Math.min(i + 1, 999)) {
  say({ event: 'progress', phase: 'known', entriesDone: i, entriesTotal: 1000, bytesDone: BigInt(i * 1000), bytesTotal: 1000000n, bytesPerSecond: 5e4, etaSeconds: (1000 - i) / 50, hits: 1, leads: 0, notDone: 2 })
  await new Promise((resolve) => setTimeout(resolve, 100))
}
if (paused) say({ event: 'paused', reason: 'interrupted', ledger: 'case.sqlite' })
await progress.close()
`

describe.skipIf(!TMUX)('the live view in a terminal of 80 × 24 (tmux)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'seized-tui-'))
  const socket = join(folder, 'tmux')
  const tmux = (...args: string[]) => execFileSync('tmux', ['-S', socket, ...args], { encoding: 'utf8' })
  const screen = () => tmux('capture-pane', '-p')
  const until = (...all: readonly (string | RegExp)[]) => screenWith(screen, ...all)

  beforeAll(() => {
    const script = join(folder, 'run.mjs')
    writeFileSync(script, RUN)
    // Not a continuous-integration log: there the view would draw only once.
    tmux('-f', '/dev/null', 'new-session', '-d', '-x', '80', '-y', '24', 'env', '-u', 'CI', 'sh')
    tmux(
      'send-keys',
      `cd ${fileURLToPath(new URL('../..', import.meta.url))} && clear && node ${script}`,
      'Enter',
    )
  })
  afterAll(() => {
    tmux('kill-server')
    rmSync(folder, { recursive: true, force: true })
  })

  it('shows the run, and a hostile name escaped', async () => {
    await until(
      'of 1,000 entries',
      'case 2026-114 · exhibit LTU-07 · A. Example',
      /› known +[█░]+ +\d+ %/,
      String.raw`]0;owned\u{7}\u{1b}[2J\u{202e}gpj.exe`,
      '1 hit    0 leads    2 not done',
      /warning: What they contain [^…]*\n[^…]*UTF-8 were not listed\./,
    )
    expect(tmux('display-message', '-p', '#{pane_title}')).not.toContain('owned')
  })

  it('draws over itself: one frame stands on the screen', async () => {
    const done = () => Number(/([\d,]+) of 1,000 entries/.exec(screen())?.[1]?.replace(',', '') ?? 0)
    const first = done()
    await expect.poll(done).toBeGreaterThan(first)
    // A screen that is copied between the erasing of a frame and the next frame holds none; none ever holds two.
    const frames = Array.from({ length: 20 }, () => screen().match(/case 2026-114/g)?.length ?? 0)
    expect(Math.max(...frames)).toBe(1)
  })

  it('leaves Ctrl-C to its caller and gives the terminal back', async () => {
    tmux('send-keys', 'C-c')
    await until('Paused. Nothing is lost.', 'nothing is lost; go on with: seized resume case.sqlite')
    // The cursor comes back after the last frame.
    await expect.poll(() => tmux('display-message', '-p', '#{cursor_flag}').trim()).toBe('1')
    tmux('send-keys', 'stty -a | grep -o " echo " && echo back', 'Enter')
    await until('\nback')
  })
})
