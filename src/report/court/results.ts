/** The results in sentences, the one that everybody reads first. */
import { lacksLists } from '../../contracts/incomplete.ts'
import { sayOfImage } from '../model/image-words.ts'
import { unrecognisedEntries } from '../model/unrecognised.ts'
import type { Listed } from './contents.ts'
import type { Counts } from './counts.ts'
import type { CourtExhibit } from './exhibits.ts'
import { imageLines, resultLimits } from './image.ts'
import { unseenBytes } from './record.ts'
import type { CourtTexts } from './texts.ts'

/** @param shared contents of any kind on several exhibits; null where they were not counted */
export function resultsOf(
  exhibits: readonly CourtExhibit[],
  texts: CourtTexts,
  { listed, places, listedOnSeveral }: Counts,
  { decided, differing }: Listed,
  shared: number | null,
): string[] {
  const ledgers = exhibits.map(({ ledger }) => ledger)
  const reads = ledgers.map((ledger) => ledger.summary().stages.read)
  const several = ledgers.length > 1
  const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0)
  const read = sum(reads.map((one) => one.done + one['done-with-warnings']))
  const left = sum(reads.map((one) => one['not-done'] + one['out-of-scope']))
  const unrecognised = sum(ledgers.map(unrecognisedEntries))
  const images = ledgers.filter((ledger) => ledger.exhibit.image && ledger.byteClasses().length > 0)
  const size = sum(images.map(({ exhibit }) => exhibit.image!.sizeBytes))
  const { language } = texts.of
  const result = ledgers.every(({ plan }) => lacksLists(plan))
    ? sayOfImage('incomplete-no-list', {}, language)
    : listed === 0
      ? texts.say(several ? 'results-none' : 'result-none')
      : texts.say(several ? 'results-listed' : 'result-listed', { contents: listed, places })
  return [
    [result, ...resultLimits(exhibits, language)].join(' '),
    ...imageLines(exhibits, language).filter((line) => line !== result),
    ...(several ? [texts.say('result-several', { contents: listedOnSeveral })] : []),
    ...(shared === null ? [] : [texts.say('result-shared', { contents: shared })]),
    decided === 0
      ? texts.say('result-undecided')
      : texts.say('result-decided', { contents: decided, differing }),
    texts.say('result-examined', { read, left }),
    ...(unrecognised === 0 ? [] : [texts.say('result-unrecognised', { entries: unrecognised })]),
    ...(images.length > 0
      ? [
          texts.say('result-bytes', {
            size,
            left: sum(images.map((ledger) => unseenBytes(ledger.byteClasses()))),
          }),
        ]
      : []),
  ]
}
