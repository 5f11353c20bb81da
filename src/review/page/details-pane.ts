/** Details of the content under the cursor, next to the tiles. */
import type { Details } from '../said.ts'
import { ask } from './api.ts'
import { byId, listOf, made } from './elements.ts'
import { say } from './words.ts'

export class DetailsPane {
  readonly #pane = byId('details')
  #shown = ''

  constructor() {
    // The pane scrolls, so it must be reachable by keyboard.
    this.#pane.tabIndex = 0
  }

  get isOpen(): boolean {
    return !this.#pane.hidden
  }

  close(): void {
    this.#pane.hidden = true
    this.#pane.replaceChildren()
    this.#shown = ''
  }

  async open(sha256: string): Promise<void> {
    this.#shown = sha256
    const details = await ask<Details>('details', { sha256 })
    // Another content was requested meanwhile.
    if (this.#shown !== sha256) return
    this.#pane.hidden = false
    this.#pane.replaceChildren(...parts(details))
  }

  async again(sha256: string): Promise<void> {
    if (this.isOpen) await this.open(sha256)
  }
}

function parts(details: Details): Node[] {
  const { decisions, blind } = details
  return [
    made('h2', nameOf(details)),
    ...section(
      'places',
      details.places.map((place, i) => `${place}  ${details.times[i] ?? ''}`),
      '',
    ),
    ...(details.more > 0 ? [made('p', say('more-places', { n: details.more }), 'dim')] : []),
    ...section('device', details.records, ''),
    ...section(
      'why',
      [...(details.priority === null ? [] : [details.priority]), ...details.reasons],
      'no-reason',
    ),
    ...section('found', details.findings, ''),
    ...section('itself', details.attributes, ''),
    made('h2', say('decisions')),
    ...(blind ? [made('p', say('blind'), 'dim')] : []),
    ...(decisions.length === 0
      ? [made('p', say('undecided'), 'dim')]
      : [
          listOf(
            decisions.map(
              ({ who, when, what, note, sight, seenMs }) =>
                `${what} (${say(`sight-${sight}`)}${seenMs === null ? '' : `, ${say('in-sight', { n: secondsOf(seenMs) })}`}) – ${who}, ${when}${note === '' ? '' : `: ${note}`}`,
            ),
          ),
        ]),
    ...section('tags', [...details.tags, ...details.notes.map(noteLine)], ''),
    ...(details.stack > 1 ? [made('p', say('near-copies', { n: details.stack - 1 }))] : []),
    made('h2', say('content')),
    made('p', `${details.mediaType}, ${say('bytes', { n: details.sizeBytes })}`),
    made('p', details.sha256, 'dim'),
  ]
}

function section(word: string, lines: readonly string[], empty: string): Node[] {
  if (lines.length === 0) return empty === '' ? [] : [made('h2', say(word)), made('p', say(empty), 'dim')]
  return [made('h2', say(word)), listOf(lines)]
}

function secondsOf(ms: number): string {
  return (Math.ceil(ms / 100) / 10).toFixed(1)
}

/** The last name of the first place, in its isolate. */
function nameOf({ places }: Details): string {
  return places[0]?.split('/').at(-1) ?? ''
}

function noteLine({ operator, utc, text }: Details['notes'][number]): string {
  return `${text} – ${operator}, ${utc}`
}
