/** Joins the statements about each content: one row a content, its label agreed by all of them. */
import { UsageError } from '../base/errors.ts'
import type { Labelled } from './labelled.ts'

export interface GradedContent {
  readonly sha256: string
  readonly file: string
  readonly positive: boolean
  /** Sorted. */
  readonly cases: readonly string[]
  /** Of the first statement that has any. */
  readonly groups?: Readonly<Record<string, string>>
}

/** Where a statement's content lies. */
export type Located = Pick<GradedContent, 'sha256' | 'file'>

/**
 * @param locate the file of a statement; null: there is none
 * @param missing called for a statement whose content is not there; absent: it is refused
 * @returns sorted by digest
 * @throws UsageError naming the lines, when a content is missing or graded in two ways
 */
export function gradedContents(
  labelled: readonly Labelled[],
  locate: (content: Labelled['content']) => Located | null,
  missing?: () => void,
): GradedContent[] {
  const byDigest = new Map<string, GradedContent & { readonly where: string }>()
  for (const { content, positive, case: name, where, groups: said } of labelled) {
    const found = locate(content)
    if (found === null && missing) {
      missing()
      continue
    }
    if (found === null)
      throw new UsageError(
        `${where[0]!.toUpperCase()}${where.slice(1)}: no file below --exhibit ${'sha256' in content ? `has the SHA-256 ${content.sha256}` : `is named ${content.path}`}.`,
      )
    const known = byDigest.get(found.sha256)
    if (known && known.positive !== positive)
      throw new UsageError(
        `${where[0]!.toUpperCase()}${where.slice(1)} contradicts ${known.where}: the same content (SHA-256 ${found.sha256}) is ${Number(positive)} here and ${Number(known.positive)} there.`,
      )
    const cases = [...new Set([...(known?.cases ?? []), name])].sort()
    const groups = known?.groups ?? said
    byDigest.set(found.sha256, {
      ...(known ?? found),
      positive,
      cases,
      where: known?.where ?? where,
      ...(groups && { groups }),
    })
  }
  return [...byDigest.values()]
    .map(({ where: _, ...content }) => content)
    .sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1))
}

/** The rows of a training without pictures and paths: it can be repeated where the pictures are, or without one of them. */
export function manifestOf(
  contents: readonly Pick<GradedContent, 'sha256' | 'positive' | 'cases'>[],
): Buffer {
  const lines = contents.flatMap(({ sha256, positive, cases }) =>
    cases.map((name) => `${sha256},${Number(positive)},${quoted(name)}`),
  )
  return Buffer.from(['sha256,label,case', ...lines, ''].join('\n'))
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
