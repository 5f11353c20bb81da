/** Issue 28, B, from a scan to its reports: an apparent minor alone whose face no detector finds again comes last and stays. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { expect, it } from 'vitest'
import { drawnFaces } from '../../fixtures/drawn-face.ts'
import { exported, scanArgs, seized, temporaryFolder } from './seized.ts'

it('puts a face last that is not found at a second look, and leaves one where it was that is', async () => {
  const folder = temporaryFolder()
  const root = join(folder, 'exhibit')
  mkdirSync(root)
  const { rgb, width, height } = await drawnFaces(900, 600, [{ x: 450, y: 300, radius: 130 }])
  // So blurred that eyes and mouth are shadows: the whole picture still has a face to blazeface, its enlarged place has none.
  for (const [name, blur] of [
    ['clear.png', 4],
    ['shadow.png', 16],
  ] as const)
    writeFileSync(
      join(root, name),
      await sharp(rgb, { raw: { width, height, channels: 3 } })
        .blur(blur)
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
    { path: 'clear.png', priority: 5, reasons: [{ code: 'apparent-minor' }] },
    {
      path: 'shadow.png',
      priority: 6,
      reasons: [{ code: 'face-in-doubt', params: { label: 'apparent-minor', classifier: 'apparent-minor' } }],
    },
  ])

  const [ledger, page, court] = ['1.sqlite', 'report.html', 'court.html'].map((name) => join(folder, name))
  expect(seized(['report', ledger!, '--format', 'html', '--out', page!]).status).toBe(0)
  expect(readFileSync(page!, 'utf8')).toMatch(/no detector finds a face that looks young again .* \(0\.\d\d/)
  expect(seized(['report', ledger!, '--format', 'html', '--edition', 'court', '--out', court!]).status).toBe(
    0,
  )
  expect(readFileSync(court!, 'utf8')).toMatch(
    /order 6, last because [^:]*were not found again[^:]*: 1 content/,
  )
  const told = JSON.parse(seized(['summary', ledger!, '--json']).stdout)
  expect(told).toMatchObject({ leads: 2, leadsPutLast: 1 })
  expect(seized(['verify', ledger!]).status).toBe(0)
})
