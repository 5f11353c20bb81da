/** An installation of which one process lies, an exhibit, and what its ledger says in the end. */
import { spawnSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PROGRAM_ROOT } from '../../src/base/version.ts'
import { openLedger } from '../../src/ledger/read/read.ts'
import { verifyLedger } from '../../src/ledger/verify/verify.ts'
import { entryRecord } from '../../src/report/exchange/jsonl.ts'
import type { Result } from '../e2e/seized.ts'
import { TARGET } from './lies.mjs'

export type LyingProgram = 'image-reader' | 'image-lister' | 'reader-child' | 'walk-child'
export type Line = ReturnType<typeof entryRecord>

const BESIDE = ['liar.mjs', 'lies.mjs'] as const

/** @returns the root of an installation in which `program` lies as it is told to by {@link tellIt} */
export function lyingInstallation(root: string, program: LyingProgram): string {
  mkdirSync(root, { recursive: true })
  for (const part of ['bin', 'dist', 'package.json'])
    cpSync(realpathSync(join(PROGRAM_ROOT, part)), join(root, part), { recursive: true })
  // Nothing is written there. A hard link to each of 30,000 files would change its times, and each run beside would hash it again.
  for (const part of ['models', 'hashsets', 'node_modules'])
    symlinkSync(realpathSync(join(PROGRAM_ROOT, part)), join(root, part))
  const at = (name: string) => join(root, 'dist/program', name)
  renameSync(at(`${program}.js`), at(`honest-${program}.js`))
  for (const name of BESIDE) cpSync(fileURLToPath(new URL(name, import.meta.url)), at(name))
  writeFileSync(at(`${program}.js`), "import './liar.mjs'\n")
  return root
}

/**
 * @param lie one about {@link TARGET}, or several by the names of their files
 * @param lies where they stand among all; absent: those of the program
 */
export function tellIt(
  root: string,
  program: LyingProgram,
  lie: string | Readonly<Record<string, string>>,
  lies: string = program,
): void {
  const told = typeof lie === 'string' ? { [TARGET]: lie } : lie
  writeFileSync(join(root, 'dist/program/lie.json'), JSON.stringify({ program, lies, told }))
}

export function run(root: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Result {
  return spawnSync(process.execPath, [join(root, 'bin/seized.js'), ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
    maxBuffer: 1 << 26,
  }) as Result
}

/** The ledger with what lies beside it, at another place. */
export function copyLedger(from: string, folder: string): string {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const name of readdirSync(dirname(from)))
    if (name.startsWith(basename(from))) cpSync(join(dirname(from), name), join(folder, name))
  return join(folder, basename(from))
}

/** @returns problems that verification finds, and its entries by path, without what reading changes */
export function ledgerOf(path: string): { problems: readonly string[]; lines: Map<string, Line> } {
  const { problems, sealed } = verifyLedger(path)
  const ledger = openLedger(path)
  try {
    const lines = new Map<string, Line>()
    for (const view of ledger.entries()) {
      const line = entryRecord(view)
      lines.set(line.path, { ...line, times: { ...line.times, accessed: null } })
    }
    return { problems: sealed ? problems : ['not sealed', ...problems], lines }
  } finally {
    ledger.close()
  }
}
