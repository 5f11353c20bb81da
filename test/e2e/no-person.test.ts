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
  // The same with a mask of paper over mouth and nose.
  const mask = '<path d="M-80,48 Q0,32 80,48 L70,80 Q0,140 -70,80 Z" fill="#e8eef0"/>'
  const covered = `<svg xmlns="http://www.w3.org/2000/svg" width="900" height="600"><g transform="translate(450,300) scale(1.3)">${mask}</g></svg>`
  writeFileSync(
    join(root, 'masked.png'),
    await sharp(face)
      .composite([{ input: Buffer.from(covered) }])
      .png()
      .toBuffer(),
  )
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
      path: 'masked.png',
      priority: 6,
      reasons: [{ code: 'face-covered', params: { label: 'apparent-minor' } }],
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
  const html = readFileSync(page, 'utf8')
  expect(html).toContain(
    'Priority 6: look after all others: no person was found in it, the face is covered or was not found again, a hand fills it, or it is a picture of a program',
  )

  // Leads are those to look at; what was put last is counted beside them. Of the face one place is a program's and one is not.
  const told = JSON.parse(seized(['summary', ledger, '--json']).stdout)
  expect(told).toMatchObject({ leads: 4, leadsPutLast: 3 })
  expect(seized(['summary', ledger]).stdout).toMatch(/^contents with leads {7}1, and 3 put last$/m)
  expect(html).toMatch(
    /for a person to check; 3 more contents were put last<\/th>(<td class="n">)2<\/td>\1 ?1<\/td>/,
  )
  const court = join(folder, 'court.html')
  expect(seized(['report', ledger, '--format', 'html', '--edition', 'court', '--out', court]).status).toBe(0)
  const said = readFileSync(court, 'utf8')
  expect(said).toContain('Models marked 1 content for a person to look at, and 3 more that were put last.')
  expect(said).toMatch(/order 5: 1 content/)
  expect(said).toMatch(/order 6, last because [^:]*: 3 contents/)
  const searched = seized(['search', ledger, 'priority:6'])
  expect(searched.stdout.match(/explicit\.png|young\.png|face\.png|masked\.png/g)?.sort()).toEqual([
    'explicit.png',
    'masked.png',
    'young.png',
  ])

  // The review has the same priorities, by content.
  const reader = openLedger(ledger)
  const catalogue = Catalogue.of(reader)
  const priorities = Array.from({ length: catalogue.size }, (_, number) => priorityOf(catalogue, number))
  reader.close()
  expect(priorities.sort()).toEqual([5, 6, 6, 6])

  // What decided stands in the plan and among the scores, with the digest of the model.
  const db = new DatabaseSync(ledger, { readOnly: true })
  const scored = db
    .prepare(
      `SELECT classifier, label, count(*) AS n FROM score WHERE label LIKE 'person%' GROUP BY 1, 2 ORDER BY 2`,
    )
    .all()
  db.close()
  expect(scored).toMatchObject([
    { classifier: 'nanodet-g', label: 'person', n: 4 },
    { classifier: 'nanodet-g', label: 'person-at-face', n: 1 },
  ])
})
