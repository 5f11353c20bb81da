/** Starts one process of each kind, as a scan does, tests it on generated data, and reports its confinement. */
import { InstallationBroken, PROCESS_DOES, type ProcessKind } from '../../base/errors.ts'
import { MODELS_DIR } from '../../base/version.ts'
import { modelUses } from '../../classify/index.ts'
import { textModelUses } from '../../classify-text/uses.ts'
import type { Confinement } from '../../host/confine/held.ts'
import { missingOf } from '../../host/confine/held.ts'
import { tools } from '../../host/confine/tools.ts'
import { JobPool } from '../../host/decoder/job-pool.ts'
import { isTried, tryChildren } from '../../host/decoder/try-children.ts'
import { DEFAULT_LIMITS } from '../../plan.ts'
import { trySource } from '../../source/try-source.ts'
import { type Check, ok, todo } from './check.ts'

/** Each operation and its configuration. */
const KINDS: readonly { readonly op: ProcessKind; readonly config?: () => object }[] = [
  { op: 'look', config: () => ({ models: modelUses(MODELS_DIR) }) },
  { op: 'open' },
  { op: 'records' },
  { op: 'text', config: () => ({ models: textModelUses(MODELS_DIR) }) },
  { op: 'reveal' },
  { op: 'typeset' },
]

const INSTALL_AGAIN = 'Install seized again; a file of it is missing or this machine lacks what it needs.'

/** Checks the processes that list and read an exhibit, on one generated file. */
export async function sources(): Promise<Check[]> {
  const checks: Check[] = []
  for (const [kind, what] of [
    ['mount', 'a mount'],
    ['image', 'an image'],
  ] as const) {
    const broken = await trySource(kind)
    checks.push(
      broken === null
        ? ok('child', `the processes that list and read ${what} work`)
        : todo(
            'child',
            `the process that ${PROCESS_DOES[broken.process]} does not work: ${broken.said}`,
            INSTALL_AGAIN,
            'tryAgain',
          ),
    )
  }
  return checks
}

export async function children(): Promise<Check[]> {
  const checks: Check[] = []
  let held: Confinement | null = null
  for (const kind of KINDS) {
    const pool = poolOf(kind)
    try {
      held = worse(held, await pool.confinement())
      const said = isTried(kind.op) ? await tryChildren(pool, kind.op, DEFAULT_LIMITS) : null
      if (said !== null) throw new InstallationBroken({ process: kind.op, said })
      checks.push(
        ok('child', `the process that ${PROCESS_DOES[kind.op]} ${isTried(kind.op) ? 'works' : 'starts'}`),
      )
    } catch (error) {
      if (!(error instanceof Error)) throw error
      checks.push(
        todo(
          'child',
          error instanceof InstallationBroken
            ? `the process that ${PROCESS_DOES[kind.op]} does not work: ${error.said}`
            : `the process that ${PROCESS_DOES[kind.op]} does not start: ${error.message}`,
          INSTALL_AGAIN,
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
    // A failed check is reported here; a scan refuses by itself.
    allowUnconfined: true,
  })
}

function worse(one: Confinement | null, other: Confinement): Confinement {
  return one !== null && one.succeeded.length >= other.succeeded.length ? one : other
}

function confinement(held: Confinement): Check {
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
