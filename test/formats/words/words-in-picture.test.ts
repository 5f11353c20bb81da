/** Hard cases of words in pictures: written before the rules, each on a drawn picture and with the real models. */
import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  asMessengersSend,
  type DrawnChat,
  drawnPoster,
  drawnScreenshot,
  LOOKS,
} from '../../../fixtures/drawn-screenshot.ts'
import { photographed } from '../../../fixtures/photographed.ts'
import { MODELS_DIR } from '../../../src/base/version.ts'
import { prepareLanguage } from '../../../src/confined/decoder/language.ts'
import type { WordReader } from '../../../src/formats/documents/text-extractor.ts'
import { loadDecoders } from '../../../src/formats/media/picture/decode.ts'
import { wordParts } from '../../../src/formats/words/word-parts.ts'
import { WordText } from '../../../src/formats/words/word-text.ts'
import { wordReader } from '../../../src/formats/words/words-in-picture.ts'
import { blanked } from '../../../src/wire/text.ts'
import { drawn } from '../../whole.ts'

const LIMITS = { textChars: 1 << 20, pixels: 178_956_970 }
const OWN = '(this account)'
let read: WordReader

beforeAll(async () => {
  await loadDecoders()
  read = wordReader(await wordParts(MODELS_DIR, await prepareLanguage()))
})

const MESSAGES: DrawnChat['messages'] = [
  {
    side: 'left',
    text: 'are you coming to the lake on Saturday or is it too cold for swimming?',
    time: '14:05',
  },
  { side: 'right', text: 'yes', time: '14:06' },
  { side: 'right', text: 'I will bring the long green rope and my brother', time: '14:06' },
  { side: 'left', text: 'fine', time: '9:58' },
]
const chat = (more: Partial<DrawnChat>): DrawnChat => ({
  look: 'green',
  dark: false,
  language: 'en',
  contact: 'Maria Lopes',
  day: 'Yesterday',
  messages: MESSAGES,
  ...more,
})
const sent = async (more: Partial<DrawnChat>) =>
  read(await asMessengersSend((await drawnScreenshot(chat(more))).png), 'image/jpeg', LIMITS)

describe('a chat screenshot, as messengers send it', () => {
  // In an ordinary run each look has one of the two, in turn.
  it.each(LOOKS.flatMap((look, at) => drawn([false, true], at, 1).map((dark) => ({ look, dark }))))(
    'has its sides, contact and times: $look, dark $dark',
    async (one) => {
      const { messages, text } = await sent(one)
      expect(messages).toEqual(
        MESSAGES.map((message) => ({
          sender: message.side === 'right' ? OWN : 'Maria Lopes',
          text: message.text,
        })),
      )
      for (const { time } of MESSAGES) expect(text).toContain(`(${time}): `)
    },
  )

  it.each([
    ['lt', 'ar šiandien važiuosi į miestą autobusu? Aš jau stotelėje'],
    ['es', 'mañana por la tarde iremos al pueblo con mi abuelo'],
    ['pt', 'amanhã de manhã não há aulas, vamos à praia então'],
    ['fr', 'où étais-tu hier soir ? nous avons mangé des gâteaux'],
    ['el', 'θα έρθεις αύριο στη θάλασσα μαζί μας ή έχεις σχολείο'],
    ['bn', 'আমি আজ বাড়িতে আছি তুমি কখন আসবে'],
  ])('is read in %s', async (language, words) => {
    const { text } = await sent({
      language,
      dark: true,
      look: 'violet',
      day: '12.03.2026',
      messages: [
        { side: 'left', text: words, time: '14:05' },
        { side: 'right', text: words, time: '14:06' },
      ],
    })
    const wanted = words.split(/[ ?,]+/)
    const found = wanted.filter((word) => text.normalize('NFC').includes(word.normalize('NFC')))
    expect(found.length / wanted.length).toBeGreaterThanOrEqual(0.9)
  })

  it('has the letter mu in Greek, not the sign of a millionth', async () => {
    const { text } = await sent({
      language: 'el',
      messages: [
        { side: 'left', text: 'μην μιλάς στη μαμά μου για τα μαθήματα' },
        { side: 'right', text: 'εντάξει, θα είμαι το Σάββατο στο λιμάνι' },
      ],
    })
    for (const word of ['μην', 'μου', 'μαθήματα', 'είμαι', 'λιμάνι']) expect(text).toContain(word)
    expect(text).not.toContain('\u00b5')
  })

  it('keeps a line with a pictograph in its bubble', async () => {
    const text =
      '📲 Trabajo desde el móvil, 50-90€ al día ✅ sin experiencia 🔥 escribe hoy mismo al grupo de ayuda'
    const { messages } = await sent({
      look: 'blue',
      language: 'es',
      messages: [
        { side: 'right', text: 'Hola, vi tu anuncio en el grupo.', time: '14:01' },
        { side: 'left', text, time: '14:03' },
      ],
    })
    expect(messages!.map(({ sender }) => sender)).toEqual([OWN, 'Maria Lopes'])
    for (const words of ['Trabajo desde el móvil', 'sin experiencia', 'mismo al grupo de ayuda'])
      expect(messages![1]!.text).toContain(words)
  })

  it('has Greek words and a name in Latin letters of one line each in their letters', async () => {
    const { messages } = await sent({
      look: 'violet',
      language: 'el',
      messages: [
        { side: 'right', text: 'Γεια σας, είδα την αγγελία σας στην ομάδα.', time: '14:01' },
        {
          side: 'left',
          text: 'Επιλεγήκατε χωρίς συνέντευξη από την «EuroCare Ltd». Μόνο Viber.',
          time: '14:03',
        },
      ],
    })
    for (const words of ['χωρίς συνέντευξη από την', 'EuroCare', 'Μόνο Viber'])
      expect(messages![1]!.text).toContain(words)
  })

  it('gives the same whatever was read before', async () => {
    const first = await sent({})
    await sent({ dark: true, look: 'blue', language: 'lt', contact: 'Jonas' })
    await sent({ language: 'bn', contact: 'Eva', messages: [{ side: 'left', text: 'আমি আজ বাড়িতে আছি' }] })
    expect(await sent({})).toEqual(first)
  })
})

