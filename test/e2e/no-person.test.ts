/** Issue 28, point 7, from a scan to its reports: leads of pictures in which a detector of persons finds nobody come last. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { zipSync } from 'fflate'
import sharp from 'sharp'
import { expect, it } from 'vitest'
import { drawnFaces } from '../../fixtures/drawn-face.ts'
import { drawRgb } from '../../fixtures/pictures.ts'
import { openLedger } from '../../src/ledger/read/read.ts'
import { Catalogue, priorityOf } from '../../src/review/catalogue.ts'
import { exported, scanArgs, seized, temporaryFolder } from './seized.ts'

it('a lead without a person is the last, is counted apart and stays; one with a person stands as before', async () => {
  const folder = temporaryFolder()
  const root = join(folder, 'exhibit')
  mkdirSync(root, { recursive: true })
  const shapes = (seed: number, width: number, height: number) =>
    sharp(drawRgb({ seed, width, height }), { raw: { width, height, channels: 3 } })
      .png()
      .toBuffer()
  const { rgb, width, height } = await drawnFaces(900, 600, [{ x: 450, y: 300, radius: 130 }])
  const face = await sharp(rgb, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer()
  writeFileSync(join(root, 'face.png'), face)
  // Soft shapes in which the models see what is not there: an explicitness, and a young face.
  writeFileSync(join(root, 'explicit.png'), await shapes(18, 64, 64))
  writeFileSync(join(root, 'young.png'), await shapes(21, 200, 150))

  // The place of a program's icons counts at that place alone: the same picture beside it stands as before.
  writeFileSync(
    join(root, 'game.apk'),
    zipSync({ 'res/drawable-hdpi/icon.png': face, 'assets/photo.png': face }),
  )

  const found: unknown[] = []
  for (const workers of ['1', '2']) {
    const ledger = join(folder, `${workers}.sqlite`)
    const run = seized(scanArgs(root, ledger, [], '--workers', workers))
    expect([run.status, run.stderr.includes('Error')]).toEqual([13, false])
    const rows = exported(ledger, folder).filter(({ priority }) => priority !== null)
    found.push(rows.map(({ path, priority, reasons }) => ({ path, priority, reasons })))
  }
  expect(found[0]).toEqual(found[1])
  expect(found[0]).toMatchObject([
    {
      path: 'explicit.png',
      priority: 6,
      reasons: [{ code: 'no-person-found', params: { label: 'explicit' } }],
    },
    { path: 'face.png', priority: 5, reasons: [{ code: 'apparent-minor' }] },
    { path: 'game.apk » member assets/photo.png', priority: 5 },
    {
      path: 'game.apk » member res/drawable-hdpi/icon.png',
      priority: 6,
      reasons: [{ code: 'of-program', params: { label: 'apparent-minor', place: 'package' } }],
    },
    {
      path: 'young.png',
      priority: 6,
      reasons: [{ code: 'no-person-found', params: { label: 'apparent-minor' } }],
    },
  ])

  const ledger = join(folder, '1.sqlite')
  const page = join(folder, 'report.html')
  expect(seized(['report', ledger, '--format', 'html', '--out', page]).status).toBe(0)
  expect(readFileSync(page, 'utf8')).toContain(
    'Priority 6: look after all others: no person was found in it, or it is a picture of a program',
  )
  const searched = seized(['search', ledger, 'priority:6'])
  expect(searched.stdout.match(/explicit\.png|young\.png|face\.png/g)?.sort()).toEqual([
    'explicit.png',
    'young.png',
  ])

  // The review has the same priorities, by content.
  const reader = openLedger(ledger)
  const catalogue = Catalogue.of(reader)
  const priorities = Array.from({ length: catalogue.size }, (_, number) => priorityOf(catalogue, number))
  reader.close()
  expect(priorities.sort()).toEqual([5, 6, 6])

  // What decided stands in the plan and among the scores, with the digest of the model.
  const db = new DatabaseSync(ledger, { readOnly: true })
  const scored = db
    .prepare(
      `SELECT classifier, label, count(*) AS n FROM score WHERE label LIKE 'person%' GROUP BY 1, 2 ORDER BY 2`,
    )
    .all()
  db.close()
  expect(scored).toMatchObject([
    { classifier: 'nanodet-g', label: 'person', n: 3 },
    { classifier: 'nanodet-g', label: 'person-at-face', n: 1 },
  ])
})
