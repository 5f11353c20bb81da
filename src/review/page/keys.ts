/** Keys of this review: those of the program, or of the person's own file. */
import { type Act, DEFAULT_KEYMAP, type Keymap } from '../said-keys.ts'

let keymap: Keymap = DEFAULT_KEYMAP
let acts = actsOf(keymap)

export function takeKeymap(given: Keymap): void {
  keymap = given
  acts = actsOf(given)
}

export function actOf({ key, altKey }: KeyboardEvent): Act | null {
  return altKey ? null : (acts.get(key) ?? null)
}

/** As it stands on a button. */
export function shownKey(act: Act): string {
  const key = keymap[act]
  return SHOWN[key] ?? key
}

const SHOWN: Readonly<Record<string, string>> = {
  ...{ ArrowLeft: '←', ArrowRight: '→', ArrowUp: '↑', ArrowDown: '↓' },
  ...{ PageUp: 'Page Up', PageDown: 'Page Down', Escape: 'Esc', ' ': 'Space', '-': '−' },
}

function actsOf(given: Keymap): ReadonlyMap<string, Act> {
  return new Map(Object.entries(given).map(([act, key]) => [key, act as Act]))
}

/** The digit of a key press. With Alt some keyboards produce another character: the position of the key then counts. */
export function digitOf({ key, code, altKey }: KeyboardEvent): string {
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(code)?.[1]
  return altKey && digit !== undefined ? digit : key
}
