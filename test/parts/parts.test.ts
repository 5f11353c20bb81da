import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
// @ts-expect-error plain JavaScript: it runs before anything is compiled
import { sourceFiles } from '../../scripts/architecture.js'
// @ts-expect-error plain JavaScript, so that it runs before anything is compiled
import { JOINED_IN } from '../../scripts/entries.js'
import { PROGRAM_ROOT } from '../../src/base/version.ts'
import { FONT_FACES } from '../../src/contracts/font-faces.ts'
import { openLedger } from '../../src/ledger/read/read.ts'
import { digestParts, type PartsDigest, rememberedParts } from '../../src/parts/digest-parts.ts'
import { type Listing, listPartFiles } from '../../src/parts/part-files.ts'

const BIN = join(PROGRAM_ROOT, 'bin/seized.js')
const sha256 = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest('hex')

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'seized-parts-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

describe('the parts of a run', () => {
  let listing: Listing
  let whole: PartsDigest
  beforeAll(async () => {
    listing = listPartFiles()
    whole = await digestParts(null)
  })

  it('hold every file with its digest, as sha256sum gives it', () => {
    const paths = listing.files.map(({ path }) => path)
    const printed = execFileSync('sha256sum', ['--', ...paths], { encoding: 'utf8' })
      .trim()
      .split('\n')
    const expected = printed.map((line, i) => `${line.slice(0, 64)}  ${listing.files[i]!.name}\n`).join('')
    expect(whole.lines).toBe(expected)
    expect(whole.sha256).toBe(sha256(expected))
    expect(whole.nodeSha256).toBe(sha256(readFileSync(process.execPath)))
    expect(whole.bytes).toBe(paths.reduce((sum, path) => sum + statSync(path).size, 0))
  })

  it('are named once each, wherever they are installed', () => {
    const names = listing.files.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(names.filter((name) => name.startsWith('/') || name.includes('..'))).toEqual([])
  })

  it('hold something of every package that the program imports, and no other is a dependency', () => {
    const imports = /(?:from |import\(|createRequire\(import\.meta\.url\)(?:\.resolve)?\()'([^'.][^']*)'/g
    const imported = (sourceFiles() as string[]).flatMap((file) =>
      [...readFileSync(join(PROGRAM_ROOT, 'src', file), 'utf8').matchAll(imports)].map(([, name]) => name!),
    )
    const { dependencies, optionalDependencies } = JSON.parse(
      readFileSync(join(PROGRAM_ROOT, 'package.json'), 'utf8'),
    )
    // The client of a laboratory's database takes no part in a run.
    const packages = new Set(
      imported
        .filter((name) => !name.startsWith('node:'))
        .map((name) => /^(@[^/]+\/)?[^/]+/.exec(name)![0])
        .filter((name) => !(name in optionalDependencies))
        // A copy of it stands in the program itself, which is a part.
        .filter((name) => !(JOINED_IN as string[]).includes(name)),
    )
    expect(packages.size).toBeGreaterThan(20)
    const listed = new Set(listing.files.map(({ name }) => /^(@[^/]+\/)?[^/]+/.exec(name)![0]))
    expect([...packages].filter((name) => !listed.has(name))).toEqual([])
    // Fonts are found by their faces, not imported.
    const fonts = FONT_FACES.map((face) => `@expo-google-fonts/${face.split('/')[0]}`)
    const names = new Set(listing.files.map(({ name }) => name))
    expect(FONT_FACES.filter((face) => !names.has(`@expo-google-fonts/${face}`))).toEqual([])
    // What the compiler imports for markup.
    expect(Object.keys(dependencies).sort()).toEqual([...new Set([...packages, 'react', ...fonts])].sort())
  })

  it('hold every library that a process maps which loads all of them', () => {
    const script = `
      const { readFileSync } = require('node:fs')
      const names = ['sharp', 'onnxruntime-node', 'node-av/lib', 'better-sqlite3', 'blake3', '@napi-rs/xattr', 'pdfjs-dist/legacy/build/pdf.mjs']
      Promise.all(names.map((name) => import(name))).then(() => {
        new (require('better-sqlite3'))(':memory:')
        console.log(readFileSync('/proc/self/maps', 'utf8'))
      })`
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], {
      cwd: PROGRAM_ROOT,
      encoding: 'utf8',
    })
    const mapped = [...new Set(stdout.match(/\/.*node_modules\/.*$/gm))]
    const listed = new Set(listing.files.map(({ path }) => realpathSync(path)))
    expect([mapped.length > 7, stderr]).toEqual([true, ''])
    expect(mapped.filter((path) => !listed.has(path))).toEqual([])
  })

  it('stand in the ledger of a run as one digest, which the program prints again', () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'exhibit'))
    writeFileSync(join(folder, 'exhibit/a.txt'), 'a')
    writeFileSync(join(folder, 'list.txt'), `${sha256('b')}\n`)
    const ledger = join(folder, 'case.sqlite')
    const words = `scan ${folder}/exhibit --case 1 --exhibit 1 --examiner E --hashset interest:${folder}/list.txt --phases inventory,known --allow-writable-mount --ledger ${ledger}`
    const env = { ...process.env, XDG_CACHE_HOME: join(folder, 'cache') }
    const run = spawnSync(process.execPath, [BIN, ...words.split(' ')], { encoding: 'utf8', env })
    expect([run.status, run.stderr.includes('seized:')]).toEqual([0, false])
    const { tool } = openLedger(ledger)
    const printed = execFileSync(process.execPath, [BIN, 'parts'])
    expect(tool).toMatchObject({
      node: process.version,
      nodeSha256: whole.nodeSha256,
      partsSha256: sha256(printed),
    })
  })
})

