/** The list of keys: those of the scale, and those that do not depend on it. */
import type { Greeting } from '../said.ts'
import { KEYS } from '../said-keys.ts'
import { byId, made } from './elements.ts'
import { shownKey } from './keys.ts'
import { say } from './words.ts'

export function showKeys({ categories }: Greeting['scale']): void {
  const ofScale = categories.flatMap(({ id, label, key }) => (key === null ? [] : [[key, `${id} ${label}`]]))
  const rows = [
    ...ofScale,
    ...(ofScale.length > 0 ? [[say('alt-key'), say('key-stack')]] : []),
    ...[...new Set(KEYS.map(({ under }) => under))].map((under) => [keysUnder(under), say(`key-${under}`)]),
  ]
  byId('key-list').replaceChildren(
    ...rows.flatMap(([key = '', what = '']) => {
      const term = made('dt', '')
      term.append(made('kbd', key))
      return [term, made('dd', what)]
    }),
  )
}

function keysUnder(row: string): string {
  return KEYS.filter(({ under }) => under === row)
    .map(({ act }) => shownKey(act))
    .join(' ')
}
