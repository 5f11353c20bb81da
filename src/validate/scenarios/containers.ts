/** Known contents in every kind of container that is promised and can be made here, by programs other than seized. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import sevenZipModule, { type SevenZipModuleFactory } from '7z-wasm'
import { plantedMail, tarOf } from '../../../fixtures/mail.ts'
import { noise } from '../../../fixtures/pictures.ts'
import { digest } from '../exhibits/planted.ts'
import { Checks } from '../model/observation.ts'
import type { Bench, Oracle, Scenario } from '../model/scenario.ts'

const SevenZip = sevenZipModule as unknown as SevenZipModuleFactory

/** Files of one container, by name. */
type Members = Readonly<Record<string, Buffer>>
type Make = (bench: Bench, members: Members, folder: string) => Promise<Buffer | null> | Buffer | null

/** Made by 7-Zip, which also reads them here; other programs below make the formats that it cannot. */
const bySevenZip =
  (format: string, ...switches: readonly string[]): Make =>
  async (_bench, members) => {
    const module = await SevenZip({ print: () => {}, printErr: () => {} })
    module.FS.mkdir('/in')
    for (const [name, bytes] of Object.entries(members)) module.FS.writeFile(`/in/${name}`, bytes)
    module.callMain([
      ...['a', `-t${format}`, ...switches, '/out'],
      ...Object.keys(members).map((name) => `/in/${name}`),
    ])
    return Buffer.from(
      module.FS.readFile(`/${module.FS.readdir('/').find((name) => name.startsWith('out'))}`),
    )
  }

/** @param args of the program, run in the folder of the members; `OUT` is the container */
const byTool =
  (tool: Oracle, ...args: readonly string[]): Make =>
  (bench, members, folder) => {
    const out = `${folder}.made`
    const words = args.flatMap((word) =>
      word === 'MEMBERS' ? Object.keys(members) : [word.replace('OUT', out)],
    )
    if (bench.oracle(tool, words, folder) === null) return null
    if (existsSync(out)) return readFileSync(out)
    bench.deviates(`${tool} made no container`)
    return null
  }

/** A container of one member, whose packed form the program writes to its output. */
const packedBy =
  (tool: Oracle, ...args: readonly string[]): Make =>
  (bench, members, folder) => {
    const [name] = Object.keys(members)
    if (bench.oracle(tool, ['--version']) === null) return null
    const { status, stdout } = spawnSync(tool, [...args, join(folder, name!)], { maxBuffer: 1 << 28 })
    return status === 0 ? stdout : null
  }

interface Kind {
  readonly suffix: string
  readonly members: 1 | 3
  readonly make: Make
}

const many = (suffix: string, make: Make): Kind => ({ suffix, members: 3, make })
const one = (suffix: string, make: Make): Kind => ({ suffix, members: 1, make })

