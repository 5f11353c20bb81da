/** A cache of Chromium on Windows, of which a body lies packed in a file of its own. */
import { hash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { blockCache } from '../../fixtures/device/caches.ts'
import { exported, scanArgs, seized, temporaryFolder } from './seized.ts'

it('a body that was sent packed and has a file of its own is there unpacked, under its address, and a list finds it', () => {
  const folder = temporaryFolder()
  const cache = join(folder, 'exhibit/Cache_Data')
  mkdirSync(cache, { recursive: true })
  const noise = Array.from({ length: 700 }, (_, i) => hash('sha256', `${i}`, 'buffer'))
  const drawing = Buffer.concat([Buffer.from('<svg>'), ...noise])
  const url = 'https://example.org/lake.svg'
  const files = blockCache([{ url, body: brotliCompressSync(drawing), encoding: 'br', at: 1_600_000_000 }])
  for (const [name, bytes] of files) writeFileSync(join(cache, name), bytes)
  const list = join(folder, 'list.csv')
  writeFileSync(list, `sha256\n${hash('sha256', drawing)}\n`)
  const ledger = join(folder, 'case.sqlite')
  const asked = ['--phases', 'inventory,known']
  expect(seized(scanArgs(join(folder, 'exhibit'), ledger, [`illegal:${list}`], ...asked)).status).toBe(10)
  const hits = exported(ledger, folder).filter(({ hits }) => hits?.length > 0)
  expect(hits.map(({ path }) => path)).toEqual([`Cache_Data/data_1 » member ${url}`])
}, 180_000)
