/**
 * Requests of the main process for the `text` operation, and the check of the answers. A child has parsed
 * hostile bytes: every quote, score and attribute is bounded and rebuilt here before it can reach a ledger.
 */

import type { Limits } from '../../contracts/case.ts'
import type { Content } from '../../contracts/content.ts'
import type { Examination } from '../../contracts/finding.ts'
import type { PrivilegedSenders } from '../../contracts/privilege.ts'
import type { StageResult } from '../../contracts/stage.ts'
import type { TextPlace } from '../../contracts/text-place.ts'
import { holdsSound } from '../../media-types/applies.ts'
import type { CompanionFiles } from '../../wire/companion-files.ts'
import { isLent, type Lent } from '../../wire/passed-content.ts'
import { blanked, type ReadTextHeader, type TextLimits } from '../../wire/text.ts'
import { textReply } from '../../wire/text-reply.ts'
import { isHanded } from './feeder.ts'
import { secretsForType } from './file-keys.ts'
import type { ReplyLimits } from './job.ts'
import { type JobPool, resultOfEnd } from './job-pool.ts'
import { isHashedAgain, type LookSource } from './look-request.ts'
import { hasLogs, withCompanionFiles } from './with-companion-files.ts'

export interface TextRead {
  readonly examination: Examination
  readonly language: string | null
  /** Text for the index; null when no text was read. */
  readonly text: string | null
  /** Of words in a picture: where they stand. */
  readonly places: readonly TextPlace[]
  /** The text without words of which the recogniser was not sure: of these no term is a finding. */
  readonly sure: string | null
}

export interface TextRequest {
  readonly limits: Limits
  readonly privileged: PrivilegedSenders | null
  /** Of a database. */
  readonly logs: CompanionFiles
  /** True: speech is transcribed, which takes long. */
  readonly transcribes?: boolean
}

/** Rejects only when children cannot start or the pool was closed. */
export async function readTextOf(
  pool: JobPool,
  content: Content,
  source: LookSource,
  { limits, privileged, logs, transcribes = false }: TextRequest,
): Promise<TextRead> {
  if (hasLogs(logs) && isHanded(source)) {
    const read = await source.bytes()
    return 'bytes' in read
      ? readTextOf(pool, content, read.bytes, { limits, privileged, logs, transcribes })
      : nothing(read)
  }
  const joined = isLent(source) ? lentAlone(content, source) : withCompanionFiles(content, source, logs)
  const secrets = secretsForType(pool, content.mediaType)
  const header: ReadTextHeader = {
    mediaType: content.mediaType,
    limits: textLimits(limits),
    pixels: limits.pixels,
    privileged,
    ...(secrets.length > 0 ? { secrets } : {}),
    ...joined.sizes,
    ...(isLent(source) && isHashedAgain(content, limits) ? { sha256: content.digests.sha256 } : {}),
    text: true,
  }
  const outcome = await pool.run({
    op: 'text',
    header,
    ...joined.given,
    cpuMs:
      limits.decodeCpuMs * (SEVERAL.test(content.mediaType) ? SEVERAL_TIMES : 1) +
      joined.sizeBytes * CPU_MS_PER_BYTE +
      (transcribes && holdsSound(content.mediaType) ? TRANSCRIPT_CPU_MS : 0),
    reply: replyLimits(header.limits),
    check: textReply,
  })
  if (!outcome.done) return nothing(resultOfEnd(outcome))
  const reply = textReply(outcome.header)
  const text = outcome.bytes.length === 0 ? null : outcome.bytes.toString('utf8')
  return {
    examination: { stage: 'text-read', result: reply.result, findings: reply.findings, preview: null },
    language: reply.language,
    text,
    places: reply.places,
    sure: text === null ? null : blanked(text, reply.unsure),
  }
}

/** A large sound or video is read in place. */
function lentAlone({ sizeBytes }: Content, lent: Lent) {
  const sizes = { logBytes: 0, journalBytes: 0 }
  return { sizes, sizeBytes: Number(sizeBytes), given: { bytes: Buffer.alloc(0), lent, sha256: null } }
}

// IPED allows a parser 180 s and 2 s more for each MB (its ParsingTaskConfig).
/** Pages of a scan and frames of a video hold four times the lines of one picture (formats/words/read-lines.ts). */
const SEVERAL = /^(?:image\/tiff$|video\/)/
const SEVERAL_TIMES = 5
/** Of a transcript of twenty minutes of speech, by a model that takes three times as long. */
const TRANSCRIPT_CPU_MS = 60 * 60 * 1000
const CPU_MS_PER_BYTE = 2 / 1000

export function textLimits({ textBytes, containerRatio }: Limits): TextLimits {
  // Text grows by its markup, not by its words: twice the size of the largest content read is room enough for both.
  return { textChars: textBytes / 2, unpackedBytes: textBytes * 4, ratio: containerRatio }
}

/** Text comes as UTF-8: at most three bytes for each UTF-16 unit. */
function replyLimits({ textChars }: TextLimits): ReplyLimits {
  const [headerBytes, payloadBytes] = [4 << 20, 3 * textChars]
  return { headerBytes, payloadBytes, totalBytes: headerBytes + payloadBytes + FRAME_BYTES }
}

const FRAME_BYTES = 1024

function nothing(result: StageResult): TextRead {
  const examination = { stage: 'text-read', result, findings: [], preview: null } as const
  return { examination, language: null, text: null, places: [], sure: null }
}
