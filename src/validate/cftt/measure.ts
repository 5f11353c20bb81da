/** Precision, recall and F1 of what a reader gave back, against what is true of the volume. */
import { createHash } from 'node:crypto'
import type { Phase } from '../../../fixtures/cftt/steps.ts'
import { blocksOf, findContent, truthOf } from '../../../fixtures/cftt/steps.ts'
import type { Given } from './readers.ts'

export interface Counted {
  readonly right: number
  /** Given as a part, and said to be one: the beginning of a content that was there. Neither right nor wrong. */
  readonly fragments: number
  readonly wrong: number
  readonly missed: number
}

export interface Shares {
  /** Null where nothing was given, or nothing was to be found. */
  readonly precision: number | null
  readonly recall: number | null
  readonly f1: number | null
}

/** What a case asks of a volume, with the answers. */
export interface Answers {
  /** SHA-256 of deleted contents of which every block is still there, each with a path. */
  readonly recoverable: ReadonlyMap<string, string>
  /** Deleted contents that were overwritten, wholly or in part. */
  readonly overwritten: number
  /** The most fragments of a recoverable content. */
  readonly fragments: number
  readonly live: ReadonlySet<string>
  readonly deletedNames: ReadonlySet<string>
  readonly liveNames: ReadonlySet<string>
  readonly ever: ReadonlySet<string>
  /** Every content that was ever deleted or is live. */
  readonly contents: readonly Buffer[]
}

export function answersOf(phases: readonly Phase[], image: Buffer): Answers {
  const { deleted, live, ever } = truthOf(phases)
  const blocks = blocksOf(image)
  const liveDigests = new Set(live.flatMap(({ content }) => (content ? [sha256(content)] : [])))
  const recoverable = new Map<string, string>()
  let [overwritten, fragments] = [0, 0]
  for (const { path, content } of deleted) {
    if (content === null || content.length === 0 || liveDigests.has(sha256(content))) continue
    const found = findContent(content, blocks)
    if (found.isWhole) recoverable.set(sha256(content), path)
    else overwritten++
    fragments = Math.max(fragments, found.isWhole ? found.fragments : 0)
  }
  const liveNames = new Set(live.map(({ path }) => path))
  return {
    ...{ recoverable, overwritten, fragments, live: liveDigests, liveNames, ever },
    contents: [...deleted, ...live].flatMap(({ content }) => (content ? [content] : [])),
    deletedNames: new Set(deleted.map(({ path }) => path).filter((path) => !liveNames.has(path))),
  }
}

/** Of a medium without a file system: no name, and nothing live. */
export function answersOfContents(contents: readonly Buffer[], image: Buffer): Answers {
  const blocks = blocksOf(image)
  const found = contents.map((content) => ({ content, ...findContent(content, blocks) }))
  const whole = found.filter(({ isWhole }) => isWhole)
  const none = new Set<string>()
  return {
    recoverable: new Map(whole.map(({ content }) => [sha256(content), ''])),
    overwritten: found.length - whole.length,
    fragments: Math.max(0, ...whole.map(({ fragments }) => fragments)),
    ...{ live: none, deletedNames: none, liveNames: none, ever: none, contents },
  }
}

export function countContents(answers: Answers, { contents, fragments, leftOut }: Given): Counted {
  const { recoverable, live } = answers
  const given = [...contents].filter((digest) => !live.has(digest))
  const wanted = [...recoverable].filter(([digest, path]) => contents.has(digest) || !leftOut.has(path))
  const right = given.filter((digest) => recoverable.has(digest)).length
  const parts = [...fragments].filter(([digest]) => !contents.has(digest) && !live.has(digest))
  const beginnings = parts.filter(([digest, bytes]) => isBeginning(answers, digest, bytes)).length
  const wrong = given.length - right + parts.length - beginnings
  return { right, fragments: beginnings, wrong, missed: wanted.length - right }
}

function isBeginning({ contents }: Answers, digest: string, bytes: number): boolean {
  return contents.some((one) => one.length >= bytes && sha256(one.subarray(0, bytes)) === digest)
}

/** A name that was never there is wrong; one that was there, and is not asked for, is neither right nor wrong. */
export function countNames(answers: Answers, given: Given, lists: 'deleted' | 'all'): Counted | null {
  if (!given.givesNames) return null
  const { deletedNames, liveNames, ever } = answers
  const found = [...deletedNames].filter((name) => given.deletedNames.has(name)).length
  const wrong = [...given.deletedNames].filter((name) => !ever.has(name) && !isOfTheReader(name)).length
  if (lists === 'deleted') return { right: found, fragments: 0, wrong, missed: deletedNames.size - found }
  const listed = [...liveNames].filter((name) => given.liveNames.has(name)).length
  return {
    right: found + listed,
    fragments: 0,
    wrong,
    missed: deletedNames.size - found + liveNames.size - listed,
  }
}

/** A fragment that is said to be one claims no file: it stays missed, and is not wrong. */
export function sharesOf({ right, wrong, missed }: Counted): Shares {
  const precision = right + wrong === 0 ? null : right / (right + wrong)
  const recall = right + missed === 0 ? null : right / (right + missed)
  const f1 = right + wrong + missed === 0 ? null : (2 * right) / (2 * right + wrong + missed)
  return { precision, recall, f1 }
}

export function added(all: readonly Counted[]): Counted {
  const sum = (of: (one: Counted) => number) => all.reduce((total, one) => total + of(one), 0)
  return {
    right: sum((one) => one.right),
    fragments: sum((one) => one.fragments),
    wrong: sum((one) => one.wrong),
    missed: sum((one) => one.missed),
  }
}

/** Files of the file system itself, and names that a reader makes up for what has none. */
function isOfTheReader(name: string): boolean {
  return /^(\$|lost\+found|\u2400{4}HFS\+ Private Data)|OrphanFile-\d+$/.test(name)
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}
