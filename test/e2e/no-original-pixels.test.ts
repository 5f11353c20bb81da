/** Everything that a scan and its reports leave behind is searched for the pictures of the exhibit. */
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import sharp from 'sharp'
import { expect, it } from 'vitest'
import { heicFile } from '../../bench/heic-file.ts'
import { photograph } from '../../bench/pictures.ts'
import { sceneVideo } from '../../bench/scene-video.ts'
import { withThumbnail } from '../../fixtures/pictures.ts'
import { Originals } from './original-traces.ts'
import { scanArgs, seized, summaryOf, temporaryFolder } from './seized.ts'

it('leaves no original pixels in ledger, reports, logs and temporary folder, re-encoded ones neither', async () => {
  const out = temporaryFolder()
  const [exhibit, temporary, results] = ['exhibit', 'temporary', 'results'].map((name) => {
    const folder = join(out, name)
    mkdirSync(folder)
    return folder
  }) as [string, string, string]
  const originals = new Originals()
  const pictures = await grainyPictures()
  for (const [name, bytes] of Object.entries(pictures)) {
    writeFileSync(join(exhibit, name), bytes)
    originals.add(bytes)
  }
  await originals.addPixels(pictures['photo.jpg']!)
  await originals.addPixels(pictures['other.png']!)
  const list = join(out, 'list.txt')
  // Hits with previews: the most that the program ever keeps of a picture.
  writeFileSync(list, `sha256\n${Object.values(pictures).map(sha256).join('\n')}\n`)
  const ledger = join(results, 'case.sqlite')
  const env = { TMPDIR: temporary }
  const scan = seized(scanArgs(exhibit, ledger, [`illegal:${list}`], '--preview-illegal'), env)
  expect(summaryOf(scan).hits).toBe(Object.keys(pictures).length)
  const logs = [scan.stdout, scan.stderr]
  for (const format of ['html', 'jsonl', 'csv']) {
    const report = seized(
      ['report', ledger, '--format', format, '--out', join(results, `report.${format}`)],
      env,
    )
    logs.push(report.stdout, report.stderr)
  }
  expect(readdirSync(temporary)).toEqual([])
  const found: string[] = []
  for (const name of readdirSync(results))
    found.push(...(await originals.tracesIn(name, readFileSync(join(results, name)))))
  found.push(...(await originals.tracesIn('terminal and log', Buffer.from(logs.join('\n')))))
  expect(found).toEqual([])

  const { previews, largest } = blobsOf(ledger)
  expect(previews).toBe(Object.keys(pictures).length)
  expect(largest).toBeLessThanOrEqual(512)

  // The search finds what it is for: the same ledger with one small copy in it, in four ways.
  const written = readFileSync(ledger)
  const small = await sharp(pictures['photo.jpg']).resize(32, 24).jpeg({ quality: 60 }).toBuffer()
  const grey = await sharp(pictures['photo.jpg']).resize(64, 48).greyscale().raw().toBuffer()
  for (const planted of [
    pictures['photo.jpg']!.subarray(5000, 5040),
    small,
    Buffer.from(small.toString('base64')),
    grey.subarray(640, 704),
  ]) {
    const spoiled = Buffer.concat([written.subarray(0, 8192), planted, written.subarray(8192)])
    expect(await originals.tracesIn('spoiled', spoiled)).toHaveLength(1)
  }
}, 120_000)

async function grainyPictures(): Promise<Record<string, Buffer>> {
  const [one, two] = await Promise.all([photograph('1 MP', 1), photograph('1 MP', 2)])
  const sized = (width: number, height: number) => sharp(one).resize(width, height, { fit: 'fill' })
  const thumbnail = await sharp(two).resize(160, 120, { fit: 'fill' }).jpeg().toBuffer()
  const { width, height } = { width: 320, height: 240 }
  return {
    'photo.jpg': withThumbnail(await sized(800, 600).jpeg().toBuffer(), thumbnail),
    'other.png': await sharp(two).resize(400, 300, { fit: 'fill' }).png().toBuffer(),
    'messenger.webp': await sized(640, 480).webp().toBuffer(),
    'phone.heic': await heicFile(await sized(width, height).raw().toBuffer(), width, height),
    'clip.mp4': await sceneVideo({ width: 320, height: 180, seconds: 3 }),
  }
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** Previews are the only pictures; no blob is large enough for another. */
function blobsOf(path: string): { readonly previews: number; readonly largest: number } {
  const db = new Database(path, { readonly: true })
  try {
    const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all() as string[]
    let largest = 0
    for (const table of tables) {
      for (const row of db.prepare(`SELECT * FROM "${table}"`).iterate() as Iterable<
        Record<string, unknown>
      >) {
        for (const value of Object.values(row))
          if (Buffer.isBuffer(value)) largest = Math.max(largest, value.length)
      }
    }
    return { previews: db.prepare('SELECT count(*) FROM preview').pluck().get() as number, largest }
  } finally {
    db.close()
  }
}
