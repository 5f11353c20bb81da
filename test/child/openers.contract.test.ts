/** The suite that every opener passes, by itself: what was put into a container comes out of it, byte for byte. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { blockCache, firefoxEntry, simpleEntry } from '../../fixtures/device/caches.ts'
import { iosBackup, iosManifestOf } from '../../fixtures/locked/ios-backup.ts'
import { signalBackup } from '../../fixtures/locked/signal-backup.ts'
import { WHATSAPP_ROOT, whatsappBackup } from '../../fixtures/locked/whatsapp-backup.ts'
import { epsOf, flashJpeg, flashOf, gltfOf, mobipocketOf } from '../../fixtures/pictured.ts'
import { drawing, jpeg } from '../../fixtures/pictures.ts'
import { yencOf } from '../../fixtures/yenc.ts'
import type { Secret } from '../../src/contracts/lock.ts'
import {
  type Beside,
  Budget,
  ContainerNotBuilt,
  wholeContent,
} from '../../src/formats/archives/common/container.ts'
import { Keys } from '../../src/formats/archives/common/keys.ts'
import { EXTRACTORS } from '../../src/formats/archives/index.ts'
import { bmpOfRgb } from '../../src/formats/archives/raw-bitmap.ts'
import { sourceOfBuffer } from '../../src/formats/bytes/byte-source.ts'
import { identifyContent } from '../../src/formats/signatures/index.ts'
import { decryptedFile } from '../../src/formats/sqlite/encrypted-file.ts'
import { databaseOf } from '../formats/sample.ts'
import { FatVolume, slot } from '../image/fat-maker.ts'
import { gzipOf, mailOf, sevenZipOf, tarOf, zipOf } from './archives.ts'
import { thumbsDb } from './compound-files.ts'
import { pdf } from './text/documents.ts'
import { database, pictureCacheFile, thumbdataFile } from './thumbnail-stores.ts'

const LETTER = Buffer.from('The train leaves at nine.\n')
const picture = await jpeg({ seed: 3, width: 96, height: 72 })
const tiffPicture = await drawing({ seed: 4, width: 32, height: 24 }).tiff().toBuffer()
/** Fits into the smallest blocks. */
const TINY = picture.subarray(0, 700)
const mail = mailOf([{ name: 'letter.txt', content: LETTER }])

function fat(): Buffer {
  const volume = new FatVolume(70_000)
  volume.directory(2, slot('LETTER  TXT', 3, LETTER.length))
  volume.chain(3)
  volume.fill(LETTER, 3)
  return volume.bytes
}

const pdfWithFile = () =>
  pdf(['words'], {
    catalog: '/Names << /EmbeddedFiles << /Names [(note) 9 0 R] >> >>',
    objects: [
      '<< /Type /Filespec /F (letter.txt) /EF << /F 10 0 R >> >>',
      `<< /Type /EmbeddedFile /Length ${LETTER.length} >>\nstream\n${LETTER}\nendstream`,
    ],
  })

const BACKED_UP = await tarOf([{ name: 'apps/a/f/letter.txt', content: LETTER }])

/** Red, then blue, 42 by 30: as words of 16 bits, and as it comes out. */
const HALF = (42 * 30) / 2
const PIXELS = Buffer.concat([
  Buffer.alloc(HALF * 2, '\x00\xf8', 'latin1'),
  Buffer.alloc(HALF * 2, '\x1f\x00', 'latin1'),
])
const PIXELS_BMP = bmpOfRgb(
  42,
  30,
  Buffer.concat([Buffer.alloc(HALF * 3, '\xff\0\0', 'latin1'), Buffer.alloc(HALF * 3, '\0\0\xff', 'latin1')]),
)

const THUMBNAIL_SCHEMA = 'CREATE TABLE message_thumbnail (message_row_id INTEGER PRIMARY KEY, thumbnail BLOB)'
const pictureRow = (bytes: Buffer) => `INSERT INTO message_thumbnail VALUES (1, x'${bytes.toString('hex')}')`

/** As Android writes it without a password: the TAR is its one member. */
function backupOf(tar: Buffer): Buffer {
  return Buffer.concat([Buffer.from('ANDROID BACKUP\n5\n1\nnone\n'), deflateSync(tar)])
}

const [SIGNAL, SIGNAL_CONFIG] = ['signal.db', 'signal-config.json'].map((name) =>
  readFileSync(join(import.meta.dirname, '../../fixtures/device/sqlcipher', name)),
) as [Buffer, Buffer]
const PHONE_FILES = [{ domain: 'HomeDomain', path: 'a.txt', bytes: LETTER }]
const IOS_BACKUP = iosBackup('p', PHONE_FILES)
const PASSPHRASE = '123451234512345123451234512345'
const SIGNAL_KEY = Buffer.from(JSON.parse(SIGNAL_CONFIG.toString()).key, 'hex')
const SIGNAL_BESIDE: Beside = new Map([['../config.json', SIGNAL_CONFIG]])

/** One container an opener, and the one content that was put into it. An opener that has none here fails. */
const SAMPLES: Readonly<
  Record<
    string,
    readonly [
      make: () => Buffer | Promise<Buffer>,
      content: Buffer,
      beside?: Beside | undefined,
      secret?: Secret,
    ]
  >
