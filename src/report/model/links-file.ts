/**
 * Result of a laboratory's comparison of exhibits for one exhibit: the lines of `seized lab links --json`. The
 * comparison uses keyed digests, so the file names no content; it covers only exhibits of that laboratory.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { UsageError } from '../../base/errors.ts'

export interface LinkedPlace {
  readonly case: string
  readonly exhibit: string
  readonly meaning: string
}

export interface LinksFile {
  /** SHA-256 of the file, hex. */
  readonly sha256: string
  /** One item for each content: the exhibits that contain it. */
  readonly links: readonly (readonly LinkedPlace[])[]
}

export interface Linked {
  /** Number of contents with a finding on any of the exhibits that other exhibits contain too. */
  readonly contents: number
  /** `EXHIBIT (CASE)` with the number of shared contents, most first. */
  readonly others: readonly { readonly name: string; readonly contents: number }[]
}

/** @throws UsageError when the file is not such a file */
export function readLinks(file: string): LinksFile {
  try {
    const bytes = readFileSync(file)
    const lines = bytes
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== '')
    return { sha256: createHash('sha256').update(bytes).digest('hex'), links: lines.map(linkOf) }
  } catch (cause) {
    throw new UsageError(
      `--links ${file} could not be read: ${(cause as Error).message}. It is what seized lab links --json writes.`,
      { cause },
    )
  }
}

function linkOf(line: string, i: number): readonly LinkedPlace[] {
  const { key, exhibits } = (JSON.parse(line) ?? {}) as Readonly<Record<string, unknown>>
  if (typeof key !== 'string' || !/^[0-9a-f]{64}$/.test(key) || !Array.isArray(exhibits))
    throw new Error(`line ${i + 1} is no content with its exhibits`)
  return exhibits.map((one: Partial<Record<keyof LinkedPlace, unknown>>) => {
    const { case: caseId, exhibit, meaning } = one ?? {}
    if (typeof caseId !== 'string' || typeof exhibit !== 'string' || typeof meaning !== 'string')
      throw new Error(`line ${i + 1} holds something else than exhibits`)
    return { case: caseId, exhibit, meaning }
  })
}

/**
 * Contents without a finding on any exhibit. Their comparison has a legal basis of its own, and this sentence leaves
 * them out.
 */
const WITHOUT_FINDING = 'content'

export function linkedWith({ links }: LinksFile, caseId: string, exhibitId: string): Linked {
  const counts = new Map<string, number>()
  let contents = 0
  for (const link of links) {
    const isThis = (one: LinkedPlace) => one.case === caseId && one.exhibit === exhibitId
    if (!link.some(isThis) || link.every(({ meaning }) => meaning === WITHOUT_FINDING)) continue
    const others = link.filter((one) => !isThis(one))
    if (others.length > 0) contents++
    for (const one of others) {
      const name = `${one.exhibit} (${one.case})`
      counts.set(name, (counts.get(name) ?? 0) + 1)
    }
  }
  const others = [...counts].map(([name, shared]) => ({ name, contents: shared }))
  others.sort((a, b) => b.contents - a.contents || (a.name < b.name ? -1 : 1))
  return { contents, others }
}

const MOST_NAMED = 10

/** Parameters of the sentence, for any language. */
export function linkedParams(file: LinksFile, caseId: string, exhibitId: string) {
  const { contents, others } = linkedWith(file, caseId, exhibitId)
  const named = others.slice(0, MOST_NAMED).map(({ name, contents: shared }) => `${name}: ${shared}`)
  const more = others.length - named.length
  return { contents, others: named.join('; '), ...(more > 0 && { more }), sha256: file.sha256 }
}
