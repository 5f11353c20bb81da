/** Issue 28, point 10, from a scan to its reports: pictures of one occasion, one of which is listed. */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { cameraJpeg, jpeg } from '../../fixtures/pictures.ts'
import { exported, scanArgs, seized, temporaryFolder } from './seized.ts'

const CAMERA = { make: 'Example Optics', model: 'EO-1', serial: '0042', software: '1.0' }

it('the unlisted of a series have priority 3 and say what they share; an order of work changes nothing', async () => {
  const folder = temporaryFolder()
  const root = join(folder, 'exhibit')
  mkdirSync(join(root, 'summer'), { recursive: true })
  const put = async (name: string, bytes: Promise<Buffer>) => writeFileSync(join(root, name), await bytes)
  for (const seed of [1, 2, 3])
    await put(`summer/of-series-${seed}.jpg`, cameraJpeg({ seed, width: 160, height: 120 }, CAMERA))
  await put('summer/plain.jpg', jpeg({ seed: 4, width: 160, height: 120 }))
  await put('elsewhere.jpg', jpeg({ seed: 5, width: 160, height: 120 }))
  const listed = createHash('md5')
    .update(readFileSync(join(root, 'summer/of-series-2.jpg')))
    .digest('hex')
  const list = join(folder, 'list.csv')
  writeFileSync(list, `md5\n${listed}\n`)
  const found: { path: string; priority: number | null; reasons: unknown }[][] = []
  for (const workers of ['1', '2']) {
    const ledger = join(folder, `${workers}.sqlite`)
    const run = seized(scanArgs(root, ledger, [`illegal:${list}`], '--workers', workers))
    expect([run.status, run.stderr.includes('Error')]).toEqual([10, false])
    found.push(exported(ledger, folder).map(({ path, priority, reasons }) => ({ path, priority, reasons })))
  }
  expect(found[0]).toEqual(found[1])
  const of = (path: string) => found[0]!.find((one) => one.path === path)
  expect(of('summer/of-series-2.jpg')).toMatchObject({ priority: 1, reasons: [{ code: 'hit-illegal' }] })
  const params = { folder: true, camera: true, time: true, place: false, copy: false, listed: 1 }
  for (const seed of [1, 3])
    expect(of(`summer/of-series-${seed}.jpg`)).toEqual({
      path: `summer/of-series-${seed}.jpg`,
      priority: 3,
      reasons: [{ code: 'of-listed-series', params }],
    })
  expect([of('summer/plain.jpg')?.priority, of('elsewhere.jpg')?.priority]).toEqual([null, null])

  const report = join(folder, 'report.html')
  expect(seized(['report', join(folder, '1.sqlite'), '--format', 'html', '--out', report]).status).toBe(0)
  const page = readFileSync(report, 'utf8')
  expect(page).toContain('It shares with that one: its folder; its camera; the hour in which it was taken;')
  expect(page.match(/may belong to a series with a listed content/g)?.length).toBeGreaterThanOrEqual(2)
})
