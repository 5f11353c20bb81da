/**
 * State and acts of a review in a terminal, key by key, without the terminal itself: the view, the cursor, an open
 * question.
 */
import { SeizedError } from '../base/errors.ts'
import type { Params } from '../contracts/coded.ts'
import en from '../report/texts/en.json' with { type: 'json' }
import { Message } from '../report/texts/message.ts'
import type { Acts } from '../review/acts.ts'
import { SessionOver } from '../review/review-log.ts'
import type { Decided, Target, ViewAsked } from '../review/said.ts'
import { type Act, DEFAULT_KEYMAP, KEYS } from '../review/said-keys.ts'
import type { ReviewSession } from '../review/session.ts'
import type { View } from '../review/views.ts'

/** A key press as Ink reports it, with the fields that are used here. */
export interface Pressed {
  readonly input: string
  readonly meta?: boolean
  readonly escape?: boolean
  readonly return?: boolean
  readonly backspace?: boolean
  readonly delete?: boolean
  readonly leftArrow?: boolean
  readonly rightArrow?: boolean
  readonly upArrow?: boolean
  readonly downArrow?: boolean
}

export interface Prompt {
  readonly label: string
  /** Null: it takes yes or no. */
  readonly text: string | null
  readonly done: (text: string) => void
}

type Around = 'near' | 'camera' | 'folder'

export class ReviewDesk {
  readonly session: ReviewSession
  readonly #acts: Acts
  /** The last content was decided on, and the cursor has not moved since. */
  #isPastLast = false
  view: View
  at = 0
  said = ''
  prompt: Prompt | null = null
  showsDetails = false
  isOver = false
  /** Why it could not go on. */
  problem: string | null = null
  #asked: ViewAsked = { order: 'priority', queue: 'left', query: '', stacked: false, around: null }

  constructor(session: ReviewSession, acts: Acts) {
    this.session = session
    this.#acts = acts
    this.view = session.viewCalled(session.view(this.#asked).view)
  }

  /** Number in the catalogue; undefined: the view is empty. */
  get number(): number | undefined {
    return this.view.tiles[this.at]
  }

  get query(): string {
    return this.#asked.query
  }

  /** Number of contents in the stack of the tile under the cursor. */
  get stack(): number {
    return this.number === undefined ? 0 : (this.view.members?.get(this.number)?.length ?? 1)
  }

  press(pressed: Pressed): void {
    if (this.prompt) this.#answer(this.prompt, pressed)
    else this.#act(pressed)
  }

  #act(pressed: Pressed): void {
    const { input, meta = false } = pressed
    const { keys = {} } = this.session.asked.scale
    const category = Object.entries(keys).find(([, key]) => key === input)?.[0]
    if (category !== undefined) this.#decide(category, meta)
    else if (pressed.rightArrow || pressed.downArrow) this.#step(1)
    else if (pressed.leftArrow || pressed.upArrow) this.#step(-1)
    else if (pressed.backspace || pressed.delete) this.#withdraw()
    else if (pressed.escape) this.#back()
    else if (input === 'q') this.isOver = true
    else this.#acted(input)
  }

  #acted(input: string): void {
    const { keymap = DEFAULT_KEYMAP } = this.session.asked
    const act = KEYS.find((one) => keymap[one.act] === input)?.act
    if (act !== undefined) this.#ofAct[act]?.()
  }

