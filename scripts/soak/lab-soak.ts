/**
 * A laboratory of several hosts whose workers, scans and PostgreSQL are killed and frozen at random, whose database comes back from a
 * dump while results wait, and whose hosts change their keys. In the end each exhibit must have its own result, once.
 */
import { createPrivateKey, createPublicKey } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { seeded } from '../../fixtures/pictures.ts'
import type { Postgres } from '../../fixtures/postgres.ts'
import { fingerprintOfKey } from '../../src/lab/queue/finish.ts'
import { checkedLab } from './lab-checks.ts'
import { makeSoakLab, newKey, type SoakCase, type SoakLab, seized, undisturbed } from './lab-made.ts'
import { processesNaming, signalled, Workers } from './lab-workers.ts'

export interface SoakWishes {
  readonly exhibits: number
  readonly hosts: number
  /** Of workers, processes of scans, and PostgreSQL. */
  readonly kills: number
  /** Of workers and processes of scans, for longer than a lease. */
  readonly freezes: number
  /** Returns of the database from a dump. */
  readonly restores: number
  /** New signing keys. */
  readonly rotations: number
  readonly seed: number
}

export interface SoakReport {
  /** Faults, in words; empty: the laboratory kept its promises. */
  readonly faults: readonly string[]
  readonly facts: Readonly<Record<string, number | string>>
}

const reason = (text: string) => ['--reason', text]
const FREEZE_MS = 7_000
/** A result that waits is looked for so long; then the restore happens without one. */
const WAITING_MS = 30_000

/** @param folder empty; the caller deletes it @param say progress, for who watches */
export async function soakLab(
  folder: string,
  postgres: Postgres,
  wishes: SoakWishes,
  say: (text: string) => void,
): Promise<SoakReport> {
  const lab = makeSoakLab(folder, wishes.exhibits, wishes.hosts, (login) => postgres.url(login))
  const expected = undisturbed(lab)
  say(`${expected.size} exhibits examined undisturbed`)
  const logins = [...lab.hosts.keys()].flatMap((one) => [
    '--login',
    `worker=${one}`,
    '--login',
    `submit=${one}`,
  ])
  must(seized('lab', 'init', ...logins, '--config', lab.owner))
  const workers = new Workers(lab.hosts)
  const soak = new Soak(lab, postgres, workers, wishes, say)
  try {
    await soak.disturb()
  } finally {
    await workers.end('SIGKILL')
  }
  const { faults, facts } = await checkedLab(lab, postgres, expected)
  const bugs = workers.ended.filter((one) => !/: exit (0|2|75|130);/.test(one))
  return {
    faults: [...faults, ...bugs.map((one) => `a worker ended by itself: ${one}`)],
    facts: { ...wishes, ...soak.done, ...facts, 'workers ended by themselves': workers.ended.length },
  }
}

class Soak {
  readonly done = { kills: 0, freezes: 0, restores: 0, rotations: 0, 'results that waited at a restore': 0 }
  readonly #lab: SoakLab
  readonly #postgres: Postgres
  readonly #workers: Workers
  readonly #wishes: SoakWishes
  readonly #say: (text: string) => void
  readonly #random: () => number
  readonly #names: readonly string[]
  /** The one that a restore takes back; null: none was made since the last. */
  #dump: string | null = null

  constructor(
    lab: SoakLab,
    postgres: Postgres,
    workers: Workers,
    wishes: SoakWishes,
    say: (text: string) => void,
  ) {
    this.#lab = lab
    this.#postgres = postgres
    this.#workers = workers
    this.#wishes = wishes
    this.#say = say
    this.#random = seeded(wishes.seed)
    this.#names = [...lab.hosts.keys()]
  }

  /** Until everything that was wished for has happened, and every exhibit is finished; then the workers end in order. */
  async disturb(): Promise<void> {
    const { cases } = this.#lab
    this.#workers.keep()
    while (!this.#isOver()) {
      await wait(300 + this.#random() * 1200)
      await this.#disturbOnce()
      this.#retryFailed()
      this.#workers.keep()
      if (this.#dump === null) this.#backup()
      // Case after case, so that there is work for every kill. After the dump: lost with the restore, then submitted again, and their
      // numbers are then those of others.
      for (const [i, one] of cases.entries())
        if (this.#share() >= (0.9 * i) / cases.length && !this.#isSubmitted(one)) this.#submit(one.manifest)
    }
    await this.#workers.end('SIGTERM')
  }

  #isOver(): boolean {
    const { kills, freezes, restores, rotations } = this.#wishes
    const { done } = this
    if (done.kills < kills || done.freezes < freezes) return false
    if (done.restores < restores || done.rotations < rotations) return false
    return this.#finished() === this.#wishes.exhibits
  }

  async #disturbOnce(): Promise<void> {
    const { kills, freezes, restores, rotations } = this.#wishes
    const { done } = this
    const name = this.#names[Math.floor(this.#random() * this.#names.length)]!
    const what = this.#random()
    if (
      this.#dump !== null &&
      done.restores < restores &&
      this.#share() >= (done.restores + 1) / (restores + 1)
    )
      return this.#restore()
    if (done.rotations < rotations && what < 0.15) return this.#rotate(name)
    if (done.freezes < freezes && what < 0.3) return this.#freeze(name)
    if (done.kills < kills) return this.#kill(name)
  }

  /** How much of the killing is done, 0 to 1. */
  #share(): number {
    return this.#wishes.kills === 0 ? 1 : this.done.kills / this.#wishes.kills
  }

