import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { damagedParts } from '../../src/parts/damaged-parts.ts'
import { KNOWN_BINARIES } from '../../src/parts/known-binaries.ts'
import { listPartFiles } from '../../src/parts/part-files.ts'

const sha256 = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest('hex')

/** Compiled where it is installed. */
const MADE_HERE = /^@c4312\/blake3-native\//
/** WebAssembly inside a script. */
const HOLDS_CODE = ['libheif-js/libheif-wasm/libheif-bundle.js']

describe('binaries of packages', () => {
  it('are known by their digest, every one that takes part in a run', () => {
    const isCode = (name: string) => /\.(wasm|node|so(\.[\d.]+)?)$/.test(name) || HOLDS_CODE.includes(name)
    const rows = listPartFiles()
      .files.filter(({ name }) => isCode(name) && !MADE_HERE.test(name))
      // On other platforms the packages are others; what is WebAssembly is the same.
      .filter(
        ({ name }) => (process.platform === 'linux' && process.arch === 'x64') || !name.endsWith('.node'),
      )
      .map(({ name, path }) => {
        const [packageName] = /^(@[^/]+\/)?[^/]+/.exec(name)!
        const folder = path.slice(0, path.length - name.length + packageName.length)
        const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
        return `${sha256(readFileSync(path))}  ${version}  ${name}`
      })
    const known = [...KNOWN_BINARIES].map(([name, row]) => `${row.sha256}  ${row.version}  ${name}`)
    expect(rows.length).toBeGreaterThan(4)
    expect(rows.filter((row) => !known.includes(row))).toEqual([])
  })

  it('are damaged where the package has that version and the bytes are others, and no others are', () => {
    const folder = mkdtempSync(join(tmpdir(), 'seized-binaries-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const part = (packageName: string, version: string) => {
      const root = join(folder, packageName)
      mkdirSync(root, { recursive: true })
      writeFileSync(join(root, 'package.json'), JSON.stringify({ version }))
      return { name: `${packageName}/lib/code.wasm`, path: join(root, 'lib/code.wasm') }
    }
    const files = [
      { ...part('whole', '1.0.0'), sha256: 'a' },
      { ...part('other', '1.0.0'), sha256: 'b' },
      { ...part('@of/another', '1.0.0'), sha256: 'b' },
      { ...part('newer', '1.0.1'), sha256: 'b' },
      { ...part('not-listed', '1.0.0'), sha256: 'b' },
    ]
    const known = new Map(
      files.slice(0, 4).map(({ name }) => [name, { version: '1.0.0', sha256: 'a' }] as const),
    )
    expect(damagedParts(files, known)).toEqual(['other/lib/code.wasm', '@of/another/lib/code.wasm'])
  })
})