> = {
  zip: [() => zipOf({ 'letter.txt': LETTER }), LETTER],
  'office-zip': [() => zipOf({ 'word/document.xml': LETTER, 'word/media/a.jpg': picture }), picture],
  tar: [() => tarOf([{ name: 'letter.txt', content: LETTER }]), LETTER],
  gzip: [() => gzipOf(LETTER), LETTER],
  'android-backup': [() => backupOf(BACKED_UP), BACKED_UP],
  message: [() => mail, LETTER],
  mbox: [() => Buffer.concat([Buffer.from('From a@example.org Mon May  6 07:08:09 2024\n'), mail]), mail],
  pdf: [pdfWithFile, LETTER],
  compound: [() => thumbsDb([{ name: 'a.jpg', content: picture }]), picture],
  thumbcache: [() => database(0x20, [{ name: '8b2d4a6c', data: picture }]), picture],
  'pixel-thumbnails': [() => PIXELS, PIXELS_BMP],
  'picture-cache': [() => pictureCacheFile([picture]), picture],
  thumbdata: [() => thumbdataFile([null, picture]), picture],
  'chromium-entry': [() => simpleEntry({ url: 'https://example.org/a.jpg', body: picture }), picture],
  'chromium-blocks': [
    () => blockCache([{ url: 'https://example.org/a.jpg', body: TINY, at: 1_600_000_000 }]).get('data_1')!,
    TINY,
  ],
  'firefox-entry': [() => firefoxEntry({ url: 'https://example.org/a.jpg', body: picture }), picture],
  'signal-database': [() => SIGNAL, decryptedFile(SIGNAL, SIGNAL_KEY)!.bytes, SIGNAL_BESIDE],
  'sqlcipher-database': [
    () => SIGNAL,
    decryptedFile(SIGNAL, SIGNAL_KEY)!.bytes,
    undefined,
    { number: 1, kind: 'raw-key', hex: SIGNAL_KEY.toString('hex'), pim: 0 },
  ],
  'ios-manifest': [
    () => IOS_BACKUP.get('Manifest.db')!,
    iosManifestOf(PHONE_FILES),
    new Map([['Manifest.plist', IOS_BACKUP.get('Manifest.plist')!]]),
    { number: 1, kind: 'password', hex: Buffer.from('p').toString('hex'), pim: 0 },
  ],
  'signal-backup': [
    () => signalBackup({ passphrase: PASSPHRASE, statements: [], attachments: [BACKED_UP] }),
    BACKED_UP,
    undefined,
    { number: 1, kind: 'backup-key', hex: Buffer.from(PASSPHRASE).toString('hex'), pim: 0 },
  ],
  'whatsapp-backup': [
    () => whatsappBackup(BACKED_UP, { form: 'crypt15' }),
    BACKED_UP,
    undefined,
    { number: 1, kind: 'backup-key', hex: Buffer.from(WHATSAPP_ROOT).toString('hex'), pim: 0 },
  ],
  'masked-media': [() => Buffer.from(picture.map((byte) => byte ^ 0x5a)), picture],
  sqlite: [() => databaseOf(THUMBNAIL_SCHEMA, pictureRow(picture)), picture],
  'seven-zip': [() => sevenZipOf('7z', { 'letter.txt': LETTER }), LETTER],
  'disk-image': [fat, LETTER],
  flash: [() => flashOf([flashJpeg(1, picture)]), picture],
  gltf: [() => gltfOf(picture), picture],
  mobipocket: [() => mobipocketOf([picture]), picture],
  'dos-eps': [() => epsOf(tiffPicture), tiffPicture],
  yenc: [() => yencOf('a.jpg', picture), picture],
}

/** Told by the name or the place of the file, not by its content. */
const TOLD_BY_PLACE = new Set(['pixel-thumbnails', 'signal-database', 'sqlcipher-database', 'ios-manifest'])

/** Those that say at the end that there is more which they do not read. */
const LEAVE_SOMETHING = new Set(['dos-eps'])

describe.each(EXTRACTORS.map((opener) => [opener.id, opener] as const))('the opener %s', (id, opener) => {
  it('gives what was put in, and nothing else', async () => {
    const [make, content, beside, secret] = SAMPLES[id]!
    const bytes = await make()
    const budget = new Budget({ entries: 1000, bytes: 1 << 28, ratio: 1000 }, bytes.length)
    const contents: unknown[] = []
    const taken = async () => {
      for await (const member of opener.members(
        sourceOfBuffer(bytes),
        budget,
        beside,
        opener.mediaTypes[0],
        new Keys(secret ? [secret] : []),
      ))
        if (member.read) contents.push(await wholeContent(member))
    }
    if (LEAVE_SOMETHING.has(id)) await expect(taken()).rejects.toThrow(ContainerNotBuilt)
    else await taken()
    expect(contents).toEqual([content])
  })

  it('opens a type that its sample is recognised as', async () => {
    if (TOLD_BY_PLACE.has(id)) return
    const { mediaType } = await identifyContent(await SAMPLES[id]![0]())
    expect([id, mediaType, opener.mediaTypes.includes(mediaType)]).toEqual([id, mediaType, true])
  })

  it('counts each member and its bytes against the limits', async () => {
    const [make, , beside, secret] = SAMPLES[id]!
    const bytes = await make()
    const over = async (limits: { readonly entries: number; readonly bytes: number }) => {
      const budget = new Budget({ ...limits, ratio: 1000 }, bytes.length)
      for await (const member of opener.members(
        sourceOfBuffer(bytes),
        budget,
        beside,
        opener.mediaTypes[0],
        new Keys(secret ? [secret] : []),
      ))
        if (member.read) await wholeContent(member)
    }
    await expect(over({ entries: 0, bytes: 1 << 28 })).rejects.toThrow('over-container-limit')
    await expect(over({ entries: 1000, bytes: 3 })).rejects.toThrow('over-container-limit')
  })
})
