/**
 * The template, in plain typst, so that the official program sets it too. Everything that varies comes as data: text of an exhibit
 * is a string value here and never source.
 */
export const TEMPLATE = `
#let d = json("data.json")
#let s = d.labels
#let sans = ("Noto Sans", "Noto Sans Arabic", "Noto Sans Hebrew", "Noto Sans Bengali", "Noto Sans Devanagari", "Noto Sans Thai", "Noto Sans SC", "Noto Sans KR")
#let mono = ("Noto Sans Mono", ..sans)
#let p = d.part
#set document(title: (d.title, d.about, ..p.volume).join(", "), author: "seized", date: datetime(year: d.date.at(0), month: d.date.at(1), day: d.date.at(2)))
#set text(font: sans, fallback: false, size: 9.5pt, lang: d.language)
#set par(justify: false, leading: 0.62em, spacing: 0.9em)
#set page(paper: "a4", margin: (x: 16mm, top: 20mm, bottom: 20mm),
  header: text(size: 7.5pt)[#d.running #h(1fr) #d.banner],
  footer: text(size: 6.5pt)[#d.head #h(1fr) #p.volume.join() #h(1em) #context [#counter(page).display() / #counter(page).final().at(0)]])
#set heading(numbering: none)
#show heading.where(level: 1): it => block(above: 1.4em, below: 0.7em, text(size: 13pt, it.body))
#show heading.where(level: 2): it => block(above: 1.1em, below: 0.5em, text(size: 10.5pt, it.body))
#let small(it) = text(size: 8pt, it)
#let code(it) = text(font: mono, size: 7pt, it)
#let path(it) = text(font: mono, size: 8.5pt, it.split("/").map(name => "\\u{2066}" + name + "\\u{2069}").join("/"))
#let plain(heads, rows, widths) = if rows.len() > 0 { table(columns: widths, stroke: (x, y) => (bottom: 0.4pt + luma(60%)), inset: (x: 3pt, y: 2.5pt), align: left + top,
  table.header(..heads.map(h => text(size: 8pt, weight: "bold", h))), ..rows.flatten().map(c => small(c))) } else { [–] }
#let bars(items) = grid(columns: (32%, 1fr), row-gutter: 3pt, column-gutter: 6pt, ..items.map(i => (align(right, small(i.label)), stack(dir: ltr, spacing: 4pt, box(width: i.share * 70%, height: 7pt, fill: luma(35%)), small(i.value)))).flatten())

#let heads(r, keys) = keys.map(k => r.labels.at(k))

#let front(r, first) = {
  text(size: 8pt, tracking: 0.05em, r.heading)
  heading(level: 1, r.about)
  block(stroke: 0.8pt, inset: 5pt, width: 100%, strong(r.state))
  for one in r.unreviewed { block(stroke: 0.8pt, inset: 5pt, width: 100%, one) }
  heading(level: 1, r.labels.h-results)
  text(size: 11pt, strong(r.results.at(0)))
  list(..r.results.slice(1), ..r.numbers, r.labels.about-model)
  if first and r.exhibits.len() > 0 {
    heading(level: 1, r.labels.h-exhibits)
    plain(heads(r, ("exhibit", "c-record", "c-read", "c-left", "c-unseen")), r.exhibits, (1fr, 1fr, 16%, 16%, 24%))
  }
  heading(level: 1, r.labels.h-not-examined)
  if first { plain(heads(r, ("c-stage", "c-reason", "c-entries")), r.notExamined.slice(0, calc.min(12, r.notExamined.len())), (18%, 1fr, 12%)) }
  heading(level: 1, r.labels.h-lab)
  grid(columns: (32%, 1fr), row-gutter: 4pt, ..r.lab.flatten().map(small))
  if r.missing != none { block(stroke: 0.8pt, inset: 5pt, width: 100%, small(r.missing)) }
  for note in r.notes { par(small(note)) }
  if first {
    pagebreak(weak: true)
    outline(title: r.labels.h-contents, depth: 1)
    if d.volumes.len() > 0 {
      heading(level: 1, r.labels.h-volumes)
      par(d.aboutVolumes)
      grid(columns: (24%, 1fr), row-gutter: 4pt, ..d.volumes.flatten().map(small))
    }
  }
}

#let continued(r) = {
  text(size: 8pt, tracking: 0.05em, r.heading)
  heading(level: 1, (r.about, ..p.volume).join(", "))
  block(stroke: 0.8pt, inset: 5pt, width: 100%, strong(r.state))
  par(d.aboutVolumes)
}

#let listed(r) = {
  heading(level: 1, r.labels.h-listed)
  par[#r.labels.about-hit #r.labels.about-decision]
  if p.contents.len() > 0 {
    table(columns: (48%, 26%, 1fr), stroke: (x, y) => (bottom: 0.4pt + luma(60%)), inset: (x: 3pt, y: 3pt), align: left + top,
      table.header(..heads(r, ("c-place", "c-why", "c-decision")).map(h => text(size: 8pt, weight: "bold", h))),
      ..p.contents.map(c => (
        { for p in c.places { block(above: 0.6em, below: 0.6em, path(p)) }
          if c.morePlaces != none { block(above: 0.6em, below: 0.6em, small(c.morePlaces)) }
          small(c.file + ", SHA-256"); linebreak(); text(font: mono, size: 5.8pt, c.sha256) },
        { for l in c.lists { block(above: 0.6em, below: 0.6em, small(l)) }
          if c.weak != none { block(above: 0.6em, small(c.weak)) } },
        { for l in c.decisions { block(above: 0.6em, below: 0.6em, small(l)) } },
      )).flatten())
  } else { [–] }
}

#let middle(r, first) = {
  if first {
    if r.moreContents != none { block(stroke: 0.8pt, inset: 5pt, width: 100%, r.moreContents) }
    if r.diff != none {
      heading(level: 1, r.labels.h-diff)
      for one in r.diff.sentences { par(one) }
      if r.diff.rows.len() > 0 { plain(heads(r, ("c-what", "c-change", "c-cause")), r.diff.rows, (22%, 1fr, 22%)) }
    }
    heading(level: 1, r.labels.h-charts)
    for (title, items) in ((r.labels.c-class, r.charts.bytes), (r.labels.h-listed, r.charts.lists), (r.labels.c-month, r.charts.months)) {
      if items.len() > 0 { heading(level: 2, title); bars(items) }
    }
    if r.notExamined.len() > 12 {
      heading(level: 1, r.labels.h-not-examined)
      plain(heads(r, ("c-stage", "c-reason", "c-entries")), r.notExamined, (18%, 1fr, 12%))
    }
  }
  heading(level: 1, r.labels.h-method)
  list(..r.method)
  if first { plain(heads(r, ("c-list", "c-entries", "c-digest")), r.lists, (34%, 12%, 1fr)) }
  heading(level: 1, r.labels.h-digests)
  if first { grid(columns: (30%, 1fr), row-gutter: 4pt, ..r.digests.map(row => (small(row.at(0)), code(row.at(1)))).flatten()) }
  enum(..r.check)
  heading(level: 2, r.labels.signatures)
  list(..r.signatures)
}

#let custody(r) = {
  heading(level: 1, r.labels.h-custody)
  plain(heads(r, ("c-when", "c-event", "c-who", "c-what")), p.custody, (17%, 16%, 16%, 1fr))
}

#let end(r) = {
  if r.leads.len() > 0 {
    heading(level: 1, r.labels.h-annex)
    par(r.leads.at(0))
    list(..r.leads.slice(1))
  }
  align(center, block(above: 2em, strong(r.end)))
}

#if p.front { front(d, true) } else { continued(d) }
#if p.contents != none { listed(d) }
#if p.middle { middle(d, true) }
#if p.custody != none { custody(d) }
#if p.end {
  end(d)
  if d.english != none {
    pagebreak()
    set text(lang: "en")
    heading(level: 1, s.h-english)
    front(d.english, false)
    middle(d.english, false)
    end(d.english)
  }
}
#for a in d.attachments { pdf.attach(a.name, relationship: "data", mime-type: a.mediaType, description: a.description) }
`
