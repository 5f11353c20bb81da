/**
 * What databases cost in a whole run of the phases inventory and known: the same bytes hashed alone, read for records, and opened for
 * pictures too; CPU time of all processes, by turns.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PROGRAM_ROOT } from '../src/base/version.ts'
import { CpuGroup } from './cpu-time.ts'

/** Of a phone: pictures, and what applications keep, most of it small. */
const FILES = 2000
const FILE_BYTES = 400_000
/** A phone has some hundreds of databases, most of them small. */
const SMALL = 300
const ROUNDS = 2

export interface DeviceDatabases {
  readonly history: Buffer
  readonly messages: Buffer
  readonly small: Buffer
}

export function shareOfScan({ history, messages, small }: DeviceDatabases): void {
  if (!CpuGroup.possible) {
    console.log('Share of a whole scan: not measured, it needs root and control groups')
    return
  }
  const scratch = mkdtempSync(join(tmpdir(), 'seized-bench-'))
  try {
    const [opaque, real] = ['opaque', 'real'].map((name) => join(scratch, name)) as [string, string]
    for (const root of [opaque, real]) {
      mkdirSync(root)
      for (let i = 0; i < FILES; i++) writeFileSync(join(root, `${i}.bin`), noise(i))
      const put = (name: string, bytes: Buffer) => {
        const own = Buffer.from(bytes)
        // Of another type, so that it is hashed and nothing else.
        if (root === opaque) own[0] = 0xff
        writeFileSync(join(root, name), own)
      }
      put('History', history)
      put('msgstore.db', messages)
      for (let i = 0; i < SMALL; i++) {
        // So that each is a content of its own: the number of its application.
        small.writeUInt32BE(i, 68)
        put(`small-${i}.db`, small)
      }
    }
    let [hashed, records, whole] = [0, 0, 0]
    for (let round = 0; round < ROUNDS; round++) {
      hashed += scan(opaque, scratch, `hashed-${round}`, [])
      records += scan(real, scratch, `records-${round}`, ['--no-open'])
      whole += scan(real, scratch, `whole-${round}`, [])
    }
    const megabytes = (history.length + messages.length + SMALL * small.length) / 1e6
    const seconds = (sum: number) => (sum / ROUNDS).toFixed(1)
    const share = (part: number) => ((part / whole) * 100).toFixed(0)
    console.log(
      `${FILES} files of ${FILE_BYTES / 1000} kB and ${SMALL + 2} databases of ${megabytes.toFixed(0)} MB, inventory and known: ${seconds(whole)} s of CPU; hashed alone ${seconds(hashed)} s; records are ${share(records - hashed)} % of the run (${seconds(records - hashed)} s), opening for pictures ${share(whole - records)} % (${seconds(whole - records)} s)`,
    )
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

function noise(seed: number): Buffer {
  const bytes = Buffer.alloc(FILE_BYTES)
  let state = (seed * 2_654_435_761 + 1) >>> 0
  for (let at = 0; at < bytes.length; at += 4) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    bytes.writeUInt32LE(state, at)
  }
  return bytes
}

function scan(root: string, scratch: string, name: string, more: readonly string[]): number {
  const group = new CpuGroup(name)
  const ledger = join(scratch, 'case.sqlite')
  const words = ['scan', root, '--case', 'B', '--exhibit', 'B', '--examiner', 'Bench', '--ledger', ledger]
  const options = [
    '--phases',
    'inventory,known',
    '--text',
    '--basis',
    'bench',
    '--allow-writable-mount',
    '--progress',
    'json',
  ]
  const program = [join(PROGRAM_ROOT, 'bin/seized.js'), ...words, ...options, ...more]
  group.run(process.execPath, program, [0, 3, 10, 13])
  for (const end of ['', '.custody.sqlite', '.text.sqlite', '.seal.json'])
    rmSync(`${ledger}${end}`, { force: true })
  return group.end()
}
