/**
 * `seized validate own`: measures the models on material that the laboratory labelled itself. The output contains only
 * totals and intervals.
 */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../../base/errors.ts'
import { EXIT } from '../../base/exit-codes.ts'
import { MODELS_DIR, VERSION } from '../../base/version.ts'
import { modelUses } from '../../classify/index.ts'
import { readLabels } from '../../classify/labels.ts'
import { openGrooming } from '../../classify-text/grooming.ts'
import { evaluatePan12File } from '../../classify-text/pan12.ts'
import { textModelUses } from '../../classify-text/uses.ts'
import type { Score } from '../../contracts/finding.ts'
import type { ChildPool } from '../../host/decoder/pool.ts'
import { digestPartsAside } from '../../parts/index.ts'
import { CONVERSATION_THRESHOLDS, conversationScore } from '../../validate/own/conversations.ts'
import { type Answered, OWN_ABOUT, type OwnSample, ownScores } from '../../validate/own/own.ts'
import { ownInWords } from '../../validate/own/words.ts'
import type { Given } from '../arguments/option.ts'
import type { VALIDATE_OWN } from '../arguments/options-table.ts'
import { lookAtOne, readOne, readTextOfOne, startChildren } from '../services/one-file.ts'
import { openHeads } from '../services/own-heads.ts'
import { passphraseOnce } from '../services/passphrase.ts'
import { writeWhole } from '../services/write-whole.ts'

export async function own(_: readonly string[], given: Given<typeof VALIDATE_OWN>): Promise<number> {
  const { out } = given
  if (out !== undefined && existsSync(out)) throw new UsageError(`${out} exists. Give another name.`)
  const sample = given.pan12 === undefined ? await ofItems(given) : await ofConversations(given)
  process.stdout.write(ownInWords(sample))
  if (out !== undefined) {
    await writeWhole(out, async (stream) => {
      stream.write(`${JSON.stringify(sample, null, 1)}\n`)
    })
    process.stdout.write(`Sums and intervals: ${out}\n`)
  }
  return EXIT.complete
}

async function ofItems({
  labels,
  exhibit,
  text,
  truth,
  workers,
  allowUnconfined,
  model,
  ...secret
}: Given<typeof VALIDATE_OWN>): Promise<OwnSample> {
  if (labels === undefined || exhibit === undefined || truth !== undefined)
    throw new UsageError(
      'validate own takes --labels CSV with --exhibit DIR (texts with --text), or --pan12 XML with --truth FILE.',
    )
  const table = readLabels(labels)
  if (text && model.length > 0) throw new UsageError('--model scores pictures: leave --text out.')
  const own = await openHeads(model, ['unknown'], passphraseOnce(secret))
  const ours = text ? textModelUses(MODELS_DIR) : modelUses(MODELS_DIR, { exact: true })
  const models = [...ours, ...own.models]
  const children = await startChildren(workers, allowUnconfined, ours, own)
  try {
    const scoresOf = text ? scoresOfText : scoresOfPicture
    const items: Answered[] = new Array(table.rows.length)
    let next = 0
    const work = async () => {
      for (let i = next++; i < table.rows.length; i = next++) {
        const row = table.rows[i]!
        items[i] = { ...row, scores: await scoresOf(children, join(exhibit, row.path)) }
      }
    }
    await Promise.all(Array.from({ length: workers }, work))
    return {
      ...(await headOf(text ? 'texts' : 'pictures', table.sha256)),
      items: items.length,
      unread: items.filter(({ scores }) => scores === null).length,
      scores: ownScores(table, items, new Map(models.map(({ id, thresholds }) => [id, thresholds]))),
    }
  } finally {
    await children.close()
  }
}

async function scoresOfPicture(children: ChildPool, path: string): Promise<readonly Score[] | null> {
  const read = await readOne(path)
  if (!read.read) return null
  const { result, findings } = await lookAtOne(children, path, read)
  return result.result === 'not-done' ? null : findings.filter((finding) => finding.kind === 'score')
}

async function scoresOfText(children: ChildPool, path: string): Promise<readonly Score[] | null> {
  const read = await readOne(path)
  if (!read.read) return null
  const { examination, text } = await readTextOfOne(children, path, read)
  return text === null ? null : examination.findings.filter((finding) => finding.kind === 'score')
}

async function ofConversations({
  pan12,
  truth,
  labels,
  exhibit,
  text,
}: Given<typeof VALIDATE_OWN>): Promise<OwnSample> {
  if (labels !== undefined || exhibit !== undefined || text)
    throw new UsageError('validate own takes --labels with --exhibit, or --pan12 with --truth, not both.')
  if (truth === undefined)
    throw new UsageError('--pan12 needs --truth FILE: the ids of the predators, one a line.')
  const classifier = await openGrooming(MODELS_DIR)
  const result = await evaluatePan12File(pan12!, truth, classifier, CONVERSATION_THRESHOLDS)
  const { sha256 } = textModelUses(MODELS_DIR).find(({ id }) => id === 'grooming')!
  return {
    ...(await headOf('conversations', createHash('sha256').update(readFileSync(truth)).digest('hex'))),
    items: result.conversations,
    unread: 0,
    scores: [conversationScore(result, sha256)],
  }
}

async function headOf(kind: OwnSample['kind'], labelsSha256: string) {
  return {
    about: OWN_ABOUT,
    kind,
    made: new Date().toISOString(),
    program: { version: VERSION, partsSha256: (await digestPartsAside()).sha256 },
    labelsSha256,
  } as const
}
