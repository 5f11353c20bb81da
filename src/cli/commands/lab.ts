/** `seized lab …`: a laboratory of several machines on one PostgreSQL. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { UsageError } from '../../base/errors.ts'
import { printText } from '../../base/evidence-path.ts'
import { EXIT } from '../../base/exit-codes.ts'
import { type HostConfig, type LabConfig, readHostConfig } from '../../lab/manifest/host-config.ts'
import { readManifest } from '../../lab/manifest/manifest.ts'
import { Database, DatabaseAway } from '../../lab/queue/database.ts'
import { initLab } from '../../lab/queue/init.ts'
import { restoredLab } from '../../lab/queue/restored.ts'
import { stateClassOf } from '../../lab/queue/sql-states.ts'
import { type LabStatus, labStatus } from '../../lab/queue/status.ts'
import { submitManifest } from '../../lab/queue/submit.ts'
import { statusLines } from '../../lab/status/lines.ts'
import { serveMetrics } from '../../lab/status/metrics.ts'
import { notify } from '../../lab/status/notify.ts'
import { statusPages } from '../../lab/status/page.ts'
import { LAB_WORDS } from '../../lab/status/words.ts'
import { Worker } from '../../lab/work/worker.ts'
import type { Given } from '../arguments/option.ts'
import type { LAB_INIT, LAB_ORDER, LAB_STATUS, LAB_SUBMIT, LAB_WORK } from '../arguments/options-table.ts'
import { pauseOnSignals } from '../services/pause.ts'

export type WithLab = HostConfig & { readonly lab: LabConfig }

export function readLabConfig(file: string): WithLab {
  const config = readHostConfig(file)
  const { lab } = config
  if (lab === null)
    throw new UsageError(
      `${file} has no "lab": it names the database, the host and its folders (docs/guide/lab.md).`,
    )
  return { ...config, lab }
}

export async function withDatabase<T>(
  file: string,
  work: (database: Database, config: WithLab) => Promise<T>,
): Promise<T> {
  const config = readLabConfig(file)
  const database = await Database.of(config.lab)
  try {
    return await work(database, config)
  } catch (error) {
    throw inWords(error)
  } finally {
    await database.close()
  }
}

/** An error of PostgreSQL concerns rights, set-up or the order; it is reported in PostgreSQL's own words. */
function inWords(error: unknown): unknown {
  const { code = '', message } = error as { code?: string; message: string }
  const meaning = stateClassOf(error)?.meaning
  if (error instanceof UsageError || error instanceof DatabaseAway || meaning === undefined) return error
  if (meaning === 'order' || code.startsWith('LB')) return new UsageError(`${message}.`, { cause: error })
  if (code === '42501')
    return new UsageError(`The database refuses that to this login: ${message}.`, { cause: error })
  if (/^28/.test(code))
    return new UsageError(`The database does not let this login in: ${message}.`, { cause: error })
  if (meaning === 'closed')
    return new UsageError(
      `The database holds no laboratory of this version yet (${message}): seized lab init, as its owner.`,
      { cause: error },
    )
  return error
}

export function init(_: readonly string[], given: Given<typeof LAB_INIT>): Promise<number> {
  return withDatabase(given.config, async (database) => {
    const made = await initLab(database, given.login)
    process.stdout.write(made.length === 0 ? 'Nothing to do.\n' : `Made: ${made.join(', ')}\n`)
    return EXIT.complete
  })
}

export function restored(_: readonly string[], given: Given<typeof LAB_ORDER>): Promise<number> {
  return withDatabase(given.config, async (database) => {
    const { lab, lost } = await restoredLab(database, given.reason)
    process.stdout.write(
      `The laboratory is ${lab} from now on. Attempts that were at work in the dump, and are over: ${lost}.\n`,
    )
    return EXIT.complete
  })
}

export async function submit([file]: readonly string[], given: Given<typeof LAB_SUBMIT>): Promise<number> {
  if ((file === undefined || file === '') === (given.watch === undefined))
    throw new UsageError('lab submit takes a manifest, or --watch FOLDER.')
  return withDatabase(given.config, async (database, config) => {
    if (given.watch === undefined) {
      for (const { id, exhibit } of await submitManifest(database, readManifest(file!), config))
        process.stdout.write(`${id}  ${exhibit}\n`)
      return EXIT.complete
    }
    await watch(database, config, given.watch)
    return EXIT.complete
  })
}

