import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { drawnSpeech } from '../../fixtures/drawn-sound.ts'
import { tinyWhisper, writeTinyWhisper } from '../../fixtures/tiny-whisper.ts'
import { addModel } from '../../src/classify/add-model.ts'
import { listModels, verifyModels } from '../../src/classify/index.ts'
import { logMel, MEL_BANDS, MEL_FRAMES } from '../../src/classify/log-mel.ts'
import { openTranscriber } from '../../src/classify/transcribers.ts'
import { chooseToken } from '../../src/classify/whisper-rules.ts'
import { whisperTokens } from '../../src/classify/whisper-tokens.ts'

describe('the log-mel picture of a sound', () => {
  it('is that of its definition, written a second time: padded array, complex sums, triangles from ramps', () => {
    const samples = drawnSpeech(0.4)
    const got = logMel(samples)
    const frames = [0, 1, 7, 20, 41, 1500, 2999]
    const spectra = frames.map((frame) => filtered(powerAt(samples, frame)))
    const loudest = loudestOf(samples)
    for (const [i, frame] of frames.entries())
      for (let band = 0; band < MEL_BANDS; band++) {
        const log = Math.log10(Math.max(1e-10, spectra[i]![band]!))
        const expected = (Math.max(log, loudest - 8) + 4) / 4
        expect(Math.abs(got[band * MEL_FRAMES + frame]! - expected)).toBeLessThan(1e-5)
      }
  })

  it('of a tone is brightest in the band of its pitch', () => {
    const tone = Float32Array.from(
      { length: 16_000 },
      (_, i) => 0.5 * Math.sin((2 * Math.PI * 1000 * i) / 16_000),
    )
    const got = logMel(tone)
    const bands = Array.from({ length: MEL_BANDS }, (_, band) => got[band * MEL_FRAMES + 50]!)
    const edges = melEdges()
    const brightest = bands.indexOf(Math.max(...bands))
    expect(edges[brightest]! < 1000 && 1000 < edges[brightest + 2]!).toBe(true)
  })
})

/** librosa.filters.mel(sr=16000, n_fft=400, n_mels=80), by its ramps. */
function melEdges(): number[] {
  const step = 200 / 3
  const logStep = Math.log(6.4) / 27
  const top = 1000 / step + Math.log(8000 / 1000) / logStep
  return Array.from({ length: MEL_BANDS + 2 }, (_, i) => {
    const mel = (top * i) / (MEL_BANDS + 1)
    return mel >= 15 ? 1000 * Math.exp(logStep * (mel - 15)) : step * mel
  })
}

function filtered(power: readonly number[]): number[] {
  const edges = melEdges()
  return Array.from({ length: MEL_BANDS }, (_, band) =>
    power.reduce((sum, one, bin) => {
      const hertz = bin * 40
      const lower = (hertz - edges[band]!) / (edges[band + 1]! - edges[band]!)
      const upper = (edges[band + 2]! - hertz) / (edges[band + 2]! - edges[band + 1]!)
      return sum + ((Math.max(0, Math.min(lower, upper)) * 2) / (edges[band + 2]! - edges[band]!)) * one
    }, 0),
  )
}

function padded(samples: Float32Array): Float64Array {
  const whole = new Float64Array(480_000)
  whole.set(samples)
  const out = new Float64Array(480_400)
  out.set(whole, 200)
  for (let i = 0; i < 200; i++) {
    out[199 - i] = whole[i + 1]!
    out[480_200 + i] = whole[479_998 - i]!
  }
  return out
}

function powerAt(samples: Float32Array, frame: number): number[] {
  const sound = padded(samples)
  return Array.from({ length: 201 }, (_, bin) => {
    let [real, imaginary] = [0, 0]
    for (let i = 0; i < 400; i++) {
      const value = sound[frame * 160 + i]! * 0.5 * (1 - Math.cos((2 * Math.PI * i) / 400))
      const angle = (-2 * Math.PI * bin * i) / 400
      real += value * Math.cos(angle)
      imaginary += value * Math.sin(angle)
    }
    return real ** 2 + imaginary ** 2
  })
}

function loudestOf(samples: Float32Array): number {
  let most = 0
  for (let frame = 0; frame < 45; frame++) most = Math.max(most, ...filtered(powerAt(samples, frame)))
  return Math.log10(most)
}

const SCRIPT = [0, ' the', ' boat', ' leaves', 1.5, 1.5, '(unsure)', ' from', ' the', ' pier', 2.5]

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'whisper-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const models = () => join(folder, 'models')
const add = (model = tinyWhisper(SCRIPT)) =>
  addModel(writeTinyWhisper(join(folder, 'from'), model), join(folder, 'from'), models())

