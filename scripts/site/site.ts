/**
 * The documentation as a site of plain files: no script, nothing from elsewhere, opened from file:// or served as it is.
 * The same docs give the same bytes. A link that leads nowhere ends the making of the site.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { escaped, type Link } from './inline.ts'
import { type Heading, type Rendered, render } from './markdown.ts'

const ALONE = [
  'README.md',
  'CHANGELOG.md',
  'SECURITY.md',
  'THIRD-PARTY.md',
  'src/ledger/FORMAT.md',
  'hashsets/README.md',
  'models/README.md',
]

const NAMES: Readonly<Record<string, string>> = {
  'docs/guide': 'Guide',
  'docs/reference': 'Reference',
  'docs/evidence': 'Evidence',
  'docs/decisions': 'Decisions',
}

interface Page extends Rendered {
  /** Path in the repository, `docs/guide/scan.md`. */
  readonly file: string
  readonly title: string
}

/** @returns links that lead nowhere, as `page: target`; the site is written only where there are none */
export function writeSite(root: string, out: string): readonly string[] {
  const files = [...ALONE.filter((file) => existsSync(join(root, file))), ...markdownBelow(root, 'docs')]
  const known = new Set(files)
  const pictures = new Set<string>()
  const wanted: { readonly from: string; readonly to: string; readonly anchor: string }[] = []
  const broken: string[] = []
  const pages = files.map((file): Page => {
    const rendered = render(readFileSync(join(root, file), 'utf8'), (target, isPicture) =>
      linkOf(root, file, target, isPicture, { known, pictures, wanted, broken }),
    )
    return { file, title: rendered.headings[0]?.text ?? file, ...rendered }
  })
  const anchors = new Map(pages.map(({ file, headings }) => [file, new Set(headings.map(({ id }) => id))]))
  for (const { from, to, anchor } of wanted)
    if (!anchors.get(to)!.has(anchor)) broken.push(`${from}: ${to}#${anchor}`)
  if (broken.length > 0) return broken

  for (const page of pages) write(join(out, addressOf(page.file)), documentOf(page, pages))
  write(join(out, 'contents.html'), contents(pages))
  for (const [folder, name] of Object.entries(NAMES))
    if (!known.has(`${folder}/README.md`))
      write(join(out, folder, 'index.html'), folderPage(folder, name, pages))
  for (const picture of pictures) {
    mkdirSync(dirname(join(out, picture)), { recursive: true })
    cpSync(join(root, picture), join(out, picture))
  }
  return []
}

interface Found {
  readonly known: ReadonlySet<string>
  readonly pictures: Set<string>
  readonly wanted: { readonly from: string; readonly to: string; readonly anchor: string }[]
  readonly broken: string[]
}

