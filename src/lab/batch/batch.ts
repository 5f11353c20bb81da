/**
 * Examines many exhibits on one machine, in sequence or in parallel, under one budget of workers, with one outcome
 * each.
 * Run again, it continues: sealed ledgers are read, begun ones are resumed.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import { UsageError } from '../../base/errors.ts'
import type { HostConfig } from '../manifest/host-config.ts'
import { type Manifest, type ManifestExhibit, PRIORITIES } from '../manifest/manifest.ts'
import { examineExhibit } from '../scan/examine-exhibit.ts'
import { type Order, type OrderKeys, orderOf } from '../scan/order.ts'
import { type Outcome, withoutResult } from '../scan/outcome.ts'
import type { BatchOutcome } from './batch-outcome.ts'
import { OutcomesFile } from './outcomes-file.ts'
import { batchPage, type RunningExhibit } from './page.ts'

export interface BatchOptions {
  readonly manifest: Manifest
  readonly config: HostConfig
  readonly out: string
  /** Keys files, by the id of the exhibit. */
  readonly keys: ReadonlyMap<string, OrderKeys>
  /** Number of exhibits at once. */
  readonly jobs: number
  /** Workers of all exhibits together; each uses up to a gigabyte. */
  readonly workers: number
  readonly signal: AbortSignal
  /** Called with each outcome that `outcomes.jsonl` does not contain yet. */
  readonly on: (outcome: BatchOutcome) => void
  readonly env?: NodeJS.ProcessEnv
}

export interface BatchEnd {
  /** Of every exhibit. */
  readonly outcomes: readonly BatchOutcome[]
  /** Exhibits with the same outcome as in an earlier run of this batch. */
  readonly asBefore: readonly string[]
}

/** A failed exhibit gets one more attempt at the end: another exhibit may have used the memory. */
const ATTEMPTS = 2

/**
 * @throws UsageError when the folder belongs to another manifest, or the configuration lacks an item that the manifest
 *   names
 */
export async function runBatch(options: BatchOptions): Promise<BatchEnd> {
  const { manifest, config, keys, out, jobs, signal } = options
  // All orders are checked before the first exhibit begins.
  const orders = inOrder(manifest.exhibits).map((exhibit) => {
    const [order, file] = [orderOf(manifest, exhibit, config), keys.get(exhibit.id)]
    return file === undefined ? order : { ...order, keys: file }
  })
  takeFolder(out, manifest)
  const batch = new Batch(options, orders)
  batch.show()
  const waiting = orders.map((order) => ({ order, attempt: 1 }))
  const lanes = Array.from({ length: Math.min(jobs, orders.length) }, async (_, lane) => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const outcome = await batch.examine(next.order, lane, next.attempt)
      const again = next.attempt < ATTEMPTS && worthAnother(outcome) && !signal.aborted
      if (again) waiting.push({ order: next.order, attempt: next.attempt + 1 })
      else batch.ended(outcome)
    }
  })
  await Promise.all(lanes)
  return batch.end()
}

/** A full disk does not change by itself while the batch runs. */
function worthAnother({ state, code }: Outcome): boolean {
  return state === 'failed' || (state === 'try-again' && code !== 'no-room' && code !== 'disk-full')
}

/** The manifest's order within a priority. */
function inOrder(exhibits: readonly ManifestExhibit[]): ManifestExhibit[] {
  const urgency = ({ priority }: ManifestExhibit) => PRIORITIES[priority]
  return [...exhibits].sort((a, b) => urgency(b) - urgency(a))
}

function takeFolder(out: string, { text, sha256 }: Manifest): void {
  mkdirSync(out, { recursive: true })
  const copy = join(out, 'manifest.json')
  if (!existsSync(copy)) writeWhole(copy, text)
  else if (readFileSync(copy, 'utf8') !== text)
    throw new UsageError(
      `${out} holds the outcomes of another manifest (its copy is ${copy}; the SHA-256 of the one that is given begins ${sha256.slice(0, 12)}). Name another folder with --out.`,
    )
}

/** Milliseconds between two updates of a scan's progress on the page. */
const TELL_MS = 5000

class Batch {
  readonly #options: BatchOptions
  readonly #orders: readonly Order[]
  readonly #done = new Map<string, BatchOutcome>()
  readonly #running = new Map<string, RunningExhibit>()
  readonly #file: OutcomesFile
  readonly #asBefore: string[] = []
  #toldMs = Number.NEGATIVE_INFINITY

  constructor(options: BatchOptions, orders: readonly Order[]) {
    this.#options = options
    this.#orders = orders
    this.#file = new OutcomesFile(join(options.out, 'outcomes.jsonl'))
  }

  end(): BatchEnd {
    const outcomes = this.#orders.flatMap(({ exhibit }) => this.#done.get(exhibit.id) ?? [])
    return { outcomes, asBefore: this.#asBefore }
  }

  async examine(order: Order, lane: number, attempts: number): Promise<BatchOutcome> {
    const { config, jobs, workers, signal, out, env } = this.#options
    const { exhibit, caseId } = order
    const ledger = join(out, `${exhibit.id}.sqlite`)
    const share = Math.floor(workers / jobs) + (lane < workers % jobs ? 1 : 0)
    this.#running.set(exhibit.id, { since: new Date().toISOString(), progress: null })
    this.show()
    const outcome =
      exhibit.minMemoryGB * 1e9 > totalmem()
        ? withoutResult(
            'try-again',
            'machine-short',
            `It needs ${exhibit.minMemoryGB} GB of memory, which this machine does not have.`,
          )
        : await examineExhibit({
            order,
            ledger,
            workers: Math.max(1, share),
            heads: config.heads,
            minFreeBytes: config.minFreeBytes,
            stallMs: config.stallMs,
            signal,
            on: (event) => this.#heard(exhibit.id, event),
            ...(env ? { env } : {}),
          })
    this.#running.delete(exhibit.id)
    const utc = new Date().toISOString()
    return { event: 'outcome', utc, case: caseId, exhibit: exhibit.id, ledger, attempts, ...outcome }
  }

  /** Progress of a scan, from its own output; the batch does not read its ledger. */
  #heard(exhibit: string, event: Readonly<Record<string, unknown>>): void {
    const running = this.#running.get(exhibit)
    if (running === undefined || event.event !== 'progress') return
    this.#running.set(exhibit, { ...running, progress: event })
    if (performance.now() - this.#toldMs < TELL_MS) return
    this.#toldMs = performance.now()
    this.show()
  }

  ended(outcome: BatchOutcome): void {
    this.#done.set(outcome.exhibit, outcome)
    if (this.#file.says(outcome)) this.#asBefore.push(outcome.exhibit)
    else {
      // Reported even where it cannot be written: a full disk is an outcome too.
      this.#options.on(outcome)
      orFullDisk(() => this.#file.add(outcome))
    }
    this.show()
  }

  /** The page is written anew at every change; a browser that shows it reloads it. */
  show(): void {
    const { manifest, out } = this.#options
    const page = batchPage({
      manifest,
      orders: this.#orders,
      done: this.#done,
      running: this.#running,
      utc: new Date().toISOString(),
    })
    orFullDisk(() => writeWhole(join(out, 'summary.html'), page))
  }
}

function orFullDisk(write: () => void): void {
  try {
    write()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ENOSPC' && code !== 'EDQUOT') throw error
  }
}

function writeWhole(file: string, text: string): void {
  writeFileSync(`${file}.${process.pid}`, text)
  renameSync(`${file}.${process.pid}`, file)
}
