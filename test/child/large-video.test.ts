import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { drawVideo } from '../../fixtures/draw-video.ts'
import { jpeg } from '../../fixtures/pictures.ts'
import { byteString } from '../../src/base/byte-string.ts'
import { filePath } from '../../src/base/evidence-path.ts'
import type { Attribute, AttributeCode } from '../../src/contracts/attribute.ts'
import type { PendingRead } from '../../src/contracts/ledger.ts'
import type { EntryView } from '../../src/contracts/view.ts'
import { holdFile } from '../../src/host/held/held-file.ts'
import { runFolder } from './run-folder.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'seized-large-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const video = () =>
  drawVideo({
    width: 160,
    height: 120,
    frames: 60,
    framesPerSecond: 30,
    gop: 30,
    draw: (frame, x, y) => 128 + 60 * Math.sin(x / 9 + frame / 40) + 60 * Math.cos((x - y) / 17),
  })

describe('a video over the byte limit', () => {
  it('is looked at where it lies, and says that its digest was not computed again; a picture is not', async () => {
    const exhibit = join(folder, 'exhibit')
    mkdirSync(join(exhibit, 'sub'), { recursive: true })
    const bytes = await video()
    writeFileSync(join(exhibit, 'sub/long.mp4'), bytes)
    writeFileSync(join(exhibit, 'large.jpg'), await jpeg({ seed: 1, width: 400, height: 300 }))
    const small = await runFolder(exhibit, join(folder, 'a.sqlite'))
    const large = await runFolder(exhibit, join(folder, 'b.sqlite'), { limits: { lookBytes: 2000 } })
    const [inMemory, inPlace] = [small.get('sub/long.mp4')!, large.get('sub/long.mp4')!]
    expect(inPlace.stages['looked-at']).toEqual({ result: 'done' })
    expect(inPlace.perceptualHashes).toEqual(inMemory.perceptualHashes)
    expect(inPlace.perceptualHashes.length).toBeGreaterThan(0)
    expect(named(inPlace, 'looked-at-in-place')).toBeDefined()
    expect(named(inMemory, 'looked-at-in-place')).toBeUndefined()
    expect(large.get('large.jpg')!.stages['looked-at']).toMatchObject({ reason: 'over-byte-limit' })
  })
})

describe('a file held open', () => {
  const job = (path: string, sizeBytes: number): PendingRead => ({
    entryId: 1,
    path: filePath(Buffer.from(path)),
    sizeBytes: BigInt(sizeBytes),
    modifiedNs: null,
    device: null,
    inode: null,
    allocatedBytes: null,
  })
  const hold = (path: string, sizeBytes = 5) => holdFile(byteString(folder), job(path, sizeBytes), 5000)

  it('is the file that the inventory has, or a reason', async () => {
    writeFileSync(join(folder, 'file'), '12345')
    symlinkSync('file', join(folder, 'link'))
    symlinkSync('.', join(folder, 'folder'))
    const held = await hold('file')
    if ('result' in held) throw new Error(JSON.stringify(held))
    expect(await held.release()).toBeNull()
    expect(await hold('file', 6)).toMatchObject({ reason: 'changed-during-read' })
    expect(await hold('link')).toMatchObject({ reason: 'changed-during-read' })
    // Not through a link to a folder either.
    expect(await hold('folder/file')).toMatchObject({ result: 'not-done', reason: 'vanished' })
    expect(await hold('nowhere')).toMatchObject({ reason: 'vanished' })
  })

  it('tells when it changed while it was held', async () => {
    writeFileSync(join(folder, 'file'), '12345')
    const held = await hold('file')
    if ('result' in held) throw new Error(JSON.stringify(held))
    truncateSync(join(folder, 'file'), 3)
    expect(await held.release()).toMatchObject({ result: 'not-done', reason: 'changed-during-read' })
  })
})

function named(view: EntryView, code: AttributeCode): Attribute | undefined {
  return view.attributes.find((attribute) => attribute.code === code)
}