  async #kill(name: string): Promise<void> {
    this.done.kills++
    const what = this.#random()
    const of = what < 0.5 ? 'a worker' : what < 0.85 ? 'a process of a scan' : 'PostgreSQL'
    this.#say(`kill ${this.done.kills}: ${of}; finished: ${this.#finished()}`)
    if (what < 0.5) await this.#workers.kill(name)
    else if (what < 0.85) {
      const lines = processesNaming(join(this.#lab.folder, name, 'ledgers'))
      const line = lines[Math.floor(this.#random() * lines.length)]
      if (line !== undefined) signalled(line, 'SIGKILL')
    } else {
      await this.#postgres.kill()
      await wait(500 + this.#random() * 2000)
      await this.#postgres.start()
    }
  }

  async #freeze(name: string): Promise<void> {
    this.done.freezes++
    const scans = this.#random() < 0.3 ? processesNaming(join(this.#lab.folder, name, 'ledgers')) : []
    this.#say(`freeze ${this.done.freezes}: ${scans.length > 0 ? 'scans' : 'a worker'}`)
    for (const line of scans) signalled(line, 'SIGSTOP')
    if (scans.length === 0) this.#workers.freeze(name, true)
    await wait(FREEZE_MS)
    for (const line of scans) signalled(line, 'SIGCONT')
    if (scans.length === 0) this.#workers.freeze(name, false)
  }

  async #rotate(name: string): Promise<void> {
    const next = join(this.#lab.folder, name, 'next.key')
    if (!existsSync(next)) newKey(next)
    const config = this.#lab.hosts.get(name)!
    const { status, stderr } = seized(
      'lab',
      'rotate-key',
      next,
      ...reason('yearly, of the soak'),
      '--config',
      config,
    )
    if (status === 0) this.done.rotations++
    this.#say(`new key of ${name}: ${status === 0 ? this.done.rotations : stderr.trim()}`)
  }

  /** As the page says: the newest dump in place of the tables, `lab restored`, and what is missing is submitted again. */
  async #restore(): Promise<void> {
    const { folder, owner, hosts } = this.#lab
    await this.#postgres.kill()
    const until = Date.now() + WAITING_MS
    while (this.#waiting() === 0 && Date.now() < until) await wait(100)
    const waiting = this.#waiting()
    this.done['results that waited at a restore'] += waiting
    await this.#postgres.start()
    this.#postgres.sql('DROP SCHEMA lab CASCADE')
    this.#postgres.restore(this.#dump!)
    rmSync(this.#dump!)
    this.#dump = null
    // Hosts meet the copy before its owner has said that it is one.
    await wait(1500)
    must(seized('lab', 'restored', ...reason('drill of the soak'), '--config', owner))
    this.done.restores++
    this.#say(`restore ${this.done.restores}, with ${waiting} results waiting in ${folder}`)
    for (const name of hosts.keys()) this.#withdrawKeyOfDump(name)
  }

  /** The dump knows the key of before: the key that came since is enrolled once that one is withdrawn. */
  #withdrawKeyOfDump(name: string): void {
    const [known] = this.#postgres.sql(
      `SELECT fingerprint FROM lab.host_key WHERE host = '${name}' AND until IS NULL`,
    ).rows
    const key = createPrivateKey(readFileSync(join(this.#lab.folder, name, 'host.key')))
    if (known === undefined || known === fingerprintOfKey(createPublicKey(key))) return
    const why = reason('the dump is older than the key')
    must(seized('lab', 'host', name, '--withdraw-key', ...why, '--config', this.#lab.owner))
    this.#say(`the key of ${name} in the dump is withdrawn`)
  }

  #waiting(): number {
    return this.#names
      .map((name) => join(this.#lab.folder, name, 'ledgers/pending'))
      .flatMap((at) => (existsSync(at) ? readdirSync(at).filter((one) => one.endsWith('.json')) : [])).length
  }

  #backup(): void {
    const file = join(this.#lab.folder, `lab-${this.done.restores}.dump`)
    if (seized('lab', 'backup', file, '--config', this.#lab.owner).status === 0) this.#dump = file
  }

  #submit(manifest: string): void {
    const { status, stderr } = seized(
      'lab',
      'submit',
      manifest,
      '--config',
      this.#lab.hosts.get(this.#names[0]!)!,
    )
    if (status !== 0) this.#say(`not submitted: ${stderr.trim()}`)
  }

  #isSubmitted({ id }: SoakCase): boolean {
    const { status, rows } = this.#postgres.sql(`SELECT 1 FROM lab.exhibit WHERE case_id = '${id}' LIMIT 1`)
    return status !== 0 || rows.length > 0
  }

  /** A scan that was killed twice waits for a person, who orders it again. */
  #retryFailed(): void {
    const failed = this.#postgres.sql("SELECT id FROM lab.exhibit WHERE state IN ('failed', 'needs-person')")
    for (const id of failed.rows)
      seized('lab', 'retry', id, ...reason('killed by the soak'), '--config', this.#lab.owner)
  }

  #finished(): number {
    return Number(
      this.#postgres.sql("SELECT count(*) FROM lab.exhibit WHERE state = 'finished'").rows[0] ?? 0,
    )
  }
}

function must({ status, stderr }: { readonly status: number | null; readonly stderr: string }): void {
  if (status !== 0) throw new Error(stderr)
}
