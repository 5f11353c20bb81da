import { renderToString } from 'ink'
import { createElement } from 'react'
import { describe, expect, it } from 'vitest'
import { filePath } from '../../src/base/evidence-path.ts'
import type { ProgressEvent } from '../../src/contracts/progress.ts'
import { reduce, START } from '../../src/tui/state.ts'
import { RunView } from '../../src/tui/view.tsx'
import { ownHostileNames } from '../report/hostile-names.ts'
import { hit } from '../report/synthetic-ledger.ts'
import { EVENTS, HOSTILE_EVENTS, progressEvent, SUMMARY } from './events.ts'

function shown(events: readonly ProgressEvent[], columns = 80, rows = 24): string[] {
  const state = events.reduce(reduce, START)
  const text = renderToString(createElement(RunView, { state, elapsedSeconds: 75, columns, rows }), {
    columns,
  })
  // biome-ignore lint/complexity/useRegexLiterals: the escape that begins a style, and nothing else, may stand in a frame
  return text.replace(new RegExp('\\u001b\\[[0-9;]*m', 'g'), '').split('\n')
}

describe('the live view', () => {
  it('shows a run at 80 × 24', () => {
    expect(shown(EVENTS.slice(0, 7)).join('\n')).toMatchInlineSnapshot(`
      " seized case 2026-114 · exhibit LTU-07 · A. Example
       ledger case.sqlite · 1 min 15 s

       ✓ inventory 12,345 entries, 1.2 GB
       › known     ████████████░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░ 20 %
                   12,345 of 60,000 entries, 1.2 GB of 4.0 GB
                   210 MB/s, about 3 min 20 s left

       2 hits    0 leads    3 not done

       illegal, National list, category 1: DCIM/IMG_0001.jpg

       warning: The mount is writable.

       Ctrl-C pauses after the current batch; nothing is lost."
    `)
  })

  it('guesses no time where the total is not known, and says which container is opened', () => {
    const walking = progressEvent({ phase: 'inventory', entriesTotal: null, bytesTotal: null, etaSeconds: 9 })
    expect(shown([walking]).join('\n')).not.toMatch(/left|9 s/)
    const opening = progressEvent({ inside: { path: 'DCIM/box.zip', members: 1_234 } })
    expect(shown([opening]).join('\n')).toContain('in DCIM/box.zip: 1,234 members')
    expect(shown([opening]).join('\n')).not.toContain('left')
  })

  it('shows warnings whole where there is room for all of them, else their beginnings', () => {
    const message = 'Mounting ext4, also read-only, can replay its journal and so change the image. '
      .repeat(3)
      .trim()
    const warned: ProgressEvent[] = [EVENTS[0]!, { event: 'warning', message }]
    const whole = shown(warned).join(' ').replaceAll(/ +/g, ' ')
    expect(whole).toContain(`warning: ${message}`)
    const cut = shown([...warned, { event: 'warning', message }, { event: 'warning', message }], 80, 14)
    expect(cut.filter((line) => line.includes('warning: ')).length).toBeGreaterThan(0)
    expect(cut.join('')).toContain('…')
    expect(cut.length).toBeLessThan(14)
  })

  it.each([
    [80, 24],
    [40, 16],
    [200, 60],
  ])('fits %i × %i, whatever the names hold', (columns, rows) => {
    for (let i = 0; i < HOSTILE_EVENTS.length; i += 9) {
      const lines = shown([...EVENTS.slice(0, 7), ...HOSTILE_EVENTS.slice(i, i + 9)], columns, rows)
      expect(lines.length).toBeLessThan(rows)
    }
  })

  it('never shows a byte of the exhibit raw', () => {
    for (const name of ownHostileNames()) {
      const lines = shown(
        [{ event: 'hit', path: filePath(name), hit: hit({ hashSet: name.toString('utf8') }) }],
        400,
      )
      expect(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(lines.join(''))).toBe(false)
    }
  })

  it('says at its end that nothing can be paused any more', () => {
    const text = shown([...EVENTS.slice(0, 7), SUMMARY]).join('\n')
    expect(text).toContain('Sealed: nothing can be added.')
    expect(text).not.toContain('Ctrl-C')
  })

  it('says that it is paused', () => {
    expect(shown([{ event: 'paused', reason: 'interrupted', ledger: 'case.sqlite' }]).join('\n')).toContain(
      'Paused. Nothing is lost.',
    )
  })
})
