/**
 * Tags and notes of persons on contents: events of the custody log. A tag stands until somebody takes it away; a note stays.
 * Neither is a decision.
 */
import type { CustodyEvent } from '../../contracts/custody.ts'

export interface Note {
  readonly operator: string
  readonly utc: string
  readonly text: string
}

export class Tags {
  readonly #tags = new Map<string, Set<string>>()
  readonly #notes = new Map<string, Note[]>()
  /** Time of the last act on a tag of a content: an older one that a case took in later changes nothing. */
  readonly #last = new Map<string, string>()

  /** @returns whether the event concerned a tag or a note */
  take({ event, detail, operator, utc: logged }: CustodyEvent): boolean {
    const { tag, text, contents = '', markedUtc: utc = logged } = detail
    if (event === 'noted' && text !== undefined) {
      for (const sha256 of contents.split(' ')) {
        const notes = this.#notes.get(sha256) ?? []
        notes.push({ operator: operator ?? '', utc, text })
        this.#notes.set(sha256, notes)
      }
      return true
    }
    if ((event !== 'tagged' && event !== 'untagged') || tag === undefined) return false
    for (const sha256 of contents.split(' ')) {
      const key = `${sha256}\0${tag}`
      if ((this.#last.get(key) ?? '') > utc) continue
      this.#last.set(key, utc)
      const tags = this.#tags.get(sha256) ?? new Set()
      if (event === 'tagged') tags.add(tag)
      else tags.delete(tag)
      this.#tags.set(sha256, tags)
    }
    return true
  }

  /** @param sha256 lower-case hex */
  of(sha256: string): readonly string[] {
    return [...(this.#tags.get(sha256) ?? [])].sort()
  }

  notes(sha256: string): readonly Note[] {
    return this.#notes.get(sha256) ?? []
  }

  /** Contents with the tag. */
  with(tag: string): ReadonlySet<string> {
    return new Set(this.such((one) => one === tag))
  }

  /** Contents with any tag that is meant. */
  such(isOne: (tag: string) => boolean): readonly string[] {
    return [...this.#tags].flatMap(([sha256, tags]) => ([...tags].some(isOne) ? [sha256] : []))
  }

  /** Contents of each tag that stands. */
  all(): ReadonlyMap<string, readonly string[]> {
    const all = new Map<string, string[]>()
    for (const [sha256, tags] of this.#tags)
      for (const tag of tags) all.set(tag, [...(all.get(tag) ?? []), sha256])
    return all
  }
}

export function tagsOf(events: readonly CustodyEvent[]): Tags {
  const tags = new Tags()
  for (const event of events) tags.take(event)
  return tags
}
