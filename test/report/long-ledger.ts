/** A ledger in which all that a report prints of an exhibit, a list or a person is one long word, narrow and wide by turns. */
import type { LedgerReader } from '../../src/contracts/ledger-reader.ts'
import type { Lab } from '../../src/report/model/lab.ts'
import { decidedLedger } from './exchange/decided-ledger.ts'
import { contentOf, hit, view } from './synthetic-ledger.ts'

/** 255 bytes, as long as a name of ext4 may be; W is the widest letter, 漢 takes three bytes. */
const LONG_NAMES = [
  'W'.repeat(255),
  `${'a1b2c3d4'.repeat(31)}.jpeg`,
  '漢'.repeat(85),
  'صورة'.repeat(31),
  'Ž'.repeat(127),
]

const CONTENTS = 60
const LONG = 'Mmmmmmmmmmmmmmmmmmmmm'.repeat(8)

export function longLedger(): LedgerReader {
  const views = () =>
    Array.from({ length: CONTENTS }, (_, i) =>
      view(`${String(i).padStart(3, '0')}/${LONG_NAMES[i % LONG_NAMES.length]}`, {
        content: contentOf(`long ${i}`, 3_000_000n, `image/${'x'.repeat(120)}`),
        hits: [
          hit({
            hashSet: `list-${LONG}.json`,
            edition: LONG,
            categoryLabel: `${LONG} ${LONG}`,
            category: LONG.slice(0, 60),
            scale: LONG,
            meaning: i % 2 === 0 ? 'illegal' : 'interest',
          }),
        ],
      }),
    )
  const made = views()
    .slice(0, 20)
    .map(({ entry }) => [entry.path.bytes.toString(), `Examiner${LONG}`, 'decided', LONG, LONG] as const)
  const ledger = decidedLedger(views, made)
  return {
    ...ledger,
    case: {
      ...ledger.case,
      caseId: `C-${LONG}`,
      exhibitId: `E-${LONG}`,
      examiner: `Examiner${LONG}`,
      image: `/images/${LONG}.E01`,
    },
    suppressed: () => [{ hashSet: `known-${LONG}.hashdeep`, contents: 1_234_567 }],
  }
}

export const LONG_LAB: Lab = { laboratory: LONG, address: LONG, reportNumber: LONG, deviations: LONG }
