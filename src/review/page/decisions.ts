/**
 * Sends a person's decisions: for one content at once, for several after a confirmation of their number. One request
 * at a time; keys wait for it.
 */
import type { Decided, Details, Greeting, Progress, Tile } from '../said.ts'
import type { Aim } from './aim.ts'
import { ask } from './api.ts'
import type { Cursor } from './cursor.ts'
import { question } from './questions.ts'
import { say } from './words.ts'

export interface DecisionParts {
  readonly cursor: Cursor
  readonly progress: (progress: Progress) => void
  readonly said: (text: string) => void
  readonly failed: (error: unknown) => void
  readonly tagged: () => void
}

export class Decisions {
  readonly #greeting: Greeting
  readonly #parts: DecisionParts
  #busy: Promise<unknown> = Promise.resolve()

  constructor(greeting: Greeting, parts: DecisionParts) {
    this.#greeting = greeting
    this.#parts = parts
  }

  /** @param stack true: decide on all near copies under the cursor */
  decide(category: string, stack: boolean): Promise<void> {
    return this.#next(true, async (aim) => {
      // The cursor could not move on: a repeated key was meant for a content that does not exist.
      if (aim.isPastLast) {
        this.#parts.said(say('last-decided'))
        return false
      }
      const of = await this.#parts.cursor.target(aim, stack)
      if (!of) return false
      const label = this.label(category)
      const settles = this.#greeting.pass === 'adjudicate'
      let note = ''
      if (of.count > 1 || settles) {
        const text = say(of.count > 1 ? 'ask-many' : 'ask-one', { n: of.count, category: label })
        const agreed = await question(text, say('yes-decide'), settles)
        if (!agreed) return false
        note = agreed.note
      }
      const act = settles ? 'adjudicated' : 'decided'
      return this.#decided(await ask<Decided>('decide', { act, category, note, of }), label, aim)
    })
  }

  withdraw(): Promise<void> {
    return this.#next(false, async (aim) => {
      const of = await this.#parts.cursor.target(aim, false)
      if (!of) return false
      const text = say('ask-withdraw', { n: of.count })
      if (of.count > 1 && !(await question(text, say('yes-withdraw'), false))) return false
      const asked = { act: 'withdrawn', category: null, note: '', of }
      return this.#decided(await ask<Decided>('decide', asked), say('withdrawn'), aim)
    })
  }

  needsEyes(): Promise<void> {
    return this.#next(true, async (aim) => {
      const of = await this.#parts.cursor.target(aim, false)
      return of !== null && this.#decided(await ask<Decided>('eyes', { of }), say('eyes'), aim)
    })
  }

  /** The same tag again takes it off. */
  tag(): Promise<void> {
    return this.#next(false, async (aim) => {
      const of = await this.#parts.cursor.target(aim, false)
      const asked = of && (await question(say('ask-tag'), say('yes'), true, 'text'))
      if (!of || !asked) return false
      const made = await ask<{ tagged: number; isOn: boolean }>('tag', { of, tag: asked.note })
      this.#parts.said(say(made.isOn ? 'tagged' : 'untagged', { n: made.tagged, tag: asked.note }))
      this.#parts.tagged()
      return this.#on(aim)
    })
  }

  note(): Promise<void> {
    return this.#next(false, async (aim) => {
      const of = await this.#parts.cursor.target(aim, false)
      const asked = of && (await question(say('ask-note'), say('yes'), true, 'text'))
      if (!of || !asked) return false
      await ask('note', { of, text: asked.note })
      this.#parts.said(say('noted'))
      return this.#on(aim)
    })
  }

  /** Into the queue of rescue, or out of it where the content under the cursor is in. The reason is recorded. */
  rescue(): Promise<void> {
    return this.#next(false, async (aim) => {
      const of = await this.#parts.cursor.target(aim, false)
      const tile = await this.#parts.cursor.tileOf(aim)
      if (!of || !tile) return false
      const { rescue } = await ask<Details>('details', { sha256: tile.sha256 })
      const text = say(rescue.isIn ? 'ask-rescue-out' : 'ask-rescue-in', { n: of.count })
      const asked = await question(text, say('yes'), true)
      if (!asked) return false
      const { moved } = await ask<{ moved: number }>('rescue', { of, isIn: !rescue.isIn, why: asked.note })
      this.#parts.said(say(rescue.isIn ? 'rescue-out' : 'rescue-in', { n: moved }))
      return this.#on(aim)
    })
  }

  undo(): Promise<void> {
    return this.#next(false, async (aim) => this.#decided(await ask<Decided>('undo', {}), say('undone'), aim))
  }

  label(id: string): string {
    const found = this.#greeting.scale.categories.find((category) => category.id === id)
    return found ? `${id} ${found.label}` : id
  }

  onTile({ mine, eyes }: Tile): string {
    if (mine !== null) return this.label(mine)
    return eyes ? say('eyes') : ''
  }

  /** The text of a tile for a screen reader. */
  spoken(tile: Tile, at: number, of: number): string {
    return [
      say('tile', { n: at + 1, of }),
      `\u2066${tile.name}\u2069`,
      say(`kind-${tile.kind}`),
      tile.priority === null ? '' : say('priority', { n: tile.priority }),
      tile.mine === null ? say(tile.eyes ? 'eyes' : 'undecided') : this.label(tile.mine),
      tile.stack > 1 ? say('near-copies', { n: tile.stack - 1 }) : '',
      tile.outcome === 'differing' ? say('differing') : '',
      ...tile.tags,
    ]
      .filter((part) => part !== '')
      .join(', ')
  }

  async #decided(made: Decided, what: string, aim: Aim): Promise<true> {
    const { decided, progress, unseen } = made
    this.#parts.progress(progress)
    const kinds = ['list', 'unseen'] as const
    const blind = kinds.flatMap((kind) =>
      unseen[kind] === 0 ? [] : [say(`decided-${kind}`, { n: unseen[kind] })],
    )
    this.#parts.said([say('decided', { n: decided, what }), ...blind].join('; '))
    return this.#on(aim)
  }

  async #on(aim: Aim): Promise<true> {
    await this.#parts.cursor.decided(aim)
    return true
  }

  /**
   * @param goesOn the cursor goes on to the next content after it
   * @param work with what the key referred to when it was pressed; false: nothing was done
   */
  #next(goesOn: boolean, work: (aim: Aim) => Promise<boolean>): Promise<void> {
    const { cursor, failed } = this.#parts
    const aim = cursor.aim(goesOn)
    const next = this.#busy.then(async () => {
      if (!cursor.holds(aim)) return
      try {
        if (!(await work(aim))) cursor.stays()
      } catch (error) {
        cursor.stays()
        failed(error)
      }
    })
    this.#busy = next
    return next
  }
}
