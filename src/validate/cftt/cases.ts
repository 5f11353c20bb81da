/**
 * The seventeen cases of NIST's CFTT for deleted file recovery, by their numbers, as steps on a volume. Made from the published
 * titles and layouts (CFReDS, "DFR Test Images"; NIST, "Active File Identification & Deleted File Recovery Tool Specification", 1.1),
 * with contents of our own: pictures of noise, so that a carver can know them too.
 */
import type { Phase, Step } from '../../../fixtures/cftt/steps.ts'
import { append, type CfttCase, mkdir, PIECE, range, remove, removeTree, woven, write } from './case.ts'
import type { Contents } from './contents.ts'
import { LISTING_CASES } from './listing-cases.ts'

export const CFTT_CASES: readonly CfttCase[] = [
  {
    id: 'DFR-01',
    title: 'one file that is not fragmented',
    lists: 'deleted',
    phases: ({ picture }) => [
      [write('before.jpg', picture(0)), write('alpha.jpg', picture(1)), write('after.jpg', picture(2))],
      [remove('alpha.jpg')],
    ],
  },
  {
    id: 'DFR-02',
    title: 'one file in two fragments',
    lists: 'deleted',
    phases: ({ picture }) => {
      const [a, b] = [picture(1), picture(2)]
      return [
        [
          append('alpha.jpg', a.subarray(0, 2 * PIECE)),
          append('beta.jpg', b),
          append('alpha.jpg', a.subarray(2 * PIECE)),
        ],
        [remove('alpha.jpg')],
      ]
    },
  },
  {
    id: 'DFR-03',
    title: 'one file in many fragments',
    lists: 'deleted',
    phases: ({ picture }) => [
      woven(['alpha.jpg', picture(1)], ['beta.jpg', picture(2)]),
      [remove('alpha.jpg')],
    ],
  },
  {
    id: 'DFR-04',
    title: 'names beyond ASCII',
    lists: 'deleted',
    phases: ({ picture }) => [
      FOREIGN_NAMES.map((name, i) => write(name, picture(i))),
      FOREIGN_NAMES.slice(1).map(remove),
    ],
  },
  {
    id: 'DFR-05',
    title: 'several files in two fragments each',
    lists: 'deleted',
    phases: ({ picture }) => {
      const parts = (name: string, i: number, from: number, to?: number) =>
        append(name, picture(i).subarray(from * PIECE, to === undefined ? undefined : to * PIECE))
      return [
        [
          ...[1, 2, 3].flatMap((i) => [
            parts(`file${i}.jpg`, i, 0, 2),
            append(`live${i}.jpg`, picture(10 + i)),
          ]),
          ...[1, 2, 3].flatMap((i) => [parts(`file${i}.jpg`, i, 2), append(`more${i}.jpg`, picture(20 + i))]),
        ],
        [1, 2, 3].map((i) => remove(`file${i}.jpg`)),
      ]
    },
  },
  {
    id: 'DFR-05-braid',
    title: 'two files whose fragments alternate, both deleted',
    lists: 'deleted',
    phases: ({ picture }) => [
      woven(['alpha.jpg', picture(1)], ['beta.jpg', picture(2)]),
      [remove('alpha.jpg'), remove('beta.jpg')],
    ],
  },
  {
    id: 'DFR-05-nest',
    title: 'a file between the two fragments of another, both deleted',
    lists: 'deleted',
    phases: ({ picture }) => [
      [
        append('outer.jpg', picture(1).subarray(0, 3 * PIECE)),
        append('inner.jpg', picture(2)),
        append('outer.jpg', picture(1).subarray(3 * PIECE)),
      ],
      [remove('outer.jpg'), remove('inner.jpg')],
    ],
  },
  {
    id: 'DFR-06',
    title: 'one large file',
    lists: 'deleted',
    phases: ({ picture, large }) => [
      [write('before.jpg', picture(0)), write('large.jpg', large), write('after.jpg', picture(1))],
      [remove('large.jpg')],
    ],
  },
  {
    id: 'DFR-07',
    title: 'one file, overwritten by one',
    lists: 'deleted',
    phases: ({ picture }) => [
      [write('alpha.jpg', picture(1)), write('after.jpg', picture(2))],
      [remove('alpha.jpg')],
      [{ do: 'fill', path: 'filler.txt' }],
    ],
  },
  {
    id: 'DFR-07-two',
    title: 'two files, the first overwritten in part',
    lists: 'deleted',
    phases: ({ picture }) => [
      [write('alpha.jpg', picture(1)), write('beta.jpg', picture(2)), write('after.jpg', picture(3))],
      [remove('alpha.jpg'), remove('beta.jpg')],
      [write('later.jpg', picture(4).subarray(0, 3 * PIECE))],
    ],
  },
  {
    id: 'DFR-08',
    title: 'several files, overwritten more than once',
    lists: 'deleted',
    phases: ({ picture }) => [
      range(12).map((i) => write(`first${i}.jpg`, picture(i))),
      range(12).map((i) => remove(`first${i}.jpg`)),
      range(4).map((i) => write(`second${i}.jpg`, picture(20 + i))),
      range(4).map((i) => remove(`second${i}.jpg`)),
      range(2).map((i) => write(`third${i}.jpg`, picture(30 + i))),
    ],
  },
  {
    id: 'DFR-09',
    title: 'a thousand files, none overwritten',
    lists: 'deleted',
    phases: ({ small }) => [
      [mkdir('many'), ...range(1000).map((i) => write(`many/f${i}.jpg`, small(i)))],
      range(1000).map((i) => remove(`many/f${i}.jpg`)),
    ],
  },
  {
    id: 'DFR-10',
    title: 'a thousand files, some overwritten',
    lists: 'deleted',
    phases: ({ small }) => [
      [mkdir('many'), ...range(1000).map((i) => write(`many/f${i}.jpg`, small(i)))],
      range(1000).map((i) => remove(`many/f${i}.jpg`)),
      [mkdir('later'), ...range(300).map((i) => write(`later/g${i}.jpg`, small(1000 + i)))],
    ],
  },
  {
    id: 'DFR-11',
    title: 'one directory',
    lists: 'deleted',
    phases: ({ picture }) => [
      [
        write('stays.jpg', picture(0)),
        mkdir('album'),
        ...range(6).map((i) => write(`album/p${i}.jpg`, picture(1 + i))),
      ],
      [removeTree('album')],
    ],
  },
  {
    id: 'DFR-12',
    title: 'several directories, one in another',
    lists: 'deleted',
    phases: ({ picture }) => [
      [
        write('stays.jpg', picture(0)),
        ...['outer', 'outer/middle', 'outer/middle/inner', 'other'].flatMap((folder, n) => [
          mkdir(folder),
          ...range(3).map((i) => write(`${folder}/p${n}${i}.jpg`, picture(1 + n * 3 + i))),
        ]),
      ],
      [removeTree('outer'), removeTree('other')],
    ],
  },
  { id: 'DFR-13', title: 'random activity', lists: 'deleted', phases: randomActivity },
  ...LISTING_CASES,
]

const FOREIGN_NAMES = [
  'latin.jpg',
  'žąsų ežeras.jpg',
  'фотография.jpg',
  'φωτογραφία.jpg',
  '照片一.jpg',
  '写真です.jpg',
  'صورة.jpg',
  'ছবি.jpg',
  '사진.jpg',
]

/** Five phases of writing, appending, renaming and removing, drawn from the seed. */
function randomActivity({ picture, random: draws }: Contents): Phase[] {
  const random = draws()
  const live: string[] = []
  const fragile = new Set<string>()
  let made = 0
  return range(5).map((phase) => {
    const steps: Step[] = []
    for (let n = 0; n < 16; n++) {
      const draw = random()
      const victim = live[Math.floor(random() * live.length)]
      if (victim === undefined || draw < 0.5) {
        const name = `r${phase}x${n}.jpg`
        steps.push(write(name, picture(made++)))
        live.push(name)
      } else if (draw < 0.85) {
        steps.push(remove(victim))
        live.splice(live.indexOf(victim), 1)
      } else if (!fragile.has(victim)) {
        fragile.add(victim)
        steps.push(append(victim, picture(100 + made++)))
      }
    }
    return steps
  })
}
