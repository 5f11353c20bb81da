/** Codes in pictures: each kind, several in one, turned and as a messenger sends them, none in stripes, and a gigantic one. */
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { type DrawnCode, drawnCodes } from '../../../fixtures/drawn-codes.ts'
import { decodePicture, loadDecoders } from '../../../src/formats/media/picture/decode.ts'
import { toPixels } from '../../../src/formats/media/pixels/scale.ts'
import { codeReader } from '../../../src/formats/words/codes.ts'
import { invitationIn } from '../../../src/formats/words/invitations.ts'

const read = codeReader()

async function allIn(picture: Buffer, type: 'png' | 'jpeg' = 'png') {
  await loadDecoders()
  const decoded = await decodePicture(picture, `image/${type}`, { pixels: 178_956_970 })
  if (!decoded.ok) throw new Error(decoded.reason)
  return read(await toPixels(decoded.picture))
}

const codesIn = async (picture: Buffer, type: 'png' | 'jpeg' = 'png') => (await allIn(picture, type)).codes

const at = (format: string, text: string, more: Partial<DrawnCode> = {}): DrawnCode => ({
  format,
  text,
  left: 60,
  top: 60,
  ...more,
})

describe('codes in a picture', () => {
  it.each([
    ['QRCode', 'QR Code', 'https://t.me/joinchat/AbCdEf'],
    ['DataMatrix', 'Data Matrix', 'EXHIBIT 12/2026'],
    ['Aztec', 'Aztec Code', 'ticket 4711'],
    ['PDF417', 'PDF417', 'Vilnius, 12 March 2026'],
    ['EAN13', 'EAN-13', '4006381333931'],
    ['EAN8', 'EAN-8', '96385074'],
    ['Code128', 'Code 128', 'LOT-2026-11'],
    ['Code39', 'Code 39', 'SHELF 12'],
  ])('are read: %s', async (format, symbology, text) => {
    const sheet = await drawnCodes(900, 600, [at(format, text)])
    const sent = await sharp(sheet).rotate(7, { background: '#ddd' }).jpeg({ quality: 70 }).toBuffer()
    for (const codes of [await codesIn(sheet), await codesIn(sent, 'jpeg')])
      expect(codes.map((one) => [one.symbology, one.text])).toEqual([[symbology, text]])
    const { left, top } = (await codesIn(sheet))[0]!.place
    expect(Math.abs(left - 60)).toBeLessThan(60)
    expect(Math.abs(top - 60)).toBeLessThan(60)
  })

  it('are of UPC-A as its longer form, EAN-13 with a zero before', async () => {
    const [code] = await codesIn(await drawnCodes(900, 600, [at('UPCA', '036000291452')]))
    expect([code!.symbology, code!.text]).toEqual(['EAN-13', '0036000291452'])
  })

  it('are all read, in the order in which they stand', async () => {
    const codes = [
      at('QRCode', 'one', { left: 40, top: 40 }),
      at('QRCode', 'two', { left: 500, top: 300 }),
      at('EAN13', '4006381333931', { left: 40, top: 600 }),
      at('QRCode', 'three', { left: 500, top: 700 }),
    ]
    const found = await codesIn(await drawnCodes(900, 1000, codes))
    expect(found.map(({ text }) => text)).toEqual(['one', 'two', '4006381333931', 'three'])
  })

  it('are not seen in stripes, grids and noise', async () => {
    const pattern = async (value: (x: number, y: number) => number) => {
      const grey = Buffer.alloc(800 * 600)
      for (let i = 0; i < grey.length; i++) grey[i] = value(i % 800, Math.floor(i / 800))
      return codesIn(
        await sharp(grey, { raw: { width: 800, height: 600, channels: 1 } })
          .png()
          .toBuffer(),
      )
    }
    let seed = 9
    const random = () => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648
    expect(await pattern((x) => ((x >> 2) % 3 === 0 ? 0 : 255))).toEqual([])
    expect(await pattern((x, y) => (((x >> 3) ^ (y >> 3)) % 2 === 0 ? 0 : 255))).toEqual([])
    expect(await pattern(() => random() * 255)).toEqual([])
    expect(await pattern((x) => (((x * x) >> 7) % 2 === 0 ? 0 : 255))).toEqual([])
  })

  it('cost bounded work: a code of the largest version over a whole picture, and hundreds of them', async () => {
    const long = 'https://example.org/'.padEnd(2900, 'x')
    const [gigantic] = await codesIn(await drawnCodes(5600, 5600, [at('QRCode', long, { scale: 30 })]))
    expect(gigantic!.text).toBe(long)
    const many = Array.from({ length: 225 }, (_, i) =>
      at('QRCode', `code ${i}`, { left: (i % 15) * 130, top: Math.floor(i / 15) * 130 }),
    )
    const found = await allIn(await drawnCodes(1950, 1950, many))
    expect(found.codes.length).toBeLessThanOrEqual(32)
    expect(found.isAtLimit).toBe(true)
  })
})

it('an invitation is one by its form', () => {
  const service = (link: string) =>
    invitationIn(link).map((one) => (one.code === 'invitation-link' ? one.params.service : null))
  expect(service('https://t.me/joinchat/AbCdEf')).toEqual(['telegram'])
  expect(service('https://chat.whatsapp.com/AbCdEf')).toEqual(['whatsapp'])
  expect(service('tg://join?invite=AbCdEf')).toEqual(['telegram'])
  expect(service('https://discord.gg/abc')).toEqual(['discord'])
  expect(service('https://signal.group/#CjQKI')).toEqual(['signal'])
  expect(service('https://t.me.example.org/joinchat/AbCdEf')).toEqual([])
  expect(service('see https://t.me/joinchat/AbCdEf there')).toEqual([])
  expect(service('chat.whatsapp.com/AbCdEf')).toEqual([])
})
