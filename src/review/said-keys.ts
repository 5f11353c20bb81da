/** Keys of a review that do not depend on the scale: one row each. `under` names the row of the list of keys that it stands in. */

export const KEYS = [
  { key: 'ArrowLeft', act: 'left', under: 'right' },
  { key: 'ArrowRight', act: 'right', under: 'right' },
  { key: 'ArrowUp', act: 'up', under: 'right' },
  { key: 'ArrowDown', act: 'down', under: 'right' },
  { key: 'PageUp', act: 'page-up', under: 'page-down' },
  { key: 'PageDown', act: 'page-down', under: 'page-down' },
  { key: 'Home', act: 'first', under: 'last' },
  { key: 'End', act: 'last', under: 'last' },
  { key: 'Backspace', act: 'withdraw', under: 'withdraw' },
  { key: 'u', act: 'undo', under: 'undo' },
  { key: 'e', act: 'eyes', under: 'eyes' },
  { key: 'i', act: 'details', under: 'details' },
  { key: 's', act: 'stacks', under: 'stacks' },
  { key: 'f', act: 'near', under: 'near' },
  { key: 'c', act: 'camera', under: 'camera' },
  { key: 'o', act: 'folder', under: 'folder' },
  { key: 'x', act: 'select', under: 'select' },
  { key: 'a', act: 'select-all', under: 'select-all' },
  { key: '/', act: 'filter', under: 'filter' },
  { key: ' ', act: 'reveal', under: 'reveal' },
  { key: 'g', act: 'colour', under: 'colour' },
  { key: 'b', act: 'blur', under: 'blur' },
  { key: 'v', act: 'lift', under: 'lift' },
  { key: 'l', act: 'level', under: 'level' },
  { key: 'd', act: 'treatment', under: 'treatment' },
  { key: 'm', act: 'sheet', under: 'sheet' },
  { key: ',', act: 'frame-back', under: 'frame-on' },
  { key: '.', act: 'frame-on', under: 'frame-on' },
  { key: 'p', act: 'folders', under: 'folders' },
  { key: 'r', act: 'map', under: 'map' },
  { key: 't', act: 'tag', under: 'tag' },
  { key: 'n', act: 'note', under: 'note' },
  { key: 'h', act: 'rescue', under: 'rescue' },
  { key: '+', act: 'larger', under: 'larger' },
  { key: '-', act: 'smaller', under: 'larger' },
  { key: 'Escape', act: 'hide', under: 'hide' },
  { key: '?', act: 'keys', under: 'keys' },
] as const

export type Act = (typeof KEYS)[number]['act']

/** Key of each act, as a browser names it. */
export type Keymap = Readonly<Record<Act, string>>

export const DEFAULT_KEYMAP = Object.fromEntries(KEYS.map(({ act, key }) => [act, key])) as Keymap
