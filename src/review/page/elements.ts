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
