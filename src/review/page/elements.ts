/** Elements of the page by id, and new elements; text of the exhibit is inserted as text, never as markup. */

export function byId<T extends HTMLElement>(id: string): T {
  const found = document.getElementById(id)
  if (!found) throw new Error(`the page has no #${id}`)
  return found as T
}

export function made<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  text: string,
  className = '',
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  element.textContent = text
  if (className !== '') element.className = className
  return element
}

export function listOf(items: readonly string[]): HTMLUListElement {
  const list = document.createElement('ul')
  for (const item of items) list.append(made('li', item))
  return list
}

/**
 * Remembers who has the keyboard. The returned function gives it to the contents, but never takes it from a field
 * that a person went to, or typed into, meanwhile: a letter of theirs would then act as a key, even as a category.
 */
export function keyboardToContents(): () => void {
  const before = fieldInUse()
  return () => {
    const now = fieldInUse()
    if (now.field === null || (now.field === before.field && now.text === before.text)) byId('scroll').focus()
  }
}

function fieldInUse(): { readonly field: Element | null; readonly text: string } {
  const field = document.activeElement
  const isField = field instanceof HTMLInputElement || field instanceof HTMLSelectElement
  return isField ? { field, text: field.value } : { field: null, text: '' }
}
