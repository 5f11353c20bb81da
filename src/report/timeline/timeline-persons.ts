/** Persons and accounts as device records name them: one person may occur under several names. */
import { printText } from '../../base/evidence-path.ts'
import type { Sign } from '../../contracts/record.ts'
import { displayFileTime } from '../model/display-time.ts'
import { html, type Markup } from '../texts/markup.ts'
import { say } from '../texts/say.ts'

interface Person {
  records: number
  sent: number
  received: number
  first: string | null
  last: string | null
}

const MOST_SHOWN = 200

export class Persons {
  readonly #byName = new Map<string, Person>()
  readonly #zone: string

  constructor(zone: string) {
    this.#zone = zone
  }

  /** In order of time. */
  add({ person, direction, when }: Sign): void {
    if (person === null) return
    const one = this.#byName.get(person) ?? { records: 0, sent: 0, received: 0, first: null, last: null }
    this.#byName.set(person, one)
    one.records++
    if (direction === 'sent') one.sent++
    if (direction === 'received') one.received++
    if (when === null) return
    one.last = displayFileTime(when, this.#zone)
    one.first ??= one.last
  }

  /** Null where no record names a person. */
  table(): Markup | null {
    if (this.#byName.size === 0) return null
    const rows = [...this.#byName].sort(
      ([a, one], [b, other]) => other.records - one.records || (a < b ? -1 : 1),
    )
    const more = rows.length - MOST_SHOWN
    return html`<h2>${say('timeline-persons')}</h2>${more > 0 ? html`<p>${say('timeline-persons-more', { persons: more })}</p>` : null}<table class="rows"><thead><tr><th>${say('timeline-person')}</th><th>${say('timeline-person-counts')}</th><th>${say('timeline-person-times')}</th></tr></thead><tbody>${rows
      .slice(0, MOST_SHOWN)
      .map(
        ([name, { records, sent, received, first, last }]) =>
          html`<tr><td><bdi>${printText(name)}</bdi></td><td>${say('timeline-person-records', { records, sent, received })}</td><td>${first === null ? say('timeline-no-time') : `${first} – ${last}`}</td></tr>
`,
      )}</tbody></table>
`
  }
}
