/**
 * Checks an answer of another host before it is kept: its signature, its form, and a share of its contents, which are analysed again here.
 *
 * The share is drawn after the answer has come, so no host can know which of its contents are in it.
 */
import { createHash, createPublicKey, type KeyObject, randomInt, verify } from 'node:crypto'
import { canonicalJson } from '../base/canonical-json.ts'
import type { PendingContent } from '../contracts/ledger.ts'
import { UNSIGNED } from '../contracts/shared-looks.ts'
import type { Looked } from '../host/decoder/look-request.ts'
import { ImplausibleReply } from '../wire/implausible.ts'
import { type LookBundle, lookBundle, signedBundle } from '../wire/look-shard.ts'
import type { Examined } from './each-content.ts'
import type { LookHosts, Parts } from './parts.ts'
import { type Run, untilPaused } from './run.ts'
import type { Shard } from './shard-queue.ts'
import { handedOf } from './top-level.ts'

export interface Checking {
  readonly run: Run
  readonly parts: Pick<Parts, 'readers' | 'children'>
  readonly hosts: Pick<LookHosts, 'looked' | 'checkedPercent'>
  /** The examination that an answer gives, recorded nowhere. */
  readonly confirmed: (content: PendingContent, looked: Looked) => Promise<Examined>
}

/** What a bundle states, with its signature checked. */
export interface StatedBundle extends LookBundle {
  readonly key: string
}

/** @throws ImplausibleReply */
export function statedBundle(text: string, shard: Shard): StatedBundle {
  const { signed, signature, publicKey } = signedBundle(text)
  requireSignature(signed, signature, publicKey)
  return { ...lookBundle(signed, shard.shard, shard.text), key: keyOf(publicKey) }
}

/** @returns how many were analysed again, or why the bundle does not hold; null: the run pauses. @throws ImplausibleReply */
export async function checkBundle(
  shard: Shard,
  { answers }: LookBundle,
  { run, parts, hosts, confirmed }: Checking,
): Promise<{ readonly checked: number } | { readonly why: string } | null> {
  const looks = answers.map(({ n, header, cells }) => ({
    content: shard.contents[n]!,
    looked: hosts.looked(header, Buffer.from(cells, 'base64')),
  }))
  const again = drawn(looks, hosts.checkedPercent)
  let why: string | null = null
  const checkOne = async ({ content, looked }: (typeof looks)[number]) => {
    if (why !== null) return
    const own = await lookAgain(run, parts, content)
    if (textOf(own) !== textOf(looked)) why = 'this host comes to another result about one of its contents'
  }
  if (!(await side(run, again, checkOne))) return null
  const thumbnails = looks.filter(({ looked }) => looked.thumbnails.length > 0)
  const findOne = async ({ content, looked }: (typeof looks)[number]) => {
    if (why !== null) return
    const found = await confirmed(content, looked)
    if (!isFound(looked, found)) why = 'a thumbnail that it found is not there'
  }
  if (!(await side(run, thumbnails, findOne))) return null
  return why === null ? { checked: again.length } : { why }
}

/** Every thumbnail that the answer names was confirmed. */
export function isFound(looked: Looked, found: Examined): boolean {
  return canonicalJson(found.result) === canonicalJson(looked.result)
}

/** Side by side, as many as this run has workers, and one that is read meanwhile. @returns false where the run pauses */
export async function side<T>(
  run: Run,
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<boolean> {
  let next = 0
  const one = async () => {
    while (next < items.length && !run.signal.aborted) await work(items[next++]!)
  }
  const all = Promise.all(Array.from({ length: run.workers + 1 }, one)).then(() => true)
  return (await untilPaused(run, all)) === true && !run.signal.aborted
}

function lookAgain(
  { session }: Run,
  { readers, children }: Checking['parts'],
  content: PendingContent,
): Promise<Looked> {
  return children.look(content, handedOf(readers, content, session.plan.limits.lookBytes))
}

/** At least that share of them, and one. */
function drawn<T>(all: readonly T[], percent: number): T[] {
  const left = [...all]
  const count = Math.min(all.length, Math.max(1, Math.ceil((all.length * percent) / 100)))
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

/** SHA-256 of the key's text. */
function keyOf(publicKey: string | null): string {
  return publicKey === null ? UNSIGNED : createHash('sha256').update(publicKey).digest('hex')
}
