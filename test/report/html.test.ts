import { createHash } from 'node:crypto'
import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { childPath, filePath, printPath } from '../../src/base/evidence-path.ts'
import { attribute } from '../../src/contracts/attribute.ts'
import type { OnImage } from '../../src/contracts/entry.ts'
import type { LedgerReader } from '../../src/contracts/ledger-reader.ts'
import { STAGE_OUTCOMES, STAGES } from '../../src/contracts/stage.ts'
import type { EntryView } from '../../src/contracts/view.ts'
import { ROWS_A_TABLE } from '../../src/report/html/gather.ts'
import { htmlReport } from '../../src/report/html/html.ts'
import { RULES_NOW } from '../../src/score/rule-versions.ts'
import { rank } from '../../src/score/score.ts'
import { exported } from './collect.ts'
import {
  caseLedger,
  deletedArchiveLedger,
  emptyLedger,
  gradient,
  hostileLedger,
  tameLedger,
} from './ledgers.ts'
import { type ParsedElement, parseHtml } from './parsed-html.ts'
import { hit, scored, syntheticLedger, view } from './synthetic-ledger.ts'

async function report(ledger: LedgerReader, kind: 'preview' | 'none' = 'preview') {
  const source = (await exported(htmlReport, ledger, { kind })).toString('utf8')
  const elements = parseHtml(source)
  return {
    source,
    elements,
    text: elements.find((e) => e.name === 'body')!.text,
    named: (name: string) => elements.filter((e) => e.name === name),
  }
}

type Report = Awaited<ReturnType<typeof report>>

