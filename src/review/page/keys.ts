/** Keys that do not depend on the scale: one row each. The list of keys on the page comes from this table too. */

export const KEYS = [
  { key: 'ArrowLeft', act: 'left', shown: '' },
  { key: 'ArrowRight', act: 'right', shown: '← → ↑ ↓' },
  { key: 'ArrowUp', act: 'up', shown: '' },
  { key: 'ArrowDown', act: 'down', shown: '' },
  { key: 'PageUp', act: 'page-up', shown: '' },
  { key: 'PageDown', act: 'page-down', shown: 'Page Up, Page Down' },
  { key: 'Home', act: 'first', shown: '' },
  { key: 'End', act: 'last', shown: 'Home, End' },
  { key: 'Backspace', act: 'withdraw', shown: 'Backspace' },
  { key: 'u', act: 'undo', shown: 'u' },
  { key: 'e', act: 'eyes', shown: 'e' },
  { key: 'i', act: 'details', shown: 'i' },
  { key: 's', act: 'stacks', shown: 's' },
  { key: 'f', act: 'near', shown: 'f' },
  { key: 'c', act: 'camera', shown: 'c' },
  { key: 'o', act: 'folder', shown: 'o' },
  { key: 'x', act: 'select', shown: 'x' },
  { key: 'a', act: 'select-all', shown: 'a' },
  { key: '/', act: 'filter', shown: '/' },
  { key: ' ', act: 'reveal', shown: 'Space' },
  { key: 'g', act: 'colour', shown: 'g' },
  { key: 'b', act: 'blur', shown: 'b' },
  { key: 'v', act: 'lift', shown: 'v' },
  { key: 'l', act: 'level', shown: 'l' },
  { key: 'd', act: 'treatment', shown: 'd' },
  { key: 'm', act: 'sheet', shown: 'm' },
  { key: 'p', act: 'folders', shown: 'p' },
  { key: 't', act: 'tag', shown: 't' },
  { key: 'n', act: 'note', shown: 'n' },
  { key: '+', act: 'larger', shown: '+ −' },
  { key: '-', act: 'smaller', shown: '' },
  { key: 'Escape', act: 'hide', shown: 'Esc' },
  { key: '?', act: 'keys', shown: '?' },
] as const

export type Act = (typeof KEYS)[number]['act']

export function actOf({ key, altKey }: KeyboardEvent): Act | null {
  if (altKey) return null
  return KEYS.find((one) => one.key === key)?.act ?? null
}

/** The digit of a key press. With Alt some keyboards produce another character: the position of the key then counts. */
export function digitOf({ key, code, altKey }: KeyboardEvent): string {
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(code)?.[1]
  return altKey && digit !== undefined ? digit : key
}
