/**
 * An exhibit of planted contents: some listed by one algorithm each, the others unlisted, in folders and nested
 * containers. Their digests are computed before they are written, by Node's own crypto.
 */
import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { zipSync } from 'fflate'
import { plantedMail, tarOf } from '../../../fixtures/mail.ts'
import { noise, seeded } from '../../../fixtures/pictures.ts'

const LIST_ALGORITHMS = ['md5', 'sha1', 'sha256'] as const
export type ListAlgorithm = (typeof LIST_ALGORITHMS)[number]

export interface Plant {
  readonly bytes: Buffer
  readonly sha256: string
  /** Kind of folder or container that contains it. */
  readonly holder: string
  /** Algorithm of the list that names it; null: unlisted. */
  readonly listed: ListAlgorithm | null
  /** Path below the exhibit's root, for a content that is a file of its own. */
  readonly file: string | null
}

export interface Planted {
  readonly exhibit: string
  readonly plants: readonly Plant[]
  /** Every file that was written, below the exhibit's root. */
  readonly files: readonly string[]
  /** SHA-256 of contents whose container exists twice. */
  readonly copied: readonly string[]
  /** One plain-text list for each algorithm. */
  readonly lists: Readonly<Record<ListAlgorithm, string>>
}

type Held = (name: string, bytes: Buffer) => { readonly suffix: string; readonly bytes: Buffer }

const zipped: Held = (name, bytes) => ({ suffix: '.zip', bytes: zip(name, bytes, 6) })
const HOLDERS: Readonly<Record<string, Held>> = {
  folder: (_, bytes) => ({ suffix: '', bytes }),
  zip: zipped,
  'zip, stored': (name, bytes) => ({ suffix: '.zip', bytes: zip(name, bytes, 0) }),
  'zip in zip': (name, bytes) => ({ suffix: '.zip', bytes: zip('inner.zip', zip(name, bytes, 6), 6) }),
  tar: (name, bytes) => ({ suffix: '.tar', bytes: tarOf(name, bytes) }),
  'tar.gz': (name, bytes) => ({ suffix: '.tar.gz', bytes: gzipSync(tarOf(name, bytes)) }),
  gzip: (_, bytes) => ({ suffix: '.gz', bytes: gzipSync(bytes) }),
  'zip in tar in mail': (name, bytes) => ({ suffix: '.eml', bytes: plantedMail(name, bytes).mail }),
}
export const HOLDER_NAMES: readonly string[] = Object.keys(HOLDERS)

/** @param folder gets exhibit/ and lists/; @param count plants, listed and unlisted by turns */
export function makePlanted(folder: string, seed: number, count: number): Planted {
  const exhibit = join(folder, 'exhibit')
  const random = seeded(seed)
  const plants: Plant[] = []
  const files: string[] = []
  for (let i = 0; i < count; i++) {
    const holder = HOLDER_NAMES[i % HOLDER_NAMES.length]!
    const turn = Math.floor(i / HOLDER_NAMES.length)
    const bytes = noise(seed * 100_003 + i, 200 + Math.floor(random() * 5000))
    const listed = [...LIST_ALGORITHMS, null][turn % 4]!
    const name = `item-${i}.bin`
    const held = HOLDERS[holder]!(name, bytes)
    const file = `${FOLDERS[i % FOLDERS.length]}/${name}${held.suffix}`
    mkdirSync(join(exhibit, dirname(file)), { recursive: true })
    writeFileSync(join(exhibit, file), held.bytes)
    files.push(file)
    plants.push({
      bytes,
      sha256: digest('sha256', bytes),
      holder,
      listed,
      file: held.suffix === '' ? file : null,
    })
  }
  const copied = plants.slice(1, 1 + COPIES)
  mkdirSync(join(exhibit, 'Backup'))
  for (const [i] of copied.entries()) {
    const copy = `Backup/copy-${i}`
    copyFileSync(join(exhibit, files[1 + i]!), join(exhibit, copy))
    files.push(copy)
  }
  return {
    exhibit,
    plants,
    files,
    copied: copied.map(({ sha256 }) => sha256),
    lists: writeLists(join(folder, 'lists'), plants),
  }
}

/** Of each kind of container one. */
const COPIES = HOLDER_NAMES.length - 1

const FOLDERS = ['DCIM/100CAM', 'Download', 'Users/someone/Documents', 'a b/c’d', '.hidden/.deeper']

function writeLists(folder: string, plants: readonly Plant[]): Planted['lists'] {
  mkdirSync(folder, { recursive: true })
  const list = (algorithm: ListAlgorithm) => {
    const file = join(folder, `${algorithm}.txt`)
    const lines = plants
      .filter(({ listed }) => listed === algorithm)
      .map(({ bytes }) => `${digest(algorithm, bytes)}\n`)
    writeFileSync(file, lines.join(''))
    return file
  }
  return { md5: list('md5'), sha1: list('sha1'), sha256: list('sha256') }
}

export function digest(algorithm: string, bytes: Buffer): string {
  return createHash(algorithm).update(bytes).digest('hex')
}

function zip(name: string, bytes: Buffer, level: 0 | 6): Buffer {
  return Buffer.from(zipSync({ [name]: bytes }, { level, mtime: new Date(2024, 4, 6, 7, 8, 8) }))
}

export function hashsetArgs({ lists }: Pick<Planted, 'lists'>): string[] {
  return LIST_ALGORITHMS.flatMap((algorithm) => ['--hashset', `illegal:${lists[algorithm]}`])
}
