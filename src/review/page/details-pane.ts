/** Details of the content under the cursor, next to the tiles. */
import type { Details } from '../said.ts'
import { ask } from './api.ts'
import { byId, listOf, made } from './elements.ts'
import { say } from './words.ts'
import { wordsOpener } from './words-frame.ts'

/** In place of a digest. */
const OF_NOTHING = 'nothing'

export class DetailsPane {
  readonly #pane = byId('details')
  #shown = ''

  constructor() {
    // The pane scrolls, so it must be reachable by keyboard.
    this.#pane.tabIndex = 0
  }

  /** From the moment it was asked for: whoever moves on meanwhile sees the details of the new content. */
  get isOpen(): boolean {
    return this.#shown !== ''
  }

  close(): void {
    this.#pane.hidden = true
    this.#pane.replaceChildren()
    this.#shown = ''
  }

  /** For a view without contents: an open pane stays open, and says nothing of the content before. */
  empty(): void {
    if (!this.isOpen) return
    this.#shown = OF_NOTHING
    this.#pane.replaceChildren(made('p', say('nothing'), 'dim'))
  }

  async open(sha256: string): Promise<void> {
    this.#shown = sha256
    const details = await ask<Details>('details', { sha256 }).catch((error: unknown) => {
      if (this.#pane.hidden) this.#shown = ''
      throw error
    })
    // Another content was requested meanwhile.
    if (this.#shown !== sha256) return
    this.#pane.hidden = false
    this.#pane.replaceChildren(...parts(details))
  }

  async again(sha256: string): Promise<void> {
    if (this.isOpen) await this.open(sha256)
  }
}

/** In the order in which an examiner asks: name, paths, times, device, reasons; digests come last. */
function parts(details: Details): Node[] {
  return [
    made('h2', nameOf(details)),
    ...section('rescue', rescueLines(details.rescue), ''),
    ...pathsOf(details),
    ...section(
      'times',
      details.times.map(({ clock, time }) => say(`time-${clock}`, { time })),
      '',
    ),
    ...section('device', deviceLines(details), 'no-records'),
    ...section(
      'why',
      [
        ...(details.priority === null
          ? []
          : [say('priority-of', { n: details.priority }), ...details.reasons]),
        ...similarLines(details.similar),
      ],
      'no-reason',
    ),
    ...section('found', details.findings, ''),
    ...decisionsOf(details),
    ...section('elsewhere', details.elsewhere.map(elsewhereLine), ''),
    ...section('tags', [...details.tags, ...details.notes.map(noteLine)], ''),
    ...(details.stack > 1 ? [made('p', say('near-copies', { n: details.stack - 1 }))] : []),
    ...section('itself', details.attributes, ''),
    ...(details.hasWords ? [made('h2', say('words')), wordsOpener(details.sha256)] : []),
    made('h2', say('content')),
    made('p', `${details.mediaType}, ${say('bytes', { n: details.sizeBytes })}`),
    ...[`SHA-256 ${details.sha256}`, ...details.digests].map((one) => made('p', one, 'dim')),
  ]
}

/** Times of the first path follow apart. */
function pathsOf({ places, modified, more }: Details): Node[] {
  const lines = places.map((place, i) =>
    i === 0 || modified[i] === '' ? place : `${place} – ${say('time-modified', { time: modified[i] ?? '' })}`,
  )
  return [
    ...section('paths', lines, ''),
    ...(more > 0 ? [made('p', say('more-places', { n: more }), 'dim')] : []),
  ]
}

function deviceLines({ camera, records }: Details): readonly string[] {
  return [...(camera === null ? [] : [say('camera', { camera })]), ...records]
}

function similarLines(similar: Details['similar']): readonly string[] {
  if (similar === null) return []
  return [say('similar-to', { share: (similar.per10k / 100).toFixed(1), sha256: similar.to })]
}

/** Empty where neither the rule nor a person names it. */
function rescueLines({ reasons, moves }: Details['rescue']): readonly string[] {
  return [
    ...reasons.map(({ code, ...params }) => say(`rescue-${code}`, params)),
    ...moves.map(({ isIn, operator, utc, why }) =>
      say(isIn ? 'rescue-put' : 'rescue-taken', { operator, when: utc, why }),
    ),
  ]
}

function decisionsOf({ decisions, blind }: Details): Node[] {
  return [
    ...section('decisions', decisions.map(decisionLine), 'undecided'),
    ...(blind ? [made('p', say('blind'), 'dim')] : []),
  ]
}

function elsewhereLine({ how, category, operator, exhibit }: Details['elsewhere'][number]): string {
  return say(`elsewhere-${how}`, { category, operator, exhibit })
}

function decisionLine({ who, when, what, note, sight, seenMs }: Details['decisions'][number]): string {
  const seconds = seenMs === null ? '' : `, ${say('in-sight', { n: secondsOf(seenMs) })}`
  return `${what} (${say(`sight-${sight}`)}${seconds}) – ${who}, ${when}${note === '' ? '' : `: ${note}`}`
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
