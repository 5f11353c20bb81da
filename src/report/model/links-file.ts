/**
 * What a laboratory's comparison of exhibits says of one: the lines of `seized lab links --json`. It compares contents by keyed
 * digests, so nothing here names a content; and it knows only exhibits of that laboratory.
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
  /** Of the file, hex. */
  readonly sha256: string
  /** A content each: the exhibits that hold it. */
  readonly links: readonly (readonly LinkedPlace[])[]
}

export interface Linked {
  /** Contents with a finding here or there that other exhibits hold too. */
  readonly contents: number
  /** `EXHIBIT (CASE)`, those that share most first, each with how many. */
  readonly others: readonly { readonly name: string; readonly contents: number }[]
}

/** @throws UsageError when it is no such file */
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

/** Without a finding on any of them: compared on a legal basis of its own, and no matter of this line. */
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

/** Values of the sentence that says it, in any language. */
export function linkedParams(file: LinksFile, caseId: string, exhibitId: string) {
  const { contents, others } = linkedWith(file, caseId, exhibitId)
  const named = others.slice(0, MOST_NAMED).map(({ name, contents: shared }) => `${name}: ${shared}`)
  const more = others.length - named.length
  return { contents, others: named.join('; '), ...(more > 0 && { more }), sha256: file.sha256 }
}
