/** The sheet of a trial of sight: treated pictures of the laboratory's own with questions, and a CSV to be typed into. */
import { deflateSync } from 'node:zlib'
import { chunk } from '../../base/small-files.ts'
import { html } from '../../report/texts/markup.ts'
import { type PilotKey, ValidationTexts } from '../model/texts.ts'
import { choicesOf, SIGHT_QUESTIONS, type SightLabels } from './labels.ts'

export interface TreatedPicture {
  readonly width: number
  readonly height: number
  /** Grey, row-major. */
  readonly pixels: Buffer
}

function questionIn(texts: ValidationTexts, question: string): string {
  const isOurs = (SIGHT_QUESTIONS as readonly string[]).includes(question)
  return isOurs ? texts.pilot(`q-${question}` as PilotKey) : question
}

/** @param pictures in the order of the labels; null: it could not be decoded, and is not asked about */
export function sightPage(
  labels: SightLabels,
  pictures: readonly (TreatedPicture | null)[],
  person: number,
  language: string,
): string {
  const texts = new ValidationTexts(language)
  const items = labels.items.flatMap(({ answers }, i) => {
    const picture = pictures[i]
    if (!picture) return []
    const uri = `data:image/png;base64,${greyPng(picture).toString('base64')}`
    const asked = [...answers.keys()].map((question) => {
      const choices = choicesOf(labels, question)
      const boxes = choices.map((one) => html`${one} <span class="box"></span> &emsp; `)
      return html`<p>${questionIn(texts, question)} ${choices.length > 0 ? boxes : html`<span class="line"></span>`}</p>`
    })
    return [
      html`<section><h2>${i + 1}</h2><img alt="" width="${picture.width}" height="${picture.height}" src="${uri}">${asked}</section>\n`,
    ]
  })
  return `<!doctype html>\n${html`<html lang="${texts.of.language}">
<head><meta charset="utf-8"><title>${texts.pilot('sight-title')}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<style>
body { font: 14px/1.45 "Liberation Sans", "Noto Sans", "Noto Sans Bengali", system-ui, sans-serif; margin: 2rem auto; max-width: 48rem; padding: 0 1rem; color: #16181d }
section { break-inside: avoid; border-top: 1px solid #b9bec7; padding: .5rem 0; min-height: 17rem } img { float: right; margin-left: 1rem }
h1 { font-size: 1.4rem } h2 { font-size: 1.05rem; margin: 0 } .box { display: inline-block; width: 1rem; height: 1rem; border: 1.2px solid #16181d } .line { border-bottom: 1px solid #16181d; display: inline-block; min-width: 8rem }
@page { size: A4; margin: 14mm }
</style></head>
<body>
<h1>${texts.pilot('sight-title')}</h1>
<p>${texts.pilot('sight-intro')}</p>
<p>${texts.pilot('person')}: ${person} &emsp; ${texts.pilot('date')}: <span class="line"></span></p>
${items}
<p>${texts.pilot('sight-source')}</p>
</body></html>`}\n`
}

/** Columns id, question, answer; the last one is to be filled in. */
export function sightCsv(labels: SightLabels, person: number, language: string): string {
  const texts = new ValidationTexts(language)
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
  const rows = labels.items.flatMap(({ answers }, i) =>
    [...answers.keys()].map((one) => `${i + 1} ${one},${quoted(questionIn(texts, one))},\n`),
  )
  const head = [`person,${quoted(texts.pilot('person'))},${person}\n`, `labels,SHA-256,${labels.sha256}\n`]
  return `id,question,answer\n${head.join('')}${rows.join('')}`
}

/** @see W3C, Portable Network Graphics (Third Edition): grey, eight bits, no filter */
function greyPng({ width, height, pixels }: TreatedPicture): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.writeUInt8(8, 8)
  const rows = Array.from({ length: height }, (_, y) =>
    Buffer.concat([Buffer.from([0]), pixels.subarray(y * width, (y + 1) * width)]),
  )
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}
