/** Words in pictures, from a scan to search: a chat as a screenshot, a poster, terms, counsel kept closed, and nothing without a basis. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { drawnCodes } from '../../fixtures/drawn-codes.ts'
import { drawnQr } from '../../fixtures/drawn-qr.ts'
import { asMessengersSend, drawnPoster, drawnScreenshot } from '../../fixtures/drawn-screenshot.ts'
import { readCustody } from '../../src/ledger/custody/custody.ts'
import type { PicturePart, PictureWords } from '../../src/review/said-words.ts'
import { served } from '../review/review-server.ts'
import { exported, scanArgs, seized, summaryOf, temporaryFolder } from './seized.ts'

/** The made-up chat of text.test.ts: the right side writes as the account of the telephone. */
const CHAT = [
  ['right', 'hi, how old are you?', '14:01'],
  ['left', 'im 13', '14:02'],
  ['right', 'you seem so mature for your age', '14:03'],
  ['right', 'are your parents home right now?', '14:03'],
  ['left', 'no they are at work', '14:05'],
  ['right', 'this is our secret, dont tell your mom about me', '14:06'],
  ['right', 'delete these messages when you read them', '14:07'],
  ['right', 'can we meet on saturday? come alone', '14:09'],
].map(([side, text, time]) => ({ side: side as 'left' | 'right', text: text!, time: time! }))

/** Of the Tor Project's own site. */
const ONION = '2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion'

const OFFER = [
  'Hostess work abroad, immediate start!',
  'No experience needed, earn $5000 per month cash. We pay your flight, visa and accommodation,',
  'you repay later from your salary. Young women 18-25 wanted.',
  'Send passport copy and a photo to apply. No contract required.',
  'Contact only by WhatsApp. Limited places, act now!',
]

async function exhibit(folder: string): Promise<string> {
  const root = join(folder, 'exhibit')
  mkdirSync(join(root, 'Pictures'), { recursive: true })
  const file = (name: string, bytes: Buffer) => writeFileSync(join(root, 'Pictures', name), bytes)
  const chat = { look: 'green', dark: true, language: 'en', contact: 'lina', messages: CHAT } as const
  const { png } = await drawnScreenshot(chat)
  file('chat.jpg', await asMessengersSend(png))
  const counsel = await drawnScreenshot({
    look: 'blue',
    dark: false,
    language: 'en',
    contact: 'Ada Counsel',
    messages: [
      { side: 'left', text: 'the zorbelquist hearing is on Monday' },
      { side: 'right', text: 'thank you, I will be there' },
    ],
  })
  file('counsel.png', counsel.png)
  file('poster.jpg', await drawnPoster(OFFER, 3))
  // The first output of Bitcoin's chain.
  file('code.png', await drawnQr('bitcoin:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa?amount=1'))
  // A photograph without words: noise on a slope, as a sensor makes it.
  const noise = Buffer.alloc(640 * 480 * 3)
  let seed = 7
  for (let i = 0; i < noise.length; i++) {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    noise[i] = 60 + (i % 1920) / 16 + (seed >> 16) / 1024
  }
  file(
    'meadow.jpg',
    await sharp(noise, { raw: { width: 640, height: 480, channels: 3 } })
      .jpeg()
      .toBuffer(),
  )
  // The same meadow with codes and not one line of text, and goods with a bar code.
  file(
    'codes.jpg',
    await sharp(
      await drawnCodes(
        640,
        480,
        [
          { format: 'QRCode', text: `http://${ONION}/`, left: 20, top: 40, scale: 4 },
          { format: 'QRCode', text: 'https://chat.whatsapp.com/AbCdEf', left: 360, top: 220, scale: 5 },
        ],
        noise,
      ),
    )
      .jpeg()
      .toBuffer(),
  )
  file(
    'goods.png',
    await drawnCodes(700, 400, [{ format: 'EAN13', text: '4006381333931', left: 80, top: 90 }]),
  )
  file(
    'line.png',
    await sharp({ create: { width: 1, height: 65_000, channels: 3, background: '#fff' } })
      .png()
      .toBuffer(),
  )
  return root
}

const TEXT = ['--text', '--basis', 'warrant 12/2026']

