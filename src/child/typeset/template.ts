/**
 * The template, in plain typst, so that the official program sets it too. Everything that varies comes as data: text of an exhibit
 * is a string value here and never source.
 */
export const TEMPLATE = `
#let d = json("data.json")
#let s = d.labels
#let sans = ("Noto Sans", "Noto Sans Arabic", "Noto Sans Hebrew", "Noto Sans Bengali")
#let mono = ("Noto Sans Mono", "Noto Sans", "Noto Sans Arabic", "Noto Sans Hebrew", "Noto Sans Bengali")
#set document(title: d.title + ", " + d.about, author: "seized", date: datetime(year: d.date.at(0), month: d.date.at(1), day: d.date.at(2)))
#set text(font: sans, fallback: false, size: 9.5pt, lang: d.language)
#set par(justify: false, leading: 0.62em, spacing: 0.9em)
#set page(paper: "a4", margin: (x: 16mm, top: 20mm, bottom: 20mm),
  header: text(size: 7.5pt)[#d.running #h(1fr) #d.banner],
  footer: text(size: 6.5pt)[#d.head #h(1fr) #context [#counter(page).display() / #counter(page).final().at(0)]])
#set heading(numbering: none)
#show heading.where(level: 1): it => block(above: 1.4em, below: 0.7em, text(size: 13pt, it.body))
#show heading.where(level: 2): it => block(above: 1.1em, below: 0.5em, text(size: 10.5pt, it.body))
#let small(it) = text(size: 8pt, it)
#let code(it) = text(font: mono, size: 7pt, it)
#let path(it) = text(font: mono, size: 8.5pt, "\\u{2066}" + it + "\\u{2069}")
#let plain(heads, rows, widths) = if rows.len() > 0 { table(columns: widths, stroke: (x, y) => (bottom: 0.4pt + luma(60%)), inset: (x: 3pt, y: 2.5pt), align: left + top,
  table.header(..heads.map(h => text(size: 8pt, weight: "bold", h))), ..rows.flatten().map(c => small(c))) } else { [–] }
#let bars(items) = grid(columns: (32%, 1fr), row-gutter: 3pt, column-gutter: 6pt, ..items.map(i => (align(right, small(i.label)), stack(dir: ltr, spacing: 4pt, box(width: i.share * 70%, height: 7pt, fill: luma(35%)), small(i.value)))).flatten())

#let edition(r, first) = {
  text(size: 8pt, tracking: 0.05em, upper(r.title))
  heading(level: 1, r.about)
  block(stroke: 0.8pt, inset: 5pt, width: 100%, strong(r.state))
  for one in r.unreviewed { block(stroke: 0.8pt, inset: 5pt, width: 100%, one) }
  heading(level: 1, r.labels.h-results)
  text(size: 11pt, strong(r.results.at(0)))
  list(..r.results.slice(1), ..r.numbers, r.labels.about-model)
  if first and r.exhibits.len() > 0 {
    heading(level: 1, r.labels.h-exhibits)
    plain((r.labels.exhibit, r.labels.c-record, r.labels.c-read, r.labels.c-left, r.labels.c-unseen), r.exhibits, (1fr, 1fr, 16%, 16%, 24%))
  }
  heading(level: 1, r.labels.h-not-examined)
  if first { plain((r.labels.c-stage, r.labels.c-reason, r.labels.c-entries), r.notExamined.slice(0, calc.min(12, r.notExamined.len())), (18%, 1fr, 12%)) }
  heading(level: 1, r.labels.h-lab)
  grid(columns: (32%, 1fr), row-gutter: 4pt, ..r.lab.flatten().map(small))
  if r.missing != none { block(stroke: 0.8pt, inset: 5pt, width: 100%, small(r.missing)) }
  for note in r.notes { par(small(note)) }
  if first {
    pagebreak(weak: true)
    outline(title: r.labels.h-contents, depth: 1)
    heading(level: 1, r.labels.h-listed)
    par[#r.labels.about-hit #r.labels.about-decision]
    if r.contents.len() > 0 {
      table(columns: (48%, 26%, 1fr), stroke: (x, y) => (bottom: 0.4pt + luma(60%)), inset: (x: 3pt, y: 3pt), align: left + top,
        table.header(..(r.labels.c-place, r.labels.c-why, r.labels.c-decision).map(h => text(size: 8pt, weight: "bold", h))),
        ..r.contents.map(c => (
          { for p in c.places { block(above: 0.6em, below: 0.6em, path(p)) }
            if c.morePlaces != none { block(above: 0.6em, below: 0.6em, small(c.morePlaces)) }
            small(c.file + ", SHA-256"); linebreak(); text(font: mono, size: 5.8pt, c.sha256) },
          { for l in c.lists { block(above: 0.6em, below: 0.6em, small(l)) }
            if c.weak != none { block(above: 0.6em, small(c.weak)) } },
          { for l in c.decisions { block(above: 0.6em, below: 0.6em, small(l)) } },
        )).flatten())
    } else { [–] }
    if r.moreContents != none { block(stroke: 0.8pt, inset: 5pt, width: 100%, r.moreContents) }
    heading(level: 1, r.labels.h-charts)
    for (title, items) in ((r.labels.c-class, r.charts.bytes), (r.labels.h-listed, r.charts.lists), (r.labels.c-month, r.charts.months)) {
      if items.len() > 0 { heading(level: 2, title); bars(items) }
    }
    if r.notExamined.len() > 12 {
      heading(level: 1, r.labels.h-not-examined)
      plain((r.labels.c-stage, r.labels.c-reason, r.labels.c-entries), r.notExamined, (18%, 1fr, 12%))
    }
  }
  heading(level: 1, r.labels.h-method)
  list(..r.method)
  if first { plain((r.labels.c-list, r.labels.c-entries, r.labels.c-digest), r.lists, (34%, 12%, 1fr)) }
  heading(level: 1, r.labels.h-digests)
  if first { grid(columns: (30%, 1fr), row-gutter: 4pt, ..r.digests.map(row => (small(row.at(0)), code(row.at(1)))).flatten()) }
  enum(..r.check)
  heading(level: 2, r.labels.signatures)
  list(..r.signatures)
  if first {
    heading(level: 1, r.labels.h-custody)
    plain((r.labels.c-when, r.labels.c-event, r.labels.c-who, r.labels.c-what), r.custody, (17%, 16%, 16%, 1fr))
  }
  if r.leads.len() > 0 {
    heading(level: 1, r.labels.h-annex)
    par(r.leads.at(0))
    list(..r.leads.slice(1))
  }
  align(center, block(above: 2em, strong(r.end)))
}

#edition(d, true)
#if d.english != none {
  pagebreak()
  set text(lang: "en")
  heading(level: 1, s.h-english)
  edition(d.english, false)
}
#for a in d.attachments { pdf.attach(a.name, relationship: "data", mime-type: a.mediaType, description: a.description) }
`
