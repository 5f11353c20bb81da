/** Leads as numbers: how many contents, and by priority. */
import { PRIORITIES, PUT_LAST } from '../../contracts/finding.ts'
import type { Counts } from './counts.ts'
import type { CourtTexts } from './texts.ts'

export function leadWords(counts: Counts, texts: CourtTexts): readonly string[] {
  if (counts.leads === 0) return []
  return [
    leadsSentence(counts, texts),
    ...PRIORITIES.filter((priority) => (counts.byPriority.get(priority) ?? 0) > 0).map((priority) =>
      texts.say(priority === PUT_LAST ? 'lead-row-last' : 'lead-row', {
        priority,
        contents: counts.byPriority.get(priority)!,
      }),
    ),
  ]
}

/** What was put last stands beside what there is to look at. */
function leadsSentence({ leads, byPriority }: Counts, texts: CourtTexts): string {
  const last = byPriority.get(PUT_LAST) ?? 0
  return last === 0
    ? texts.say('leads', { contents: leads })
    : texts.say('leads-and-last', { contents: leads - last, last })
}
