/**
 * What this program and its peers give back from a volume: digests of what they present as deleted contents, and the names that they
 * list. A peer that is not installed is said to be absent.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { LISTED_STEPS } from '../../contracts/entry.ts'
import type { Bench } from '../model/scenario.ts'
import type { VolumePlace } from './volumes.ts'

export interface Given {
  /** SHA-256 of each content that is presented as one of a deleted file, without those of no bytes. */
  readonly contents: ReadonlySet<string>
  /** SHA-256 and bytes of each content that is presented as a part of a file. */
  readonly fragments: ReadonlyMap<string, number>
  readonly deletedNames: ReadonlySet<string>
  readonly liveNames: ReadonlySet<string>
  /** False for a reader that knows no names (a carver). */
  readonly givesNames: boolean
  /** Deleted names whose contents were not asked for: they are neither right nor missed. */
  readonly leftOut: ReadonlySet<string>
}

export interface Reader {
  readonly id: string
  /** Whether names and structures of the file system are read (`metadata`), or the form of contents (`carving`). */
  readonly way: 'metadata' | 'carving'
  /** Version as the program prints it, or null where it is not installed. */
  readonly version: (bench: Bench) => string | null
  readonly read: (bench: Bench, image: string, place?: VolumePlace) => Given
  /** Asked for the carving cases alone. */
  readonly carvingAlone?: boolean
}

interface Placed {
  readonly kind: string
  readonly sha256: string | null
  readonly sizeBytes: number | null
  readonly attributes: readonly { readonly code: string }[]
  readonly steps: readonly { readonly kind: string; readonly name: string }[]
  readonly onImage: { readonly status: string } | null
}

/** Entries of the image that was scanned last: both ways of this program are one scan. */
let scanned: { readonly image: string; readonly entries: readonly Placed[] } | null = null

function entriesOf(bench: Bench, image: string): readonly Placed[] {
  if (scanned?.image === image) return scanned.entries
  const ledger = `${image}.sqlite`
  const ran = bench.scan(image, ledger, '--phases', 'inventory,known', '--remains', 'carve')
  if (![0, 3, 10, 13].includes(ran.code ?? -1))
    throw new Error(`the scan ended with ${ran.code}: ${ran.err.slice(-400)}`)
  scanned = { image, entries: bench.entries(ledger) as unknown as readonly Placed[] }
  for (const end of ['', '.jsonl', '.custody.sqlite']) rmSync(`${ledger}${end}`, { force: true })
  return scanned.entries
}

/** @param carves also counts what was found by its structure in free space */
function seizedReader(carves: boolean): Reader {
  return {
    id: carves ? 'seized --remains carve' : 'seized',
    way: carves ? 'carving' : 'metadata',
    version: (bench) => bench.seized('--version').out.trim(),
    read: (bench, image, place) => {
      const contents = new Set<string>()
      const fragments = new Map<string, number>()
      const [deletedNames, liveNames] = [new Set<string>(), new Set<string>()]
      for (const { kind, steps, sha256, sizeBytes, onImage, attributes } of entriesOf(bench, image)) {
        if (!carves && onImage?.status === 'carved') continue
        const isLive = onImage?.status === 'live'
        // What lies inside a content is no file that was deleted.
        const isInside = onImage?.status !== 'carved' && steps.some((step) => !LISTED.has(step.kind))
        if (!isLive && !isInside && sha256 !== null && sizeBytes) {
          if (attributes.some(({ code }) => code === 'fragment')) fragments.set(sha256, sizeBytes)
          else contents.add(sha256)
        }
        if (isInside) continue
        const path = steps.filter((step) => step.kind === 'file' && step.name !== '').map(({ name }) => name)
        const stream = steps.find((step) => step.kind === 'stream')
        if (path.length === 0 || !NAMED.has(kind)) continue
        const name = withoutFolder(path.join('/'), place) + (stream ? `:${stream.name}` : '')
        ;(isLive ? liveNames : deletedNames).add(name)
      }
      return { contents, fragments, deletedNames, liveNames, givesNames: true, leftOut: new Set() }
    },
  }
}

function withoutFolder(path: string, place?: VolumePlace): string {
  const folder = `${place?.folder}/`
  return place !== undefined && path.startsWith(folder) ? path.slice(folder.length) : path
}

const LISTED = new Set<string>(LISTED_STEPS)
const NAMED = new Set(['file', 'directory', 'symlink'])

/** Contents that `icat` is asked for: it is a process each, so of many deleted files an even sample. */
const MOST_ASKED = 100

