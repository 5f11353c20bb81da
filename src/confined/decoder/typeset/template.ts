/**
 * The template, in plain typst, so that the official program accepts it too. All variable text comes as data: text of
 * an exhibit is a string value here and never source.
 */
export const TEMPLATE = `
#let d = json("data.json")
#let s = d.labels
#let sans = ("Noto Sans", "Noto Sans Arabic", "Noto Sans Hebrew", "Noto Sans Bengali", "Noto Sans Devanagari", "Noto Sans Thai", "Noto Sans SC", "Noto Sans KR")
#let mono = ("Noto Sans Mono", ..sans)
#let p = d.part
// Letters that a line may end at: only in a word that is wider than its column, and by nothing that would stand in what is copied. A box a
// letter would turn what is written from right to left: there a space without width parts them.
#let leftwards = regex("[\\p{Hebrew}\\p{Arabic}\\p{Syriac}\\p{Thaana}\\p{Nko}]")
#let loose(word) = if word.contains(leftwards) { word.clusters().join("\\u{200b}") } else { word.clusters().map(one => box(one)).join() }
// A line never ends at a hyphen of a name: some languages would write it twice.
#let kept(word) = if word.contains("-") { box(word) } else { word }
#let breaking(it, most) = it.split(" ").map(word => if word.len() > most and word.clusters().len() > most { loose(word) } else { kept(word) }).join(" ")
#let sentence(it) = breaking(it, 60)
#set document(title: (d.title, d.about, ..p.volume).join(", "), author: "seized", date: datetime(year: d.date.at(0), month: d.date.at(1), day: d.date.at(2)))
#set text(font: sans, fallback: false, size: 9.5pt, lang: d.language)
#set par(justify: false, leading: 0.62em, spacing: 0.9em)
#set page(paper: "a4", margin: (x: 16mm, top: 20mm, bottom: 20mm),
  header: text(size: 7.5pt)[#breaking(d.running, 40) #h(1fr) #d.banner],
  footer: text(size: 6.5pt)[#d.head #h(1fr) #p.volume.join() #h(1em) #context [#d.pageOf.at(0)#counter(page).display()#d.pageOf.at(1)#counter(page).final().at(0)#d.pageOf.at(2)]])
#set heading(numbering: none)
#show heading.where(level: 1): it => block(above: 1.4em, below: 0.7em, text(size: 13pt, it.body))
#show heading.where(level: 2): it => block(above: 1.1em, below: 0.5em, text(size: 10.5pt, it.body))
#let small(it) = text(size: 8pt, it)
#let code(it) = text(font: mono, size: 6.8pt, it)
#let whole = 178mm
#let fitted(it, width, wrap) = it.split(" ").map(word => if word.len() > 5 and measure(wrap(word)).width > width { loose(word) } else { kept(word) }).join(" ")
#let cell(it, share) = context small(fitted(it, share * whole - 6pt, small))
#let bold(it) = text(size: 8pt, weight: "bold", it)
#let isolated(it) = "\\u{2066}" + it + "\\u{2069}"
#let mono-name(it) = text(font: mono, size: 8.5pt, it)
#let path(it, share) = context mono-name(it.split("/").map(one => isolated(fitted(one, share * whole - 6pt, mono-name))).join("/" + box()))
#let note(it) = block(stroke: 0.8pt, inset: 5pt, width: 100%, it)
#let rules = (x, y) => (bottom: 0.4pt + luma(60%))
#let header(heads, shares) = table.header(..heads.zip(shares).map(((it, share)) => context bold(fitted(it, share * whole - 6pt, bold))))
// Shares of the page's width add up to 1. The last column may hold digests, which are set smaller.
#let plain(heads, rows, shares, right: (), mono-last: false) = if rows.len() > 0 { table(columns: shares.map(share => share * 100%), stroke: rules, inset: (x: 3pt, y: 2.5pt),
  align: (x, y) => if right.contains(x) { end + top } else { start + top },
  header(heads, shares), ..rows.map(row => row.zip(shares).enumerate().map(((i, (it, share))) => if mono-last and i == row.len() - 1 { code(it) } else { cell(it, share) })).flatten()) } else { [–] }
#let pairs(rows, first) = table(columns: (first * 100%, 1fr), stroke: none, inset: (x: 0pt, y: 2pt), column-gutter: 6pt, align: start + top,
  ..rows.map(row => (cell(row.at(0), first), cell(row.at(1), 1 - first - 0.02))).flatten())
#let bars(items) = table(columns: (32%, 1fr, 16%), stroke: none, inset: (x: 3pt, y: 1.5pt), align: (end + horizon, start + horizon, start + horizon),
  ..items.map(i => (cell(i.label, 0.32), box(width: i.share * 100%, height: 7pt, fill: luma(35%)), small(i.value))).flatten())

#let heads(r, keys) = keys.map(k => r.labels.at(k))

#let front(r, first) = {
  text(size: 8pt, tracking: 0.05em, r.heading)
  heading(level: 1, outlined: false, breaking(r.about, 40))
  note(strong(r.state))
  for one in r.unreviewed { note(one) }
  heading(level: 1, r.labels.h-results)
  text(size: 11pt, strong(r.results.at(0)))
  list(..(..r.results.slice(1), ..r.numbers, r.labels.about-model).map(sentence))
  if r.found.len() > 0 { plain(heads(r, ("c-meaning", "c-why", "c-contents", "c-places", "c-weak")), r.found, (0.19, 0.36, 0.14, 0.14, 0.17), right: (2, 3, 4)) }
  if first and r.exhibits.len() > 0 {
    heading(level: 1, r.labels.h-exhibits)
    plain(heads(r, ("c-exhibit", "c-record", "c-read", "c-left", "c-unseen", "c-listed", "c-decided")), r.exhibits, (0.12, 0.15, 0.13, 0.15, 0.18, 0.14, 0.13), right: (2, 3, 4, 5, 6))
  }
  if first and r.several.rows.len() > 0 {
    heading(level: 1, r.labels.h-several)
    block(sticky: true, small(sentence(r.labels.about-several)))
    plain(heads(r, ("c-exhibits", "c-shared", "c-shared-listed")), r.several.rows, (0.5, 0.25, 0.25), right: (1, 2))
    if r.several.more != none { note(r.several.more) }
  }
  {
    heading(level: 1, r.labels.h-not-examined)
    plain(heads(r, ("c-stage", "c-reason", "c-entries")), r.notExamined, (0.24, 0.62, 0.14), right: (2,))
    par(small(r.labels.unread-later))
    heading(level: 1, r.labels.h-lab)
    pairs(r.lab, 0.32)
  }
  if r.missing != none { note(small(r.missing)) }
  for one in r.notes { par(small(sentence(one))) }
  if first {
    v(0.6em)
    block(breakable: false, outline(title: r.labels.h-contents, depth: 1))
    if d.volumes.len() > 0 {
      heading(level: 1, r.labels.h-volumes)
      par(d.aboutVolumes)
      pairs(d.volumes, 0.24)
    }
  }
}

#let continued(r) = {
  text(size: 8pt, tracking: 0.05em, r.heading)
  heading(level: 1, breaking((r.about, ..p.volume).join(", "), 40))
  note(strong(r.state))
  par(d.aboutVolumes)
}

#let listed(r) = {
  heading(level: 1, r.labels.h-listed)
  par[#r.labels.about-content #r.labels.about-hit #r.labels.about-decision #r.labels.about-place]
  if r.categories.len() > 0 {
    heading(level: 2, r.labels.h-categories)
    plain(heads(r, ("c-scale", "c-category", "c-label", "c-meant")), r.categories, (0.16, 0.14, 0.32, 0.38))
  }
  if p.contents.len() == 0 { [–] }
  for group in ("illegal", "interest", "decided") {
    let rows = p.contents.filter(c => c.group == group)
    if rows.len() > 0 {
      heading(level: 2, r.groups.at(group))
      let shares = (0.46, 0.27, 0.27)
      table(columns: shares.map(share => share * 100%), stroke: rules, inset: (x: 3pt, y: 3pt), align: start + top,
        header(heads(r, ("c-place", "c-why", "c-decision")), shares),
        ..rows.map(c => (
          { for one in c.places { block(above: 0.6em, below: 0.6em, { path(one.path, 0.46); small(one.remark) }) }
            if c.morePlaces != none { block(above: 0.6em, below: 0.6em, small(c.morePlaces)) }
            block(above: 0.6em, below: 0.6em, { cell(c.file + ", SHA-256", 0.46); linebreak(); text(font: mono, size: 5.8pt, c.sha256) }) },
          { for l in c.lists { block(above: 0.6em, below: 0.6em, cell(l, 0.27)) } },
          { for l in c.decisions { block(above: 0.6em, below: 0.6em, cell(l, 0.27)) } },
        ).map(it => table.cell(breakable: not c.whole, it))).flatten())
    }
  }
}

#let record(r, first) = {
  if first {
    if r.moreContents != none { note(r.moreContents) }
    if r.diff != none {
      heading(level: 1, r.labels.h-diff)
      for one in r.diff.sentences { par(sentence(one)) }
      if r.diff.rows.len() > 0 { plain(heads(r, ("c-what", "c-change", "c-cause")), r.diff.rows, (0.22, 0.56, 0.22)) }
    }
    heading(level: 1, r.labels.h-charts)
    for (title, items) in ((r.labels.c-class, r.charts.bytes), (r.labels.c-month, r.charts.months)) {
      if items.len() > 0 { block(breakable: items.len() > 24, { heading(level: 2, title); bars(items) }) }
    }
  }
  heading(level: 1, r.labels.h-method)
  list(..r.method.map(sentence))
  if first { plain(heads(r, ("c-list", "c-records", "c-digest")), r.lists, (0.28, 0.18, 0.54), right: (1,), mono-last: true) }
  heading(level: 1, r.labels.h-digests)
  if first { plain(heads(r, ("c-what", "c-digest")), r.digests, (0.46, 0.54), mono-last: true) }
  enum(..r.check.map(sentence))
  heading(level: 2, r.labels.signatures)
  list(..r.signatures.map(sentence))
  {
    heading(level: 1, r.labels.h-custody)
    par(sentence(r.custodyAbout))
    plain(heads(r, ("c-event", "c-times", "c-first", "c-last", "c-who")), r.custody, (0.24, 0.11, 0.21, 0.21, 0.23), right: (1,))
  }
}

#let end(r, first) = {
  if r.leads.len() + r.models.len() > 0 {
    heading(level: 1, r.labels.h-annex)
    if r.leads.len() > 0 { par(r.leads.at(0)); list(..r.leads.slice(1)) }
    for one in r.models { par(sentence(one)) }
  }
  heading(level: 1, r.labels.h-standards)
  par(sentence(r.labels.std-about))
  plain((r.labels.c-asked, "ISO/IEC 17025:2017", "ISO 21043-5:2025", r.labels.c-answered), r.standards, (0.38, 0.18, 0.16, 0.28))
  let closing = align(center, block(above: 2em, strong(r.end)))
  if first {
    v(1em)
    // The last words never stand alone on a page.
    block(breakable: false, {
      heading(level: 1, r.labels.h-sign)
      for (i, one) in r.sign.enumerate() {
        if i > 0 and calc.rem(i, 4) == 0 { v(1.5em) }
        grid(columns: (32%, 1fr), inset: (x: 0pt, top: 10pt, bottom: 2pt), column-gutter: 6pt, stroke: (x, y) => if x == 1 { (bottom: 0.6pt) }, small(one.label), breaking(one.value, 40))
      }
      closing
    })
  } else { closing }
}

#if p.front { front(d, true) } else { continued(d) }
#if p.contents != none { listed(d) }
#if p.end {
  record(d, true)
  end(d, true)
  if d.english != none {
    pagebreak()
    heading(level: 1, s.h-english)
    set text(lang: "en")
    set heading(outlined: false)
    front(d.english, false)
    record(d.english, false)
    end(d.english, false)
  }
}
#for a in d.attachments { pdf.attach(a.name, relationship: "data", mime-type: a.mediaType, description: a.description) }
`
