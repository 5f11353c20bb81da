/**
 * The only way from text to HTML: a tagged template that escapes every interpolated value.
 *
 * The literal parts of the template are markup. Interpolated values are always text, both in content and in
 * double-quoted attributes. There is no exported function that turns a string into markup.
 */
export class Markup {
  readonly #text: string
  private constructor(text: string) {
    this.#text = text
  }

  toString(): string {
    return this.#text
  }

  static fromTemplate(strings: readonly string[], values: readonly Content[]): Markup {
    let out = strings[0]!
    for (let i = 0; i < values.length; i++) out += textOf(values[i]!) + strings[i + 1]!
    return new Markup(out)
  }
}

export type Content = Markup | string | number | bigint | null | readonly Content[]

export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return Markup.fromTemplate(strings, values)
}

/** Text made safe for HTML content and double-quoted attributes; unprintable characters become \u{N}. */
export function escapeHtml(text: string): string {
  return text.replace(
    UNSAFE,
    (char) => ENTITIES[char as keyof typeof ENTITIES] ?? `\\u{${char.codePointAt(0)!.toString(16)}}`,
  )
}

/** Text inside a double-quoted CSS string: everything but the plainest characters becomes a CSS escape. */
export function cssString(text: string): string {
  return `"${text.replace(/[^A-Za-z0-9 ._:/-]/gu, (char) => `\\${char.codePointAt(0)!.toString(16)} `)}"`
}

const ENTITIES = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
} as const

// The unprintable classes of evidence-path.ts, and the characters with a meaning in HTML.
const UNSAFE = /[&<>"'`\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}]/gu

function textOf(content: Content): string {
  if (content === null) return ''
  if (content instanceof Markup) return content.toString()
  if (Array.isArray(content)) return content.map(textOf).join('')
  return escapeHtml(String(content))
}
