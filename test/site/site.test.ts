/** The documentation as a site: every page rendered, every link led somewhere, nothing from elsewhere, the same bytes twice. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { render } from '../../scripts/site/markdown.ts'
import { writeSite } from '../../scripts/site/site.ts'
import { temporaryFolder } from '../e2e/seized.ts'

const ROOT = join(import.meta.dirname, '../..')
const html = (text: string) => render(text, (href) => ({ href, isKept: true })).html.trim()

function pagesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((item) => item.isFile() && item.name.endsWith('.html'))
    .map((item) => join(item.parentPath, item.name))
}

describe('Markdown', () => {
  it.each([
    ['a **b** `c <d>`', '<p>a <strong>b</strong> <code>c &#60;d&#62;</code></p>'],
    ['## A `b`: c', '<h2 id="a-b-c">A <code>b</code>: c</h2>'],
    ['- a\n  b\n- c', '<ul>\n<li>a\nb</li>\n<li>c</li>\n</ul>'],
    ['1. a\n\n   b\n2. c', '<ol>\n<li><p>a</p>\n<p>b</p></li>\n<li>c</li>\n</ol>'],
    ['```\n<x> | **y**\n```', '<pre><code>&#60;x&#62; | **y**</code></pre>'],
    ['> a', '<blockquote><p>a</p>\n</blockquote>'],
    ['<script>x</script>', '<p>&#60;script&#62;x&#60;/script&#62;</p>'],
    ['a_b_c and *d*', '<p>a_b_c and <em>d</em></p>'],
    ['[a](b.md#c)', '<p><a href="b.md#c">a</a></p>'],
  ])('%j', (text, expected) => expect(html(text)).toBe(expected))

  it('reads tables with bars in cells and numbers to the right', () => {
    expect(html('| a | n |\n| - | -: |\n| x \\| y | 1 |')).toBe(
      '<div class="wide"><table><thead><tr><th>a</th><th class="number">n</th></tr></thead>\n<tbody><tr><td>x | y</td><td class="number">1</td></tr></tbody></table></div>',
    )
  })
})

describe('the site', () => {
  it('has a page for every page of the docs, with links that lead somewhere, and asks for nothing from elsewhere', () => {
    const [one, two] = [temporaryFolder(), temporaryFolder()]
    expect(writeSite(ROOT, one)).toEqual([])
    expect(writeSite(ROOT, two)).toEqual([])
    const pages = pagesBelow(one)
    const sources = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    expect(pages.length).toBeGreaterThan(sources.filter((file) => file.endsWith('.md')).length)
    const lost: string[] = []
    for (const page of pages) {
      const text = readFileSync(page, 'utf8')
      expect(text).toBe(readFileSync(page.replace(one, two), 'utf8'))
      expect([page, /<script|(?:src|href)="(?:https?:|\/)/.test(text)]).toEqual([page, false])
      const plain = text.replace(/<(?:pre|code)>[\s\S]*?<\/(?:pre|code)>/g, '')
      // A form of Markdown that is not read stays as it is written.
      expect([page, /^(?:\||#{1,6} |```)|\]\([\w./#-]+\)|\*\*/m.exec(plain)?.[0]]).toEqual([page, undefined])
      for (const [, target] of text.matchAll(/(?:href|src)="([^"]*)"/g)) {
        const [path, anchor] = target!.split('#')
        const file = path === '' ? page : join(dirname(page), path!)
        if (!existsSync(file)) lost.push(`${page}: ${target}`)
        else if (anchor !== undefined && !readFileSync(file, 'utf8').includes(`id="${anchor}"`))
          lost.push(`${page}: ${target}`)
      }
    }
    expect(lost).toEqual([])
  })

  it('is not written where a link or an anchor leads nowhere', () => {
    const root = temporaryFolder()
    mkdirSync(join(root, 'docs'))
    writeFileSync(join(root, 'README.md'), '# A\n\n[x](docs/gone.md) [y](docs/b.md#no) [z](docs/b.md#b)\n')
    writeFileSync(join(root, 'docs/b.md'), '# B\n')
    const out = join(root, 'out')
    expect(writeSite(root, out)).toEqual(['README.md: docs/gone.md', 'README.md: docs/b.md#no'])
    expect(existsSync(out)).toBe(false)
  })
})
