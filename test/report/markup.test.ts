import { describe, expect, it } from 'vitest'
import { cssString, escapeHtml, html } from '../../src/report/texts/markup.ts'
import { hostileNames } from './hostile-names.ts'
import { parseHtml } from './parsed-html.ts'

describe('the one way to HTML', () => {
  it('escapes every value as text, in content and in attributes', () => {
    for (const name of hostileNames()) {
      const text = name.toString('utf8')
      const source = html`<p title="${text}">${text}</p>`.toString()
      const printable = text.replace(
        /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}]/gu,
        (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`,
      )
      expect(parseHtml(source)).toEqual([{ name: 'p', attributes: { title: printable }, text: printable }])
    }
  })

  it('lets nothing through that means something to HTML', () => {
    expect(escapeHtml(`&<>"'\``)).toBe('&amp;&lt;&gt;&quot;&#39;&#96;')
  })

  it('nests markup and lists of it, and leaves out null', () => {
    expect(html`<ul>${['a', '<'].map((x) => html`<li>${x}</li>`)}</ul>${null}${1n}`.toString()).toBe(
      '<ul><li>a</li><li>&lt;</li></ul>1',
    )
  })

  it('does not take an object that looks like markup for markup', () => {
    const forged = { toString: () => '<b>' } as unknown as string
    expect(html`${forged}`.toString()).toBe('&lt;b&gt;')
  })

  it('keeps a CSS string a string', () => {
    for (const name of hostileNames()) {
      const css = cssString(name.toString('utf8'))
      expect(css).toMatch(/^"(?:[A-Za-z0-9 ._:/-]|\\[0-9a-f]{1,6} )*"$/)
    }
  })
})
