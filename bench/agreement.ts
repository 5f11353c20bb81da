/**
 * Agreement of our text with independent extractors, file by file, over a folder of documents:
 * `npm run bench -- agreement FOLDER …`. What is not installed is named and left out.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fastGlob from 'fast-glob'
import { identifyContent } from '../src/formats/signatures/index.ts'
import { textExtractorFor } from '../src/formats/text/index.ts'
import { textLimits } from '../src/host/decoder/text-request.ts'
import { DEFAULT_LIMITS } from '../src/plan.ts'
import { wordsOf } from '../src/search/fold-words.ts'

export interface IndependentExtractor {
  readonly program: string
  /** Debian package that has it. */
  readonly package: string
  readonly reads: RegExp
  /** Extension that the program insists on, with its dot. */
  readonly extension: string
  readonly args: (file: string) => readonly string[]
  /** LibreOffice turns the file into this kind of OpenDocument first, and odt2txt reads that. */
  readonly through?: 'odt' | 'ods' | 'odp'
}

export const INDEPENDENT: readonly IndependentExtractor[] = [
  {
    program: 'pdftotext',
    package: 'poppler-utils',
    reads: /^application\/pdf$/,
    extension: '.pdf',
    args: (file) => ['-enc', 'UTF-8', file, '-'],
  },
  {
    program: 'antiword',
    package: 'antiword',
    reads: /^application\/msword$/,
    extension: '.doc',
    args: (file) => ['-m', 'UTF-8.txt', '-w', '0', file],
  },
  {
    program: 'catdoc',
    package: 'catdoc',
    reads: /^application\/(msword|rtf)$/,
    extension: '.doc',
    args: (file) => ['-w', '-dutf-8', file],
  },
  {
    program: 'xls2csv',
    package: 'catdoc',
    reads: /^application\/vnd\.ms-excel$/,
    extension: '.xls',
    args: (file) => ['-dutf-8', file],
  },
  {
    program: 'catppt',
    package: 'catdoc',
    reads: /^application\/vnd\.ms-powerpoint$/,
    extension: '.ppt',
    args: (file) => ['-dutf-8', file],
  },
  {
    program: 'docx2txt',
    package: 'docx2txt',
    reads: /wordprocessingml/,
    extension: '.docx',
    args: (file) => [file, '-'],
  },
  {
    program: 'odt2txt',
    package: 'odt2txt',
    reads: /opendocument\.(text|spreadsheet|presentation)$/,
    extension: '.odt',
    args: odt2txtArgs,
  },
  ...(
    [
      [/wordprocessingml/, '.docx', 'odt'],
      [/spreadsheetml/, '.xlsx', 'ods'],
      [/presentationml/, '.pptx', 'odp'],
    ] as const
  ).map(([reads, extension, through]) => ({
    program: 'odt2txt',
    package: 'odt2txt and libreoffice',
    reads,
    extension,
    args: odt2txtArgs,
    through,
  })),
]

function odt2txtArgs(file: string): readonly string[] {
  return ['--width=-1', '--encoding=UTF-8', file]
}

export function isInstalled({ program, through }: IndependentExtractor): boolean {
  return [program, ...(through ? ['soffice'] : [])].every((name) => spawnSync('which', [name]).status === 0)
}

const TIMEOUT_MS = 60_000
const MOST_BYTES = 256 << 20

/** What the program says is in there; null when it fails. */
export function independentText(extractor: IndependentExtractor, bytes: Buffer): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'seized-agreement-'))
  try {
    let file = join(folder, `sample${extractor.extension}`)
    writeFileSync(file, bytes)
    if (extractor.through) {
      spawnSync('soffice', ['--headless', '--convert-to', extractor.through, '--outdir', folder, file], {
        timeout: TIMEOUT_MS,
        stdio: 'ignore',
        env: { ...process.env, HOME: folder },
      })
      file = join(folder, `sample.${extractor.through}`)
      if (!existsSync(file)) return null
    }
    const { status, stdout } = spawnSync(extractor.program, extractor.args(file), {
      timeout: TIMEOUT_MS,
      maxBuffer: MOST_BYTES,
      stdio: ['ignore', 'pipe', 'ignore'],
      cwd: folder,
    })
    // odt2txt notes every picture and shape by its name, which is mostly the program's ("Rectangle 3").
    return status === 0 ? stdout.toString('utf8').replace(/\[-- Image: .*? --\]/g, '') : null
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export interface Agreement {
  readonly ours: number
  readonly theirs: number
  /** Words that both have, each as often as both have it. */
  readonly both: number
}

export function agreementOf(ours: string, theirs: string): Agreement {
  const counts = new Map<string, number>()
  const [ourWords, theirWords] = [wordsOf(ours), wordsOf(theirs)]
  for (const word of ourWords) counts.set(word, (counts.get(word) ?? 0) + 1)
  let both = 0
  for (const word of theirWords) {
    const left = counts.get(word) ?? 0
    if (left === 0) continue
    counts.set(word, left - 1)
    both++
  }
  return { ours: ourWords.length, theirs: theirWords.length, both }
}

/** Share of their words that we have; 1 when they have none. */
export function shareOfTheirs({ theirs, both }: Agreement): number {
  return theirs === 0 ? 1 : both / theirs
}

export async function run(folders: readonly string[] = []): Promise<void> {
  if (folders.length === 0) return console.log('No folder was named: npm run bench -- agreement FOLDER …')
  for (const extractor of INDEPENDENT) {
    if (!isInstalled(extractor))
      console.log(`${extractor.program} for ${extractor.extension}: not installed (${extractor.package})`)
  }
  const found = new Map<string, Agreement[]>()
  for (const file of await fastGlob(folders.map((folder) => `${fastGlob.escapePath(folder)}/**/*`))) {
    const bytes = readFileSync(file)
    const { mediaType } = await identifyContent(bytes)
    const peers = INDEPENDENT.filter((one) => one.reads.test(mediaType) && isInstalled(one))
    if (peers.length === 0) continue
    const ours = await ourText(mediaType, bytes)
    for (const peer of peers) {
      const theirs = independentText(peer, bytes)
      if (ours === null || theirs === null) continue
      const key = `${peer.through ? 'LibreOffice and ' : ''}${peer.program}  ${mediaType}`
      found.set(key, [...(found.get(key) ?? []), agreementOf(ours, theirs)])
    }
  }
  for (const [key, all] of [...found].sort()) {
    const shares = all.map(shareOfTheirs).sort((a, b) => a - b)
    const sum = (of: (one: Agreement) => number) => all.reduce((total, one) => total + of(one), 0)
    console.log(
      `${key}: ${all.length} files; of their words we have: median ${percent(shares[shares.length >> 1]!)}, a tenth of files below ${percent(shares[Math.floor(shares.length / 10)]!)}, all words ${percent(sum((one) => one.both) / sum((one) => one.theirs))}; words: theirs ${sum((one) => one.theirs)}, ours ${sum((one) => one.ours)}`,
    )
  }
}

async function ourText(mediaType: string, bytes: Buffer): Promise<string | null> {
  try {
    return (await textExtractorFor(mediaType)!.extract(bytes, textLimits(DEFAULT_LIMITS))).text
  } catch (error) {
    if (error instanceof Error) return null
    throw error
  }
}

function percent(share: number): string {
  // Theirs may read no word at all.
  return Number.isNaN(share) ? '–' : `${(share * 100).toFixed(1)} %`
}
