/** What `seized scan` says of an image, as `report --format jsonl` gives it. */
import { spawnSync } from 'node:child_process'
import { createReadStream, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { PROGRAM_ROOT } from '../../src/base/version.ts'

export interface OurEntry {
  /** In latin1, as on the volume; a stream stands behind a colon. */
  readonly path: string
  readonly kind: string
  /** Null: live. */
  readonly record: string | null
  readonly sha256: string | null
  /** Null: read. */
  readonly notRead: string | null
}

interface Line {
  readonly kind: string
  readonly sha256: string | null
  readonly steps: readonly { readonly kind: string; readonly nameBytes: string }[]
  readonly stages: { readonly read: { readonly result: string; readonly reason: string | null } }
}

export async function scanned(
  image: string,
  scratch: string,
): Promise<{ exit: number | null; entries: OurEntry[] }> {
  const ledger = join(scratch, 'compare.sqlite')
  const out = join(scratch, 'compare.jsonl')
  const made = [ledger, `${ledger}.custody.sqlite`, out]
  for (const file of made) rmSync(file, { force: true })
  const scan = seized(
    'scan',
    image,
    '--case',
    'C',
    '--exhibit',
    'E',
    '--examiner',
    'X',
    '--ledger',
    ledger,
    '--phases',
    'inventory,known',
  )
  seized('report', ledger, '--format', 'jsonl', '--out', out, '--overwrite')
  const entries: OurEntry[] = []
  for await (const text of createInterface({ input: createReadStream(out) }))
    entries.push(...entryOf(JSON.parse(text) as Line))
  spawnSync('sh', ['-c', `rm -f "$1"*`, 'sh', ledger])
  rmSync(out)
  return { exit: scan, entries }
}

function entryOf({ kind, sha256, steps, stages }: Line): OurEntry[] {
  const [, , named, ...further] = steps.map((step) => ({
    kind: step.kind,
    name: Buffer.from(step.nameBytes, 'base64').toString('latin1'),
  }))
  if (named === undefined) return []
  const stream = further.find((step) => step.kind === 'stream')
  const { result, reason } = stages.read
  return [
    {
      path: stream ? `${named.name}:${stream.name}` : named.name,
      kind,
      record: further.find((step) => step.kind === 'record')?.name ?? null,
      sha256,
      notRead: result === 'done' ? null : `${result}: ${reason}`,
    },
  ]
}

function seized(...args: readonly string[]): number | null {
  const { status, stderr } = spawnSync(process.execPath, [join(PROGRAM_ROOT, 'bin/seized.js'), ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  if (status === null || ![0, 3, 10, 13].includes(status))
    throw new Error(`seized ${args[0]} ended with ${status}: ${stderr}`)
  return status
}
