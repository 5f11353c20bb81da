/** Wires the `text` operation: extractors of child/text, the language of eld, the classifiers of classify-text. */
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { MODELS_DIR } from '../../base/version.ts'
import { openTranscriber } from '../../classify/transcribers.ts'
import { textModelUses } from '../../classify-text/uses.ts'
import { openTextClassifiers } from '../../classify-text/windows.ts'
import type { ModelUse } from '../../contracts/case.ts'
import { SPEECH, TRANSCRIBER } from '../../contracts/speech.ts'
import { languagesIn, WORDS_IN_PICTURES } from '../../contracts/words-in-pictures.ts'
import { preparePdf } from '../../formats/documents/pdf.ts'
import { loadFfmpeg } from '../../formats/media/ffmpeg/ffmpeg.ts'
import { loadDecoders } from '../../formats/media/picture/decode.ts'
import { soundListener } from '../../formats/speech/speech-in-sound.ts'
import { voiceActivity } from '../../formats/speech/speech-parts.ts'
import { prepareEncodings } from '../../formats/text/decode-text.ts'
import { readText } from '../../formats/text/read-text.ts'
import { prepareSqlite } from '../../formats/text/sqlite.ts'
import type { LanguageOf } from '../../formats/words/choose-language.ts'
import { wordParts } from '../../formats/words/word-parts.ts'
import { scanReader } from '../../formats/words/words-in-pdf.ts'
import { wordReader } from '../../formats/words/words-in-picture.ts'
import { frameReader } from '../../formats/words/words-in-video.ts'
import type { ReadTextHeader } from '../../wire/text.ts'
import { prepareLanguage } from './language.ts'
import type { OpRun } from './op.ts'

export interface TextConfig {
  /** The text models of the plan. */
  readonly models: readonly ModelUse[]
}

export async function prepareTextOp(config: unknown): Promise<OpRun> {
  const { models } = config as TextConfig
  if (!isDeepStrictEqual(textModelUses(MODELS_DIR, languagesIn(models)), models))
    throw new Error('The text models of the plan are not those that are installed.')
  await preparePdf()
  prepareSqlite()
  // A process that keeps its account can load them later; a process that gives up root must load them now.
  if (process.getuid?.() === 0) prepareEncodings()
  const language = await prepareLanguage()
  const classify = await openTextClassifiers(models, MODELS_DIR)
  const words = models.some(({ id }) => id === WORDS_IN_PICTURES)
    ? await prepareWords(models, language)
    : { words: null }
  const sound = models.some(({ id }) => id === SPEECH) ? await prepareSound(models) : null
  return async ({ header, bytes, lent }) => {
    const parts = { language, classify, ...words, sound }
    const { reply, text } = await readText(header as ReadTextHeader, bytes, parts, lent)
    return { header: reply, bytes: text }
  }
}

async function prepareSound(models: readonly ModelUse[]) {
  await loadFfmpeg()
  const voice = await voiceActivity(join(MODELS_DIR, SPEECH))
  if (!models.some(({ id }) => id === TRANSCRIBER)) return soundListener(voice, null)
  const whisper = openTranscriber(join(MODELS_DIR, TRANSCRIBER))
  return soundListener(voice, (samples) => whisper.transcribe(samples))
}

async function prepareWords(models: readonly ModelUse[], language: LanguageOf) {
  await loadDecoders()
  await loadFfmpeg()
  const parts = await wordParts(MODELS_DIR, language, languagesIn(models))
  const scans = (limits: { readonly textChars: number }) => scanReader(parts, limits)
  return { words: wordReader(parts), frames: frameReader(parts), scans }
}
