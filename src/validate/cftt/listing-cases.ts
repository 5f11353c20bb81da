/** The cases of listing and of other objects: DFR-14 to DFR-17. */
import type { Step } from '../../../fixtures/cftt/steps.ts'
import { type Abilities, type CfttCase, mkdir, range, remove, removeTree, write } from './case.ts'
import type { Contents } from './contents.ts'

export const LISTING_CASES: readonly CfttCase[] = [
  {
    id: 'DFR-14',
    title: 'other objects of the file system, deleted',
    lists: 'deleted',
    phases: ({ picture }, abilities) => [
      objects('', picture, abilities),
      [
        remove('plain.jpg'),
        remove('empty.jpg'),
        removeTree('folder'),
        ...(abilities.streams ? [remove('streamed.jpg')] : []),
        ...(abilities.links ? [remove('hard.jpg'), remove('soft.jpg')] : []),
      ],
    ],
  },
  {
    id: 'DFR-15',
    title: 'one of each object, listed: live and deleted',
    lists: 'all',
    phases: ({ picture }, abilities) => [
      [mkdir('live'), ...objects('live/', picture, abilities), write('gone.jpg', picture(8))],
      [remove('gone.jpg')],
    ],
  },
  {
    id: 'DFR-16',
    title: 'a long list of files, live and deleted',
    lists: 'all',
    phases: ({ small }) => [
      [
        ...range(10).map((d) => mkdir(`d${d}`)),
        ...range(1500).map((i) => write(`d${i % 10}/list${i}.jpg`, small(i % 1300))),
      ],
      range(500).map((i) => remove(`d${(i * 3) % 10}/list${i * 3}.jpg`)),
    ],
  },
  {
    id: 'DFR-17',
    title: 'deep paths',
    lists: 'all',
    phases: ({ picture }) => {
      const folders = range(30).map((depth) =>
        range(depth + 1)
          .map((i) => `level${i}`)
          .join('/'),
      )
      return [
        [
          ...folders.map(mkdir),
          ...range(5).flatMap((i) => [
            write(`${folders[29 - i * 6]}/kept${i}.jpg`, picture(i)),
            write(`${folders[29 - i * 6]}/gone${i}.jpg`, picture(10 + i)),
          ]),
        ],
        range(5).map((i) => remove(`${folders[29 - i * 6]}/gone${i}.jpg`)),
      ]
    },
  },
]

function objects(folder: string, picture: Contents['picture'], { links, streams }: Abilities): Step[] {
  const plain = `${folder}plain.jpg`
  const streamed = `${folder}streamed.jpg`
  const steps: Step[] = [
    write(plain, picture(1)),
    write(`${folder}empty.jpg`, Buffer.alloc(0)),
    mkdir(`${folder}folder`),
    write(`${folder}folder/inside.jpg`, picture(2)),
  ]
  if (links) {
    steps.push({ do: 'link', path: plain, to: `${folder}hard.jpg` })
    steps.push({ do: 'symlink', path: 'plain.jpg', to: `${folder}soft.jpg` })
  }
  if (streams) {
    steps.push(write(streamed, picture(4)))
    steps.push({ do: 'stream', path: streamed, stream: 'second', content: picture(3) })
  }
  return steps
}
