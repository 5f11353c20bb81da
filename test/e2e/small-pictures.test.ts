/** Pictures that are too small or of one colour, from a scan to the report: hashed and listed, judged by no model, counted by reason. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import sharp from 'sharp'
import { expect, it } from 'vitest'
import { exported, scanArgs, seized, temporaryFolder } from './seized.ts'

/** Soft shapes in warm colours. */
function drawn(width: number, height: number): Promise<Buffer> {
  const data = Buffer.alloc(width * height * 3)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3
      const r = Math.hypot(x / width - 0.5, y / height - 0.5)
      data[at] = 230 - 60 * r
      data[at + 1] = 120 + 90 * Math.sin(9 * r)
      data[at + 2] = 110 + 80 * Math.cos(7 * r)
    }
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer()
}

it('no model judges an icon or a picture of one colour, and both editions of the report count them', async () => {
  const folder = temporaryFolder()
  const root = join(folder, 'exhibit')
  mkdirSync(root)
  const flat = sharp({ create: { width: 300, height: 200, channels: 3, background: '#c89078' } })
  const pictures = {
    'icon.png': await drawn(17, 14),
    'strip.png': await drawn(300, 63),
    'least.png': await drawn(64, 64),
    'flat.png': await flat.png().toBuffer(),
  }
  for (const [name, bytes] of Object.entries(pictures)) writeFileSync(join(root, name), bytes)
  const list = join(folder, 'list.csv')
  writeFileSync(list, `md5\n${'a1'.repeat(16)}\n`)
  const ledger = join(folder, 'case.ledger')
  const run = seized(scanArgs(root, ledger, [`illegal:${list}`]))
  expect([run.status, run.stderr.includes('Error')]).toEqual([0, false])

  const looked = new Map(exported(ledger, folder).map(({ path, stages }) => [path, stages['looked-at']]))
  const [small, plain] = ['too-small-for-models', 'too-flat-for-models']
  expect(looked.get('icon.png')).toMatchObject({ result: 'done-with-warnings', reason: small })
  expect(looked.get('strip.png')).toMatchObject({ result: 'done-with-warnings', reason: small })
  expect(looked.get('flat.png')).toMatchObject({ result: 'done-with-warnings', reason: plain })
  expect(looked.get('least.png')).toEqual({ result: 'done', reason: null })

  const db = new Database(ledger, { readonly: true })
  const scored = db.prepare('SELECT count(DISTINCT content) FROM score').pluck().get()
  const hashed = db.prepare('SELECT count(DISTINCT content) FROM perceptual_hash').pluck().get()
  db.close()
  expect([scored, hashed]).toEqual([1, 4])

  const report = join(folder, 'report.html')
  expect(seized(['report', ledger, '--format', 'html', '--out', report]).status).toBe(0)
  const page = readFileSync(report, 'utf8')
  expect(page).toMatch(
    /too small for the models: hashed and compared, judged by none<\/th>(<td[^>]*>\d*<\/td>)*<td[^>]*>2</,
  )
  expect(page).toContain('<strong>3 pictures were judged by no model</strong>: too small, or of one colour.')
  expect(page).toContain('<dt>Limit: leastModelSide</dt><dd>64</dd>')

  const court = join(folder, 'court.html')
  const edition = ['--format', 'html', '--edition', 'court', '--out', court]
  expect(seized(['report', ledger, ...edition]).status).toBe(0)
  const text = readFileSync(court, 'utf8')
  expect(text).toMatch(/too small for the models: hashed and compared, judged by none<\/td>\s*<td[^>]*>2</)
  expect(text).toMatch(/of one colour: hashed and compared, judged by no model<\/td>\s*<td[^>]*>1</)
})
