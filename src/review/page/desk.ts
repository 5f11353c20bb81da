/** The desk at which a person works: it forwards keys, mouse and touch to the cursor, to decisions and to the details. */
import type { Greeting, Progress, ViewAsked, ViewMade } from '../said.ts'
import type { Act } from '../said-keys.ts'
import { showCategories } from './category-buttons.ts'
import { Cursor } from './cursor.ts'
import { Decisions } from './decisions.ts'
import { DetailsPane } from './details-pane.ts'
import { byId, keyboardToContents } from './elements.ts'
import { Elsewhere } from './elsewhere.ts'
import { showKeys } from './key-list.ts'
import { actOf, digitOf } from './keys.ts'
import { Looks } from './looks.ts'
import { isAsking } from './questions.ts'
import { Sight } from './sight.ts'
import { type Toolbar, toolbar } from './toolbar.ts'
import { say } from './words.ts'

export interface DeskParts {
  readonly progress: (progress: Progress) => void
  readonly failed: (error: unknown) => void
  readonly view: (around: ViewAsked['around']) => Promise<ViewMade>
  readonly end: () => void
  /** Shows or hides the tree of folders. */
  readonly folders: () => Promise<void>
  /** Shows or hides the map. @returns what is to be said where there is none */
  readonly map: () => string
  /** A tag was put on or taken off. */
  readonly tagged: () => void
}

/** Two presses of Escape within this time end the session. */
const TWICE_MS = 2000

export class Desk {
  readonly #greeting: Greeting
  readonly #parts: DeskParts
  readonly #cursor: Cursor
  readonly #decisions: Decisions
  readonly #pane = new DetailsPane()
  readonly #sight: Sight
  readonly #elsewhere: Elsewhere
  readonly #looks = new Looks()
  readonly #listening = new AbortController()
  readonly #toolbar: Toolbar
  #around: ViewAsked['around'] = null
  #viewsAsked = 0
  #escapedMs = Number.NEGATIVE_INFINITY

