/** Volumes, folders and containers beside the tiles, with counts: one opens what is below it, or shows its contents. */
import type { Folders } from '../said-facets.ts'
import { ask } from './api.ts'
import { byId, made } from './elements.ts'
import { say } from './words.ts'

const TOP = 0

export class FolderPane {
  readonly #pane = byId('folders')
  readonly #chosen: () => void
  readonly #failed: (error: unknown) => void
  #node: number | null = null

  /** @param chosen called when another folder was chosen */
  constructor(chosen: () => void, failed: (error: unknown) => void) {
    this.#chosen = chosen
    this.#failed = failed
  }

  /** Node whose contents are shown; null: all. */
  get node(): number | null {
    return this.#node
  }

  async toggle(): Promise<void> {
    if (!this.#pane.hidden) {
      this.#pane.hidden = true
      this.#pane.replaceChildren()
      if (this.#node !== null) this.#choose(null)
      return
    }
    const all = this.#button(say('folders-all'), null)
    const list = await this.#listOf(TOP)
    this.#pane.replaceChildren(made('h2', say('folders')), all, list)
    // A disk with one volume, and a folder with nothing but a folder, are opened at once.
    await this.#openSingle(list)
    this.#pane.setAttribute('aria-label', say('folders'))
    this.#pane.hidden = false
  }

  async #listOf(node: number): Promise<HTMLUListElement> {
    const { folders } = await ask<Folders>('folders', { node })
    const list = made('ul', '')
    list.append(
      ...folders.map(({ node: below, name, step, count, hasMore }) => {
        const item = made('li', '')
        const label = `${step === 'volume' ? say('volume', { n: name }) : name} (${count.toLocaleString('en')})`
        const button = this.#button(label, below)
        if (hasMore) item.append(this.#opener(below, label, item))
        item.append(button)
        return item
      }),
    )
    return list
  }

  async #openSingle(list: HTMLUListElement): Promise<void> {
    const [item, ...others] = list.children
    const opener = item?.querySelector<HTMLButtonElement>('.opener')
    if (!item || !opener || others.length > 0) return
    opener.textContent = '▾'
    opener.setAttribute('aria-expanded', 'true')
    const below = await this.#listOf(Number(item.querySelector<HTMLElement>('.folder')?.dataset.node))
    item.append(below)
    await this.#openSingle(below)
  }

  #opener(node: number, label: string, item: HTMLElement): HTMLButtonElement {
    const opener = made('button', '▸', 'opener')
    opener.type = 'button'
    opener.setAttribute('aria-label', label)
    opener.setAttribute('aria-expanded', 'false')
    const show = (isOpen: boolean) => {
      opener.textContent = isOpen ? '▾' : '▸'
      opener.setAttribute('aria-expanded', String(isOpen))
    }
    let isAsked = false
    const toggle = async () => {
      const open = item.querySelector('ul')
      show(!open)
      if (open) return open.remove()
      isAsked = true
      try {
        item.append(await this.#listOf(node))
      } catch (error) {
        show(false)
        this.#failed(error)
      } finally {
        isAsked = false
      }
    }
    opener.addEventListener('click', () => {
      if (!isAsked) void toggle()
    })
    return opener
  }

  #button(label: string, node: number | null): HTMLButtonElement {
    const button = made('button', label, 'folder')
    button.type = 'button'
    button.dataset.node = String(node)
    button.setAttribute('aria-pressed', String(node === this.#node))
    button.addEventListener('click', () => this.#choose(node))
    return button
  }

  #choose(node: number | null): void {
    this.choose(node)
    this.#chosen()
  }

  /** Without showing its contents. */
  choose(node: number | null): void {
    this.#node = node
    for (const one of this.#pane.querySelectorAll<HTMLElement>('.folder'))
      one.setAttribute('aria-pressed', String(one.dataset.node === String(node)))
  }
}
