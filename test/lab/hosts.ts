/** Hosts of a made laboratory, and waiting for what they do. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { processesNaming, seized, type start } from '../e2e/seized.ts'
import type { MadeLab } from './made.ts'

/** Logins that are hosts, and give orders too, so that one configuration is enough for a test. */
export const HOSTS = ['scan1', 'scan2', 'scan3'] as const

/** Configuration of the database's owner. */
export function ownerOf(lab: MadeLab, database: string): string {
  return hostOf(lab, database, 'owner', { host: 'lab' })
}

/** @returns configuration of the owner @param logins `ROLE=NAME`; those of {@link HOSTS} are made too */
export function initLab(lab: MadeLab, database: string, logins: readonly string[] = []): string {
  const owner = ownerOf(lab, database)
  const all = [...HOSTS.flatMap((name) => [`worker=${name}`, `submit=${name}`]), ...logins]
  const run = seized(['lab', 'init', ...all.flatMap((one) => ['--login', one]), '--config', owner])
  if (run.status !== 0 || run.stderr !== '') throw new Error(run.stderr)
  return owner
}

/** Folders and a configuration of its own; the login is the host's name where the database is given as its owner reaches it. @param more of its "lab" @param top of the configuration itself */
export function hostOf(
  lab: MadeLab,
  database: string,
  name: string,
  more: object = {},
  top: object = {},
): string {
  const folder = join(lab.folder, name)
  const settings = {
    host: name,
    database:
      name === 'owner' ? database : database.replace('postgres://lab@127.', `postgres://${name}@127.`),
    ledgers: join(folder, 'ledgers'),
    collection: join(lab.folder, 'collection'),
    leaseSeconds: 4,
    graceMinutes: 30,
    ...more,
  }
  mkdirSync(settings.ledgers, { recursive: true })
  mkdirSync(settings.collection, { recursive: true })
  const config = join(folder, 'lab.json')
  const base = JSON.parse(readFileSync(lab.config, 'utf8'))
  writeFileSync(
    config,
    JSON.stringify({ ...base, ...top, heads: join(folder, 'heads.jsonl'), lab: settings }),
  )
  return config
}

export function statusOf(config: string) {
  const run = seized(['lab', 'status', '--json', '--config', config])
  if (run.status !== 0) throw new Error(run.stderr)
  return JSON.parse(run.stdout)
}

export function work(config: string, ...more: string[]): string[] {
  return ['lab', 'work', '--workers', '1', '--config', config, ...more]
}

/** A scan of a host that stands still once its ledger is there, so that none ends before a test wants it to. */
export async function heldScan(lab: MadeLab, host: string): Promise<{ readonly pid: number; goOn(): void }> {
  let pid = 0
  for (let tries = 0; pid === 0 && tries < 12_000; tries++) {
    const line = processesNaming(join(lab.folder, host, 'ledgers')).find((one) => one.includes(' scan '))
    if (line !== undefined && existsSync(/--ledger[ =](\S+)/.exec(line)?.[1] ?? '')) {
      pid = Number.parseInt(line, 10)
      process.kill(pid, 'SIGSTOP')
    } else await new Promise((resolve) => setTimeout(resolve, 10))
  }
  if (pid === 0) throw new Error(`no scan of ${host} was seen`)
  return { pid, goOn: () => void process.kill(pid, 'SIGCONT') }
}

export async function until(what: string, holds: () => boolean): Promise<void> {
  for (let i = 0; i < 1200; i++) {
    if (holds()) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`it did not come to this: ${what}`)
}

export function ended(child: ReturnType<typeof start>): Promise<number | null> {
  return new Promise((resolve) => child.on('close', resolve))
}

/** Kills every process whose command line has all of these. */
export function killNaming(...words: string[]): number {
  const lines = processesNaming(words[0]!).filter((line) => words.every((word) => line.includes(word)))
  for (const line of lines)
    try {
      process.kill(Number(line.trim().split(' ')[0]), 'SIGKILL')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  return lines.length
}

/** Says how long something took by the clock of the database; asserted where nothing else runs, `SEIZED_LAB_TIMES=1`. */
export function timed(what: string, seconds: number, limit: number): void {
  console.log(`${what}: ${seconds.toFixed(1)} s, limit ${limit} s`)
  if (process.env.SEIZED_LAB_TIMES && seconds > limit) throw new Error(`${what}: ${seconds} s`)
}
