/** Files of each kind that is carved, made here or drawn for other tests. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import sharp from 'sharp'
import { eventLogFile, sampleEvents } from '../../fixtures/device/event-log.ts'
import { type Drawing, drawVideo } from '../../fixtures/draw-video.ts'
import { zipOf } from '../child/archives.ts'
import { randomBytes, seeded } from './random.ts'
import { hasTools } from './volume.ts'

export interface CarverSample {
  /** Of the carver that must take it. */
  readonly carver: string
  readonly what: string
  readonly bytes: Buffer
  /** An earlier edition of the file ends inside it. */
  readonly hasEarlierEnd?: boolean
}

const PICTURES = fileURLToPath(new URL('../../fixtures/pictures', import.meta.url))
const DOCUMENTS = fileURLToPath(new URL('../../fixtures/documents', import.meta.url))
const SIDE = 160

export async function carverSamples(): Promise<CarverSample[]> {
  const random = seeded(3)
  const raw = sharp(randomBytes(random, SIDE * SIDE * 3), { raw: { width: SIDE, height: SIDE, channels: 3 } })
  const thumbnail = await raw.clone().resize(60).jpeg().toBuffer()
  const video = (container: NonNullable<Drawing['container']>) =>
    drawVideo({
      width: 64,
      height: 64,
      frames: 30,
      framesPerSecond: 10,
      gop: 10,
      codec: container === 'avi' ? 'mpeg4' : container === 'webm' ? 'libvpx' : 'libx264',
      container,
      draw: (frame, x, y) => (frame * 7 + x * y) & 255,
    })
  return [
    { carver: 'jpeg', what: 'baseline', bytes: await raw.clone().jpeg().toBuffer() },
    { carver: 'jpeg', what: 'progressive', bytes: await raw.clone().jpeg({ progressive: true }).toBuffer() },
    {
      carver: 'jpeg',
      what: 'with a thumbnail in its EXIF',
      bytes: withThumbnail(await raw.clone().jpeg().toBuffer(), thumbnail),
    },
    { carver: 'png', what: 'picture', bytes: await raw.clone().png().toBuffer() },
    { carver: 'gif', what: 'picture', bytes: await raw.clone().gif().toBuffer() },
    { carver: 'webp', what: 'lossy', bytes: await raw.clone().webp().toBuffer() },
    { carver: 'webp', what: 'lossless', bytes: await raw.clone().webp({ lossless: true }).toBuffer() },
    { carver: 'heic', what: 'HEIC', bytes: readFileSync(join(PICTURES, 'libheif.heic')) },
    { carver: 'heic', what: 'AVIF', bytes: readFileSync(join(PICTURES, 'libheif.avif')) },
    { carver: 'mp4', what: 'MP4', bytes: await video('mp4') },
    { carver: 'mov', what: 'QuickTime', bytes: await video('mov') },
    { carver: 'avi', what: 'AVI', bytes: await video('avi') },
    { carver: 'matroska', what: 'Matroska', bytes: await video('matroska') },
    { carver: 'matroska', what: 'WebM', bytes: await video('webm') },
    {
      carver: 'zip',
      what: 'deflated',
      bytes: zipOf({ 'a.txt': randomBytes(random, 900), 'b/c.bin': randomBytes(random, 5000) }),
    },
    { carver: 'zip', what: 'DOCX', bytes: readFileSync(join(DOCUMENTS, 'letter.docx')) },
    ...streamedZip(),
    { carver: 'sqlite', what: 'database', bytes: database() },
    { carver: 'event-log', what: 'closed log', bytes: eventLog() },
    { carver: 'event-log-chunk', what: 'chunk alone', bytes: eventLog().subarray(4096, 4096 + 65_536) },
    { carver: 'pdf', what: 'document', bytes: pdf('', '/Pages 2 0 R') },
    {
      carver: 'pdf',
      what: 'with an update appended',
      bytes: pdf(pdf('', '').toString('latin1'), '/Lang (lt)'),
      hasEarlierEnd: true,
    },
    { carver: 'bmp', what: 'bitmap', bytes: bitmap(randomBytes(random, 40 * 30 * 3)) },
  ]
}

const eventLog = () => {
  const events = sampleEvents(1_600_000_000_000)
  return eventLogFile({ chunks: [events, events] })
}

/** An APP1 segment that holds a whole JPEG: its end mark is not the file's. */
function withThumbnail(picture: Buffer, thumbnail: Buffer): Buffer {
  const header = Buffer.from([0xff, 0xe1, 0, 0, ...Buffer.from('Exif\0\0')])
  header.writeUInt16BE(8 + thumbnail.length, 2)
  return Buffer.concat([picture.subarray(0, 2), header, thumbnail, picture.subarray(2)])
}

/** Sizes behind the members, as programs write that cannot seek. */
function streamedZip(): CarverSample[] {
  if (!hasTools('zip')) return []
  const bytes = execFileSync('sh', ['-c', 'seq 1 3000 | zip -q - -'])
  return [{ carver: 'zip', what: 'streamed', bytes }]
}

function database(): Buffer {
  const db = new Database(':memory:')
  db.exec('CREATE TABLE note (text TEXT)')
  for (let n = 0; n < 500; n++) db.prepare('INSERT INTO note VALUES (?)').run(`line ${n} of some length`)
  const bytes = db.serialize()
  db.close()
  return bytes
}

/** @param before what an update is appended to */
function pdf(before: string, catalog: string): Buffer {
  const body = `${before || '%PDF-1.4\n'}1 0 obj\n<< /Type /Catalog ${catalog} >>\nendobj\n`
  const table = 'xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Root 1 0 R /Size 2 >>\nstartxref\n'
  return Buffer.from(`${body}${table}${body.length}\n%%EOF\n`, 'latin1')
}

function bitmap(pixels: Buffer): Buffer {
  const header = Buffer.alloc(54)
  header.write('BM')
  header.writeUInt32LE(54 + pixels.length, 2)
  header.writeUInt32LE(54, 10)
  header.writeUInt32LE(40, 14)
  header.writeInt32LE(40, 18)
  header.writeInt32LE(30, 22)
  header.writeUInt16LE(1, 26)
  header.writeUInt16LE(24, 28)
  return Buffer.concat([header, pixels])
}
