/** Statements from files outside the ledger: on the validation, and on other exhibits of a laboratory. */
import type { ExaminationFacts } from '../../contracts/ledger-reader.ts'
import type { Wishes } from '../export/wishes.ts'
import type { Standing } from '../model/lab.ts'
import { linkedParams } from '../model/links-file.ts'
import type { Content } from '../texts/markup.ts'
import { say } from '../texts/say.ts'

export type Beside = Pick<Wishes, 'validation' | 'links' | 'asSealed'>

export function besideRows(ledger: ExaminationFacts, { validation, links }: Beside): [string, Content][] {
  const { caseId, exhibitId } = ledger.case
  const linked = links === undefined ? null : linkedParams(links, caseId, exhibitId)
  return [
    ...(validation === null ? [] : [[say('validation'), standing(validation)] satisfies [string, Content]]),
    ...(linked === null
      ? []
      : [
          [say('linked-label'), say(linked.contents === 0 ? 'not-linked' : 'linked', linked)] satisfies [
            string,
            Content,
          ],
        ]),
  ]
}

function standing({ number, day, isFit, stale }: Standing): string {
  return [
    say(isFit ? 'validation-fit' : 'validation-unfit', { number, day }),
    ...(stale.length === 0
      ? []
      : [say('validation-stale', { of: stale.map((one) => say('stale-for', { what: one })) })]),
  ].join(' ')
}