/** `fls -r -p` for the names, `icat -r` for each deleted file that it does not call reallocated. */
const sleuthKit: Reader = {
  id: 'fls + icat',
  way: 'metadata',
  version: () => versionOf('fls', ['-V']),
  read: (_, image, place) => {
    const at = place ? poolOf(image, place) : []
    const contents = new Set<string>()
    const [deletedNames, liveNames] = [new Set<string>(), new Set<string>()]
    const deleted: { readonly name: string; readonly inode: string }[] = []
    for (const line of output('fls', [...at, '-r', '-p', image])
      .toString('utf8')
      .split('\n')) {
      const seen = LISTED_LINE.exec(line)
      if (!seen || seen[5]!.includes('($FILE_NAME)')) continue
      const [, type, star, inode, realloc, name] = seen
      ;(star ? deletedNames : liveNames).add(name!)
      if (star && !realloc && type!.includes('r') && inode !== '0')
        deleted.push({ name: name!, inode: inode! })
    }
    const every = Math.ceil(deleted.length / MOST_ASKED)
    const chosen = deleted.filter((_, i) => i % every === 0)
    for (const { inode } of chosen) {
      const content = output('icat', [...at, '-r', image, inode])
      if (content.length > 0) contents.add(createHash('sha256').update(content).digest('hex'))
    }
    // A name that is not listed was not left out of the sample: it stays missed.
    const leftOut = new Set(deleted.filter((_, i) => i % every !== 0).map(({ name }) => name))
    return { contents, fragments: new Map(), deletedNames, liveNames, givesNames: true, leftOut }
  },
}

/** The volume of a container, by the block that `pstat` names. */
function poolOf(image: string, { pool }: VolumePlace): string[] {
  const said = output('pstat', ['-P', pool, image]).toString('utf8')
  return ['-P', pool, '-B', /APSB Block Number: (\d+)/.exec(said)?.[1] ?? '0']
}

/** `r/r * 12-128-1(realloc):	name` */
const LISTED_LINE = /^(\S+\/\S+) (\* )?([\d-]+)(\(realloc\))?:\t(.+)$/

/** Kinds of files that carvers are asked for, by their names of them. */
const CARVED = ['jpg', 'png', 'gif', 'mov', 'riff']
const CARVED_FILE = /\.(?:jpe?g|png|gif|mp4|mov|avi)$/i

const foremost: Reader = {
  id: 'foremost',
  way: 'carving',
  carvingAlone: true,
  version: () => versionOf('foremost', ['-V']),
  read: (bench, image) => {
    const out = bench.at('foremost')
    rmSync(out, { recursive: true, force: true })
    output('foremost', ['-q', '-t', 'jpg,png,gif,mp4,mov,avi', '-o', out, image])
    const files = existsSync(out) ? readdirSync(out, { recursive: true, encoding: 'utf8' }) : []
    return {
      ...NOTHING,
      contents: digestsOf(files.filter((name) => CARVED_FILE.test(name)).map((name) => join(out, name))),
    }
  },
}

const photorec: Reader = {
  id: 'photorec',
  way: 'carving',
  version: () => versionOf('photorec', ['/version']),
  read: (bench, image) => {
    const out = bench.at('photorec')
    for (const name of readdirSync(dirname(out)))
      if (name.startsWith('photorec.')) rmSync(bench.at(name), { recursive: true, force: true })
    mkdirSync(dirname(out), { recursive: true })
    const enabled = CARVED.map((kind) => `${kind},enable`).join(',')
    const command = `partition_none,options,fileopt,everything,disable,${enabled},search`
    output('photorec', ['/log', '/d', out, '/cmd', image, command], bench.folder)
    const folders = readdirSync(dirname(out)).filter((name) => /^photorec\.\d+$/.test(name))
    const files = folders.flatMap((folder) =>
      readdirSync(bench.at(folder)).map((name) => bench.at(folder, name)),
    )
    return { ...NOTHING, contents: digestsOf(files.filter((name) => CARVED_FILE.test(name))) }
  },
}

const NOTHING = {
  ...{ contents: new Set<string>(), fragments: new Map<string, number>(), deletedNames: new Set<string>() },
  ...{ liveNames: new Set<string>(), givesNames: false, leftOut: new Set<string>() },
}

function digestsOf(files: readonly string[]): Set<string> {
  return new Set(files.map((file) => createHash('sha256').update(readFileSync(file)).digest('hex')))
}

export const READERS: readonly Reader[] = [
  seizedReader(false),
  sleuthKit,
  seizedReader(true),
  photorec,
  foremost,
]

/** Peers that this program never runs here, and why. */
export const NOT_RUN: readonly (readonly [string, string])[] = [
  ['tsk_recover', 'not run: it recovers with the same library calls as fls and icat'],
  ['scalpel', 'not run: it carves only what its configuration file is changed to name'],
]

export function output(program: string, args: readonly string[], cwd?: string, locale = 'C.UTF-8'): Buffer {
  const { status, error, stdout } = spawnSync(program, args, {
    cwd,
    maxBuffer: 1 << 30,
    timeout: 120_000,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, TERM: 'xterm', LC_ALL: locale },
  })
  if (error !== undefined) throw error
  // Peers end with 1 where a part could not be read; what they gave counts.
  return status === null ? Buffer.alloc(0) : stdout
}

export function versionOf(program: string, args: readonly string[]): string | null {
  const { error, stdout } = spawnSync(program, args, {
    encoding: 'utf8',
    env: { ...process.env, TERM: 'xterm' },
  })
  return error !== undefined
    ? null
    : (stdout
        .split('\n')
        .find((line) => /\d/.test(line))
        ?.trim() ?? '')
}
