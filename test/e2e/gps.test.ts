import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { drawing } from '../../fixtures/pictures.ts'
import { exported, scanArgs, seized, summaryOf, temporaryFolder } from './seized.ts'

it('records where a picture was taken only with --gps', async () => {
  const out = temporaryFolder()
  const exhibit = join(out, 'exhibit')
  mkdirSync(exhibit)
  const picture = await drawing({ seed: 1, width: 200, height: 150 })
    .withExif({
      IFD3: {
        GPSLatitudeRef: 'N',
        GPSLatitude: '54/1 30/1 0/1',
        GPSLongitudeRef: 'E',
        GPSLongitude: '25/1 15/1 0/1',
      },
    })
    .jpeg()
    .toBuffer()
  writeFileSync(join(exhibit, 'a.jpg'), picture)
  const positions = (name: string, ...more: string[]) => {
    const ledger = join(out, name)
    summaryOf(seized(scanArgs(exhibit, ledger, [], ...more)))
    return exported(ledger, out).flatMap(({ attributes }) =>
      attributes.filter((attribute: { code: string }) => attribute.code.startsWith('gps-')),
    )
  }
  expect(positions('with.sqlite', '--gps')).toEqual([
    { code: 'gps-position', params: { text: '54.500000, 25.250000' } },
    {
      code: 'gps-place',
      params: expect.objectContaining({ country: 'Lithuania', townCountry: 'LT', town: expect.any(String) }),
    },
  ])
  const report = join(out, 'report.html')
  seized(['report', join(out, 'with.sqlite'), '--format', 'html', '--operator', 'T', '--out', report])
  const map = readFileSync(report, 'utf8')
  expect(map).toMatch(/<svg role="img"[^>]*>.*<circle cx="25\.5" cy="-54\.5"/s)
  expect(map).toMatch(/<th scope="row">Lithuania<\/th><td>borders: Natural Earth/)
  const found = (query: string) => seized(['search', join(out, 'with.sqlite'), query]).stdout
  expect(found('country:Lithuania')).toContain('a.jpg')
  expect(found('country:Latvia')).toContain('0 places found')
  expect(positions('without.sqlite')).toEqual([])
})
