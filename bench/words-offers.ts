/**
 * Offers of work as text, as a message of a chat, as a screenshot of that chat and as a photographed poster:
 * `npm run bench -- words offers [EVERY [SET [WAYS]]]`. The rows are those of scripts/train/authored/SET-offers-*.txt (`fourth`
 * where none is named), the ways all of them or some, by comma. Each goes the way of a scan's text stage.
 * With OFFER_ROWS it prints a line for each row whose answer differs from that of its text.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { asMessengersSend, drawnPoster, drawnScreenshot, LOOKS } from '../fixtures/drawn-screenshot.ts'
import { photographed } from '../fixtures/photographed.ts'
import { type AuthoredConversation, parseAuthored } from '../scripts/train/authored.ts'
import { MODELS_DIR } from '../src/base/version.ts'
import { wilson } from '../src/classify/statistics.ts'
import { textModelUses } from '../src/classify-text/uses.ts'
import { openTextClassifiers } from '../src/classify-text/windows.ts'
import { prepareLanguage } from '../src/confined/decoder/language.ts'
import { scored } from '../src/formats/text/conversation-scores.ts'
import { wordParts } from '../src/formats/words/word-parts.ts'
import { wordReader } from '../src/formats/words/words-in-picture.ts'
import { blanked } from '../src/wire/text.ts'

const AUTHORED = join(import.meta.dirname, '../../scripts/train/authored')
const LIMITS = { textChars: 1 << 20, pixels: 178_956_970 }
/** The person who asks, and answers, in the language of the row. */
const AROUND: Readonly<Record<string, readonly [string, string]>> = {
  en: ['Hello, I saw your post in the group.', 'Thank you, I will think about it.'],
  lt: ['Sveiki, mačiau jūsų skelbimą grupėje.', 'Ačiū, pagalvosiu.'],
  es: ['Hola, vi tu anuncio en el grupo.', 'Gracias, lo pensaré.'],
  pt: ['Olá, vi o teu anúncio no grupo.', 'Obrigada, vou pensar.'],
  fr: ['Bonjour, j’ai vu votre annonce dans le groupe.', 'Merci, je vais réfléchir.'],
  el: ['Γεια σας, είδα την αγγελία σας στην ομάδα.', 'Ευχαριστώ, θα το σκεφτώ.'],
  bn: ['নমস্কার, গ্রুপে আপনার পোস্ট দেখেছি।', 'ধন্যবাদ, ভেবে দেখব।'],
}
const WAYS = [
  'text',
  'message',
  'light screenshot',
  'dark screenshot',
  'poster',
  'poster of two columns',
] as const

export async function offers(every: number, set = 'fourth', named?: string): Promise<void> {
  const ways = WAYS.filter((way) => named === undefined || named.split(',').includes(way))
  const language = await prepareLanguage()
  const read = wordReader(await wordParts(MODELS_DIR, language))
  const classify = await openTextClassifiers(textModelUses(MODELS_DIR), MODELS_DIR)
  const reader = { language, classify, words: read, sound: null }
  const leads = async (extracted: Parameters<typeof scored>[1]) =>
    (await scored(reader, { ...extracted, text: blanked(extracted.text, extracted.unsure ?? []) })).some(
      (one) =>
        one.kind === 'score' &&
        one.classifier === 'job-offer' &&
        one.scorePer10k >= (one.thresholdPer10k ?? Number.POSITIVE_INFINITY),
    )
  for (const name of ['false', 'true', 'like']) {
    const rows = parseAuthored(readFileSync(join(AUTHORED, `${set}-offers-${name}.txt`), 'utf8'))
    const found = new Map<string, number>()
    const languages = new Map<string, number>()
    const count = (of: string) => found.set(of, (found.get(of) ?? 0) + 1)
    let n = 0
    for (const [i, row] of rows.entries()) {
      if (i % every !== 0) continue
      n++
      languages.set(row.language, (languages.get(row.language) ?? 0) + 1)
      const answers = new Map<string, boolean>()
      for (const way of ways) {
        const extracted = await asSeen(way, row, i, read)
        const isLead = await leads(extracted)
        answers.set(way, isLead)
        if (isLead) for (const of of [way, `${way} ${row.language}`]) count(of)
        if (process.env.OFFER_ROWS && isLead !== answers.get('text'))
          console.log(`  ${row.id} ${way}: ${isLead}\n${extracted.text}`)
      }
    }
    for (const way of ways) {
      const leads = found.get(way) ?? 0
      const { low, high } = wilson(leads, n)!
      console.log(
        `${name.padEnd(6)} ${way.padEnd(24)} leads ${leads} of ${n}: ${(leads / n).toFixed(3)} (${low.toFixed(3)} – ${high.toFixed(3)}) ${[...languages].map(([one, of]) => `${one} ${found.get(`${way} ${one}`) ?? 0}/${of}`).join(' ')}`,
      )
    }
  }
}

async function asSeen(
  way: (typeof WAYS)[number],
  { language, messages: [offer] }: AuthoredConversation,
  i: number,
  read: ReturnType<typeof wordReader>,
): Promise<Parameters<typeof scored>[1]> {
  const { text } = offer!
  const [before, after] = AROUND[language]!
  const messages = [
    { side: 'right' as const, text: before, time: '14:01' },
    { side: 'left' as const, text, time: '14:03' },
    { side: 'right' as const, text: after, time: '14:09' },
  ]
  if (way === 'text') return { text, warnings: [] }
  if (way === 'message')
    return {
      text: messages.map((one) => one.text).join('\n'),
      messages: messages.map((one) => ({ sender: one.side, text: one.text })),
      warnings: [],
    }
  if (way.startsWith('poster')) {
    const [title, ...rest] = text.split(/(?<=[.!?]) /)
    const columns = way === 'poster' ? 1 : 2
    const sheet = await drawnPoster([title!, rest.join(' ')], 0, { language, columns })
    return read(await photographed(sheet, i), 'image/jpeg', LIMITS)
  }
  const dark = way === 'dark screenshot'
  const look = LOOKS[(i + (dark ? 2 : 0)) % LOOKS.length]!
  const drawn = await drawnScreenshot({
    look,
    dark,
    language,
    contact: 'Luca 07',
    day: '12.03.2026',
    messages,
  })
  if (drawn.messages.length !== messages.length) throw new Error('the offer has no room')
  return read(await asMessengersSend(drawn.png), 'image/jpeg', LIMITS)
}
