/** Sentences on a sample of free space: its conclusions and its limits. */
import { listedBlocksNotExcluded } from '../../base/sample-bound.ts'
import type { Plan } from '../../contracts/case.ts'
import type { BlockSample } from '../../contracts/image-exhibit.ts'
import { ENGLISH } from './index.ts'

const CONFIDENCE = 0.99

export function sampleText(sample: BlockSample, { hashSets }: Pick<Plan, 'hashSets'>): string {
  const { volume, seed, blockBytes, blocks, drawn, read, empty, matched, hashSetSha256 } = sample
  const say = (key: string, params = {}) => ENGLISH.sentence('exhibit', key, params)
  const list = hashSets.find(({ sha256 }) => sha256 === hashSetSha256)?.name ?? hashSetSha256
  const notExcluded = notExcludedBy(sample)
  return [
    say('sample', { volume, seed, blockBytes, blocks, drawn, read, empty }),
    ...(list === null ? [say('sample-not-compared')] : [say('sample-compared', { list, matched })]),
    ...(notExcluded === null ? [] : [say('sample-bound', { notExcluded })]),
    say('sample-limits'),
  ].join(' ')
}

/**
 * Null where the sample gives no bound: it matched something, could not be read completely, or was compared with no
 * list.
 */
function notExcludedBy({ blocks, drawn, read, matched, hashSetSha256 }: BlockSample): number | null {
  if (hashSetSha256 === null || matched > 0 || read < drawn) return null
  return listedBlocksNotExcluded(blocks, drawn, CONFIDENCE)
}
