/** Views that were saved by a name: one shows it again, saves the present one, or removes one’s own. */
import type { ViewAsked } from '../said.ts'
import type { SavedView } from '../said-facets.ts'
import { ask } from './api.ts'
import { byId, made } from './elements.ts'
import { question } from './questions.ts'
import { say } from './words.ts'

export interface SavedViewsParts {
  /** The view as it stands on the page. */
  readonly now: () => Omit<ViewAsked, 'around'>
  readonly show: (view: SavedView) => void
  readonly said: (text: string) => void
  readonly failed: (error: unknown) => void
}

export class SavedViewsList {
  readonly #parts: SavedViewsParts
  readonly #list = byId<HTMLSelectElement>('views')
  #views: readonly SavedView[] = []

  constructor(parts: SavedViewsParts) {
    this.#parts = parts
    this.#list.addEventListener('change', () => {
      const chosen = this.#chosen
      this.#mayRemove()
      if (chosen) parts.show(chosen)
    })
    const button = (id: string, work: () => Promise<void>) =>
      byId(id).addEventListener('click', () => void work().catch(parts.failed))
    button('save-view', () => this.#save())
    button('remove-view', () => this.#remove())
  }

  async refresh(): Promise<void> {
    this.#fill((await ask<{ views: readonly SavedView[] }>('views', {})).views)
  }

  get #chosen(): SavedView | undefined {
    return this.#views[Number(this.#list.value)]
  }

  async #save(): Promise<void> {
    const asked = await question(say('ask-view'), say('save'), true, 'view-name')
    if (!asked) return
    const { views } = await ask<{ views: readonly SavedView[] }>('save-view', {
      name: asked.note,
      view: this.#parts.now(),
    })
    this.#fill(views, asked.note)
    this.#parts.said(say('view-saved', { name: asked.note }))
  }

  async #remove(): Promise<void> {
    const chosen = this.#chosen
    if (!chosen) return
    this.#fill((await ask<{ views: readonly SavedView[] }>('remove-view', { name: chosen.name })).views)
    this.#parts.said(say('view-removed', { name: chosen.name }))
  }

  #fill(views: readonly SavedView[], chosen = ''): void {
    this.#views = views
    const none = made('option', say('views-none'))
    none.value = ''
    this.#list.replaceChildren(
      none,
      ...views.map(({ name, operator, isMine }, at) => {
        const option = made('option', isMine ? name : `${name} – ${operator}`)
        option.value = String(at)
        return option
      }),
    )
    const at = views.findIndex(({ name, isMine }) => isMine && name === chosen)
    this.#list.value = at === -1 ? '' : String(at)
    this.#mayRemove()
  }

  #mayRemove(): void {
    byId<HTMLButtonElement>('remove-view').disabled = this.#chosen?.isMine !== true
  }
}
