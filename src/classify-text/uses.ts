/** The text classifiers in a plan, each with one digest over all files that decide its result. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ALWAYS, type CheckOnce } from '../classify/check-once.ts'
import { transcriberUses } from '../classify/transcriber-card.ts'
import type { ModelUse } from '../contracts/case.ts'
import { SPEECH, TRANSCRIBER } from '../contracts/speech.ts'
import { languageOfId, WORDS_IN_PICTURES } from '../contracts/words-in-pictures.ts'
import { GROOMING_THRESHOLD } from './grooming.ts'
import { languageUses } from './language-card.ts'
import { readTextModel } from './text-model.ts'

const TEXT_CLASSIFIERS = ['grooming', 'job-offer'] as const
export type TextClassifier = (typeof TEXT_CLASSIFIERS)[number]

/**
 * With the models that read words in pictures and that tell speech, where they are installed.
 * @param languages further ones in which words in pictures are read (ISO 639-2)
 * @param once may know the digest of a folder; a child process that loads it makes the digest in any case
 */
export function textModelUses(
  modelsDir: string,
  languages: readonly string[] = [],
  once: CheckOnce = ALWAYS,
): ModelUse[] {
  const [words, speech] = [join(modelsDir, WORDS_IN_PICTURES), join(modelsDir, SPEECH)]
  return [
    ...TEXT_CLASSIFIERS.map((id) => ({
      id,
      sha256: folderSha256(join(modelsDir, id), once),
      thresholds: { [id]: per10k(thresholdOf(id, modelsDir)) },
    })),
    ...(existsSync(join(words, 'card.json'))
      ? [
          {
            id: WORDS_IN_PICTURES,
            sha256: folderSha256(words, once),
            thresholds: { sure: LEAST_CONFIDENCE * 100 },
          },
        ]
      : []),
    ...languageUses(modelsDir, languages),
    ...(existsSync(join(speech, 'card.json'))
      ? [
          { id: SPEECH, sha256: folderSha256(speech, once), thresholds: { speech: SPEECH_PER_10K } },
          ...transcriberUses(modelsDir),
        ]
      : []),
  ]
}

/** Probability of speech at which a span begins (formats/speech/speech-spans.ts). */
const SPEECH_PER_10K = 5000

/** Confidence of the recogniser, 0–100, below which a word in a picture is searched and never a sign. */
export const LEAST_CONFIDENCE = 60

export function isTextModelUse({ id }: ModelUse): boolean {
  return (
    id === WORDS_IN_PICTURES ||
    languageOfId(id) !== null ||
    id === SPEECH ||
    id === TRANSCRIBER ||
    (TEXT_CLASSIFIERS as readonly string[]).includes(id)
  )
}

function thresholdOf(id: TextClassifier, modelsDir: string): number {
  return id === 'grooming' ? GROOMING_THRESHOLD : readTextModel(id, modelsDir).card.threshold
}

export function per10k(score: number): number {
  return Math.round(score * 10_000)
}

/** Name and content of every file of the folder, in order of names: rules, weights, indicators, card. */
function folderSha256(folder: string, once: CheckOnce): string {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((item) => item.isFile())
    .map((item) => join(item.parentPath, item.name))
    .sort()
  return once(`folder ${folder}`, names, () => {
    const hash = createHash('sha256').update('seized text model 1\0')
    for (const name of names) {
      const bytes = readFileSync(name)
      hash.update(`${name.slice(folder.length)}\0${bytes.length}\0`).update(bytes)
    }
    return hash.digest('hex')
  })
}
