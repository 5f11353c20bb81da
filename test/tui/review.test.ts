/** A review on a real terminal (tmux), where there is one: what stands on the screen, and what keys do. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readCustody } from '../../src/ledger/custody/custody.ts'
import { BIN } from '../e2e/seized.ts'
import { reviewLedgerIn } from '../review/review-server.ts'
import { screenWith } from './on-screen.ts'

const TMUX = spawnSync('tmux', ['-V']).status === 0

describe.skipIf(!TMUX)('a review in a terminal of 100 × 40 (tmux)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'seized-tui-'))
  const socket = join(folder, 'tmux')
  const tmux = (...args: string[]) => execFileSync('tmux', ['-S', socket, ...args], { encoding: 'utf8' })
  const screen = () => tmux('capture-pane', '-p')
  const until = (...all: readonly (string | RegExp)[]) => screenWith(screen, ...all)
  const begin = (path: string, operator: string, heads: string, ...more: readonly string[]) => {
    const words = ['--scale', 'vics-us', '--tui', '--heads', join(folder, heads), ...more]
    const review = [process.execPath, BIN, 'review', path, '--operator', operator, ...words].join(' ')
    tmux('send-keys', `clear; ${review}; printf 'the %s is back\\n' shell`, 'Enter')
  }
  /** The shell is back too: until then the program may take what is typed. */
  const end = async () => {
    tmux('send-keys', 'q')
    await until('The review was ended.', 'the shell is back')
  }
  let path = ''
  let stacked = ''

  beforeAll(() => {
    path = reviewLedgerIn(folder, 5)
    stacked = join(folder, 'stacked')
    mkdirSync(stacked)
    stacked = reviewLedgerIn(stacked, 12, 4)
    tmux('-f', '/dev/null', 'new-session', '-d', '-x', '100', '-y', '40', 'env', '-u', 'CI', 'sh')
    begin(path, 'A', 'heads')
  })
  afterAll(() => {
    tmux('kill-server')
    rmSync(folder, { recursive: true, force: true })
  })

  it('shows one content with its cells, decides by the keys of the scale, undoes and withdraws', async () => {
    await until('5 of 5 left', 'IMG_0000000.jpg', '1  Child Abuse Material (CAM)')
    await expect.poll(() => screen().match(/▀/g)?.length).toBe(16 * 6)
    tmux('send-keys', '2')
    await until('4 of 5 left', '  2 of 5')
    tmux('send-keys', '0')
    await until('3 of 5 left')
    tmux('send-keys', 'u')
    await until('4 of 5 left')
    tmux('send-keys', 'Left')
    await until('  2 of 5')
    tmux('send-keys', 'Left')
    await until('  1 of 5')
    tmux('send-keys', 'BSpace')
    await until('5 of 5 left')
    tmux('send-keys', 'e')
    await until('4 of 5 left')
    await end()
    const all = readCustody(path).map(({ event }) => event)
    // Each content that was shown is an event before and after; the rest is what the person did.
    expect(all.filter((event) => event === 'screen-asked').length).toBeGreaterThan(4)
    const acts = all.filter((event) => !event.startsWith('screen-'))
    expect(acts.slice(1)).toEqual([
      'review-opened',
      'decided',
      'decided',
      'withdrawn',
      'withdrawn',
      'needs-eyes',
      'review-closed',
    ])
  })

  it('does not grade the last content again by every further key', async () => {
    const folderOfTwo = join(folder, 'two')
    mkdirSync(folderOfTwo)
    const two = reviewLedgerIn(folderOfTwo, 2)
    begin(two, 'A', 'heads-of-two')
    await until('2 of 2 left')
    tmux('send-keys', '1')
    await until('1 of 2 left')
    tmux('send-keys', '2')
    await until('0 of 2 left')
    tmux('send-keys', '0')
    await until('That was the last one here')
    await end()
    const categories = readCustody(two).flatMap(({ fact }) =>
      fact?.kind === 'decision' ? [fact.category] : [],
    )
    expect(categories).toEqual(['1', '2'])
  })

  it('counts a content as seen no longer than it is on the screen: an empty view shows none', async () => {
    const folderOfThree = join(folder, 'three')
    mkdirSync(folderOfThree)
    const three = reviewLedgerIn(folderOfThree, 3)
    begin(three, 'A', 'heads-of-three')
    await until('3 of 3 left')
    tmux('send-keys', '/')
    await until('▏')
    tmux('send-keys', '-l', 'name:nothing*')
    await until('name:nothing*▏')
    tmux('send-keys', 'Enter')
    await until('Nothing is left to decide')
    const counts = () => {
      const events = readCustody(three).map(({ event }) => event)
      return ['screen-asked', 'screen-shown'].map((name) => events.filter((event) => event === name).length)
    }
    await expect.poll(counts).toEqual([1, 1])
    await end()
    expect(counts()).toEqual([1, 1])
  })

  it('has stacks, filters, neighbours and details, and a third person settles what differs with a reason', async () => {
    begin(stacked, 'A', 'heads')
    await until('12 of 12 left')
    tmux('send-keys', 's')
    await until('3 shown', '3 near copies')
    tmux('send-keys', 'M-2')
    await until('Decide 4 contents as 2')
    tmux('send-keys', 'n')
    await until(/^(?!.*Decide 4 contents).*12 of 12 left.*q end/s)
    tmux('send-keys', 'M-2')
    await until('Decide 4 contents as 2')
    tmux('send-keys', 'y')
    await until('8 of 12 left')
    tmux('send-keys', '/')
    await until('Filter:')
    tmux('send-keys', '-l', 'hit:interest')
    await until('hit:interest')
    tmux('send-keys', 'Enter')
    await until('· filter hit:interest')
    tmux('send-keys', 'Escape')
    // A key that comes with Escape is a key with Alt.
    await until(/^(?!.*filter hit:).* of 12 left.*shown/s)
    tmux('send-keys', 'f')
    await until('3 near copies; Esc goes back')
    tmux('send-keys', 'i')
    await until(/modified 20\d\d-.*priority [1-6] of \d.*camera model Example.*SHA-256 /s)
    tmux('send-keys', 't')
    await until('Which tag?')
    tmux('send-keys', '-l', 'series A')
    await until('series A')
    tmux('send-keys', 'Enter')
    await until('1 tagged: series A')
    await until('# series A')
    tmux('send-keys', 'n')
    await until('Note on this content')
    tmux('send-keys', '-l', 'the same room')
    await until('the same room')
    tmux('send-keys', 'Enter')
    await until('the same room – A')
    await end()
    begin(stacked, 'B', 'heads', '--pass', 'peer')
    await until('4 of 4 left')
    tmux('send-keys', '1')
    await until('3 of 4 left')
    await end()
    begin(stacked, 'C', 'heads', '--pass', 'adjudicate')
    await until(
      '1 of 1 left',
      /decided 2 \(decided on its preview, \d+ s\) – A.*\n.*decided 1 \(decided on its preview, \d+ s\) – B/,
    )
    tmux('send-keys', '2')
    await until('Reason:')
    tmux('send-keys', '-l', 'as A says')
    await until('as A says')
    tmux('send-keys', 'Enter')
    await until('0 of 1 left')
    await end()
    expect(
      readCustody(stacked)
        .filter(({ fact }) => fact?.kind === 'decision')
        .at(-1),
    ).toMatchObject({
      operator: 'C',
      fact: { act: 'adjudicated', category: '2', note: 'as A says' },
    })
  })
})
