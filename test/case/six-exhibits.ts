/**
 * A case of six exhibits made by a script: four disk images and the extractions of two telephones as ZIP, with shared
 * contents, deleted files, lists of two meanings, and chats between the telephones.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { WHATSAPP_CHATS_SCHEMA } from '../../fixtures/device/stores.ts'
import { type DiskFile, writeDiskImage } from '../../fixtures/disk-image.ts'
import { cameraJpeg, jpeg } from '../../fixtures/pictures.ts'
import { zipOf } from '../child/archives.ts'
import { scanArgs, seized } from '../e2e/seized.ts'
import { databaseOf } from '../formats/sample.ts'

export const SIX = ['LTU-01', 'LTU-02', 'LTU-03', 'LTU-04', 'LTU-05', 'LTU-06'] as const
export type SixId = (typeof SIX)[number]

export const SIX_CASE = '2026-114'
/** The telephones: LTU-05 belongs to the first number, LTU-06 to the second. */
const NUMBERS = ['37060000005', '37060000006', '37060000007'] as const
const AT = Date.UTC(2026, 9, 14, 12, 0, 0)

export const sha256Of = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

const PHONE = { make: 'Example', model: 'Phone 5', serial: 'P5-0001', software: '14' }
const CAMERA = { make: 'Example', model: 'Camera 1', serial: '4711', software: '1.0' }

/** By name: one neutral drawing each. */
async function sixPictures() {
  const drawn = (seed: number) => jpeg({ seed, width: 200, height: 150 })
  const taken = (seed: number, camera: typeof PHONE) => cameraJpeg({ seed, width: 200, height: 150 }, camera)
  return {
    listed: await drawn(11),
    listedToo: await drawn(12),
    ofInterest: await drawn(13),
    shared: await drawn(14),
    own: await drawn(15),
    taken: await taken(16, PHONE),
    card: await taken(17, CAMERA),
    deleted: await drawn(18),
  }
}

export type SixPictures = Awaited<ReturnType<typeof sixPictures>>

type WhatsAppRow = readonly [
  fromMe: 0 | 1,
  words: string | null,
  file: readonly [path: string, bytes: Buffer] | null,
]

/** A chat with one other number. */
function chatWith(other: string, rows: readonly WhatsAppRow[]): Buffer {
  const messages = rows.map(
    ([fromMe, words, file], i) =>
      `INSERT INTO message VALUES (${i + 1}, 1, ${fromMe}, 'K${i}', 0, 0, ${AT + i * 60_000}, 0, ${file ? 1 : 0}, ${words === null ? 'NULL' : `'${words}'`}, ${i});
       ${
         file === null
           ? ''
           : `INSERT INTO message_media VALUES (${i + 1}, 1, '${file[0]}', ${file[1].length}, 'image/jpeg', NULL, NULL, '${createHash('sha256').update(file[1]).digest('base64')}');`
       }`,
  )
  return databaseOf(
    WHATSAPP_CHATS_SCHEMA,
    `INSERT INTO jid VALUES (4, '${other}', 's.whatsapp.net', '${other}@s.whatsapp.net');
     INSERT INTO chat VALUES (1, 4, 0, NULL); ${messages.join('\n')}`,
  )
}

const WHATSAPP = 'data/data/com.whatsapp/databases/msgstore.db'
const MEDIA = 'data/media/0/WhatsApp/Media/WhatsApp Images'

function firstPhone(of: SixPictures): Buffer {
  return zipOf({
    'data/media/0/DCIM/Camera/IMG_20261014.jpg': of.taken,
    [`${MEDIA}/Sent/IMG-20261014-WA0001.jpg`]: of.taken,
    [`${MEDIA}/IMG-20261014-WA0002.jpg`]: of.listed,
    [WHATSAPP]: chatWith(NUMBERS[1], [
      [1, 'see you at the pond', null],
      [1, null, ['Media/WhatsApp Images/Sent/IMG-20261014-WA0001.jpg', of.taken]],
      [0, null, ['Media/WhatsApp Images/IMG-20261014-WA0002.jpg', of.listed]],
    ]),
  })
}