describe('other pictures', () => {
  it('are text without senders where there are no bubbles, also slanted', async () => {
    for (const degrees of [0, 5]) {
      const { text, messages, places } = await read(
        await drawnPoster(
          ['Evening classes', 'Swimming for beginners every Tuesday', 'Bring a towel'],
          degrees,
        ),
        'image/jpeg',
        LIMITS,
      )
      expect(messages).toBeUndefined()
      expect(text).toContain('Swimming for beginners every Tuesday')
      expect(text.indexOf('Evening')).toBeLessThan(text.indexOf('towel'))
      expect(places!.map(({ start, end }) => text.slice(start, end))).toContain('Bring a towel')
    }
  })

  it('cost bounded work when they are hostile, and are no failure', async () => {
    const flat = (width: number, height: number) =>
      sharp({ create: { width, height, channels: 3, background: '#fff' } })
        .png()
        .toBuffer()
    expect(await read(await flat(1, 65_000), 'image/png', LIMITS)).toMatchObject({ text: '' })
    expect(await read(await flat(30_000, 9), 'image/png', LIMITS)).toMatchObject({ text: '' })
    // A million letters of three pixels.
    const tiny = Buffer.alloc(4000 * 4000, 255)
    for (let i = 0; i < tiny.length; i++)
      if ((i % 4) + ((Math.floor(i / 4000) * 7) % 4) < 3 && (i * 31) % 5 < 2) tiny[i] = 0
    const letters = await sharp(tiny, { raw: { width: 4000, height: 4000, channels: 1 } })
      .png()
      .toBuffer()
    expect((await read(letters, 'image/png', LIMITS)).text.length).toBeLessThan(100_000)
    expect(await read(Buffer.from('no picture'), 'image/png', LIMITS)).toMatchObject({
      text: '',
      without: { result: 'not-done' },
    })
  })
})

describe('a sheet that was photographed', () => {
  it('is no chat in uneven light, and what looks for signs reads over the ends of its lines', async () => {
    const lines = [
      'Builders for the north!',
      'The agency asks for 1,800 before the journey, loans are possible, you pay it back from your pay for ten months. The company keeps it. You sign when you come.',
    ]
    for (const seed of [4, 46]) {
      const { text, messages, unsure } = await read(
        await photographed(await drawnPoster(lines), seed),
        'image/jpeg',
        LIMITS,
      )
      expect(messages).toBeUndefined()
      const [head, sentences] = blanked(text, unsure!).split('\n')
      expect([head, sentences]).toEqual(lines)
    }
  })
})

describe('a word of which the recogniser is not sure', () => {
  it('stands in the text and in no message', () => {
    const place = { left: 0, top: 0, width: 10, height: 10 }
    const line = {
      box: { x: 5, y: 5, width: 10, height: 10, angle: 0, score: 1 },
      place,
      words: [],
      ground: [0, 0, 0] as const,
    }
    const text = new WordText(2)
    const sure = text.words(
      [
        { text: 'meet', confidence: 60 },
        { text: 'secret', confidence: 59.9 },
        { text: 'here', confidence: 90 },
      ].map((word) => ({ word: { ...word, place }, line })),
    )
    expect([sure, text.text]).toEqual(['meet here', 'meet secret here'])
    expect(blanked(text.text, text.unsure)).toBe('meet        here')
    expect(text.places).toEqual([{ start: 0, end: 16, left: 0, top: 0, width: 20, height: 20 }])
  })
})