describe('the HTML report', () => {
  let small: Report
  let hostile: Report
  beforeAll(async () => {
    small = await report(caseLedger())
    hostile = await report(hostileLedger())
  })

  it('is what it was: every change to it is reviewed', async () => {
    await expect(small.source).toMatchFileSnapshot('../golden/report.html')
  })

  it('says of a picture in a deleted archive that it is deleted', async () => {
    const { elements } = await report(deletedArchiveLedger())
    const cell = (name: string) =>
      elements.find((e) => e.name === 'tr' && e.text.includes(name) && e.text.includes('SHA-256'))!.text
    expect(cell('deleted.jpg')).toMatch(/deleted(?!\.jpg)/)
    expect(cell('live.jpg')).not.toContain('deleted')
  })

  it('is built of the same elements whatever the evidence is called', async () => {
    const tame = await report(tameLedger())
    const shape = ({ elements }: Report) =>
      elements.map((e) => [e.name, ...Object.keys(e.attributes)].join(' '))
    expect(shape(hostile).join('\n') === shape(tame).join('\n')).toBe(true)
  })

  it('prints every hostile path as every other output does', () => {
    const shown = new Set(hostile.elements.filter((e) => e.attributes.class === 'path').map((e) => e.text))
    const missing = [...hostileLedger().entries()]
      .map((v) => printPath(v.entry.path))
      .filter((p) => !shown.has(p) && !p.includes(' » '))
    expect(missing).toEqual([])
  })

  it.each(['small', 'hostile'])(
    'of a %s ledger reaches nothing: no script, no host, no file, no event handler',
    (which) => {
      const { elements } = which === 'small' ? small : hostile
      const attributes = elements.flatMap((e) => Object.entries(e.attributes))
      expect(
        elements.filter((e) =>
          [
            'script',
            'iframe',
            'object',
            'embed',
            'link',
            'base',
            'form',
            'svg',
            'video',
            'audio',
            'input',
          ].includes(e.name),
        ),
      ).toEqual([])
      expect(
        attributes.filter(
          ([name]) => name.startsWith('on') || name === 'style' || name === 'srcset' || name === 'action',
        ),
      ).toEqual([])
      expect(attributes.filter(([name, value]) => name === 'href' && !/^#[a-z-]+$/.test(value))).toEqual([])
      expect(
        attributes.filter(
          ([name, value]) => name === 'src' && !/^data:image\/png;base64,[A-Za-z0-9+/=]+$/.test(value),
        ),
      ).toEqual([])
    },
  )

  it('lets in its own style sheet and pictures that are data, and nothing else', () => {
    const policy = small.named('meta').find((e) => e.attributes['http-equiv'] === 'Content-Security-Policy')!
      .attributes.content!
    const style = small.named('style')
    const digest = createHash('sha256').update(style[0]!.text).digest('base64')
    expect(style).toHaveLength(1)
    expect(policy).toBe(
      `default-src 'none'; style-src 'sha256-${digest}'; img-src data:; base-uri 'none'; form-action 'none'`,
    )
    expect(/url\(|@import|expression/.test(style[0]!.text)).toBe(false)
  })

  it('holds pictures of at most 16 grey cells a side, for leads only', async () => {
    expect(small.named('img')).toHaveLength(2)
    for (const { attributes } of small.named('img')) {
      const { width, height, channels } = await sharp(
        Buffer.from(attributes.src!.split(',')[1]!, 'base64'),
      ).metadata()
      expect([width! <= 16, height! <= 16, channels]).toEqual([true, true, 1])
    }
    const onlyHits = syntheticLedger({
      views: () => [view('a', { hits: [hit()], ...scored(9_000), preview: gradient(16, 16) })],
    })
    expect((await report(onlyHits)).named('img')).toEqual([])
  })

  it('shows no picture at all when none is asked for', async () => {
    const { named, text } = await report(caseLedger(), 'none')
    expect(named('img')).toEqual([])
    expect(text).toContain('Previews were left out')
  })

  it('says on page one what design.md asks of every report', () => {
    const first = small.elements.find((e) => e.attributes.class === 'first')!.text
    for (const words of [
      'No model shipped with seized detects child abuse or was validated on it.',
      'The absence of leads is not evidence of absence.',
      'shows no deleted or unallocated data, no slack, no other partitions, no snapshots and no encrypted volumes',
      'Hash of the image NOT CHECKED: the image was not read as a whole. SHA-256 ',
      '(stated by the operator)',
      'A. Example',
      'Operating-system account',
      'Europe/Vilnius, offset +02:00',
      'no legal basis for reading text was stated',
      'SEALED',
      'Coverage is incomplete',
    ])
      expect(first).toContain(words)
  })

  it('says that a mount was writable, and that text was read and on what basis', async () => {
    const ledger = caseLedger()
    const { text } = await report({
      ...ledger,
      exhibit: { ...ledger.exhibit, writable: true },
      plan: { ...ledger.plan, options: { ...ledger.plan.options, textBasis: 'warrant 17/2026' } },
    })
    expect(text).toContain('The exhibit was mounted writable, which the operator allowed explicitly.')
    expect(text).toContain('read, on the stated basis: warrant 17/2026')
  })

  it('says PARTIAL at the top, on every printed page and in its title', async () => {
    const { source, text, named } = await report(caseLedger(false))
    expect(named('title')[0]!.text).toMatch(/^PARTIAL/)
    expect(text).toContain('The examination was not finished')
    expect(source).toMatch(/@top-right \{ content: "PARTIAL/)
    expect(named('p').filter((e) => e.attributes.class === 'every-page')).toHaveLength(1)
    expect(small.text).not.toContain('PARTIAL')
  })

  it('has a coverage table whose rows add up to what was walked', () => {
    const rows = small
      .named('tr')
      .filter((e) => /^(Read|Matched|Opened|Records read|Looked at|Text read)\d/.test(e.text))
    const { stages, entries } = caseLedger().summary()
    for (const [i, stage] of STAGES.entries()) {
      const counts = STAGE_OUTCOMES.map((outcome) => stages[stage][outcome])
      expect(counts.reduce((a, b) => a + b)).toBe(entries)
      expect(rows[i]!.text.endsWith(`${counts.join('')}${entries}`)).toBe(true)
    }
  })

  it('says on page one when thumbnails inside pictures were not compared', async () => {
    const ledger = caseLedger()
    const plan = { ...ledger.plan, phases: ['inventory', 'known'] as const }
    const { text } = await report({ ...ledger, plan })
    expect(text.slice(0, text.indexOf('1 What was found'))).toContain(
      'Thumbnails inside pictures were not compared',
    )
    expect(small.text).not.toContain('Thumbnails inside pictures were not compared')
  })

  it('says so when a stage does not add up', async () => {
    const ledger = caseLedger()
    const { text } = await report({ ...ledger, summary: () => ({ ...ledger.summary(), entries: 21 }) })
    expect(text).toContain('does not add up to 21')
  })

  it('says so when the ledger’s summary is not what its findings add up to', async () => {
    const ledger = caseLedger()
    const { text } = await report({ ...ledger, summary: () => ({ ...ledger.summary(), leads: 99 }) })
    expect(text).toContain('its summary tells of 99 contents with leads, 2 were counted')
    expect(small.text).not.toContain('does not agree with itself')
  })

  it('says what is withheld as privileged, and does not call it a disagreement', async () => {
    const ledger = caseLedger()
    const withheld = (name: string) => name !== 'DCIM/IMG_0005.jpg' && name !== 'Backup/IMG_0001 (copy).jpg'
    const shown = (views: () => Iterable<EntryView>) =>
      function* () {
        for (const v of views()) if (withheld(printPath(v.entry.path))) yield v
      }
    const plan = { ...ledger.plan, options: { ...ledger.plan.options, privilegedSha256: 'ab' } }
    const { text } = await report({
      ...ledger,
      plan,
      entries: shown(ledger.entries),
      places: shown(ledger.places),
      findings: shown(ledger.findings),
    })
    expect(text).toContain('2 entries are withheld from this report')
    expect(text).not.toContain('IMG_0005')
    expect(text).not.toContain('does not agree with itself')
  })

  it('lists a copy whose representative is withheld', async () => {
    const copy = view('b.jpg', { hits: [hit()], copyOf: filePath(Buffer.from('a.jpg')) })
    const { text, named } = await report(syntheticLedger({ views: () => [copy] }))
    expect(named('tr').filter((e) => e.text.startsWith('b.jpg'))).toHaveLength(1)
    expect(text).toContain('1 content at 1 place')
  })

  it('gives every count of stages and reasons that the ledger gives', () => {
    const { reasons } = caseLedger()
    const total = reasons()
      .filter((r) => r.result === 'not-done')
      .reduce((sum, r) => sum + r.entries, 0)
    const table = small.named('table').find((e) => e.text.startsWith('Not done, because'))!
    expect([...table.text.matchAll(/(?<=[a-z(])\d+$|\d/g)].reduce((sum, [d]) => sum + Number(d), 0)).toBe(
      total,
    )
  })

  it('labels hits by MD5 or SHA-1 alone', () => {
    expect(small.text).toContain('MD5 alone weak')
    expect(small.text).toContain('compared by MD5 or SHA-1 alone')
  })

  it('writes no word of a verdict', () => {
    expect(small.text).not.toMatch(
      /pornography|guilty|innocent|proves that|is child (sexual )?abuse|offender|perpetrator/i,
    )
  })

  it('lists known contents nowhere and counts them', () => {
    expect(small.text).not.toContain('explorer.exe')
    expect(small.text).toContain('Contents set aside')
  })

  it('says what a model estimates with its measured error beside it, and nothing twice', async () => {
    const leads = [
      { ...scored(6000).leads[0]! },
      {
        classifier: 'apparent-minor',
        modelSha256: '00',
        label: 'apparent-minor',
        scorePer10k: 4000,
        thresholdPer10k: 2000,
        scores: { 'apparent-minor': 4000 },
      },
    ]
    const attributes = [
      attribute('face', { x: 1, y: 2, width: 90, height: 90, detector: 'ssd', scorePer10k: 6000 }),
      attribute('apparent-age', { band: 'likely' }),
    ]
    const path = filePath(Buffer.from('a.jpg'))
    const nothing = { hits: [], conflicts: [], near: [], references: [], signals: [] }
    const ranked = rank({ path, ...nothing, leads, attributes }, RULES_NOW)
    expect(ranked.reasons.length).toBeGreaterThan(1)
    const { named, text } = await report(
      syntheticLedger({ views: () => [view('a.jpg', { leads, attributes, ranked })] }),
    )
    const reasons = named('li').filter((e) => e.text.includes('estimates'))
    expect(reasons).toHaveLength(1)
    expect(reasons[0]!.text).toMatch(
      /^A model estimates that it is sexually explicit .* and another estimates an apparent age below 18 .*Measured error: from 0\.50 up it marks 1\.0 % .*; of 2,336 labelled faces/,
    )
    expect(text).not.toMatch(/"box"|detector|It shows an apparent minor/)
    expect([...text.matchAll(/of 2,336 labelled faces, from 0\.35/g)]).toHaveLength(1)
  })

  it('shows a thumbnail in the row of its picture, unless it asks for an earlier look', async () => {
    const inside = (picture: string) =>
      childPath(filePath(Buffer.from(picture)), 'thumbnail', Buffer.from('exif'))
    const ledger = syntheticLedger({
      views: () => [
        view('a.jpg', scored(6000)),
        view(inside('a.jpg'), scored(6100)),
        view('b.jpg', scored(3000)),
        view(inside('b.jpg'), scored(7000)),
      ],
    })
    const { named } = await report(ledger)
    const rows = named('tr').filter((e) => /^(none)?[ab]\.jpg/.test(e.text))
    expect(rows.map((e) => e.text.replace(/^none/, '').split('SHA-256')[0])).toEqual([
      'b.jpg » thumbnail exif',
      'a.jpg',
      'b.jpg',
    ])
    expect(rows[1]!.text).toContain('with 1 thumbnail inside it that is marked too')
  })

  it('of an empty ledger says that nothing was found and that this is no evidence of absence', async () => {
    const { text } = await report(emptyLedger())
    expect(text).toContain('No content is on a list of illegal material or of interest.')
    expect(text).toContain('That is not evidence of absence.')
  })

  it('keeps a space between the status of a deleted file and how it was found', async () => {
    const onImage: OnImage = {
      volume: 1,
      status: 'orphan',
      basis: 'mft',
      record: 91,
      sequence: 2,
      place: { kind: 'none', reason: 'not-recorded', detail: '' },
      nameTimes: null,
      notes: [],
    }
    const { source } = await report(
      syntheticLedger({ views: () => [view('$Orphan/gone.jpg', { hits: [hit()], entry: { onImage } })] }),
    )
    expect(source).toContain('<strong>of a lost folder</strong> (found by a record of the file table)')
  })

  it('escapes every copy and caps none of the counts', async () => {
    const many = ROWS_A_TABLE + 7
    const views = function* () {
      for (let i = 0; i < many; i++) yield view(`DCIM/${String(i).padStart(6, '0')}.jpg`, { hits: [hit()] })
    }
    const { text, named } = await report(syntheticLedger({ views }))
    expect(named('tr').filter((e) => e.text.startsWith('DCIM/'))).toHaveLength(ROWS_A_TABLE)
    expect(text).toContain('5,007 contents at 5,007 places')
    expect(text).toContain('7 more are not listed here')
  })
})

describe('the HTML report for a reader with a screen reader', () => {
  let parsed: ParsedElement[]
  beforeAll(async () => {
    parsed = parseHtml((await exported(htmlReport, caseLedger())).toString('utf8'))
  })
  const named = (name: RegExp) => parsed.filter((e) => name.test(e.name))

  it('names its language and has one main part and one first heading', () => {
    expect(parsed.find((e) => e.name === 'html')!.attributes.lang).toBe('en')
    expect([named(/^main$/).length, named(/^h1$/).length]).toEqual([1, 1])
  })

  it('has headings that never skip a level', () => {
    const levels = named(/^h[1-6]$/).map((e) => Number(e.name[1]))
    expect(levels.filter((level, i) => level > (levels[i - 1] ?? 0) + 1)).toEqual([])
  })

  it('gives every header cell a scope, and every table header cells', () => {
    expect(named(/^th$/).filter((e) => !/^(col|row)$/.test(e.attributes.scope ?? ''))).toEqual([])
    expect(named(/^thead$/)).toHaveLength(named(/^table$/).length)
  })

  it('has ids that are there once, and links and labels that lead somewhere', () => {
    const ids = parsed.flatMap((e) => e.attributes.id ?? [])
    const targets = parsed.flatMap((e) =>
      [e.attributes.href?.slice(1), e.attributes['aria-labelledby']].filter((t) => t !== undefined),
    )
    expect(new Set(ids).size).toBe(ids.length)
    expect(targets.filter((target) => !ids.includes(target))).toEqual([])
  })

  it('describes every picture', () => {
    expect(
      named(/^img$/).filter(
        (e) => !/^Destructive preview, \d+ × \d+ grey cells$/.test(e.attributes.alt ?? ''),
      ),
    ).toEqual([])
  })
})
