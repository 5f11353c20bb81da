/** The list of keys: those of the scale, and those that do not depend on it. */
import type { Greeting } from '../said.ts'
import { byId, made } from './elements.ts'
import { KEYS } from './keys.ts'
import { say } from './words.ts'

export function showKeys({ categories }: Greeting['scale']): void {
  const ofScale = categories.flatMap(({ id, label, key }) => (key === null ? [] : [[key, `${id} ${label}`]]))
  const rows = [
    ...ofScale,
    ...(ofScale.length > 0 ? [[say('alt-key'), say('key-stack')]] : []),
    ...KEYS.flatMap(({ shown, act }) => (shown === '' ? [] : [[shown, say(`key-${act}`)]])),
  ]
  byId('key-list').replaceChildren(
    ...rows.flatMap(([key = '', what = '']) => {
      const term = made('dt', '')
      term.append(made('kbd', key))
      return [term, made('dd', what)]
    }),
  )
}
