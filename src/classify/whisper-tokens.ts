/** The tokens of a whisper model, from its tokenizer.json: which bytes each stands for, and the special ones. */

export interface WhisperTokens {
  readonly endOfText: number
  readonly startOfTranscript: number
  readonly transcribe: number
  readonly noTimestamps: number
  /** Of 0.00 s; each later token is 0.02 s later. */
  readonly firstTimestamp: number
  /** Token of each language (ISO 639-1), of those asked for that the model has. */
  readonly languages: ReadonlyMap<string, number>
  readonly count: number
  /** Words of these tokens; special tokens and timestamps are none. */
  readonly text: (tokens: readonly number[]) => string
}

const TIMESTAMPS = 1501
export const SECONDS_A_TIMESTAMP = 0.02

/** @throws RangeError when it is no tokenizer of whisper's form, or lacks a language */
export function whisperTokens(json: string, languages: readonly string[]): WhisperTokens {
  const { model, added_tokens: added } = JSON.parse(json) as {
    readonly model?: { readonly vocab?: Readonly<Record<string, number>> }
    readonly added_tokens?: readonly { readonly id: number; readonly content: string }[]
  }
  if (!model?.vocab || !Array.isArray(added)) throw new RangeError('it has no vocabulary')
  const special = new Map(
    (added as { id: number; content: string }[]).map(({ id, content }) => [content, id]),
  )
  const idOf = (content: string): number => {
    const id = special.get(content)
    if (id === undefined || !Number.isInteger(id) || id < 0) throw new RangeError(`it has no ${content}`)
    return id
  }
  const pieces = new Map<number, Buffer>()
  for (const [piece, id] of Object.entries(model.vocab)) pieces.set(id, bytesOf(piece))
  for (const id of special.values()) pieces.delete(id)
  const noTimestamps = idOf('<|notimestamps|>')
  return {
    endOfText: idOf('<|endoftext|>'),
    startOfTranscript: idOf('<|startoftranscript|>'),
    transcribe: idOf('<|transcribe|>'),
    noTimestamps,
    firstTimestamp: noTimestamps + 1,
    languages: new Map(languages.map((language) => [language, idOf(`<|${language}|>`)])),
    count: noTimestamps + 1 + TIMESTAMPS,
    text: (tokens) => Buffer.concat(tokens.map((id) => pieces.get(id) ?? NOTHING)).toString('utf8'),
  }
}

const NOTHING = Buffer.alloc(0)

/** A vocabulary writes a byte as a letter: printable ones as themselves, the others from U+0100 on (GPT-2's bytes_to_unicode). */
const BYTE_OF: ReadonlyMap<string, number> = (() => {
  const map = new Map<string, number>()
  let next = 0x100
  for (let byte = 0; byte < 256; byte++) {
    const isPlain = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174
    map.set(String.fromCodePoint(isPlain ? byte : next++), byte)
  }
  return map
})()

function bytesOf(piece: string): Buffer {
  return Buffer.from([...piece].flatMap((letter) => BYTE_OF.get(letter) ?? [...Buffer.from(letter, 'utf8')]))
}