const KINDS: Readonly<Record<string, Kind>> = {
  '7z, LZMA2': many('.7z', bySevenZip('7z')),
  '7z, solid BZip2': many('.7z', bySevenZip('7z', '-m0=bzip2', '-ms=on')),
  '7z, PPMd': many('.7z', bySevenZip('7z', '-m0=ppmd')),
  'ZIP, Deflate64': many('.zip', bySevenZip('zip', '-mm=Deflate64')),
  'ZIP, LZMA': many('.zip', bySevenZip('zip', '-mm=LZMA')),
  'ZIP, BZip2': many('.zip', bySevenZip('zip', '-mm=BZip2')),
  'WIM, 7-Zip': many('.wim', bySevenZip('wim')),
  'ZIP, Info-ZIP': many('.zip', byTool('zip', '-q', 'OUT', 'MEMBERS')),
  'TAR, GNU': many('.tar', byTool('tar', '--format=gnu', '-cf', 'OUT', 'MEMBERS')),
  'TAR, pax': many('.tar', byTool('tar', '--format=pax', '-cf', 'OUT', 'MEMBERS')),
  'TAR, V7': many('.tar', byTool('tar', '--format=v7', '-cf', 'OUT', 'MEMBERS')),
  'ISO 9660': many('.iso', byTool('xorriso', '-as', 'mkisofs', '-quiet', '-o', 'OUT', '.')),
  'ISO 9660, Joliet, Rock Ridge': many(
    '.iso',
    byTool('xorriso', '-as', 'mkisofs', '-quiet', '-J', '-R', '-o', 'OUT', '.'),
  ),
  squashfs: many('.squashfs', byTool('mksquashfs', '.', 'OUT', '-quiet', '-no-progress')),
  'WIM, wimlib': many('.wim', byTool('wimlib-imagex', 'capture', '.', 'OUT', 'image')),
  'AR (DEB)': many('.a', byTool('ar', 'rcS', 'OUT', 'MEMBERS')),
  gzip: one('.gz', packedBy('gzip', '-c')),
  bzip2: one('.bz2', packedBy('bzip2', '-c')),
  xz: one('.xz', packedBy('xz', '-c')),
  lzma: one('.lzma', packedBy('xz', '--format=lzma', '-c')),
  Zstandard: one('.zst', packedBy('zstd', '-q', '-c')),
  'compress (.Z)': one('.Z', packedBy('compress', '-c')),
  'mail with TAR with ZIP': one('.eml', (_bench, members) => {
    const [[name, bytes]] = Object.entries(members) as [[string, Buffer]]
    return plantedMail(name, bytes).mail
  }),
  mbox: one('.mbox', (_bench, members) => {
    const [[name, bytes]] = Object.entries(members) as [[string, Buffer]]
    return Buffer.concat([
      Buffer.from('From a@sender.example Mon May  6 07:08:09 2024\n'),
      plantedMail(name, bytes).mail,
      Buffer.from('\n'),
    ])
  }),
  'backup of Android': one('.ab', (_bench, members) => {
    const [[name, bytes]] = Object.entries(members) as [[string, Buffer]]
    return Buffer.concat([
      Buffer.from('ANDROID BACKUP\n5\n1\nnone\n'),
      deflateSync(tarOf(`apps/a/f/${name}`, bytes)),
    ])
  }),
}

export const containers: Scenario = {
  id: 'containers',
  title: 'known contents in every kind of container that can be made here',
  speaksOf: ['plants-found', 'container-kinds'],
  weight: { quick: 4, full: 8 },
  async run(bench) {
    const root = bench.at('exhibit')
    mkdirSync(root)
    const planted: { readonly kind: string; readonly bytes: Buffer }[] = []
    const turns = bench.of(1, 4)
    let made = 0
    for (let turn = 0; turn < turns; turn++)
      for (const [i, [kind, { suffix, members, make }]] of Object.entries(KINDS).entries()) {
        const folder = bench.at(`in-${turn}-${i}`)
        mkdirSync(folder)
        const contents: Record<string, Buffer> = {}
        for (let m = 0; m < members; m++) {
          const seed = bench.seed * 71 + turn * 1000 + i * 10 + m
          // Noise does not pack, zeros do: both ways of a packer are taken.
          const bytes = Buffer.concat([noise(seed, 1500 + (seed % 9000)), Buffer.alloc((m % 2) * 40_000)])
          contents[`m${m}.bin`] = bytes
          writeFileSync(join(folder, `m${m}.bin`), bytes)
        }
        const container = await make(bench, contents, folder)
        if (container === null) continue
        if (turn === 0) made++
        writeFileSync(join(root, `${turn}-${i}${suffix}`), container)
        planted.push(...Object.values(contents).map((bytes) => ({ kind, bytes })))
      }
    const list = bench.at('list.txt')
    writeFileSync(list, planted.map(({ bytes }) => `${digest('sha1', bytes)}\n`).join(''))
    const ledger = bench.at('containers.sqlite')
    bench.scan(root, ledger, '--hashset', `illegal:${list}`, '--phases', 'inventory,known')
    const hits = new Set(
      bench.entries(ledger).flatMap((entry) => (entry.hits.length > 0 ? [entry.sha256] : [])),
    )
    const action = `seized scan of ${planted.length} contents in containers of ${made} kinds, made by other programs`
    const found = new Checks('plants-found', action, 'a hit on each')
    const kinds = new Checks(
      'container-kinds',
      action,
      'every member of every container of the kind is a hit',
    )
    for (const { kind, bytes } of planted)
      found.see(hits.has(digest('sha256', bytes)), () => `no hit in ${kind}`)
    for (const kind of Object.keys(KINDS)) {
      const of = planted.filter((one) => one.kind === kind)
      if (of.length > 0)
        kinds.see(
          of.every(({ bytes }) => hits.has(digest('sha256', bytes))),
          () => kind,
        )
    }
    return [found.observation, kinds.observation]
  },
}