describe('words in pictures', () => {
  it('are searched with their place, scored as a chat with two sides, and closed for privileged persons', async () => {
    const folder = temporaryFolder()
    const root = await exhibit(folder)
    const counsel = join(folder, 'counsel.txt')
    writeFileSync(counsel, 'address:ada counsel\n')
    const ledger = join(folder, 'case.sqlite')
    const scan = seized(scanArgs(root, ledger, [], ...TEXT, '--workers', '1', '--privileged', counsel))
    const summary = summaryOf(scan)
    const rows = exported(ledger, folder)
    const row = (name: string) => rows.find((one) => one.path.endsWith(name))

    expect(row('chat.jpg').stages['text-read'].result).toBe('done')
    expect(row('chat.jpg').leads.map((lead: { classifier: string }) => lead.classifier)).toContain('grooming')
    const quotes: string[] = row('chat.jpg').signals.map((signal: { quote: string }) => signal.quote)
    expect(quotes.join(' | ')).toContain('our secret')
    expect(row('poster.jpg').leads.map((lead: { classifier: string }) => lead.classifier)).toContain(
      'job-offer',
    )
    expect(row('counsel.png')).toBeUndefined()
    const codes = row('code.png').attributes.map(({ code, params }: { code: string; params: object }) => [
      code,
      params,
    ])
    expect(codes).toContainEqual(['wallet-address', expect.objectContaining({ currency: 'bitcoin' })])
    expect(codes).toContainEqual([
      'qr-code',
      expect.objectContaining({
        text: expect.stringContaining('1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa'),
        left: expect.any(Number),
      }),
    ])
    expect(row('meadow.jpg').stages['text-read']).toMatchObject({
      result: 'done-with-warnings',
      reason: 'lines-sought-small',
    })
    const attributesOf = (name: string) =>
      row(name).attributes.map(({ code, params }: { code: string; params: object }) => [code, params])
    // A code is read where no line of text is seen; the result says so all the same.
    expect(attributesOf('codes.jpg')).toEqual(
      expect.arrayContaining([
        ['qr-code', expect.objectContaining({ text: `http://${ONION}/` })],
        ['onion-address', { address: ONION }],
        ['invitation-link', { service: 'whatsapp', link: 'https://chat.whatsapp.com/AbCdEf' }],
      ]),
    )
    expect(row('codes.jpg').stages['text-read']).toMatchObject({
      result: 'done-with-warnings',
      reason: 'lines-sought-small',
    })
    expect(attributesOf('goods.png')).toContainEqual([
      'bar-code',
      expect.objectContaining({ symbology: 'EAN-13', text: '4006381333931' }),
    ])
    expect(row('line.png').stages['text-read']).toMatchObject({ result: 'not-applicable', reason: 'no-text' })

    const found = seized(['search', ledger, 'mature']).stdout
    expect(found).toMatch(
      /text in the picture, at \d+,\d+ \d+×\d+: .*\(this account\) \(14:03\): you seem so mature/,
    )
    expect(seized(['search', ledger, 'lina']).stdout).toContain('chat.jpg')
    expect(seized(['search', ledger, 'passport']).stdout).toContain('poster.jpg')
    // The words of counsel stand nowhere.
    expect(seized(['search', ledger, 'zorbelquist']).stdout).toContain('0 places found')
    for (const file of [ledger, `${ledger}.text.sqlite`])
      expect(readFileSync(file).includes('zorbelquist')).toBe(false)

    // What the gate left out is counted by its reason, in the working report and for the court.
    const said = 'no line of text was seen at a small size'
    for (const edition of ['working', 'court']) {
      const out = join(folder, `${edition}.html`)
      const report = [
        'report',
        ledger,
        '--format',
        'html',
        '--edition',
        edition,
        '--operator',
        'T',
        '--out',
        out,
      ]
      expect([edition, seized(report).status]).toEqual([edition, 0])
      expect([edition, readFileSync(out, 'utf8').includes(said)]).toEqual([edition, true])
    }

    // The page of a review says where the words stand, by text and numbers alone, and logs it before.
    const review = await served(ledger)
    await review.hello()
    const { sha256 } = row('chat.jpg')
    expect((await review.post('details', { sha256 })).json()).toMatchObject({ hasWords: true })
    const words = (await review.post('words', { sha256 })).json() as unknown as PictureWords
    const [{ page, width, height, lines }] = words.parts as [PicturePart]
    expect([words.parts.length, page, width, height]).toEqual([1, null, 720, 1440])
    const line = lines.find(({ text }) => text.startsWith('you seem so mature'))!
    // At the right, in the upper half, as it was drawn.
    expect(line.left).toBeGreaterThan(60)
    expect(line.left + line.width).toBeGreaterThan(600)
    expect(line.top + line.height).toBeLessThan(720)
    expect(readCustody(ledger).filter(({ event }) => event === 'words-shown')).toEqual([
      expect.objectContaining({ operator: 'A. Example', detail: expect.objectContaining({ sha256 }) }),
    ])
    await review.close()

    const more = join(folder, 'more.sqlite')
    const again = seized(scanArgs(root, more, [], ...TEXT, '--workers', '4', '--privileged', counsel))
    expect(summaryOf(again).analysisDigest).toBe(summary.analysisDigest)
  })

  it('are not read without a legal basis', async () => {
    const folder = temporaryFolder()
    const root = await exhibit(folder)
    const ledger = join(folder, 'case.sqlite')
    const scan = seized(scanArgs(root, ledger, [], '--workers', '1'))
    expect(summaryOf(scan).event).toBe('summary')
    for (const one of exported(ledger, folder).filter(({ kind }) => kind === 'file'))
      expect([one.path, one.stages['text-read']]).toEqual([
        one.path,
        expect.objectContaining({ result: 'out-of-scope', reason: 'stage-not-asked' }),
      ])
    const held = readFileSync(ledger)
    for (const word of ['mature', 'passport', 'zorbelquist', 'lina']) {
      expect(held.includes(word)).toBe(false)
      expect(scan.stdout + scan.stderr).not.toContain(word)
    }
    expect(seized(['search', ledger, 'mature']).stdout).toContain('0 places found')
  })
})