function secondPhone(of: SixPictures): Buffer {
  return zipOf({
    [`${MEDIA}/IMG-20261014-WA0001.jpg`]: of.taken,
    [`${MEDIA}/Sent/IMG-20261014-WA0002.jpg`]: of.listed,
    'data/media/0/Pictures/heron.jpg': of.shared,
    [WHATSAPP]: chatWith(NUMBERS[0], [
      [0, 'see you at the pond', null],
      [0, null, ['Media/WhatsApp Images/IMG-20261014-WA0001.jpg', of.taken]],
      [1, null, ['Media/WhatsApp Images/Sent/IMG-20261014-WA0002.jpg', of.listed]],
    ]),
  })
}

function disks(of: SixPictures): Readonly<Record<string, readonly (readonly DiskFile[])[]>> {
  const file = (name: string, bytes: Buffer, state: DiskFile['state'] = 'live') => ({ name, bytes, state })
  return {
    'LTU-01': [
      [
        file('PICS/ONE.JPG', of.listed),
        file('PICS/TWO.JPG', of.ofInterest),
        file('PICS/HERON.JPG', of.shared),
        file('PICS/GONE.JPG', of.deleted, 'deleted'),
      ],
      [file('COPY.JPG', of.listedToo), file('COPYTWO.JPG', of.listedToo)],
    ],
    'LTU-02': [
      [
        file('BACKUP/A.JPG', of.listed),
        file('BACKUP/B.JPG', of.shared),
        file('LETTER.TXT', Buffer.from('flour, sugar\n'.repeat(40))),
      ],
    ],
    'LTU-03': [
      [
        file('ALBUM.ZIP', zipOf({ 'x/one.jpg': of.listed, 'x/own.jpg': of.own }, 0)),
        file('HERON.JPG', of.shared),
      ],
    ],
    'LTU-04': [[file('DCIM/DSC0001.JPG', of.card), file('DCIM/DSC0002.JPG', of.taken)]],
  }
}

export interface SixExhibits {
  readonly folder: string
  readonly pictures: SixPictures
  readonly exhibit: (id: SixId) => string
  readonly ledger: (id: SixId) => string
}

/** Makes and scans them. @param more further options of each scan */
export async function scanSix(folder: string, ...more: readonly string[]): Promise<SixExhibits> {
  const pictures = await sixPictures()
  const phones: Readonly<Record<string, Buffer>> = {
    'LTU-05': firstPhone(pictures),
    'LTU-06': secondPhone(pictures),
  }
  const images = disks(pictures)
  const exhibit = (id: SixId) => join(folder, `${id}.${id in images ? 'img' : 'zip'}`)
  const ledger = (id: SixId) => join(folder, `${id}.sqlite`)
  mkdirSync(folder, { recursive: true })
  const lists = {
    illegal: join(folder, 'illegal.csv'),
    interest: join(folder, 'interest.csv'),
  }
  const rows = (...of: Buffer[]) => `sha256\n${of.map((one) => `${sha256Of(one)}\n`).join('')}`
  writeFileSync(lists.illegal, rows(pictures.listed, pictures.listedToo))
  writeFileSync(lists.interest, rows(pictures.ofInterest))
  for (const id of SIX) {
    if (id in images) writeDiskImage(exhibit(id), images[id]!)
    else writeFileSync(exhibit(id), phones[id]!)
    const args = scanArgs(
      exhibit(id),
      ledger(id),
      [`illegal:${lists.illegal}`, `interest:${lists.interest}`],
      ...['--text', '--basis', 'warrant 7/2026', '--workers', '1', ...more],
    ).map((one, i, all) =>
      all[i - 1] === '--exhibit'
        ? id
        : all[i - 1] === '--case'
          ? SIX_CASE
          : all[i - 1] === '--examiner'
            ? 'A. Example'
            : one,
    )
    const { status, stderr } = seized(args, { XDG_STATE_HOME: join(folder, 'state') })
    if (![0, 3, 10, 13].includes(status ?? -1)) throw new Error(`${id}: ${status} ${stderr}`)
  }
  return { folder, pictures, exhibit, ledger }
}
