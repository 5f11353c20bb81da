/**
 * Two hundred originals of an image leave as a person asks for them, killed twice on the way: 7-Zip, this program's own reader of
 * lists, a strict reader of VICS 2.0 cases and, where it is at hand, GLEAPP's take them in. `SEIZED_REALISTIC=disk.E01` does the
 * same with an image of one's own.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { writeDiskImage } from '../../fixtures/disk-image.ts'
import { cameraJpeg, jpeg, png } from '../../fixtures/pictures.ts'
import { readCustody } from '../../src/ledger/custody/custody.ts'
import { hasTool, run } from '../image/container/helpers.ts'
import { temporaryFolderForFile } from '../ledger/temporary.ts'
import { exported, scanArgs, seized, summaryOf } from './seized.ts'
import { digestOf, filesOf, GLEAPP, readByGleapp, readVicsCase } from './vics-case.ts'

const COUNT = 200
const PASSPHRASE = 'a passphrase of the desk'
const SEVEN_ZIP = hasTool('7z')
const folder = temporaryFolderForFile()

/** Live and deleted pictures in folders of a FAT volume, and members of an archive. */
async function madeImage(at: string, firstSeed = 0): Promise<string> {
  const camera = { make: 'Example', model: 'E 1', serial: 'S-1', software: '1.0' }
  const drawn = async (seed: number) => {
    const spec = { seed, width: 96, height: 72 }
    if (seed % 9 === 0) return png(spec)
    return seed % 5 === 0 ? cameraJpeg(spec, camera) : jpeg(spec)
  }
  const files = []
  for (let seed = 0; seed < COUNT + 20; seed++) {
    const name = `DCIM${Math.floor(seed / 50)}/IMG_${String(seed).padStart(4, '0')}.JPG`
    const state = seed % 20 === 3 ? ('deleted' as const) : ('live' as const)
    files.push({ name, bytes: await drawn(firstSeed + seed), state })
  }
  const inside = { 'in/a.jpg': await drawn(firstSeed + 901), 'in/b.png': await drawn(firstSeed + 909) }
  files.push({ name: 'ALBUM.ZIP', bytes: Buffer.from(zipSync(inside)) })
  writeDiskImage(join(at, 'disk.raw'), [files])
  if (!hasTool('ewfacquire')) return join(at, 'disk.raw')
  run('ewfacquire', ['-u', '-q', '-f', 'encase6', '-c', 'fast', '-t', 'disk', 'disk.raw'], at)
  return join(at, 'disk.E01')
}

const REALISTIC = process.env.SEIZED_REALISTIC
const IMAGES = [
  { name: 'a drawn disk', image: madeImage },
  ...(REALISTIC === undefined ? [] : [{ name: REALISTIC, image: async () => REALISTIC }]),
]