/**
 * Watches a folder for manifests that are renamed into it. Each is accepted, or moved aside with a file that contains
 * the reason.
 */
async function watch(database: Database, config: HostConfig, folder: string): Promise<void> {
  const pausing = pauseOnSignals()
  for (const name of ['accepted', 'refused']) mkdirSync(join(folder, name), { recursive: true })
  while (!pausing.signal.aborted) {
    for (const name of readdirSync(folder).filter((one) => one.endsWith('.manifest.json'))) {
      const file = join(folder, name)
      try {
        const taken = await submitManifest(database, readManifest(file), config)
        renameSync(file, free(join(folder, 'accepted', name)))
        process.stdout.write(
          `${JSON.stringify({ event: 'accepted', manifest: name, exhibits: taken.length })}\n`,
        )
      } catch (thrown) {
        const error = inWords(thrown)
        if (!(error instanceof UsageError)) {
          if (!(error instanceof DatabaseAway)) throw error
          break
        }
        const target = free(join(folder, 'refused', name))
        renameSync(file, target)
        writeFileSync(`${target}.reason.txt`, `${printText(error.message)}\n`)
        process.stdout.write(`${JSON.stringify({ event: 'refused', manifest: basename(target) })}\n`)
      }
    }
    await sleep(1000, undefined, { signal: pausing.signal }).catch(() => {})
  }
  pausing.dispose()
}

function free(path: string): string {
  if (!existsSync(path)) return path
  for (let n = 2; ; n++) if (!existsSync(`${path}.${n}`)) return `${path}.${n}`
}

export function work(_: readonly string[], given: Given<typeof LAB_WORK>): Promise<number> {
  const pausing = pauseOnSignals()
  return withDatabase(given.config, async (database, config) => {
    const { lab } = config
    // A connection of its own, so that the watcher waits for no other work.
    const watching = await Database.of(lab)
    const metrics = lab.metricsPort === null ? null : serveMetrics(lab.metricsPort, () => labStatus(watching))
    await new Worker({
      database,
      config,
      configFile: resolve(given.config),
      jobs: given.jobs,
      workers: given.workers,
      once: given.once,
      signal: pausing.signal,
      say: (event) =>
        process.stdout.write(`${JSON.stringify({ utc: new Date().toISOString(), ...event })}\n`),
      changed: async () => {
        if (lab.statusPage === null && lab.notifyFolder === null) return
        const now = await labStatus(watching)
        if (lab.statusPage !== null) writePages(lab.statusPage, now)
        notify(lab, now)
      },
    }).work()
    metrics?.close()
    await watching.close()
    pausing.dispose()
    return pausing.signal.aborted ? EXIT.interrupted : EXIT.complete
  })
}

export function status(_: readonly string[], given: Given<typeof LAB_STATUS>): Promise<number> {
  return withDatabase(given.config, async (database) => {
    const { case: caseId = null, state = null, all, html } = given
    const now = await labStatus(database, { caseId, state, archived: all })
    if (html !== undefined) writePages(html, now)
    else if (given.json) process.stdout.write(`${JSON.stringify(now)}\n`)
    else
      process.stdout.write(
        statusLines(now, all || caseId !== null || state !== null)
          .map((line) => `${printText(line)}\n`)
          .join(''),
      )
    return EXIT.complete
  })
}

const RELOAD_S = 30

/** Pages of earlier exhibits rarely change: a page is written only where its text differs. */
function writePages(file: string, now: LabStatus): void {
  for (const [name, page] of statusPages(now, LAB_WORDS.title, RELOAD_S, basename(file))) {
    const path = join(dirname(file), name)
    if (existsSync(path) && readFileSync(path, 'utf8') === page) continue
    writeFileSync(`${path}.${process.pid}`, page)
    renameSync(`${path}.${process.pid}`, path)
  }
}