describe("an agency's model that transcribes speech", () => {
  it('is added with its pinned files, listed apart from models of pictures, and transcribes with times and confidence', async () => {
    expect(await add()).toMatchObject({ id: 'speech-to-text', languages: ['en', 'lt'] })
    expect(listModels(models())).toEqual([])
    expect(verifyModels(models())).toEqual([
      { id: 'speech-to-text', sha256: expect.any(String), problem: null },
    ])
    const whisper = openTranscriber(join(models(), 'speech-to-text'))
    const pieces = await whisper.transcribe(drawnSpeech(4))
    expect(pieces.map(({ startMs, endMs, text }) => [startMs, endMs, text])).toEqual([
      [0, 1500, 'the boat leaves'],
      [1500, 2500, 'from the pier'],
    ])
    expect(pieces[0]!.confidence).toBeGreaterThan(95)
    expect(pieces[1]!.confidence).toBeLessThan(90)
    expect(await whisper.transcribe(new Float32Array(16_000))).toMatchObject([{ text: 'nothing' }])
  })

  it('is refused when a file is another than the card pins, at first and later', async () => {
    const model = tinyWhisper(SCRIPT)
    const from = join(folder, 'from')
    const card = writeTinyWhisper(from, model)
    const decoder = Buffer.from(model.files['decoder.onnx'])
    decoder[decoder.length - 1]! ^= 1
    writeFileSync(join(from, 'decoder.onnx'), decoder)
    await expect(addModel(card, from, models())).rejects.toThrow(
      /decoder\.onnx was refused: its card pins SHA-256/,
    )
    await add()
    const file = join(models(), 'speech-to-text', 'tokenizer.json')
    writeFileSync(file, `${readFileSync(file, 'utf8')} `)
    expect(() => openTranscriber(join(models(), 'speech-to-text'))).toThrow(/was refused/)
    expect(verifyModels(models())[0]!.problem).toMatch(/was refused/)
  })

  it('is refused without a language that its card names, without pins, and where it does not run', async () => {
    const model = tinyWhisper(SCRIPT)
    const card = JSON.parse(model.card) as Record<string, unknown>
    const other = (more: object) => ({ ...model, card: JSON.stringify({ ...card, ...more }) })
    await expect(add(other({ languages: ['xx'] }))).rejects.toThrow(/it has no <\|xx\|>/)
    await expect(add(other({ files: {} }))).rejects.toThrow(/files/)
    const swapped = { ...model.files, 'encoder.onnx': model.files['decoder.onnx'] }
    const files = {
      ...(card.files as object),
      'encoder.onnx': (card.files as Record<string, string>)['decoder.onnx'],
    }
    await expect(add({ files: swapped, card: JSON.stringify({ ...card, files }) })).rejects.toThrow(
      /does not run/,
    )
  })
})

describe('the tokens that may follow', () => {
  const tokens = whisperTokens(tinyWhisper(SCRIPT).files['tokenizer.json'].toString(), ['en'])
  const { firstTimestamp: time, endOfText, noTimestamps, count } = tokens
  const logits = (...high: readonly [number, number][]) => {
    const out = new Float32Array(count)
    for (const [id, value] of high) out[id] = value
    return out
  }

  it('begin with a time within a second, come in pairs, and do not go back', () => {
    expect(chooseToken(logits([0, 50], [time + 200, 40], [time + 30, 30]), [], tokens).token).toBe(time + 30)
    // After one time a word, even where a time is likelier.
    expect(chooseToken(logits([time + 40, 50], [1, 10]), [time + 30], tokens).token).toBe(1)
    expect(chooseToken(logits([time + 20, 50], [time + 60, 40]), [time + 30, 1], tokens).token).toBe(
      time + 60,
    )
    // After the end of a stretch the next begins, or all ends.
    expect(chooseToken(logits([1, 50], [endOfText, 40]), [time + 30, 1, time + 60], tokens).token).toBe(
      endOfText,
    )
    expect(chooseToken(logits([1, 50], [time + 60, 40]), [time + 30, 1, time + 60], tokens).token).toBe(
      time + 60,
    )
    expect(chooseToken(logits([noTimestamps, 60], [1, 20]), [time], tokens).token).toBe(1)
  })

  it('end where all are no numbers', () => {
    expect(chooseToken(new Float32Array(count).fill(Number.NaN), [], tokens).token).toBe(endOfText)
  })

  it('are bytes that need not be whole letters', () => {
    const json = JSON.stringify({
      model: { vocab: { Ä: 0, į: 1, Ġa: 2 } },
      added_tokens: [
        '<|endoftext|>',
        '<|startoftranscript|>',
        '<|en|>',
        '<|transcribe|>',
        '<|notimestamps|>',
      ].map((content, i) => ({ id: 3 + i, content })),
    })
    // U+0117 (ė) is the bytes C4 97; byte 0x97 is written as U+0139 less 0x22 by GPT-2's table.
    const own = whisperTokens(json, ['en'])
    expect(own.text([2])).toBe(' a')
    expect(Buffer.from(own.text([0, 1])).length).toBeGreaterThan(0)
  })
})
