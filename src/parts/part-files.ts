/**
 * Lists the files that take part in a run: the running Node, the built program, models and scales. Of every package in
 * package.json, and of its optional packages for this platform, it lists code, binaries and tables that can be loaded.
 *
 * Their own dependencies are listed only where they contain a binary; the C library belongs to the system.
 */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import fastGlob from 'fast-glob'
import { PROGRAM_ROOT } from '../base/version.ts'
import { FONT_FACES } from '../contracts/font-faces.ts'

export interface PartFile {
  /** Independent of the installation's folder: `better-sqlite3/lib/index.js`, `seized/dist/program/main.js`, `node`. */
  readonly name: string
  readonly path: string
}

export interface Listing {
  readonly files: readonly PartFile[]
  /** Folders; a changed modification time means that the list may have changed. */
  readonly folders: readonly string[]
}

const LOADED = '**/*.{js,cjs,mjs,node,wasm,so,so.*,dylib,dll,bcmap,pfb,ttf,icc}'
const HERE = `${process.platform}-${process.arch}`

/** Packages with files for other platforms or uses: only the files that a run loads. */
export const LOADED_ONLY: Readonly<Record<string, readonly string[]>> = {
  'better-sqlite3': ['lib/**/*.js', `prebuilds/{${HERE},${HERE.replace('linux-', 'linuxmusl-')}}.node`],
  eld: ['src/*.js', 'src/{entries/static.,ngrams/}small.js'],
  'libheif-js': ['libheif-wasm/libheif-bundle.js'],
  'onnxruntime-node': ['dist/**/*.js', `bin/*/${process.platform}/${process.arch}/*`],
  'pdfjs-dist': ['legacy/build/{pdf,pdf.worker}.mjs', 'cmaps/*.bcmap', 'wasm/*.wasm'],
  'node-av': ['dist/**/*.js'],
  'tesseract.js-core': ['tesseract-core-simd-lstm.{js,wasm}'],
  'zxing-wasm': [
    'dist/cjs/{share,reader/index}.js',
    'dist/cjs/package.json',
    'dist/reader/zxing_reader.wasm',
  ],
  ...fontFiles(),
}
/** Package → its font files that a PDF is set in. */
function fontFiles(): Readonly<Record<string, readonly string[]>> {
  const files: Record<string, string[]> = {}
  for (const face of FONT_FACES) {
    const [font, ...file] = face.split('/')
    const named = (files[`@expo-google-fonts/${font}`] ??= [])
    named.push(file.join('/'))
  }
  return files
}

/** Installed with a package and never loaded: node-av's transport over networks. */
const NEVER = ['werift']

export function listPartFiles(): Listing {
  const found = [
    ...filesIn('seized', PROGRAM_ROOT, [
      'bin/*.js',
      'dist/program/**/*.{js,sql}',
      'models/**/*.{onnx,json,gz}',
      'hashsets/scales/*.json',
    ]),
    ...packages().flatMap(({ name, folder }) => filesIn(name, folder, LOADED_ONLY[name] ?? [LOADED])),
  ]
  const roots = [PROGRAM_ROOT, ...packages().map(({ folder }) => folder)]
  return {
    files: [{ name: 'node', path: process.execPath }, ...found].sort((a, b) => (a.name < b.name ? -1 : 1)),
    folders: foldersOf(found, roots),
  }
}

function filesIn(name: string, folder: string, patterns: readonly string[]): PartFile[] {
  return fastGlob
    .sync([...patterns], { cwd: folder, ignore: ['**/node_modules/**', '**/*.map'] })
    .map((file) => ({ name: `${name}/${file}`, path: join(folder, file) }))
}

interface InstalledPackage {
  readonly name: string
  readonly folder: string
}

interface Description {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

/** Packages in package.json, and their optional packages, through which binaries for a platform are installed. */
function packages(): InstalledPackage[] {
  const found = new Map<string, InstalledPackage>()
  const add = (from: string, names: readonly string[]): void => {
    for (const name of names) {
      const folder = NEVER.includes(name) ? null : installed(from, name)
      if (folder === null || found.has(folder)) continue
      found.set(folder, { name, folder })
      add(folder, Object.keys(description(folder).optionalDependencies ?? {}))
    }
  }
  add(PROGRAM_ROOT, Object.keys(description(PROGRAM_ROOT).dependencies ?? {}))
  return [...found.values()]
}

function description(folder: string): Description {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
}

/** Resolved like Node: in this folder and every parent folder. */
function installed(from: string, name: string): string | null {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name)
    if (existsSync(join(candidate, 'package.json'))) return candidate
    if (folder === dirname(folder)) return null
  }
}

/** Every folder between a root and a file. */
function foldersOf(files: readonly PartFile[], roots: readonly string[]): string[] {
  const folders = new Set(roots)
  for (const { path } of files)
    for (let folder = dirname(path); !folders.has(folder); folder = dirname(folder)) folders.add(folder)
  // Other files beside package.json are no parts.
  folders.delete(PROGRAM_ROOT)
  return [...folders].sort()
}
