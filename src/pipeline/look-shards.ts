/**
 * Media analysis by other hosts: contents that wait are cut into shards and offered, and this host analyses those that no other has
 * taken, from the end of the queue.
 *
 * An answer is checked as a child's own is, and a share of it is analysed again here. What holds is kept beside the ledger until no shard
 * is left, then recorded in the order of the queue. One answer that does not hold throws away all that its host ever answered, and those
 * contents are analysed here: another host can cost time, and nothing else.
 */
import { createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import type { PendingContent } from '../contracts/ledger.ts'
import { SHARD_HELD, SHARD_MERGED, SHARD_REFUSED, SHARDS_DISCARDED } from '../contracts/shared-looks.ts'
import type { Looked } from '../host/decoder/look-request.ts'
import { HeldAnswers } from '../host/shards/held-answers.ts'
import { ImplausibleReply } from '../wire/implausible.ts'
import { BUNDLE_BYTES } from '../wire/look-shard.ts'
import { checkBundle, isFound, type StatedBundle, side, statedBundle } from './check-bundle.ts'
import { type ContentStage, type Examined, eachContent } from './each-content.ts'
import type { LookHosts, Parts } from './parts.ts'
import { phaseMeter } from './phase-meter.ts'
import { type Run, untilPaused } from './run.ts'
import { type Shard, ShardQueue } from './shard-queue.ts'

/** Shards that are offered at one time: 32,000 contents at most are in memory. */
const OFFERED = 64
const POLL_MS = 200
const PAGE_CONTENTS = 32

/** How the stage makes an examination of an answer, and examines a content here. */
export interface LookStage extends ContentStage {
  /** Says nothing to a person. */
  readonly confirmed: (content: PendingContent, looked: Looked) => Promise<Examined>
  readonly examined: (content: PendingContent, looked: Looked) => Promise<Examined>
}

/** Until no shard is left: what is then still pending is for this host. */
export async function lookElsewhere(run: Run, parts: Parts, stage: LookStage): Promise<void> {
  const hosts = parts.lookHosts ?? null
  if (hosts !== null) await new Sharing(run, parts, stage, hosts).work()
  // An earlier part of this run shared, and this one does not.
  else rmSync(heldFolder(run), { recursive: true, force: true })
}

function heldFolder({ session }: Run): string {
  return `${session.path}.looks`
}

class Sharing {
  readonly #run: Run
  readonly #parts: Parts
  readonly #stage: LookStage
  readonly #hosts: LookHosts
  readonly #queue: ShardQueue
  readonly #offered = new Map<string, Shard>()
  /** Keys of hosts whose answer did not hold: this run takes no more of them. */
  readonly #refused: Set<string>
  readonly #held: HeldAnswers

  constructor(run: Run, parts: Parts, stage: LookStage, hosts: LookHosts) {
    this.#run = run
    this.#parts = parts
    this.#stage = stage
    this.#hosts = hosts
    this.#refused = new Set(hosts.before.refused)
    this.#held = new HeldAnswers(heldFolder(run), hosts.before.bundles)
    this.#queue = new ShardQueue(run, hosts.about, (sha256) => this.#held.has(sha256))
  }

  async work(): Promise<void> {
    const stopSaying = phaseMeter(this.#run, 'unknown').saying()
    try {
      await this.#share()
      if (!this.#run.signal.aborted) await this.#merge()
    } finally {
      stopSaying()
      this.#hosts.exchange.clear()
    }
  }

  async #share(): Promise<void> {
    while (!this.#run.signal.aborted) {
      this.#offer()
      if (this.#offered.size === 0) return
      if (await this.#takeAnswer()) continue
      const own = this.#takeBack()
      if (own) await this.#lookHere(own.contents)
      else await untilPaused(this.#run, wait(POLL_MS))
    }
  }

  #offer(): void {
    while (this.#offered.size < OFFERED) {
      const next = this.#queue.next()
      if (next === null) return
      this.#offered.set(next.name, next)
      this.#hosts.exchange.offer(next.name, next.text)
    }
  }

  /** The last one that no host is at work on. */
  #takeBack(): Shard | null {
    const { exchange } = this.#hosts
    const free = [...this.#offered.values()].reverse().find(({ name }) => !exchange.isTaken(name))
    if (!free || exchange.isAnswered(free.name)) return null
    this.#end(free)
    return free
  }

  #end({ name }: Shard): void {
    this.#offered.delete(name)
    this.#hosts.exchange.withdraw(name)
  }

  async #lookHere(contents: readonly PendingContent[]): Promise<void> {
    const queue = (cursor: PendingContent | null, limit: number) => {
      const from = cursor === null ? 0 : contents.indexOf(cursor) + 1
      return contents.slice(from, from + limit)
    }
    await eachContent(this.#run, this.#parts.readers, this.#parts.children, { ...this.#stage, queue })
  }

  /** @returns whether there was an answer */
  async #takeAnswer(): Promise<boolean> {
    for (const one of this.#offered.values()) {
      const text = this.#hosts.exchange.answerOf(one.name, BUNDLE_BYTES)
      if (text === null) continue
      this.#end(one)
      await this.#keep(one, text)
      return true
    }
    return false
  }

  /** Keeps all of an answer, or nothing; analyses here what it leaves out. */
  async #keep(shard: Shard, text: string): Promise<void> {
    const about = { shard: shard.name, bundle: createHash('sha256').update(text).digest('hex') }
    try {
      const bundle = statedBundle(text, shard)
      const of = { ...about, host: bundle.host, key: bundle.key }
      const checked = await this.#checked(shard, bundle)
      if (checked === null) return
      if ('why' in checked) this.#refuse(of, checked.why)
      else {
        const contents = bundle.answers.map(({ sha256 }) => sha256)
        this.#held.keep({ ...of, name: shard.name, checked: checked.checked, contents }, text)
        const counts = { contents: String(contents.length), checked: String(checked.checked) }
        this.#run.session.recordEvent(SHARD_HELD, { ...of, ...counts })
      }
    } catch (error) {
      if (!(error instanceof ImplausibleReply)) throw error
      this.#run.session.recordEvent(SHARD_REFUSED, { ...about, why: error.message })
    }
    const left = shard.contents.filter(({ content }) => !this.#held.has(content.digests.sha256))
    if (left.length > 0) await this.#lookHere(left)
  }

  async #checked(shard: Shard, bundle: StatedBundle): ReturnType<typeof checkBundle> {
    if (this.#refused.has(bundle.key)) return { why: 'an earlier answer of this host did not hold' }
    const { confirmed } = this.#stage
    return checkBundle(shard, bundle, { run: this.#run, parts: this.#parts, hosts: this.#hosts, confirmed })
  }

  #refuse(of: Readonly<Record<'shard' | 'bundle' | 'host' | 'key', string>>, why: string): void {
    const { session } = this.#run
    session.recordEvent(SHARD_REFUSED, { ...of, why })
    if (this.#refused.has(of.key)) return
    this.#refused.add(of.key)
    const gone = this.#held.all.filter(({ key }) => key === of.key)
    const contents = gone.reduce((sum, one) => sum + one.contents.length, 0)
    const counts = { shards: String(gone.length), contents: String(contents) }
    // The record first: a run that goes on after a crash here takes no answer of this host.
    session.recordEvent(SHARDS_DISCARDED, { host: of.host, key: of.key, ...counts })
    this.#held.discard(of.key)
  }

  /** Records what was kept, page after page of what waits. What is not there any more stays pending, for this host. */
  async #merge(): Promise<void> {
    const { session, signal } = this.#run
    let cursor: PendingContent | null = null
    while (this.#held.all.length > 0) {
      const page: readonly PendingContent[] = session.pendingContents('looked-at', cursor, PAGE_CONTENTS)
      if (page.length === 0) break
      cursor = page.at(-1)!
      await this.#mergePage(page)
      if (signal.aborted) return
    }
    for (const { name, bundle, host, key, contents, checked } of this.#held.all) {
      if (contents.length === 0) continue
      const counts = { contents: String(contents.length), checked: String(checked) }
      session.recordEvent(SHARD_MERGED, { shard: name, bundle, host, key, ...counts })
    }
    this.#held.end()
  }

  async #mergePage(page: readonly PendingContent[]): Promise<void> {
    const examined: { readonly content: PendingContent; readonly found: Examined }[] = []
    await side(this.#run, page, async (content) => {
      const { sha256 } = content.content.digests
      if (!this.#held.has(sha256)) return
      const answer = this.#held.answerTo(sha256)
      if (answer === null) return this.#held.drop(sha256)
      const looked = this.#hosts.looked(answer.header, Buffer.from(answer.cells, 'base64'))
      const found = await this.#stage.examined(content, looked)
      if (isFound(looked, found)) examined.push({ content, found })
      else this.#held.drop(sha256)
    })
    if (examined.length > 0) this.#commit(examined)
  }

  #commit(items: readonly { readonly content: PendingContent; readonly found: Examined }[]): void {
    this.#run.session.recordExaminations(
      items.map(({ content, found: { derived = [], ...examination } }) => ({
        contentId: content.contentId,
        examination,
        ...(derived.length > 0 ? { opened: { parent: content, derived } } : {}),
      })),
    )
    phaseMeter(this.#run, 'unknown').recorded(items.length)
  }
}
