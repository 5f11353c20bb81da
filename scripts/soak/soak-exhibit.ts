/** A small exhibit for disturbed runs, as a folder and as an image: every kind of process has work in it, for a second or two. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { zipSync } from 'fflate'
import { type DiskFile, writeDiskImage } from '../../fixtures/disk-image.ts'
import { plantedMail } from '../../fixtures/mail.ts'
import { jpeg, png } from '../../fixtures/pictures.ts'

export interface SoakExhibit {
  readonly folder: string
  readonly image: string
}

export async function makeSoakExhibit(at: string): Promise<SoakExhibit> {
  const files = await contents()
  const folder = join(at, 'exhibit')
  for (const { name, bytes } of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), bytes)
  }
  const image = join(at, 'image.dd')
  writeDiskImage(image, [files, files.slice(0, 3)])
  return { folder, image }
}

/** Names as a FAT volume has them. */
async function contents(): Promise<DiskFile[]> {
  const files: DiskFile[] = []
  const add = (name: string, bytes: Uint8Array) => files.push({ name, bytes: Buffer.from(bytes) })
  for (let i = 0; i < 3; i++)
    add(`DCIM/IMG_${i}.JPG`, await jpeg({ seed: i + 1, width: 200 + i, height: 150 }))
  for (let i = 0; i < 4; i++) add(`TEXT/NOTE${i}.TXT`, Buffer.from(`The ferry leaves at ${i}.\n`.repeat(20)))
  for (let i = 0; i < 2; i++) {
    const picture = await png({ seed: 50 + i, width: 120, height: 90 + i })
    add(`PACK/PACK${i}.ZIP`, zipSync({ 'seen.png': picture, 'letter.txt': Buffer.from(`letter ${i}`) }))
  }
  add('TEXT/MAIL.EML', plantedMail('letter.txt', Buffer.from('The train leaves at nine.\n')).mail)
  return files
}
