/** An own sample as tables of the record's part 7. */
import type { Block } from './model/block.ts'
import type { ValidationTexts } from './model/texts.ts'
import type { OwnSample, OwnScore } from './own/own.ts'
import type { Share } from './own/shares.ts'

export function ownBlocks({ kind, items, unread, scores }: OwnSample, texts: ValidationTexts): Block[] {
  return [
    { kind: 'heading', text: texts.say('own-head', { kind, items, unread }) },
    ...scores.flatMap((score) => [
      thresholdTable(score, texts),
      ...(score.groups.length === 0 ? [] : [groupTable(score, texts)]),
    ]),
  ]
}

function thresholdTable({ classifier, label, thresholds }: OwnScore, texts: ValidationTexts): Block {
  return {
    kind: 'table',
    heads: (['c-score', 'c-threshold', 'c-found', 'c-falsely'] as const).map((key) => texts.say(key)),
    widths: [25, 25, 25, 25],
    rows: thresholds.map(({ thresholdPer10k, name, found, falsely }) => [
      [`${classifier}, ${label}`],
      [
        (thresholdPer10k / 10_000).toFixed(4),
        ...(name === null ? [] : [name === 'in force' ? texts.say('in-force') : name]),
      ],
      [inWords(found)],
      [inWords(falsely)],
    ]),
  }
}

function groupTable({ classifier, label, groups }: OwnScore, texts: ValidationTexts): Block {
  const orFew = (of: Share | null) => [of === null ? texts.say('few') : inWords(of)]
  return {
    kind: 'table',
    heads: (['c-score', 'c-group', 'c-found', 'c-falsely'] as const).map((key) => texts.say(key)),
    widths: [25, 25, 25, 25],
    rows: groups.map((one) => [
      [`${classifier}, ${label}`],
      [`${one.group}: ${one.value} (${one.positives} + ${one.negatives})`],
      orFew(one.found),
      orFew(one.falsely),
    ]),
  }
}

function inWords(of: Share | null): string {
  if (of === null) return '–'
  const { count, accepted } = of
  return `${count} / ${of.of} (${percent(accepted.low)} – ${percent(accepted.high)})`
}

const percent = (of: number) => `${(of * 100).toFixed(1)} %`
