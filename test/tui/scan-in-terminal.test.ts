/** A scan as a person sees it on a real terminal (tmux), where there is one: bars, estimates, and what calls itself a warning. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { describe, expect, it, onTestFinished } from 'vitest'
import { jpeg } from '../../fixtures/pictures.ts'
import { BIN, scanArgs, temporaryFolder } from '../e2e/seized.ts'
import { sha256 } from '../lab/made.ts'

const TMUX = spawnSync('tmux', ['-V']).status === 0
/** So many that a fast machine too draws more than a few steps of the bar. */
const PICTURES = 80

/** Pictures on the exhibit and in an archive, some with a thumbnail of their own: the look takes more than one pass. */
async function exhibitIn(folder: string): Promise<{ readonly root: string; readonly list: string }> {
  const root = join(folder, 'exhibit')
  mkdirSync(root)
  const pictures = await Promise.all(
    Array.from({ length: PICTURES }, (_, seed) => jpeg({ seed, width: 640, height: 480 })),
  )
  for (const [i, bytes] of pictures.slice(0, -8).entries()) writeFileSync(join(root, `${i}.jpg`), bytes)
  const members = pictures.slice(-8).map((bytes, i) => [`member-${i}.jpg`, new Uint8Array(bytes)] as const)
  writeFileSync(join(root, 'album.zip'), zipSync(Object.fromEntries(members)))
  const list = join(folder, 'list.txt')
  writeFileSync(list, `sha256\n${sha256('neutral')}\n`)
  return { root, list }
}

describe.skipIf(!TMUX)('a scan on a terminal of 100 × 40 (tmux)', () => {
  it('has bars that never go back and no estimate of 0 s, and warns only of what needs a hand', async () => {
    const folder = temporaryFolder()
    const { root, list } = await exhibitIn(folder)
    const socket = join(folder, 'tmux')
    const tmux = (...args: string[]) => execFileSync('tmux', ['-S', socket, ...args], { encoding: 'utf8' })
    onTestFinished(() => void spawnSync('tmux', ['-S', socket, 'kill-server']))
    const args = scanArgs(root, join(folder, 'case.sqlite'), [`illegal:${list}`], '--workers', '1')
      .join(' ')
      .replace('--progress json', '--progress tui')
      .replaceAll('Test Examiner', 'Examiner')
    // Not a continuous-integration log: there the view would draw only once.
    tmux('-f', '/dev/null', 'new-session', '-d', '-x', '100', '-y', '40', 'env', '-u', 'CI', 'sh')
    // Every frame, however seldom this test comes to look.
    const drawn = join(folder, 'drawn')
    tmux('pipe-pane', '-o', `cat > ${drawn}`)
    tmux('send-keys', `clear; ${process.execPath} ${BIN} ${args}; echo "ended $?"`, 'Enter')
    const ended = () => /^ended \d+$/m.exec(tmux('capture-pane', '-p'))?.[0]
    await expect.poll(ended, { timeout: 240_000, interval: 200 }).toBe('ended 0')
    const frames = () => readFileSync(drawn, 'utf8').replaceAll(/\u001b\[[\d;?]*[A-Za-z]/g, '')
    await expect.poll(frames).toMatch(/^ended 0\r?$/m)
    const shares = [...frames().matchAll(/› unknown +[█░]+ +(\d+) %/g)].map(([, share]) => Number(share))
    expect(new Set(shares).size).toBeGreaterThan(3)
    expect(shares).toEqual(shares.toSorted((a, b) => a - b))
    expect(frames()).not.toMatch(/about 0 s left/)
    // That the folder can be written to is a matter for a hand; what a mount cannot show is a fact of the record.
    const scrolled = tmux('capture-pane', '-p', '-S', '-200')
    const warnings = scrolled.split('\n').filter((line) => /^warning {4}/.test(line))
    expect(warnings.filter((line) => !/writable/.test(line))).toEqual([])
    expect(scrolled).toMatch(
      /note {7}\d+ facts? about exhibit and lists stands? in ledger and report \(--verbose/,
    )
  })
})
