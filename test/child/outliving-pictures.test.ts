/** Pictures that programs keep for themselves, in a whole run: entries under the name that they had, matched and looked at like any. */
import { createHash, hash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { blockCache, firefoxEntry, simpleEntry } from '../../fixtures/device/caches.ts'
import { drawing, jpeg } from '../../fixtures/pictures.ts'
import type { EntryView } from '../../src/contracts/view.ts'
import { identifyContent } from '../../src/formats/signatures/index.ts'
import { mutant } from '../formats/artefacts/records-of.ts'
import { listContainer } from './list-container.ts'
import { runFolder } from './run-folder.ts'

const pictures = await Promise.all(
  [1, 2, 3, 4, 5, 6, 21, 22].map((seed) => jpeg({ seed, width: 96, height: 72 })),
)
const webp = await drawing({ seed: 7, width: 96, height: 72 }).webp().toBuffer()
const png = await drawing({ seed: 8, width: 96, height: 72 }).png().toBuffer()
const pngs = [await drawing({ seed: 23, width: 96, height: 72 }).png().toBuffer()]
const at = 1_600_000_000
const address = (name: string) => `https://example.org/${name}.jpg`
const blocks = blockCache([
  { url: address('blocks'), body: pictures[0]!, at },
  { url: address('own'), body: Buffer.concat([pictures[1]!, Buffer.alloc(20_000)]), at },
])

/** By XOR with one byte, over all of it and over the first 128 alone. */
const masked = (bytes: Buffer, most = bytes.length) =>
  Buffer.from(bytes.map((byte, i) => (i < most ? byte ^ 0x5a : byte)))
const HIDDEN: Readonly<Record<string, Buffer>> = {
  'Android/data/vault/all.bin': pictures[6]!,
  '.SystemAndroid/Data/begin.bin': pictures[7]!,
  '.SystemAndroid/Data/png.bin': pngs[0]!,
}

/** What an opener finds inside. */
const INSIDE: Readonly<Record<string, Buffer>> = {
  [`Cache/Cache_Data/data_1 » member ${address('blocks')}`]: pictures[0]!,
  [`Cache/0123456789abcdef_0 » member ${address('simple')}`]: pictures[2]!,
  ...Object.fromEntries(Object.entries(HIDDEN).map(([path, bytes]) => [`${path} » member content`, bytes])),
  [`cache2/entries/0123456789ABCDEF0123456789ABCDEF01234567 » member ${address('firefox')}`]: pictures[3]!,
}

/** Plain files under other names: Glide, Discord and Snapchat on Android, tabs of Tor Browser for Android. */
const PLAIN: Readonly<Record<string, Buffer>> = {
  'com.google.android.apps.photos/cache/glide_cache/5f0c.0': pictures[4]!,
  'com.snapchat.android/files/native_content_manager/com.snap.file_manager_3_SCContent_1/8f2a.chat.0':
    pictures[5]!,
  'com.discord/cache/image_manager_disk_cache/77aa.0': png,
  'org.torproject.torbrowser/cache/mozac_browser_thumbnails/private_thumbnails/1b2c.0': webp,
}

let folder: string
let views: Map<string, EntryView>
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'seized-outliving-'))
  const files: Readonly<Record<string, Buffer>> = {
    ...PLAIN,
    ...Object.fromEntries([...blocks].map(([name, bytes]) => [`Cache/Cache_Data/${name}`, bytes])),
    'Android/data/vault/all.bin': masked(pictures[6]!),
    '.SystemAndroid/Data/begin.bin': masked(pictures[7]!, 128),
    '.SystemAndroid/Data/png.bin': masked(pngs[0]!, 128),
    'Cache/0123456789abcdef_0': simpleEntry({ url: address('simple'), body: pictures[2]!, at }),
    'cache2/entries/0123456789ABCDEF0123456789ABCDEF01234567': firefoxEntry({
      url: address('firefox'),
      body: pictures[3]!,
      at,
    }),
  }
  for (const [name, bytes] of Object.entries(files)) {
    const path = join(folder, 'exhibit', name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, bytes)
  }
  views = await runFolder(join(folder, 'exhibit'), join(folder, 'case.sqlite'))
}, 180_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('a media type that is hidden', () => {
  it('is made out of no noise', async () => {
    for (let i = 0; i < 2000; i++) {
      const noise = createHash('shake256', { outputLength: 200 }).update(`${i}`).digest()
      expect((await identifyContent(noise)).mediaType).not.toBe('application/x-masked-media')
    }
  })

  it('survives 200 mutants', async () => {
    for (let i = 0; i < 200; i++) {
      const { result } = await listContainer(mutant(masked(pictures[6]!), i), 'application/x-masked-media')
      expect(result.result).toMatch(/^(done|not-done)$/)
    }
  })
})

describe('a picture that a program kept for itself', () => {
  it.each(Object.entries({ ...INSIDE, ...PLAIN }))('%s is read and looked at', (path, bytes) => {
    const view = views.get(path)
    expect(view?.content?.digests.sha256).toBe(hash('sha256', bytes))
    expect(view?.stages).toMatchObject({
      read: { result: 'done' },
      'looked-at': { result: 'done' },
    })
    expect(view?.perceptualHashes).toHaveLength(1)
  })

  it('leaves its container done where everything that belongs to it is there', () => {
    expect(views.get('Cache/Cache_Data/data_1')?.stages.opened).toEqual({ result: 'done' })
  })
})
