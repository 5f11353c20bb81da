/** Starts one process of each kind that decodes, as a scan does, and says what holds it. */
import { MODELS_DIR } from '../../base/version.ts'
import type { Confinement } from '../../children/confine/held.ts'
import { missingOf } from '../../children/confine/held.ts'
import { tools } from '../../children/confine/tools.ts'
import { JobPool } from '../../children/job-pool.ts'
import { modelUses } from '../../classify/index.ts'
import { textModelUses } from '../../classify-text/uses.ts'
import { DEFAULT_LIMITS } from '../../plan.ts'
import { type Check, ok, todo } from './check.ts'

/** Operation → what a person calls it, and what it is set up with. */
const KINDS: readonly { readonly op: string; readonly what: string; readonly config?: () => object }[] = [
  { op: 'look', what: 'looks at pictures and videos', config: () => ({ models: modelUses(MODELS_DIR) }) },
  { op: 'open', what: 'opens containers' },
  { op: 'records', what: 'reads records of the device' },
  { op: 'text', what: 'reads text', config: () => ({ models: textModelUses(MODELS_DIR) }) },
  { op: 'reveal', what: 'shows a picture in review' },
  { op: 'typeset', what: 'sets a PDF, with the fonts that are installed' },
]

export async function children(): Promise<Check[]> {
  const checks: Check[] = []
  let held: Confinement | null = null
  for (const kind of KINDS) {
    const pool = poolOf(kind)
    try {
      held = worse(held, await pool.confinement())
      checks.push(ok('child', `the process that ${kind.what} starts`))
    } catch (error) {
      if (!(error instanceof Error)) throw error
      checks.push(
        todo(
          'child',
          `the process that ${kind.what} does not start: ${error.message}`,
          'Install seized again; a file of it is missing or this machine lacks what it needs.',
          'tryAgain',
        ),
      )
    } finally {
      await pool.close()
    }
  }
  return [...checks, ...(held === null ? [] : [confinement(held)])]
}

function poolOf({ op, config }: (typeof KINDS)[number]): JobPool {
  return new JobPool({
    size: 1,
    ops: [op],
    config: config ? { [op]: config() } : {},
    dataBytes: DEFAULT_LIMITS.childDataBytes,
    cpuMs: DEFAULT_LIMITS.decodeCpuMs,
    // What is found wanting is said; a scan refuses by itself.
    allowUnconfined: true,
  })
}

function worse(one: Confinement | null, other: Confinement): Confinement {
  return one !== null && one.succeeded.length >= other.succeeded.length ? one : other
}

export function confinement(held: Confinement): Check {
  const missing = missingOf(tools())
  if (held.succeeded.length > 0 || missing.length > 0)
    return todo(
      'confinement',
      held.succeeded.length > 0
        ? `a decoding process could: ${held.succeeded.join(', ')}${missing.length > 0 ? ` (missing: ${missing.join(', ')})` : ''}`
        : `missing: ${missing.join(', ')}`,
      'Use a kernel with Landlock and seccomp, and util-linux 2.40 or later (Debian 13); until then scans need --allow-unconfined, and say so.',
    )
  const { rootDropped } = held
  return ok(
    'confinement',
    `decoding processes were refused every attempt to write, read, connect, signal and start programs${process.getuid?.() === 0 && rootDropped ? ', and gave up root' : ''}`,
  )
}
