/** Issue 28, B, from a scan to its reports: a hand before a plain ground comes last, and with a face in the picture it does not. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { expect, it } from 'vitest'
import { drawnFaces } from '../../fixtures/drawn-face.ts'
import { drawnHand, HAND_SIDE } from '../../fixtures/drawn-hand.ts'
import { exported, scanArgs, seized, temporaryFolder } from './seized.ts'

it('puts a hand before a plain ground last and keeps it, and leaves a face with a hand before it where it was', async () => {
  const folder = temporaryFolder()
  const root = join(folder, 'exhibit')
  mkdirSync(root)
  const hand = await drawnHand()
  const { rgb, width, height } = await drawnFaces(900, 600, [{ x: 450, y: 300, radius: 130 }])
  writeFileSync(join(root, 'hand.png'), hand)
  writeFileSync(
    join(root, 'hand-and-face.png'),
    await sharp(rgb, { raw: { width, height, channels: 3 } })
      .composite([{ input: hand, left: 20, top: height - HAND_SIDE }])
      .png()
      .toBuffer(),
  )

  const found = ['1', '2'].map((workers) => {
    const ledger = join(folder, `${workers}.sqlite`)
    expect(seized(scanArgs(root, ledger, [], '--workers', workers)).status).toBe(13)
    return exported(ledger, folder)
      .filter(({ priority }) => priority !== null)
      .map(({ path, priority, reasons }) => ({ path, priority, reasons }))
  })
  expect(found[0]).toEqual(found[1])
  expect(found[0]).toMatchObject([
    { path: 'hand-and-face.png', priority: 5, reasons: [{ code: 'apparent-minor' }] },
    {
      path: 'hand.png',
      priority: 6,
      reasons: [{ code: 'close-up-of-hand', params: { label: 'explicit', classifier: 'explicitness' } }],
    },
  ])

  const [ledger, page] = [join(folder, '1.sqlite'), join(folder, 'report.html')]
  expect(seized(['report', ledger, '--format', 'html', '--out', page]).status).toBe(0)
  expect(readFileSync(page, 'utf8')).toMatch(/takes it for a hand before a plain ground \(0\.8\d/)
  const told = JSON.parse(seized(['summary', ledger, '--json']).stdout)
  expect(told).toMatchObject({ leads: 2, leadsPutLast: 1 })
})
