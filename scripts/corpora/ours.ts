/** This program's answer: a scan of one sample as a process of its own, and what its export says. */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { PROGRAM_ROOT } from '../../src/base/version.ts'

export interface Answer {
  /** SHA-256 of files of the first level that were read, with a name; empty ones are left out. */
  readonly contents: ReadonlyMap<string, string>
  /** The same of all levels and states: files inside files, removed ones, streams. */
  readonly all: ReadonlyMap<string, string>
  readonly fileSystems: readonly string[]
  readonly ledger: string
  readonly code: number | null
  /** Why the run is not complete, or what it ended with. */
  readonly ending: string
}

interface Line {
  readonly path: string
  readonly kind: string
  readonly sizeBytes: number | null
  readonly sha256: string | null
  readonly steps: readonly { readonly kind: string }[]
  readonly onImage: { readonly status: string } | null
}

/** @param exhibit an image, or a folder with the sample alone */
export function examined(exhibit: string, folder: string, more: readonly string[]): Answer {
  const list = join(folder, 'list.txt')
  writeFileSync(list, `${'a'.repeat(64)}\n`)
  const ledger = join(folder, 'ledger.sqlite')
  const ran = seized([
    ...[
      'scan',
      exhibit,
      '--case',
      'CORPORA',
      '--exhibit',
      'S-1',
      '--examiner',
      'corpora',
      '--ledger',
      ledger,
    ],
    ...['--allow-writable-mount', '--progress', 'json', '--hashset', `illegal:${list}`, ...more],
  ])
  const summary = lastObject(ran.stdout)
  if (summary?.event !== 'summary')
    return {
      contents: new Map(),
      all: new Map(),
      fileSystems: [],
      ledger,
      code: ran.status,
      ending: `refused (${ran.status})`,
    }
  const out = join(folder, 'out.jsonl')
  const exported = seized(['report', ledger, '--format', 'jsonl', '--out', out])
  if (exported.status !== 0) throw new Error(`the export ended with ${exported.status}: ${exported.stderr}`)
  const lines = readFileSync(out, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Line => JSON.parse(line))
    .filter(({ sha256, sizeBytes }) => sha256 !== null && sizeBytes !== 0)
  const kindsOf = ({ steps }: Line) => steps.filter(({ kind }) => kind !== 'volume' && kind !== 'record')
  // An image is the first step of its entries; a file of a folder has one step, its members two.
  const first = lines.filter((line) => kindsOf(line).length === 2 && line.onImage?.status !== 'deleted')
  const named = (some: readonly Line[]) => new Map(some.map(({ sha256, path }) => [sha256!, path]))
  return {
    contents: named(first),
    all: named(lines),
    fileSystems: fileSystemsIn(ledger),
    ledger,
    code: ran.status,
    ending: summary.complete ? 'complete' : `not complete: ${summary.incomplete.join(', ')}`,
  }
}

export function seized(args: readonly string[]) {
  return spawnSync(process.execPath, [join(PROGRAM_ROOT, 'bin/seized.js'), ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
}

function lastObject(out: string): {
  readonly event: string
  readonly complete: boolean
  readonly incomplete: readonly string[]
} | null {
  const last = out.trim().split('\n').at(-1) ?? ''
  return last.startsWith('{') ? JSON.parse(last) : null
}

function fileSystemsIn(ledger: string): readonly string[] {
  const database = new Database(ledger, { readonly: true })
  try {
    const rows = database.prepare('SELECT file_system, uuid FROM volume').all() as Record<string, unknown>[]
    return rows.flatMap((row) =>
      typeof row.file_system === 'string' ? [`${row.file_system} ${row.uuid}`] : [],
    )
  } finally {
    database.close()
  }
}
