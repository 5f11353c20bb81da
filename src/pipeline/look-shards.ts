/**
 * Media analysis by other hosts: contents that wait are cut into shards and offered, and this host analyses those that no other has
 * taken, from the end of the queue.
 *
 * An answer is checked as a child's own is, a share of it is analysed again here, and it is recorded in the order of the queue. An
 * answer that does not hold is refused whole and its contents are analysed here: another host can cost time, and nothing else.
 */
import { createHash, createPublicKey, type KeyObject, randomInt, verify } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { canonicalJson } from '../base/canonical-json.ts'
import type { PendingContent } from '../contracts/ledger.ts'
import type { Looked } from '../host/decoder/look-request.ts'
import { ImplausibleReply } from '../wire/implausible.ts'
import { BUNDLE_BYTES, type LookBundle, lookBundle, signedBundle } from '../wire/look-shard.ts'
import { type ContentStage, type Examined, eachContent } from './each-content.ts'
import type { LookHosts, Parts } from './parts.ts'
import { phaseMeter } from './phase-meter.ts'
import { type Run, untilPaused } from './run.ts'
import { type Shard, ShardQueue } from './shard-queue.ts'
import { handedOf } from './top-level.ts'

/** Shards that are offered at one time: 32,000 contents at most are in memory. */
const OFFERED = 64
const POLL_MS = 200
const COMMIT_CONTENTS = 32
/** One answer in so many is made again here, at least one of every shard. */
const AGAIN_ONE_IN = 20

/** How the stage makes an examination of an answer, and examines a content here. */
export interface LookStage extends ContentStage {
  readonly examined: (content: PendingContent, looked: Looked) => Promise<Examined>
}

/** Until no shard is left: what is then still pending is for this host. */
export async function lookElsewhere(run: Run, parts: Parts, stage: LookStage): Promise<void> {
  const hosts = parts.lookHosts ?? null
  if (hosts !== null) await new Sharing(run, parts, stage, hosts).work()
}

class Sharing {
  readonly #run: Run
  readonly #parts: Parts
  readonly #stage: LookStage
  readonly #hosts: LookHosts
  readonly #queue: ShardQueue
  readonly #offered = new Map<string, Shard>()
  /** Hosts whose answer did not hold: this run takes no more of them. */
  readonly #refused = new Set<string>()

  constructor(run: Run, parts: Parts, stage: LookStage, hosts: LookHosts) {
    this.#run = run
    this.#parts = parts
    this.#stage = stage
    this.#hosts = hosts
    this.#queue = new ShardQueue(run, hosts.about)
  }

