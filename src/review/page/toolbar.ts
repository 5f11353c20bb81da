/** Acts as buttons, each with its key: for mouse and touch, and to show the keys where they are needed. */

import type { Act } from '../said-keys.ts'
import { byId, made } from './elements.ts'
import { shownKey } from './keys.ts'
import { say } from './words.ts'

const ACTS = [
  'keys',
  'eyes',
  'undo',
  'withdraw',
  'details',
  'select',
  'stacks',
  'near',
  'camera',
  'folder',
  'folders',
  'tag',
  'note',
  'rescue',
  'hide',
] as const satisfies readonly Act[]

const OF_REVEALS = ['level', 'treatment', 'colour', 'blur'] as const satisfies readonly Act[]

export interface Toolbar {
  /** True when the next decision applies to the whole stack, like Alt on a keyboard. Applies to one decision. */
  takeStack(): boolean
}

/** @param acted called after a button press: the focus returns to the tiles */
export function toolbar(canReveal: boolean, acted: (act: Act) => void): Toolbar {
  const stack = made('button', say('button-stack'))
  const press = (on: boolean) => stack.setAttribute('aria-pressed', String(on))
  stack.type = 'button'
  stack.prepend(made('kbd', 'Alt'), ' ')
  press(false)
  stack.addEventListener('click', () => press(stack.ariaPressed !== 'true'))
  const buttons = [...ACTS, ...(canReveal ? OF_REVEALS : [])].map((act) => {
    const button = made('button', '')
    button.type = 'button'
    button.append(made('kbd', shownKey(act)), ' ', say(`button-${act}`))
    button.addEventListener('click', () => acted(act))
    return button
  })
  byId('acts').replaceChildren(stack, ...buttons)
  return {
    takeStack: () => {
      const on = stack.ariaPressed === 'true'
      press(false)
      return on
    },
  }
}
