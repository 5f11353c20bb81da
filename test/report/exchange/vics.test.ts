/** VICS 2.0: what the reference says of the format, and that our own reader of lists takes it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { childPath, volumePath } from '../../../src/base/evidence-path.ts'
import { attribute } from '../../../src/contracts/attribute.ts'
import type { Entry, EvidencePath } from '../../../src/contracts/entry.ts'
import { findScale } from '../../../src/match/records/scale.ts'
import { dfxml } from '../../../src/report/exchange/dfxml.ts'
import { timesketch } from '../../../src/report/exchange/timesketch.ts'
import { vics } from '../../../src/report/exchange/vics.ts'
import { seized } from '../../e2e/seized.ts'
import { SAMPLES } from '../../findings/samples.ts'
import { deletedArchiveLedger, emptyLedger, hostileLedger } from '../ledgers.ts'
import { syntheticLedger, view } from '../synthetic-ledger.ts'
import { decidedLedger } from './decided-ledger.ts'
import { textOf } from './exported-with.ts'

const US = { scale: findScale('vics-us') }

interface Media {
  readonly MediaID: number
  readonly Category: number | null
  readonly MD5: string
  readonly MediaFiles: readonly { readonly FilePath: string; readonly Written?: string }[]
  readonly Exifs: readonly { readonly PropertyName: string; readonly PropertyValue: string }[]
  readonly MediaMetadata: readonly { readonly PropertyName: string; readonly PropertyValue: string }[]
}

const mediaOf = (text: string): Media[] => JSON.parse(text).value[0].Media
const at = (media: Media[], path: string) =>
  media.find(({ MediaFiles }) => MediaFiles.some(({ FilePath }) => FilePath === path))!

describe('VICS 2.0', () => {
  it('is one case, with each content once and every place of it', async () => {
    const text = await textOf(vics, decidedLedger(), US)
    const document = JSON.parse(text)
    expect(document['@odata.context']).toBe(
      'http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/US/$metadata#Cases',
    )
    expect(document.value).toHaveLength(1)
    expect(document.value[0]).toMatchObject({ CaseNumber: '2026-114', SourceApplicationName: 'seized' })
    const media = mediaOf(text)
    expect(new Set(media.map(({ MD5 }) => MD5)).size).toBe(media.length)
    expect(media.map(({ MediaID }) => MediaID)).toEqual(media.map((_, i) => i + 1))
    expect(at(media, 'DCIM/IMG_0001.jpg').MediaFiles.map(({ FilePath }) => FilePath)).toEqual([
      'DCIM/IMG_0001.jpg',
      'Backup/IMG_0001 (copy).jpg',
    ])
    expect(text).not.toMatch(/RelativeFilePath/i)
    // A time whose zone nobody knows is left out.
    expect(at(media, 'old-fat.jpg').MediaFiles[0]).not.toHaveProperty('Written')
    expect(at(media, 'DCIM/IMG_0001.jpg').MediaFiles[0]!.Written).toBe('2023-11-14T22:13:20.123456+00:00')
  })

  it('has a category only where persons decided on the declared scale and do not differ; hits and leads are none', async () => {
    const categories = async (wishes: object) => {
      const media = mediaOf(await textOf(vics, decidedLedger(), wishes))
      return Object.fromEntries(
        ['IMG_0001', 'IMG_0002', 'IMG_0003', 'IMG_0004', 'IMG_0005', 'IMG_0006'].map((name) => [
          name,
          at(media, `DCIM/${name}.jpg`).Category,
        ]),
      )
    }
    const nobody = {
      IMG_0001: null,
      IMG_0002: null,
      IMG_0003: null,
      IMG_0004: null,
      IMG_0005: null,
      IMG_0006: null,
    }
    expect(await categories({})).toEqual(nobody)
    expect(await categories(US)).toEqual({ ...nobody, IMG_0001: 1, IMG_0006: 0 })
    const media = mediaOf(await textOf(vics, decidedLedger(), US))
    const said = at(media, 'DCIM/IMG_0004.jpg').MediaMetadata.map(({ PropertyName }) => PropertyName)
    expect(said.filter((name) => name === 'seized:decision')).toHaveLength(2)
    expect(said).toContain('seized:near')
  })

  it.each([
    ['decided', decidedLedger],
    ['hostile', () => hostileLedger()],
  ])('is a list that this program itself reads, every record of it: %s', async (_name, ledger) => {
    const folder = mkdtempSync(join(tmpdir(), 'seized-vics-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const file = join(folder, 'out.json')
    const text = await textOf(vics, ledger(), US)
    writeFileSync(file, text)
    const info = seized(['hashset', 'info', file, '--json'])
    expect(info.stderr).toBe('')
    const { format, rowsRead, rejected } = JSON.parse(info.stdout).info
    expect([format, rowsRead, rejected]).toEqual(['vics', mediaOf(text).length, 0])
  })

  it('calls what was deleted by its name, and has what the file says of itself with dates as dates', async () => {
    const onImage = (status: 'deleted' | 'orphan' | 'carved') => ({
      volume: 2,
      status,
      basis: null,
      record: 45n,
      sequence: 3,
      nameTimes: null,
      notes: [],
    })
    const volume = volumePath(2, Buffer.from('Users/a/gone.jpg'))
    const record = childPath(volume, 'record', Buffer.from('45-3'))
    const stream = childPath(volume, 'stream', Buffer.from('hidden'))
    const said = [
      attribute('camera-make', { text: 'Example' }),
      attribute('capture-time', { text: '2026:11:24 10:00:00' }),
      attribute('dimensions', { width: 640, height: 480 }),
      attribute('gps-position', { text: '54.687157, -25.279652' }),
    ]
    const deleted = (path: EvidencePath) =>
      view(path, {
        entry: { onImage: onImage('deleted') } as unknown as Partial<Entry>,
        attributes: said,
        signals: [SAMPLES.signal.finding],
        ranked: { priority: 1, reasons: [] },
      })
    const ledger = () => syntheticLedger({ views: () => [deleted(record), deleted(stream)] })
    const media = mediaOf(await textOf(vics, ledger(), US))
    expect(media.map(({ MediaFiles: [file] }) => file)).toMatchObject([
      { FileName: 'gone.jpg', FilePath: 'volume 2 » Users/a/gone.jpg » record 45-3', Deleted: true },
      { FileName: 'gone.jpg:hidden' },
    ])
    const properties = media[0]!.MediaMetadata.map(({ PropertyName, PropertyValue }) => [
      PropertyName,
      PropertyValue,
    ])
    expect(properties).toContainEqual(['Make', 'Example'])
    // A reader of cases (GLEAPP) takes cameras and places from `Exifs` alone.
    expect(media[0]!.Exifs.map(({ PropertyName, PropertyValue }) => [PropertyName, PropertyValue])).toEqual([
      ['Make', 'Example'],
      ['DateTimeOriginal', '2026-11-24 10:00:00'],
      ['GPSPosition', '54.687157, -25.279652'],
      ['Lat/Lon', '54.687157 / -25.279652'],
    ])
    expect(properties).toContainEqual(['DateTimeOriginal', '2026-11-24 10:00:00'])
    expect(properties).toContainEqual(['seized:dimensions', 'width=640; height=480'])
    expect(properties).toContainEqual(['seized:sign', 'classifier=grooming; rule=asks-age; stage=risk'])
    expect(JSON.stringify(media)).not.toContain(SAMPLES.signal.finding.quote)
  })

  it('says of how many places it has no file, of a content in copies of copies', async () => {
    const ledger = () =>
      syntheticLedger({
        views: () => [
          view('a.jpg', {
            attributes: [attribute('dimensions', { width: 640, height: 480 })],
            placesLeftOut: 7n,
          }),
        ],
      })
    const [media] = mediaOf(await textOf(vics, ledger(), US))
    expect(media!.MediaFiles).toHaveLength(1)
    expect(media!.MediaMetadata).toContainEqual(
      expect.objectContaining({ PropertyName: 'seized:places-left-out', PropertyValue: '7' }),
    )
  })

  it('calls a member of a deleted archive deleted, as the other formats do', async () => {
    const media = mediaOf(await textOf(vics, deletedArchiveLedger(), US))
    expect(media.flatMap(({ MediaFiles }) => MediaFiles)).toMatchObject([
      { FileName: 'deleted.jpg', Deleted: true },
      { FileName: 'live.jpg', Deleted: false },
    ])
    const xml = await textOf(dfxml, deletedArchiveLedger())
    const objects = xml.split('<fileobject>').slice(1)
    expect(objects.map((one) => /<alloc>(\d)/.exec(one)![1])).toEqual(['0', '0', '1', '1'])
    const lines = (await textOf(timesketch, deletedArchiveLedger())).trim().split('\n')
    expect(
      new Set(lines.map((line) => [/[a-z]+\.jpg/.exec(line)?.[0] ?? 'zip', JSON.parse(line).status].join())),
    ).toEqual(new Set(['zip,deleted', 'zip,live', 'deleted.jpg,deleted', 'live.jpg,live']))
  })

  it('of an empty ledger is a case without media', async () => {
    expect(mediaOf(await textOf(vics, emptyLedger(), US))).toEqual([])
  })
})