  async work(): Promise<void> {
    const { signal } = this.#run
    try {
      while (!signal.aborted) {
        this.#offer()
        if (this.#offered.size === 0) return
        if (await this.#merge()) continue
        const own = this.#takeBack()
        if (own) await this.#lookHere(own)
        else await untilPaused(this.#run, wait(POLL_MS))
      }
    } finally {
      this.#hosts.exchange.clear()
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

  async #lookHere({ contents }: Shard): Promise<void> {
    const queue = (cursor: PendingContent | null, limit: number) => {
      const from = cursor === null ? 0 : contents.indexOf(cursor) + 1
      return contents.slice(from, from + limit)
    }
    await eachContent(this.#run, this.#parts.readers, this.#parts.children, { ...this.#stage, queue })
  }

  /** @returns whether there was an answer */
  async #merge(): Promise<boolean> {
    for (const one of this.#offered.values()) {
      const text = this.#hosts.exchange.answerOf(one.name, BUNDLE_BYTES)
      if (text === null) continue
      this.#end(one)
      await this.#mergeOne(one, text)
      return true
    }
    return false
  }

  async #mergeOne(shard: Shard, text: string): Promise<void> {
    const { session } = this.#run
    const about = { shard: shard.name, bundle: createHash('sha256').update(text).digest('hex') }
    try {
      const { signed, signature, publicKey } = signedBundle(text)
      requireSignature(signed, signature, publicKey)
      const bundle = lookBundle(signed, shard.shard, shard.text)
      const of = { ...about, host: bundle.host, key: keyOf(publicKey) }
      const why = await this.#recorded(shard, bundle)
      if (why === 'paused') return
      if (why === null)
        session.recordEvent('look-shard-merged', { ...of, contents: String(bundle.answers.length) })
      else {
        this.#refused.add(bundle.host)
        session.recordEvent('look-shard-refused', { ...of, why })
      }
      if (why === null && bundle.answers.length === shard.contents.length) return
    } catch (error) {
      if (!(error instanceof ImplausibleReply)) throw error
      session.recordEvent('look-shard-refused', { ...about, why: error.message })
    }
    await this.#lookHere(shard)
  }

  /** Records all of a bundle, or nothing. @returns why nothing was recorded; null: all was. @throws ImplausibleReply */
  async #recorded(shard: Shard, { host, answers }: LookBundle): Promise<string | null> {
    if (this.#refused.has(host)) return 'an earlier answer of this host did not hold'
    const looks = answers.map(({ n, header, cells }) => ({
      content: shard.contents[n]!,
      looked: this.#hosts.looked(header, Buffer.from(cells, 'base64')),
    }))
    for (const { content, looked } of drawn(looks)) {
      const again = await untilPaused(this.#run, this.#lookAgain(content))
      if (again === null) return 'paused'
      if (textOf(again) !== textOf(looked))
        return 'this host comes to another result about one of its contents'
    }
    const examined: { readonly content: PendingContent; readonly found: Examined }[] = []
    for (const { content, looked } of looks) {
      const found = await untilPaused(this.#run, this.#stage.examined(content, looked))
      if (found === null) return 'paused'
      if (canonicalJson(found.result) !== canonicalJson(looked.result))
        return 'a thumbnail that it found is not there'
      examined.push({ content, found })
    }
    for (let at = 0; at < examined.length; at += COMMIT_CONTENTS)
      this.#commit(examined.slice(at, at + COMMIT_CONTENTS))
    return null
  }

  #lookAgain(content: PendingContent): Promise<Looked> {
    const { readers, children } = this.#parts
    return children.look(content, handedOf(readers, content, this.#run.session.plan.limits.lookBytes))
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

function drawn<T>(all: readonly T[]): T[] {
  const left = [...all]
  const count = all.length === 0 ? 0 : Math.max(1, Math.floor(all.length / AGAIN_ONE_IN))
  return Array.from({ length: count }, () => left.splice(randomInt(left.length), 1)[0]!)
}

/** Everything of an analysis that a ledger keeps. */
function textOf({ stage: _, preview, thumbnails, ...rest }: Looked): string {
  return canonicalJson({
    ...rest,
    preview: preview && { ...preview, cells: Buffer.from(preview.cells).toString('hex') },
    thumbnails: thumbnails.map(({ name, content }) => ({
      name: name.toString('latin1'),
      content: { ...content, sizeBytes: String(content.sizeBytes) },
    })),
  })
}

/** Whose key it is the laboratory says; the ledger keeps its digest. @throws ImplausibleReply */
function requireSignature(signed: string, signature: string | null, publicKey: string | null): void {
  if (signature === null && publicKey === null) return
  if (signature === null || publicKey === null || !isSignedBy(signed, signature, publicKey))
    throw new ImplausibleReply('a signature that is not of its key')
}

function isSignedBy(text: string, signature: string, publicKey: string): boolean {
  let key: KeyObject
  try {
    key = createPublicKey(publicKey)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return false
  }
  return (
    key.asymmetricKeyType === 'ed25519' &&
    verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'))
  )
}

/** SHA-256 of the key's text, or `none`. */
function keyOf(publicKey: string | null): string {
  return publicKey === null ? 'none' : createHash('sha256').update(publicKey).digest('hex')
}
