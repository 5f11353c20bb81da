/** The template of a validation record, in plain typst: every word comes as data. */
export const VALIDATION_TEMPLATE = `
#let d = json("data.json")
#set document(title: d.title + " " + d.number, author: "seized", date: datetime(year: d.date.at(0), month: d.date.at(1), day: d.date.at(2)))
#set text(font: ("Noto Sans", "Noto Sans Arabic", "Noto Sans Hebrew", "Noto Sans Bengali", "Noto Sans Devanagari", "Noto Sans Thai", "Noto Sans SC", "Noto Sans KR"), fallback: false, size: 9.5pt, lang: d.language)
#set par(justify: false, leading: 0.62em, spacing: 0.9em)
#set page(paper: "a4", margin: (x: 16mm, top: 20mm, bottom: 20mm),
  header: text(size: 7.5pt)[#d.title #h(1fr) #d.number],
  footer: text(size: 6.5pt)[#d.sha256 #h(1fr) #context [#counter(page).display() / #counter(page).final().at(0)]])
#show heading.where(level: 1): it => block(above: 1.4em, below: 0.7em, text(size: 13pt, it.body))
#show heading.where(level: 2): it => block(above: 1.3em, below: 0.6em, text(size: 11pt, it.body))
#show heading.where(level: 3): it => block(above: 1.1em, below: 0.5em, text(size: 9.5pt, it.body))
#let small(it) = text(size: 8pt, it)
// A word of sixty characters must not leave its column.
#let broken(it) = it.replace(regex("[0-9a-f]{20}"), m => m.text + "\\u{200b}").replace("/", "/\\u{200b}").replace("-", "-\\u{200b}")
#let cell(lines) = { small(broken(lines.at(0, default: ""))); for l in lines.slice(calc.min(1, lines.len())) { linebreak(); text(size: 7pt, broken(l)) } }
#let show-block(b) = {
  if b.kind == "heading" { heading(level: 3, b.text) }
  else if b.kind == "text" { par(broken(b.text)) }
  else if b.kind == "list" { list(..b.items.map(small)) }
  else if b.kind == "pairs" { grid(columns: (28%, 1fr), row-gutter: 4pt, ..b.rows.map(r => (small(r.at(0)), small(broken(r.at(1))))).flatten()) }
  else if b.rows.len() > 0 { table(columns: b.widths.map(w => w * 1fr), stroke: (x, y) => (bottom: 0.4pt + luma(60%)), inset: (x: 3pt, y: 3pt), align: left + top,
    table.header(..b.heads.map(h => text(size: 8pt, weight: "bold", h))), ..b.rows.map(r => r.map(cell)).flatten()) }
}
#let record(r) = {
  heading(level: 1, r.title + " " + r.number)
  block(stroke: 1pt, inset: 6pt, width: 100%, strong(r.statement))
  for one in r.unreviewed { block(stroke: 0.8pt, inset: 5pt, width: 100%, one) }
  for part in r.parts {
    heading(level: 2, part.heading)
    for b in part.blocks { show-block(b) }
  }
}
#record(d)
#if d.english != none {
  pagebreak()
  set text(lang: "en")
  record(d.english)
}
#for a in d.attachments { pdf.attach(a.name, relationship: "data", mime-type: a.mediaType, description: a.description) }
`
