/**
 * Hosts that analyse for a scan are killed at random moments of their work, scan after scan with 1, 2 and 4 of them. Each scan must come
 * to both digests of a scan on one host, with a ledger that verifies, and nothing may be left: no process, no file of a shard.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { clip } from '../../fixtures/clips.ts'
import { writeLookImage } from '../../fixtures/look-exhibit.ts'
import { seeded } from '../../fixtures/pictures.ts'
import { ShardFolder } from '../../src/host/shards/shard-folder.ts'
import { openLedger } from '../../src/ledger/read/read.ts'
import { BIN } from './lab-made.ts'
import { processesNaming } from './lab-workers.ts'

export interface LookWishes {
  /** Rounds of three scans, with 1, 2 and 4 hosts, go on until hosts were killed so often. */
  readonly kills: number
  readonly pictures: number
  readonly seed: number
}

export interface LookFacts {
  readonly scans: number
  /** By the number of hosts. */
  readonly killed: Readonly<Record<number, number>>
  readonly merged: number
  readonly refused: number
}

const HOSTS = [1, 2, 4]
/** Three in four hosts are killed, so that every scan also merges answers. */
const KILLED_SHARE = 0.75
/** A host answers a shard after about so long; kills fall anywhere in it. */
const SHARD_MS = 4_000
/** A minute of silence is shortened by so much: the mark of a killed host is made older. */
const OLDER_MS = 50_000

export async function soakLook(
  folder: string,
  { kills, pictures, seed }: LookWishes,
  say: (text: string) => void,
): Promise<{ readonly faults: string[]; readonly facts: LookFacts }> {
  const image = join(folder, 'image.dd')
  const small = { width: 160, height: 120, seconds: 2, framesPerSecond: 10 }
  await writeLookImage(image, pictures, { 'A.MP4': await clip(1, 'as it is', small) })
  const local = await scanned(folder, image, 'local', null)
  const random = seeded(seed)
  const faults: string[] = []
  const killed: Record<number, number> = {}
  let [scans, merged, refused, total] = [0, 0, 0, 0]
  while (total < kills || scans % HOSTS.length > 0) {
    const hosts = HOSTS[scans % HOSTS.length]!
    const name = `scan-${++scans}`
    const exchange = new ShardFolder(join(folder, name))
    let over = false
    const scan = scanned(folder, image, name, exchange.folder).finally(() => {
      over = true
    })
    const counts = await Promise.all(
      Array.from({ length: hosts }, () => lookHost(exchange, folder, random, () => over)),
    )
    const ended = await scan
    const dead = counts.reduce((sum, one) => sum + one, 0)
    killed[hosts] = (killed[hosts] ?? 0) + dead
    total += dead
    if (ended.exitCode !== local.exitCode) faults.push(`${name}: exit code ${ended.exitCode}: ${ended.said}`)
    if (ended.digests !== local.digests) faults.push(`${name}: other digests: ${ended.digests}`)
    merged += ended.merged
    refused += ended.refused
    const left = readdirSync(exchange.folder)
    if (left.length > 0) faults.push(`${name}: left in the folder: ${left.join(', ')}`)
    const verified = await ran(['verify', join(folder, `${name}.sqlite`)])
    if (verified.code !== 0) faults.push(`${name}: its ledger does not verify: ${verified.said}`)
    say(
      `${name}: ${hosts} hosts, ${dead} killed (${total} so far), ${ended.merged} answers merged, ${ended.refused} refused`,
    )
  }
  const processes = processesNaming(folder)
  if (processes.length > 0) faults.push(`processes are left: ${processes.join('; ')}`)
  if (merged === 0) faults.push('no answer of another host was merged')
  if (refused > 0) faults.push(`${refused} answers of honest hosts were refused`)
  return { faults, facts: { scans, killed, merged, refused } }
}

/** Takes one shard after the other until the scan is over. @returns how many times it was killed */
async function lookHost(
  exchange: ShardFolder,
  folder: string,
  random: () => number,
  isOver: () => boolean,
): Promise<number> {
  let killed = 0
  for (; !isOver(); await wait(20)) {
    const name = exchange.offered().find((one) => !exchange.isTaken(one))
    if (name === undefined) continue
    const file = join(exchange.folder, `${name}.shard.json`)
    const words = ['lab', 'run-one', '--shard', file, '--out', exchange.folder, '--workers', '1']
    const child = started([...words, '--config', join(folder, 'none')])
    const ended = new Promise((resolve) => child.on('close', resolve))
    if (random() < KILLED_SHARE) {
      await Promise.race([ended, wait(random() * SHARD_MS)])
      if (child.kill('SIGKILL')) killed++
      await ended
      makeOlder(join(exchange.folder, `${name}.taken`))
    }
    await ended
  }
  return killed
}

/** As if the host had been silent for longer. */
function makeOlder(mark: string): void {
  const time = new Date(Date.now() - OLDER_MS)
  try {
    utimesSync(mark, time, time)
  } catch (error) {
    // It was killed before it took the shard, or after it had answered.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

async function scanned(folder: string, image: string, name: string, exchange: string | null) {
  const ledger = join(folder, `${name}.sqlite`)
  const names = ['--case', 'soak', '--exhibit', 'E-1', '--examiner', 'soak', '--workers', '1']
  const shards = exchange === null ? [] : ['--look-shards', exchange]
  const words = ['scan', image, '--ledger', ledger, ...names, '--progress', 'json', ...shards]
  const { code, said } = await ran(words)
  const summary = JSON.parse(said.trim().split('\n').at(-1) ?? '{}')
  const reader = openLedger(ledger)
  const events = reader.events().map(({ event }) => event)
  reader.close()
  return {
    ...{
      exitCode: code,
      said: said.slice(-500),
      digests: `${summary.evidenceDigest} ${summary.analysisDigest}`,
    },
    merged: events.filter((event) => event === 'look-shard-merged').length,
    refused: events.filter((event) => event === 'look-shard-refused').length,
  }
}

function started(words: readonly string[]): ChildProcess {
  return spawn(process.execPath, [BIN, ...words], { stdio: ['ignore', 'pipe', 'pipe'] })
}

async function ran(
  words: readonly string[],
): Promise<{ readonly code: number | null; readonly said: string }> {
  const child = started(words)
  let [stdout, stderr] = ['', '']
  child.stdout?.on('data', (text) => (stdout += text))
  child.stderr?.on('data', (text) => (stderr += text))
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { code, said: stdout || stderr }
}
