/**
 * Tests whether the processes that list and read work on this machine, on one file that the program makes itself, in a
 * folder or an archive. A fault shown here would fail every exhibit, so the exhibit is not to blame.
 */
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Broken, ProcessFailed } from '../base/errors.ts'
import { smallTar } from '../base/small-files.ts'
import type { WalkedEntry } from '../contracts/ledger.ts'
import { holdImage } from '../host/held/held-image.ts'
import { listInProcess } from '../host/lister/list-in-process.ts'
import { ReaderPool } from '../host/reader/reader-pool.ts'
import type { ReaderPoolOptions } from '../host/reader/reader-pool-options.ts'
import { walkInProcess } from '../host/walker/walk-in-process.ts'
import { pendingOf } from './pending-read.ts'

export type SourceKind = 'mount' | 'image'

/** Neither text nor a known format, so that the library of signatures is loaded and asked. */
const CONTENT = Buffer.from(Array.from({ length: 64 }, (_, i) => (i * 37 + 129) % 256))
const SHA256 = createHash('sha256').update(CONTENT).digest('hex')
const NAME = 'tried'
const STALL_MS = 30_000
/** One failure may be chance: the system may end any process at any time. */
const ATTEMPTS = 3

/** @returns the broken part, after several attempts; null: all work */
export async function trySource(kind: SourceKind): Promise<Broken | null> {
  let broken: Broken | null = null
  for (let i = 0; i < ATTEMPTS; i++) {
    broken = await inFolder((folder) => (kind === 'mount' ? tryMount(folder) : tryImage(folder)))
    if (broken === null) return null
  }
  return broken
}

async function inFolder(work: (folder: string) => Promise<Broken | null>): Promise<Broken | null> {
  const folder = mkdtempSync(join(tmpdir(), 'seized-tried-'))
  try {
    return await work(folder)
  } catch (error) {
    if (!(error instanceof ProcessFailed)) throw error
    return { process: error.process, said: error.said }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function tryMount(folder: string): Promise<Broken | null> {
  writeFileSync(join(folder, NAME), CONTENT)
  const listed: WalkedEntry[] = []
  const crashed = (how: string) => {
    throw new ProcessFailed('walk', how)
  }
  for await (const batch of walkInProcess(folder, {
    sparseLogicalBytes: 1 << 30,
    readStallMs: STALL_MS,
    crashed,
  }))
    listed.push(...batch)
  return readListed('walk', listed, { root: folder })
}

async function tryImage(folder: string): Promise<Broken | null> {
  const file = join(folder, 'tried.tar')
  writeFileSync(file, smallTar([[NAME, CONTENT]]))
  const image = holdImage(file)
  try {
    const listed: WalkedEntry[] = []
    for await (const said of listInProcess(image, NOTHING_MORE))
      if (said.kind === 'entries') listed.push(...said.entries)
    return await readListed('list', listed, { root: file, image })
  } finally {
    image.close()
  }
}

const NOTHING_MORE = {
  beginnings: null,
  remains: 'none',
  sample: null,
  sparseLogicalBytes: 1 << 30,
  readStallMs: STALL_MS,
  damage: [],
  volumes: null,
} as const

async function readListed(
  lister: Broken['process'],
  listed: readonly WalkedEntry[],
  exhibit: Pick<ReaderPoolOptions, 'root' | 'image'>,
): Promise<Broken | null> {
  const found = listed.find(({ entry }) => entry.path.bytes.toString('latin1').endsWith(NAME))
  if (!found || found.read !== null) return { process: lister, said: 'the file was not listed' }
  const readers = new ReaderPool({ ...exhibit, workers: 1, limits: { readStallMs: STALL_MS } })
  try {
    for await (const items of readers.readAll([pendingOf(found.entry, 1)])) {
      const [item] = items
      if (item?.outcome.content?.digests.sha256 === SHA256) return null
    }
    return { process: 'read', said: readers.blame.lastWords || 'the file was not read as it is' }
  } finally {
    await readers.close()
  }
}