describe.each(IMAGES)('an export of two hundred contents of $name', ({ name, image }) => {
  it.skipIf(!SEVEN_ZIP)(
    'killed twice, is the same as one that was not, and four readers take it in (skipped without 7z)',
    async () => {
      const at = join(folder, basename(name))
      mkdirSync(at)
      const disk = await image(at)
      const [ledger, heads, out] = ['case.sqlite', 'heads', 'out'].map((one) => join(at, one)) as [
        string,
        string,
        string,
      ]
      summaryOf(seized(scanArgs(disk, ledger, [], '--phases', 'inventory,known')))
      const chosen = [
        ...new Set(
          exported(ledger, at)
            .filter(({ mediaType }) => /^(image|video)\//.test(mediaType ?? ''))
            .map(({ sha256 }) => sha256 as string),
        ),
      ].slice(0, COUNT)
      expect(chosen.length).toBe(COUNT)
      writeFileSync(join(at, 'list.csv'), `sha256,category\n${chosen.map((one) => `${one},1`).join('\n')}\n`)
      const as = (operator: string) => ['--scale', 'vics-us', '--operator', operator, '--heads', heads]
      expect(seized(['decide', ledger, '--from', join(at, 'list.csv'), ...as('B. Example')]).status).toBe(0)
      writeFileSync(join(at, 'passphrase'), `${PASSPHRASE}\n`)
      const asked = (file: string) => [
        ...[
          'export',
          ledger,
          '--image',
          disk,
          '--category',
          '1',
          '--out',
          join(at, file),
          ...as('A. Example'),
        ],
        ...['--basis', 'order 3/2026', '--passphrase-file', join(at, 'passphrase')],
      ]
      for (const crash of ['export:content:70', 'export:content:61'])
        expect(seized(asked('x.zip'), { SEIZED_CRASH_AT: crash }).status).not.toBe(0)
      const last = seized(asked('x.zip'))
      expect([last.status, last.stderr]).toEqual([0, expect.stringContaining('exported 150 of 200')])
      expect(seized(asked('at-once.zip')).status).toBe(0)

      const events = readCustody(ledger).filter(({ event }) => event.startsWith('export-'))
      expect(events.map(({ event }) => event)).toEqual([
        ...['export-begun', 'export-begun', 'export-begun', 'export-ended', 'export-begun', 'export-ended'],
      ])
      for (const { event, detail, operator } of events)
        expect([operator, event === 'export-ended' || detail.basis]).toEqual([
          'A. Example',
          event === 'export-ended' || 'order 3/2026',
        ])
      expect(seized(['verify', ledger, '--heads', heads]).status).toBe(0)

      const input = `${PASSPHRASE}\n`
      for (const file of ['x.zip', 'at-once.zip'])
        expect(spawnSync('7z', ['t', join(at, file)], { input }).status).toBe(0)
      for (const file of ['x.zip', 'at-once.zip'])
        expect(spawnSync('7z', ['x', `-o${join(out, file)}`, join(at, file)], { input }).status).toBe(0)
      const [killed, atOnce] = ['x.zip', 'at-once.zip'].map((file) => join(out, file, 'vics.json')) as [
        string,
        string,
      ]
      // Each file has the size and digests that the document states; and both exports have the same ones, but for the head.
      expect(filesOf(killed).toSorted()).toEqual(chosen.toSorted())
      expect(readVicsCase(killed)).toEqual(readVicsCase(atOnce))
      const media = readVicsCase(killed)
      expect(media.every(({ Category }) => Category === 1)).toBe(true)
      const removed = media.flatMap(({ MediaFiles }) => MediaFiles).filter(({ Deleted }) => Deleted)
      if (name === 'a drawn disk') {
        expect(removed.length).toBeGreaterThan(5)
        expect(media.some(({ MediaFiles }) => MediaFiles[0]!.FilePath.includes('ALBUM.ZIP'))).toBe(true)
      }
      expect(readFileSync(join(out, 'x.zip', 'SHA256SUMS'), 'utf8').split('\n').length).toBe(COUNT + 1)
      const sums = spawnSync('sha256sum', ['-c', '--quiet', 'SHA256SUMS'], { cwd: join(out, 'x.zip') })
      expect(sums.status).toBe(0)

      // As a list of this program it finds its own contents again.
      const info = JSON.parse(seized(['hashset', 'info', killed, '--json']).stdout).info
      expect([info.format, info.rowsRead, info.rejected]).toEqual(['vics', COUNT, 0])
      const again = join(at, 'again.sqlite')
      summaryOf(seized(scanArgs(disk, again, [`vics-us:${killed}`], '--phases', 'inventory,known')))
      const hits = exported(again, at).filter(({ hits: all }) => all.length > 0)
      expect([...new Set(hits.map(({ sha256 }) => sha256))].toSorted()).toEqual(chosen.toSorted())

      // Another disk of the same size is refused before anything is logged or opened.
      const other = join(at, 'other')
      mkdirSync(other)
      const wrong = await madeImage(other, 1000)
      const before = readCustody(ledger).length
      const review = ['review', ledger, '--image', wrong, ...as('A. Example')]
      const refused = [seized(review), seized(asked('y.zip').map((one) => (one === disk ? wrong : one)))]
      expect(refused.map(({ status }) => status)).toEqual([2, 2])
      for (const { stderr } of refused) expect(stderr).toContain('is not the exhibit of this ledger')
      expect(readCustody(ledger).length).toBe(before)

      if (GLEAPP !== undefined) {
        const read = readByGleapp(killed)
        expect([read.isVic, read.case.case_number, read.case.media_count]).toEqual([true, 'T-1', COUNT])
        expect(read.records.map(([md5, category, exists, size]) => [md5, category, exists, size])).toEqual(
          media.map(({ RelativeFilePath, MediaSize }) => [
            ...[digestOf('md5', readFileSync(join(out, 'x.zip', RelativeFilePath))), 1, true, MediaSize],
          ]),
        )
      }
    },
    240_000,
  )
})