describe('remembered digests', () => {
  const parts = (folder: string): Listing => ({
    files: ['a', 'b'].map((name) => ({ name, path: join(folder, name) })),
    folders: [folder],
  })
  const folderOfTwo = (): string => {
    const folder = temporaryFolder()
    for (const name of ['a', 'b']) writeFileSync(join(folder, name), name)
    return folder
  }

  it.each([
    ['of another size', 'longer'],
    ['of the same size and time', 'A'],
  ])('are not used for a file %s', async (_, text) => {
    const folder = folderOfTwo()
    const cache = join(temporaryFolder(), 'deep/er/parts.json')
    const digest = () => digestParts(cache, async () => parts(folder))
    const first = await digest()
    expect(await digest()).toEqual(first)
    const { atime, mtime } = statSync(join(folder, 'a'))
    writeFileSync(join(folder, 'a'), text)
    utimesSync(join(folder, 'a'), atime, mtime)
    expect((await digest()).lines).toBe(`${sha256(text)}  a\n${sha256('b')}  b\n`)
  })

  it('are used without listing or reading again while nothing changed', async () => {
    const folder = folderOfTwo()
    const cache = join(temporaryFolder(), 'parts.json')
    let lists = 0
    const digest = () =>
      digestParts(cache, async () => {
        lists++
        return parts(folder)
      })
    await digest()
    writeFileSync(cache, readFileSync(cache, 'utf8').replaceAll(sha256('a'), sha256('remembered')))
    expect((await digest()).lines).toContain(sha256('remembered'))
    expect(lists).toBe(1)
    writeFileSync(join(folder, 'c'), 'a file more')
    await digest()
    expect(lists).toBe(2)
  })

  it('answer alone while nothing changed, and not when a file, a folder or nothing at all is as it was', async () => {
    const folder = folderOfTwo()
    const cache = join(temporaryFolder(), 'parts.json')
    expect(rememberedParts(cache)).toBeNull()
    const digest = await digestParts(cache, async () => parts(folder))
    expect(rememberedParts(cache)).toEqual(digest)
    const { atime, mtime } = statSync(join(folder, 'a'))
    writeFileSync(join(folder, 'a'), 'A')
    utimesSync(join(folder, 'a'), atime, mtime)
    expect(rememberedParts(cache)).toBeNull()
    await digestParts(cache, async () => parts(folder))
    expect(rememberedParts(cache)?.lines).toContain(sha256('A'))
    writeFileSync(join(folder, 'c'), 'a file more')
    expect(rememberedParts(cache)).toBeNull()
    rmSync(join(folder, 'b'))
    expect(rememberedParts(cache)).toBeNull()
  })

  it('may be missing, in a place that cannot be written, or nonsense', async () => {
    const folder = folderOfTwo()
    const expected = await digestParts(null, async () => parts(folder))
    const nonsense = join(temporaryFolder(), 'parts.json')
    for (const text of ['', 'null', '{}', '[1]', '{"files":1,"folders":{}}']) {
      writeFileSync(nonsense, text)
      expect([text, await digestParts(nonsense, async () => parts(folder))]).toEqual([text, expected])
    }
    expect(await digestParts(join(folder, 'a/below-a-file'), async () => parts(folder))).toEqual(expected)
  })
})
