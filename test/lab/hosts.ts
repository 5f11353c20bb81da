/** Hosts of a made laboratory, and waiting for what they do. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { processesNaming, seized, type start } from '../e2e/seized.ts'
import type { MadeLab } from './made.ts'

/** Folders and a configuration of its own. @param more of its "lab" @param top of the configuration itself */
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
    database,
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