function linkOf(root: string, from: string, target: string, isPicture: boolean, found: Found): Link {
  if (/^[a-z]+:/i.test(target)) return { href: target, isKept: false }
  const [path, anchor] = target.split('#') as [string, string?]
  const to = path === '' ? from : posix.normalize(posix.join(posix.dirname(from), path))
  if (isPicture) {
    if (existsSync(join(root, to))) found.pictures.add(to)
    else found.broken.push(`${from}: ${target}`)
    return { href: target, isKept: true }
  }
  if (found.known.has(to)) {
    if (anchor !== undefined) found.wanted.push({ from, to, anchor })
    return { href: `${between(from, to)}${anchor === undefined ? '' : `#${anchor}`}`, isKept: true }
  }
  // Files of the program are no part of the site: their name stays as text.
  if (!existsSync(join(root, to))) found.broken.push(`${from}: ${target}`)
  return { href: '', isKept: false }
}

function markdownBelow(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((item) => item.isFile() && item.name.endsWith('.md'))
    .map((item) => posix.join(item.parentPath.slice(root.length).replace(/^\//, ''), item.name))
    .sort()
}

/** README.md is the page of its folder. */
function addressOf(file: string): string {
  return file.replace(/README\.md$/, 'index.html').replace(/\.md$/, '.html')
}

function between(from: string, to: string): string {
  return posix.relative(posix.dirname(addressOf(from)) || '.', addressOf(to)) || posix.basename(addressOf(to))
}

const STYLE = `:root{--text:#16181d;--page:#fff;--line:#b9bec7;--link:#0b4f9e;--block:#f1f3f6;--small:#454a53}
@media screen and (prefers-color-scheme:dark){:root{color-scheme:dark;--text:#e6e8ec;--page:#14171c;--line:#4b535f;--link:#8fbcf8;--block:#20252d;--small:#b4bac4}}
body{font:16px/1.55 "Noto Sans","Liberation Sans",system-ui,sans-serif;margin:0;color:var(--text);background:var(--page)}
header,main,footer{max-width:76rem;margin:0 auto;padding:0 1.2rem}header{padding-top:.8rem;padding-bottom:.6rem;border-bottom:1px solid var(--line)}
nav a{margin-right:1rem}a{color:var(--link)}main{display:grid;grid-template-columns:minmax(0,1fr) 16rem;gap:2.5rem}aside{font-size:.88rem;padding-top:1.6rem}
aside ul{list-style:none;padding:0;margin:0}aside li{margin:.25rem 0}[aria-current]{font-weight:700;color:inherit;text-decoration:none}
h1{font-size:1.7rem}h2{font-size:1.25rem;margin-top:2rem}h3{font-size:1.05rem}.wide{overflow-x:auto}table{border-collapse:collapse;margin:.8rem 0;font-size:.92rem}
th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid var(--line);overflow-wrap:break-word;min-width:5rem}td code{overflow-wrap:anywhere}.number{text-align:right}
pre{background:var(--block);padding:.8rem;overflow-x:auto}code{font-family:"Noto Sans Mono","Liberation Mono",monospace;font-size:.88em}img{max-width:100%;height:auto;border:1px solid var(--line)}
.address{overflow-wrap:anywhere}footer{margin-top:3rem;padding-bottom:2rem;color:var(--small);font-size:.88rem}
@media(max-width:50rem){main{grid-template-columns:minmax(0,1fr)}}@media print{header,aside,footer{display:none}main{display:block}}`

function shell(file: string, title: string, body: string): string {
  const to = (page: string) => posix.relative(posix.dirname(addressOf(file)), page)
  const links = [
    ['index.html', 'Start'],
    ...Object.entries(NAMES).map(([folder, name]) => [`${folder}/index.html`, name]),
    ['docs/glossary.html', 'Glossary'],
    ['CHANGELOG.html', 'Changes'],
    ['contents.html', 'All pages'],
  ] as const
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src 'self' file:">
<title>${escaped(title)} – seized</title><style>${STYLE}</style></head>
<body><header><nav aria-label="Parts of the documentation">${links
    .map(([page, name]) => `<a href="${to(page!)}">${name}</a>`)
    .join('\n')}</nav></header>
<main>${body}</main>
<footer>Documentation of seized. Nothing here needs a network.</footer></body></html>
`
}

function documentOf(page: Page, pages: readonly Page[]): string {
  const folder = posix.dirname(page.file)
  const beside = pages.filter(({ file }) => posix.dirname(file) === folder && folder !== '.')
  const links = beside.map(
    ({ file, title }) =>
      `<li><a href="${between(page.file, file)}"${file === page.file ? ' aria-current="page"' : ''}>${escaped(title)}</a></li>`,
  )
  return shell(
    page.file,
    page.title,
    `<article>${page.html}</article><aside aria-label="Pages of this part"><ul>${links.join('\n')}</ul></aside>`,
  )
}

/** The page of a folder that has no README of its own. */
function folderPage(folder: string, name: string, pages: readonly Page[]): string {
  const file = `${folder}/README.md`
  const links = pages
    .filter((page) => posix.dirname(page.file) === folder)
    .map((page) => `<li><a href="${between(file, page.file)}">${escaped(page.title)}</a></li>`)
  return shell(file, name, `<article><h1>${name}</h1><ul>${links.join('\n')}</ul></article>`)
}

/** Every page with its headings: what a search would find, for the browser's own search in a page. */
function contents(pages: readonly Page[]): string {
  const item = (file: string, { id, text }: Heading) =>
    `<li><a href="${addressOf(file)}#${id}">${escaped(text)}</a></li>`
  const rows = pages.map(
    ({ file, title, headings }) =>
      `<li><a href="${addressOf(file)}">${escaped(title)}</a> <code>${escaped(file)}</code><ul>${headings
        .filter(({ level }) => level === 2)
        .map((one) => item(file, one))
        .join('')}</ul></li>`,
  )
  return shell('contents.md', 'All pages', `<article><h1>All pages</h1><ul>${rows.join('\n')}</ul></article>`)
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}
