/** Caches that real browsers of Debian write of a site on this machine: what was sent is found in them, byte for byte. */
import { execFile } from 'node:child_process'
import { hash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { jpeg } from '../../fixtures/pictures.ts'
import { recordsOf } from '../formats/artefacts/records-of.ts'
import { CHROMIUM, HAS_CHROMIUM } from '../review/chromium.ts'
import { FIREFOX, HAS_FIREFOX } from '../review/firefox.ts'
import { listContainer } from './list-container.ts'

const run = promisify(execFile)
const small = await jpeg({ seed: 11, width: 96, height: 72 })
const large = await jpeg({ seed: 12, width: 1200, height: 900 })
const script = Buffer.from(`/*${'The ferry leaves at nine. '.repeat(900)}*/`)
const drawing = Buffer.from(
  `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><!--${script}--></svg>`,
)

const SENT: Readonly<Record<string, readonly [type: string, encoding: string | null, body: Buffer]>> = {
  '/small.jpg': ['image/jpeg', null, small],
  '/large.jpg': ['image/jpeg', null, large],
  '/br.js': ['text/javascript', 'br', brotliCompressSync(script)],
  '/deflate.js': ['text/javascript', 'deflate', deflateSync(script)],
  '/gzip.svg': ['image/svg+xml', 'gzip', gzipSync(drawing)],
}
const PAGE =
  '<img src=/small.jpg><img src=/large.jpg><img src=/gzip.svg><script src=/br.js></script><script src=/deflate.js></script>'

let folder: string
let server: Server
let site: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'seized-caches-'))
  server = createServer(({ url }, answer) => {
    const [type, encoding, body] = SENT[url ?? ''] ?? ['text/html', null, Buffer.from(PAGE)]
    const headers = { 'content-type': type, 'cache-control': 'max-age=86400' }
    answer
      .writeHead(200, encoding === null ? headers : { ...headers, 'content-encoding': encoding })
      .end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

const sha256 = (bytes: Buffer) => hash('sha256', bytes)

/** Of everything that lies in files below the folder, by name: the digests. Files of blocks are given those beside them. */
async function kept(below: string): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (const name of readdirSync(below, { recursive: true, encoding: 'utf8' })) {
    const path = join(below, name)
    if (!statSync(path).isFile()) continue
    const beside = name === 'data_1' ? others(below) : new Map()
    for (const { name, digests } of (await listContainer(readFileSync(path), undefined, '', beside)).members)
      if (digests && name.startsWith(`${site}/`) && !name.endsWith('.ico'))
        found.set(name.slice(site.length), digests.sha256)
  }
  return found
}

function others(folder: string): Map<string, Buffer> {
  return new Map(['data_0', 'data_2', 'data_3'].map((name) => [name, readFileSync(join(folder, name))]))
}

function expected(): Map<string, string> {
  return new Map([
    ['/small.jpg', sha256(small)],
    ['/large.jpg', sha256(large)],
    ['/br.js.br', sha256(SENT['/br.js']![2])],
    ['/br.js', sha256(script)],
    ['/deflate.js.deflate', sha256(SENT['/deflate.js']![2])],
    ['/deflate.js', sha256(script)],
    ['/gzip.svg.gz', sha256(SENT['/gzip.svg']![2])],
  ])
}

describe('a cache as a browser wrote it', () => {
  it.skipIf(!HAS_CHROMIUM)(
    'Chromium: pictures under their addresses, scripts also unpacked',
    async () => {
      const profile = join(folder, 'chromium')
      const args = [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        `--user-data-dir=${profile}`,
        '--virtual-time-budget=3000',
      ]
      await run(CHROMIUM, [...args, '--dump-dom', `${site}/`], { timeout: 50_000 })
      expect(await kept(join(profile, 'Default/Cache/Cache_Data'))).toEqual(expected())
    },
    180_000,
  )

  it.skipIf(!HAS_CHROMIUM)(
    'Chromium as on Windows: the same, and a large picture is a file that a record names',
    async () => {
      const profile = join(folder, 'blocks')
      const features = [
        '--disable-features=SimpleCacheBackend',
        '--enable-features=DiskCacheBackendExperiment:backend/blockfile',
      ]
      const args = [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        ...features,
        `--user-data-dir=${profile}`,
        '--virtual-time-budget=3000',
      ]
      await run(CHROMIUM, [...args, '--dump-dom', `${site}/`], { timeout: 50_000 })
      const cache = join(profile, 'Default/Cache/Cache_Data')
      const own = expected()
      own.delete('/large.jpg')
      expect(await kept(cache)).toEqual(own)
      const { records } = recordsOf(
        'application/x-chromium-cache-blocks',
        readFileSync(join(cache, 'data_1')),
      )
      const named = records.map(({ what }) => what.params as { readonly url: string; readonly path: string })
      const { path } = named.find(({ url }) => url === `${site}/large.jpg`)!
      expect(sha256(readFileSync(join(cache, '..', path)))).toBe(sha256(large))
    },
    180_000,
  )

  it.skipIf(!HAS_FIREFOX)(
    'Firefox: the same',
    async () => {
      const profile = join(folder, 'firefox')
      mkdirSync(profile)
      const args = [
        '--headless',
        '--no-remote',
        '--profile',
        profile,
        '--screenshot',
        join(folder, 'page.png'),
      ]
      await run(FIREFOX, [...args, `${site}/`], { timeout: 50_000 })
      expect(await kept(join(profile, 'cache2/entries'))).toEqual(expected())
    },
    180_000,
  )
})
