/** The exhibit of a tutorial: a dozen harmless generated files with known answers. */
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { jpeg } from '../../../fixtures/pictures.ts'

export interface TutorialExhibit {
  readonly exhibit: string
  /** Two contents, one of them in an archive that exists twice. */
  readonly list: string
  /** SHA-256 of the listed picture that is a file of its own. */
  readonly sha256: string
  readonly hitContents: number
  /** Number of places with listed contents. */
  readonly hitPlaces: number
  readonly damaged: string
}

/** @param folder must not contain an exhibit */
export async function makeTutorialExhibit(folder: string): Promise<TutorialExhibit> {
  const exhibit = join(folder, 'exhibit')
  mkdirSync(join(exhibit, 'Pictures'), { recursive: true })
  mkdirSync(join(exhibit, 'Backup'))
  const put = (name: string, bytes: Uint8Array | string) => writeFileSync(join(exhibit, name), bytes)
  const [boat, house, tree] = await Promise.all(
    [11, 12, 13].map((seed) => jpeg({ seed, width: 320, height: 240 })),
  )
  put('Pictures/boat.jpg', boat!)
  for (const [i, seed] of [21, 22, 23].entries())
    put(`Pictures/landscape-${i + 1}.jpg`, await jpeg({ seed, width: 320, height: 240 }))
  const archive = zipSync(
    { 'house.jpg': house!, 'tree.jpg': tree! },
    { level: 0, mtime: new Date(2026, 0, 2, 3, 4, 6) },
  )
  put('Pictures/old.zip', archive)
  put('Backup/old-copy.zip', archive)
  put('notes.txt', 'The ferry leaves at nine.\n')
  put('Backup/damaged.zip', archive.subarray(0, Math.floor(archive.length * 0.6)))
  const list = join(folder, 'list.txt')
  writeFileSync(list, [boat!, house!].map((bytes) => `${sha256Of(bytes)}\n`).join(''))
  return {
    exhibit,
    list,
    sha256: sha256Of(boat!),
    hitContents: 2,
    // The cut archive begins with the same whole picture, so it counts as a place too.
    hitPlaces: 4,
    damaged: 'damaged.zip',
  }
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
