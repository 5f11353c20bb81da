/**
 * Sends a person's decisions: for one content at once, for several after a confirmation of their number. One request
 * at a time; keys wait for it.
 */
import type { Decided, Details, Greeting, Progress, Tile } from '../said.ts'
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
    return this.#next(async () => {
      // The cursor could not move on: a repeated key was meant for a content that does not exist.
      if (this.#parts.cursor.isPastLast) {
        this.#parts.said(say('last-decided'))
        return
      }
      const of = await this.#parts.cursor.target(stack)
      if (!of) return
      const label = this.label(category)
      const settles = this.#greeting.pass === 'adjudicate'
      let note = ''
      if (of.count > 1 || settles) {
        const text = say(of.count > 1 ? 'ask-many' : 'ask-one', { n: of.count, category: label })
        const agreed = await question(text, say('yes-decide'), settles)
        if (!agreed) return
        note = agreed.note
      }
      const act = settles ? 'adjudicated' : 'decided'
      await this.#decided(await ask<Decided>('decide', { act, category, note, of }), label, true)
    })
  }

  withdraw(): Promise<void> {
    return this.#next(async () => {
      const of = await this.#parts.cursor.target(false)
      if (!of) return
      const text = say('ask-withdraw', { n: of.count })
      if (of.count > 1 && !(await question(text, say('yes-withdraw'), false))) return
      const asked = { act: 'withdrawn', category: null, note: '', of }
      await this.#decided(await ask<Decided>('decide', asked), say('withdrawn'), false)
    })
  }

  needsEyes(): Promise<void> {
    return this.#next(async () => {
      const of = await this.#parts.cursor.target(false)
      if (of) await this.#decided(await ask<Decided>('eyes', { of }), say('eyes'), true)
    })
  }

  /** The same tag again takes it off. */
  tag(): Promise<void> {
    return this.#next(async () => {
      const of = await this.#parts.cursor.target(false)
      const asked = of && (await question(say('ask-tag'), say('yes'), true, 'text'))
      if (!of || !asked) return
      const made = await ask<{ tagged: number; isOn: boolean }>('tag', { of, tag: asked.note })
      this.#parts.said(say(made.isOn ? 'tagged' : 'untagged', { n: made.tagged, tag: asked.note }))
      this.#parts.tagged()
      await this.#parts.cursor.decided(false)
    })
  }

  note(): Promise<void> {
    return this.#next(async () => {
      const of = await this.#parts.cursor.target(false)
      const asked = of && (await question(say('ask-note'), say('yes'), true, 'text'))
      if (!of || !asked) return
      await ask('note', { of, text: asked.note })
      this.#parts.said(say('noted'))
      await this.#parts.cursor.decided(false)
    })
  }

  /** Into the queue of rescue, or out of it where the content under the cursor is in. The reason is recorded. */
  rescue(): Promise<void> {
    return this.#next(async () => {
      const of = await this.#parts.cursor.target(false)
      const tile = await this.#parts.cursor.tile()
      if (!of || !tile) return
      const { rescue } = await ask<Details>('details', { sha256: tile.sha256 })
      const text = say(rescue.isIn ? 'ask-rescue-out' : 'ask-rescue-in', { n: of.count })
      const asked = await question(text, say('yes'), true)
      if (!asked) return
      const { moved } = await ask<{ moved: number }>('rescue', { of, isIn: !rescue.isIn, why: asked.note })
      this.#parts.said(say(rescue.isIn ? 'rescue-out' : 'rescue-in', { n: moved }))
      await this.#parts.cursor.decided(false)
    })
  }

  undo(): Promise<void> {
    return this.#next(async () => this.#decided(await ask<Decided>('undo', {}), say('undone'), false))
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

  async #decided(made: Decided, what: string, goOn: boolean): Promise<void> {
    const { decided, progress, unseen } = made
    this.#parts.progress(progress)
    const kinds = ['list', 'unseen'] as const
    const blind = kinds.flatMap((kind) =>
      unseen[kind] === 0 ? [] : [say(`decided-${kind}`, { n: unseen[kind] })],
    )
    this.#parts.said([say('decided', { n: decided, what }), ...blind].join('; '))
    await this.#parts.cursor.decided(goOn)
  }

  #next(work: () => Promise<void>): Promise<void> {
    const next = this.#busy.then(work).catch(this.#parts.failed)
    this.#busy = next
    return next
  }
}
