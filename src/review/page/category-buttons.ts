/** The categories of the scale as buttons, each with its key. */
import type { Greeting } from '../said.ts'
import { byId, made } from './elements.ts'

/** @param decided called with the category, and whether Alt was held: the whole stack */
export function showCategories(
  { categories, title }: Greeting['scale'],
  decided: (category: string, stack: boolean) => void,
): void {
  byId('categories').replaceChildren(
    made('legend', title, 'hidden'),
    ...categories.map(({ id, label, key }) => {
      const button = made('button', '')
      if (key !== null) button.append(made('kbd', key), ' ')
      button.append(key === id ? label : `${id} ${label}`)
      button.type = 'button'
      button.addEventListener('click', (event) => decided(id, event.altKey))
      return button
    }),
  )
}