  readonly #ofAct: Partial<Record<Act, () => void>> = {
    undo: () => this.#attempt(() => this.#acts.undo(), en.page.undone, false),
    eyes: () => this.#ofOne((of) => this.#attempt(() => this.#acts.needsEyes(of), en.page.eyes, true)),
    details: () => {
      this.showsDetails = !this.showsDetails
    },
    stacks: () => this.#show({ ...this.#asked, stacked: !this.#asked.stacked, around: null }),
    near: () => this.#goAround('near'),
    camera: () => this.#goAround('camera'),
    folder: () => this.#goAround('folder'),
    tag: () =>
      this.#typed(en.page['ask-tag'], (of, tag) => {
        const { tagged, isOn } = this.#acts.tag(of, tag)
        this.said = said(isOn ? 'tagged' : 'untagged', { n: tagged, tag })
      }),
    note: () =>
      this.#typed(en.page['ask-note'], (of, text) => {
        this.#acts.note(of, text)
        this.said = en.page.noted
      }),
    filter: () =>
      this.#ask(`${en.page.filter}: `, this.query, (query) =>
        this.#show({ ...this.#asked, query, around: null }),
      ),
  }

  #answer({ label, text, done }: Prompt, { input, ...key }: Pressed): void {
    const agreed = key.return === true || (text === null && input === 'y')
    if (key.escape || (text === null && input === 'n')) this.prompt = null
    else if (agreed) {
      this.prompt = null
      done(text ?? '')
    } else if (text !== null) {
      const typed = key.backspace || key.delete ? text.slice(0, -1) : text + printable(input)
      this.prompt = { label, text: typed, done }
    }
  }

  #ask(label: string, text: string | null, done: Prompt['done']): void {
    this.prompt = { label, text, done }
  }

  /** @param stack all near copies, after a count */
  #decide(category: string, stack: boolean): void {
    const { number, session } = this
    if (number === undefined) return
    // A repeated key was meant for a next content, which does not exist.
    if (this.#isPastLast) {
      this.said = en.page['last-decided']
      return
    }
    const sha256 = session.catalogue.sha256(number)
    const settles = session.asked.pass === 'adjudicate'
    const of: Target = stack
      ? { stackOf: sha256, count: session.stackOf(number).length }
      : { contents: [sha256], count: 1 }
    const label = `${category} ${session.asked.scale.categories[category]?.label ?? ''}`.trim()
    const decide = (note: string) => {
      const act = settles ? 'adjudicated' : 'decided'
      this.#attempt(() => this.#acts.decide({ act, category, note: note.trim(), of }), label, true)
    }
    if (settles) {
      this.#ask(`${said('ask-one', { category: label })} ${en.page.reason}: `, '', decide)
    } else if (stack) this.#ask(`${said('ask-many', { n: of.count, category: label })} (y/n)`, null, decide)
    else decide('')
  }

  #withdraw(): void {
    const asked = { act: 'withdrawn', category: null, note: '' } as const
    this.#ofOne((of) => this.#attempt(() => this.#acts.decide({ ...asked, of }), en.page.withdrawn, false))
  }

  #ofOne(work: (of: Target) => void): void {
    if (this.number !== undefined) work({ contents: [this.session.catalogue.sha256(this.number)], count: 1 })
  }

  /** Asks for a text on the content under the cursor; an empty one does nothing. */
  #typed(label: string, work: (of: Target, text: string) => void): void {
    this.#ofOne((of) =>
      this.#ask(`${label} `, '', (text) => {
        if (text.trim() !== '') this.#guarded(() => work(of, text.trim()))
      }),
    )
  }

  #goAround(by: Around): void {
    const { number } = this
    if (number === undefined) return
    const around = { sha256: this.session.catalogue.sha256(number), by }
    this.#show({ ...this.#asked, queue: 'all', query: '', stacked: false, around }, `around-${by}`)
  }

  #back(): void {
    if (this.showsDetails) this.showsDetails = false
    else if (this.#asked.around || this.query !== '')
      this.#show({ ...this.#asked, queue: 'left', query: '', around: null })
  }

  #show(asked: ViewAsked, word: keyof typeof en.page = 'shown'): void {
    this.#guarded(() => {
      this.view = this.session.viewCalled(this.session.view(asked).view)
      this.#asked = asked
      this.at = 0
      this.#isPastLast = false
      const n = this.view.tiles.length
      // The content itself stands among its near copies, and is none.
      this.said = said(word, { n: word === 'around-near' ? n - 1 : n })
    })
  }

  #attempt(work: () => Decided, what: string, goesOn: boolean): void {
    this.#guarded(() => {
      const { decided, unseen } = work()
      const blind = (['list', 'unseen'] as const).flatMap((kind) =>
        unseen[kind] === 0 ? [] : [said(`decided-${kind}`, { n: unseen[kind] })],
      )
      this.said = [said('decided', { n: decided, what }), ...blind].join('; ')
      const isLast = goesOn && this.at === this.view.tiles.length - 1
      if (goesOn) this.#step(1)
      this.#isPastLast = isLast
    })
  }

  #guarded(work: () => void): void {
    try {
      work()
    } catch (error) {
      if (!(error instanceof SeizedError)) throw error
      this.said = error.message
      if (!(error instanceof SessionOver)) return
      this.problem = error.message
      this.isOver = true
    }
  }

  #step(by: number): void {
    this.#isPastLast = false
    this.at = Math.max(0, Math.min(this.view.tiles.length - 1, this.at + by))
  }
}

/** Typed or pasted text without control characters. */
function printable(input: string): string {
  return input.replace(/[\p{Cc}\p{Cf}]/gu, '')
}

export function said(word: keyof typeof en.page, params: Params): string {
  return new Message(en.page[word], 'en').write(params)
}