  constructor(greeting: Greeting, parts: DeskParts) {
    this.#greeting = greeting
    this.#parts = parts
    const said = (text: string, warn = false) => this.say(text, warn)
    this.#elsewhere = new Elsewhere(parts.failed)
    this.#sight = new Sight(greeting, { said, failed: parts.failed })
    this.#cursor = new Cursor({
      screen: this.#sight.screen,
      label: (tile) => this.#decisions.onTile(tile),
      elsewhere: this.#elsewhere,
      spoken: (tile, at, of) => this.#decisions.spoken(tile, at, of),
      failed: parts.failed,
      rested: (tile, isLow) => {
        this.#sight.frames.rested(tile, isLow)
        if (this.#pane.isOpen) void this.#details(tile.sha256)
      },
      emptied: () => this.#pane.empty(),
      said,
    })
    this.#decisions = new Decisions(greeting, { ...parts, cursor: this.#cursor, said })
    const { signal } = this.#listening
    document.addEventListener('keydown', (event) => this.#key(event), { signal })
    document.addEventListener('keyup', (event) => this.#keyUp(event), { signal })
    this.#sight.begin(this.#cursor, signal)
    byId('scroll').addEventListener('click', (event) => this.#cursor.click(event), { signal })
    byId('scroll').addEventListener('dblclick', () => void this.#details(), { signal })
    this.#toolbar = toolbar('mostMs' in greeting.reveal, (act) => {
      this.#acts[act]?.()
      if (act !== 'keys') byId('scroll').focus()
    })
    this.#holdToReveal(signal)
    this.#coverWhenLeft(signal)
    showCategories(greeting.scale, (id, stack) => {
      const toContents = keyboardToContents()
      void this.#decisions.decide(id, this.#toolbar.takeStack() || stack).then(toContents)
    })
    showKeys(greeting.scale)
  }

  /** Makes the view again from the filter, or around one content. A view that was asked for earlier and comes later is not shown. */
  async refilter(around: ViewAsked['around'] = null): Promise<void> {
    const asked = ++this.#viewsAsked
    try {
      const view = await this.#parts.view(around)
      if (asked !== this.#viewsAsked) return
      this.#around = around
      this.#sight.frames.close()
      await this.#cursor.show(view)
      if (asked !== this.#viewsAsked) return
      // Announced only now: a person who hears it may press a key for the shown content.
      // The content itself stands among its near copies, and is none.
      const n = around?.by === 'near' ? view.tiles - 1 : view.tiles
      this.say(say(around ? `around-${around.by}` : 'shown', { n }))
    } catch (error) {
      if (asked === this.#viewsAsked) this.#parts.failed(error)
    }
  }

  say(text: string, warn = false): void {
    const said = byId('said')
    said.className = warn ? 'warn' : ''
    said.textContent = text
  }

  close(): void {
    this.#looks.hide('blur')
    this.#sight.cover(true)
    this.#listening.abort()
  }

  #key(event: KeyboardEvent): void {
    const { target, ctrlKey, metaKey, altKey, repeat } = event
    const typing = target instanceof HTMLInputElement || target instanceof HTMLSelectElement
    if (isAsking() || ctrlKey || metaKey || (typing && event.key !== 'Escape')) return
    // The space key presses a button.
    if (event.key === ' ' && target instanceof HTMLButtonElement) return
    const digit = digitOf(event)
    const category = this.#greeting.scale.categories.find(({ key }) => key === digit)
    const act = actOf(event)
    if (!category && !act) return
    event.preventDefault()
    // A key that is held down would decide on every content that comes under the cursor.
    if (category && !repeat) void this.#decisions.decide(category.id, altKey)
    else if (act && !category) this.#act(act, event)
  }

  #keyUp(event: KeyboardEvent): void {
    const act = actOf(event)
    if (act === 'reveal') this.#looks.hide('key')
    else if (act === 'lift' || act === 'sheet') this.#sight.letGo()
  }

  #act(act: Act, { shiftKey, repeat }: KeyboardEvent): void {
    const way = this.#cursor.wayOf(act)
    if (way !== null) void this.#cursor.move(way, shiftKey)
    else if (!repeat || act === 'frame-on' || act === 'frame-back') this.#acts[act]?.()
  }

  readonly #acts: Partial<Record<Act, () => void>> = {
    withdraw: () => void this.#decisions.withdraw(),
    undo: () => void this.#decisions.undo(),
    eyes: () => void this.#decisions.needsEyes(),
    details: () => {
      if (this.#pane.isOpen) this.#pane.close()
      else void this.#details()
    },
    stacks: () => {
      const box = byId<HTMLInputElement>('stacked')
      box.checked = !box.checked
      void this.refilter()
    },
    near: () => void this.#goAround('near'),
    camera: () => void this.#goAround('camera'),
    folder: () => void this.#goAround('folder'),
    select: () => this.#cursor.toggle(),
    'select-all': () => this.#cursor.selectAll(),
    filter: () => byId('query').focus(),
    keys: () => byId<HTMLDialogElement>('keys').showModal(),
    reveal: () => void this.#reveal(),
    colour: () => this.say(this.#looks.nextColour()),
    blur: () => this.say(this.#looks.nextBlur()),
    lift: () => void this.#sight.lift(this.#cursor.tile()),
    sheet: () => void this.#sight.sheet(this.#cursor.tile()),
    'frame-on': () => void this.#cursor.tile().then((tile) => this.#sight.frame(tile, 1)),
    'frame-back': () => void this.#cursor.tile().then((tile) => this.#sight.frame(tile, -1)),
    level: () => this.#sight.level(),
    treatment: () => this.#sight.treatment(),
    folders: () => void this.#parts.folders().catch(this.#parts.failed),
    map: () => {
      const said = this.#parts.map()
      if (said !== '') this.say(said)
    },
    tag: () => void this.#decisions.tag(),
    note: () => void this.#decisions.note(),
    rescue: () => void this.#decisions.rescue(),
    larger: () => this.#sight.larger(),
    smaller: () => this.#sight.smaller(),
    hide: () => this.#escape(),
  }

  async #details(sha256?: string): Promise<void> {
    try {
      const wanted = sha256 ?? (await this.#cursor.tile())?.sha256
      if (wanted !== undefined) await this.#pane.open(wanted)
    } catch (error) {
      this.#parts.failed(error)
    }
  }

  async #goAround(by: 'near' | 'camera' | 'folder'): Promise<void> {
    const tile = await this.#cursor.tile()
    if (tile) await this.refilter({ sha256: tile.sha256, by })
  }

  async #reveal(): Promise<void> {
    try {
      const said = await this.#looks.show(this.#cursor.tile())
      this.say(said, said !== '')
    } catch (error) {
      this.#parts.failed(error)
    }
  }

  #escape(): void {
    if (this.#looks.isHeld) this.#looks.hide('escape')
    else if (this.#sight.frames.isScrubbed) this.#sight.frames.close()
    else if (this.#pane.isOpen) this.#pane.close()
    else if (this.#around) void this.refilter()
    else if (this.#cursor.hasSelection) this.#cursor.selectNone()
    else if (performance.now() - this.#escapedMs < TWICE_MS) {
      this.#parts.end()
      return
    } else {
      this.#escapedMs = performance.now()
      this.say(say('escape-again'))
    }
    byId('scroll').focus()
  }

  /** For a person without a keyboard: reveals while the button is held. */
  #holdToReveal(signal: AbortSignal): void {
    const button = byId('hold')
    button.addEventListener('pointerdown', () => void this.#reveal(), { signal })
    for (const end of ['pointerup', 'pointercancel', 'pointerleave'])
      button.addEventListener(end, () => this.#looks.hide('key'), { signal })
    button.addEventListener('contextmenu', (event) => event.preventDefault(), { signal })
  }

  /** Covers the page when the window loses the focus, so that bystanders see nothing. */
  #coverWhenLeft(signal: AbortSignal): void {
    const cover = (on: boolean) => {
      document.body.classList.toggle('covered', on)
      this.#sight.cover(on)
    }
    addEventListener('blur', () => cover(true), { signal })
    addEventListener('focus', () => cover(false), { signal })
    document.addEventListener('visibilitychange', () => cover(document.hidden || !document.hasFocus()), {
      signal,
    })
  }
}
