/** Markdown within a line: code, bold, italic, links, pictures and line breaks. Everything else is escaped text. */

export interface Link {
  readonly href: string
  /** Text of a link that leads nowhere in the site stays, without the link. */
  readonly isKept: boolean
}

export type Resolve = (target: string, isPicture: boolean) => Link

const TOKEN =
  /(`+)(.+?)\1|!\[([^\]]*)\]\(([^)\s]+)\)|\[((?:[^[\]]|\[[^\]]*\])+)\]\(([^)\s]+)\)|\*\*(.+?)\*\*|(?<![\w_])_([^_]+?)_(?![\w_])|(?<![\w*])\*([^*\s][^*]*?)\*(?![\w*])|<(https?:[^>\s]+)>|(https?:\/\/[^\s<>)|,;]+[^\s<>)|,;.:])|<br ?\/?>|\\([\\`*_|[\]<>])/gs

/** @returns HTML of a line or paragraph */
export function inline(text: string, resolve: Resolve): string {
  let html = ''
  let at = 0
  for (const found of text.matchAll(TOKEN)) {
    html += escaped(text.slice(at, found.index))
    html += token(found, resolve)
    at = found.index + found[0].length
  }
  return html + escaped(text.slice(at))
}

function token(found: RegExpMatchArray, resolve: Resolve): string {
  const [whole, , code, alt, picture, label, target, bold, low, star, angled, bare, plain] = found
  if (code !== undefined) return `<code>${escaped(code.trim())}</code>`
  if (picture !== undefined)
    return `<img src="${escaped(resolve(picture, true).href)}" alt="${escaped(alt!)}">`
  if (target !== undefined) {
    const { href, isKept } = resolve(target, false)
    const inner = inline(label!, resolve)
    return isKept ? `<a href="${escaped(href)}">${inner}</a>` : inner
  }
  if (bold !== undefined) return `<strong>${inline(bold, resolve)}</strong>`
  if (low !== undefined) return `<em>${inline(low, resolve)}</em>`
  if (star !== undefined) return `<em>${inline(star, resolve)}</em>`
  const address = angled ?? bare
  // No link leads out of the site: an address is text, to be typed on a machine with a network.
  if (address !== undefined) return `<span class="address">${escaped(address)}</span>`
  if (plain !== undefined) return escaped(plain)
  return whole.startsWith('<br') ? '<br>' : escaped(whole)
}

export function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`)
}
