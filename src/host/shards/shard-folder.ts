/**
 * A folder through which a scan and hosts that analyse for it exchange shards and bundles. Every file gets its name when it is whole.
 *
 * NAME.shard.json asks; NAME.taken says that a host is at work on it, while it is touched; NAME.bundle.json answers.
 */
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs'
import { join } from 'node:path'
import { errnoOf } from '../../base/errno.ts'
import { writeWhole } from './write-whole.ts'

/** A host that did not touch its mark for so long is gone. */
const TAKEN_MS = 60_000
const FILE = /^[0-9a-f]{32}-\d+\.(shard\.json|taken|bundle\.json)/

export class ShardFolder {
  readonly folder: string

  constructor(folder: string) {
    this.folder = folder
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  }

  /** Removes everything that is asked and answered here. */
  clear(): void {
    for (const name of readdirSync(this.folder).filter((one) => FILE.test(one)))
      rmSync(join(this.folder, name), { force: true })
  }

  offer(name: string, text: string): void {
    this.#write(`${name}.shard.json`, text)
  }

  /** Names of the shards that wait or are at work. */
  offered(): readonly string[] {
    return readdirSync(this.folder)
      .filter((name) => name.endsWith('.shard.json'))
      .map((name) => name.slice(0, -'.shard.json'.length))
  }

  /** @returns null where it was taken back */
  shard(name: string): string | null {
    return this.#read(`${name}.shard.json`)
  }

  /** No host begins it any more; an answer that comes is left out. */
  withdraw(name: string): void {
    for (const end of ['shard.json', 'taken', 'bundle.json'])
      rmSync(join(this.folder, `${name}.${end}`), { force: true })
  }

  /** Marks a shard for one host. @returns false where another has it */
  take(name: string): boolean {
    const file = join(this.folder, `${name}.taken`)
    try {
      closeSync(openSync(file, 'wx', 0o600))
      return true
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error
      if (this.isTaken(name)) return false
      this.touch(name)
      return true
    }
  }

  touch(name: string): void {
    const now = new Date()
    try {
      utimesSync(join(this.folder, `${name}.taken`), now, now)
    } catch (error) {
      // It was taken back.
      if (errnoOf(error) !== 'ENOENT') throw error
    }
  }

  release(name: string): void {
    rmSync(join(this.folder, `${name}.taken`), { force: true })
  }

  isTaken(name: string): boolean {
    const stat = statSync(join(this.folder, `${name}.taken`), { throwIfNoEntry: false })
    return stat !== undefined && Date.now() - stat.mtimeMs < TAKEN_MS
  }

  answer(name: string, text: string): void {
    this.#write(`${name}.bundle.json`, text)
  }

  isAnswered(name: string): boolean {
    return existsSync(join(this.folder, `${name}.bundle.json`))
  }

  /** @returns null where there is none yet, '' where it is larger than `mostBytes` */
  answerOf(name: string, mostBytes: number): string | null {
    const stat = statSync(join(this.folder, `${name}.bundle.json`), { throwIfNoEntry: false })
    if (stat === undefined) return null
    return stat.size > mostBytes ? '' : this.#read(`${name}.bundle.json`)
  }

  #read(name: string): string | null {
    try {
      return readFileSync(join(this.folder, name), 'utf8')
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') throw error
      return null
    }
  }

  #write(name: string, text: string): void {
    writeWhole(join(this.folder, name), text)
  }
}
