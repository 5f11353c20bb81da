/** Caches of pictures without a described structure: pictures by their first bytes, broken ones counted, by a scan too. */
import { hash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { jpeg, png } from '../../fixtures/pictures.ts'
import { Budget, ContainerDamaged } from '../../src/formats/archives/common/container.ts'
import { pictureCache } from '../../src/formats/archives/picture-cache.ts'
import { sourceOfBuffer } from '../../src/formats/bytes/byte-source.ts'
import { identifyContent } from '../../src/formats/signatures/index.ts'
import { exported, scanArgs, seized, temporaryFolder } from '../e2e/seized.ts'
import { mutant } from '../formats/artefacts/records-of.ts'
import { pictureCacheFile } from './thumbnail-stores.ts'

const small = (seed: number) => jpeg({ seed, width: 96, height: 72 })

async function found(bytes: Buffer) {
  const names: string[] = []
  const contents: string[] = []
  const budget = new Budget({ entries: 1000, bytes: 1e8, ratio: 1000 }, bytes.length)
  let broken: unknown = 0
  try {
    for await (const { name, read } of pictureCache.members(sourceOfBuffer(bytes), budget)) {
      names.push(name.toString())
      contents.push(hash('sha256', (await read!()) as Buffer))
    }
  } catch (error) {
    if (!(error instanceof ContainerDamaged)) throw error
    broken = (error.detail.params as { readonly slots: number }).slots
  }
  return { names, contents, broken }
}

it('a cache gives each picture with its place, across the borders of what is read at once', async () => {
  const all = [await small(1), await png({ seed: 2, width: 64, height: 64 }), await small(3)]
  const far = Buffer.alloc((1 << 20) - 1, 0x20)
  const bytes = Buffer.concat([pictureCacheFile([all[0]!]), far, all[1]!, Buffer.alloc(99), all[2]!])
  expect((await identifyContent(bytes)).mediaType).toBe('application/x-picture-cache')
  const { names, contents, broken } = await found(bytes)
  expect(contents).toEqual(all.map((one) => hash('sha256', one)))
  expect(names).toEqual(all.map((one) => `picture at ${bytes.indexOf(one)}`))
  expect(broken).toBe(0)
})

it('a picture that breaks off is counted, and the next one is given', async () => {
  const [first, second] = [await small(1), await small(2)]
  const bytes = pictureCacheFile([first.subarray(0, first.length >> 1), second])
  expect(await found(bytes)).toMatchObject({ contents: [hash('sha256', second)], broken: 1 })
})

it('200 mutants of a cache throw nothing else', async () => {
  const bytes = pictureCacheFile([await small(1), await small(2)])
  for (let i = 0; i < 200; i++) await found(mutant(bytes, i))
})

it('a scan finds a listed picture in a cache of the gallery, and in one that its name alone tells', async () => {
  const folder = temporaryFolder()
  const [here, there] = [await small(11), await small(12)]
  const root = join(folder, 'exhibit/data')
  mkdirSync(root, { recursive: true })
  writeFileSync(join(root, 'imgcache.0'), pictureCacheFile([await small(10), here]))
  writeFileSync(join(root, '.thumbdata4-1763508120'), Buffer.concat([Buffer.alloc(5000, 0x07), there]))
  const list = join(folder, 'list.txt')
  writeFileSync(list, `${hash('sha256', here)}\n${hash('sha256', there)}\n`)
  const ledger = join(folder, 'a.sqlite')
  const scan = seized(
    scanArgs(join(folder, 'exhibit'), ledger, [`illegal:${list}`], '--phases', 'inventory,known'),
  )
  expect(scan.status).toBe(10)
  const hits = exported(ledger, folder).flatMap(({ path, hits: of }) => (of.length > 0 ? [path] : []))
  expect(hits.length).toBe(2)
  expect(hits.join(' ')).toContain('picture at 5000')
})
