/** Files in yEnc, as Usenet carries them: by themselves, in an article, in parts, damaged. */
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { jpeg } from '../../fixtures/pictures.ts'
import { yencLines, yencOf, yencPartOf } from '../../fixtures/yenc.ts'
import { exported, scanArgs, seized, temporaryFolder } from '../e2e/seized.ts'
import { listContainer } from './list-container.ts'

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
const [picture, other] = [
  await jpeg({ seed: 71, width: 400, height: 300 }),
  await jpeg({ seed: 72, width: 96, height: 72 }),
]
const everyByte = Buffer.from(Array.from({ length: 256 * 5 }, (_, i) => (i * 7) & 0xff))

const held = async (bytes: Buffer) => {
  const { mediaType, members, result } = await listContainer(bytes)
  return { mediaType, result, members: members.map(({ name, digests }) => [name, digests?.sha256]) }
}

const HEAD = [
  'Path: news.example.org!not-for-mail',
  'From: a@example.org',
  'Newsgroups: example.pictures',
  'Subject: [1/1] "a.jpg" yEnc (1/1)',
  'Date: Mon, 06 May 2024 07:08:09 +0000',
  'Message-ID: <1@example.org>',
  '',
  '',
].join('\r\n')
const article = (body: Buffer) => Buffer.concat([Buffer.from(HEAD), body])

describe('a file in yEnc', () => {
  it('gives its bytes under its name, of every value and at every line width', async () => {
    expect(await held(yencOf('my picture (1).jpg', picture))).toEqual({
      mediaType: 'application/x-yenc',
      result: { result: 'done' },
      members: [['my picture (1).jpg', sha256(picture)]],
    })
    for (const width of [64, 127, 128, 254]) {
      const text = Buffer.concat([
        Buffer.from(`=ybegin line=${width} size=${everyByte.length} name=a.bin\n`),
        yencLines(everyByte, width),
        Buffer.from(`=yend size=${everyByte.length}\n`),
      ])
      expect((await held(text)).members).toEqual([['a.bin', sha256(everyByte)]])
    }
  })

  it('stands beside others in one content, and a part of a longer file is one by itself', async () => {
    const [one, two] = [1, 2].map((number) => yencPartOf('film.mp4', everyByte, number, 1000)) as [
      Buffer,
      Buffer,
    ]
    const { members, result } = await held(
      Buffer.concat([
        yencOf('a.jpg', picture),
        Buffer.from('\r\nmore\r\n'),
        one,
        two,
        yencOf('b.jpg', other),
      ]),
    )
    expect(result).toEqual({ result: 'done' })
    expect(members).toEqual([
      ['a.jpg', sha256(picture)],
      ['film.mp4 part 1 of 2', sha256(everyByte.subarray(0, 1000))],
      ['film.mp4 part 2 of 2', sha256(everyByte.subarray(1000))],
      ['b.jpg', sha256(other)],
    ])
  })

  it('is given as it is, and said to be damaged, where its sum or length differs or its end is not there', async () => {
    const cut = yencOf('a.jpg', picture)
    const differs = yencOf('a.jpg', picture, 1)
    const ends = cut.subarray(0, cut.length >> 1)
    const shorter = Buffer.from(cut.toString('latin1').replace(/=yend size=\d+/, '=yend size=7'), 'latin1')
    for (const bytes of [differs, ends, shorter]) {
      const { members } = await listContainer(bytes)
      expect(members).toHaveLength(1)
      expect(JSON.stringify(members[0])).toMatch(/checksum-differs|size-differs/)
      expect(Number(members[0]!.sizeBytes)).toBeGreaterThan(0)
    }
    expect((await listContainer(differs)).members[0]!.digests!.sha256).toBe(sha256(picture))
  })

  it('follows words in an article, which are kept; words about it are text', async () => {
    const words = 'Found these on an old disk, all mine, please do not post them again.\r\n'
    const body = Buffer.concat([Buffer.from(words), yencOf('a.jpg', picture)])
    expect(await held(body)).toEqual({
      mediaType: 'application/x-yenc',
      result: { result: 'done' },
      members: [
        ['a.jpg', sha256(picture)],
        ['outside.txt', sha256(Buffer.from(words))],
      ],
    })
    const { members } = await listContainer(article(body))
    expect(members.map(({ mediaType }) => mediaType)).toEqual(['application/x-yenc'])
    const about = Buffer.from(`${words}\n=ybegin line=128 size=1 name=a\nk\n=yend size=1\n`)
    expect((await held(about)).mediaType).toBe('text/plain')
  })

  it('survives 300 mutants', async () => {
    const whole = Buffer.concat([yencPartOf('a.jpg', picture, 1, 5000), yencOf('b.jpg', other)])
    for (let i = 0; i < 300; i++) {
      const bytes = Buffer.from(whole)
      for (let k = 0; k < 4; k++) bytes[(i * 37 + k * k * 101) % 300]! ^= (i * 7 + k * 29) & 0xff
      const { result } = await listContainer(bytes, 'application/x-yenc')
      expect(result.result).toMatch(/^(done|done-with-warnings|not-done)$/)
    }
  })

  it('is found by its list in a scan: as a file, in an article and in a mailbox', () => {
    const folder = temporaryFolder()
    const root = join(folder, 'exhibit')
    mkdirSync(root)
    writeFileSync(join(root, 'a.yenc'), yencOf('a.jpg', picture))
    writeFileSync(join(root, 'article.eml'), article(yencOf('a.jpg', picture)))
    writeFileSync(
      join(root, 'news'),
      Buffer.concat([
        Buffer.from('From a@example.org Mon May  6 07:08:09 2024\r\n'),
        article(yencOf('a.jpg', picture)),
        Buffer.from('\r\nFrom a@example.org Mon May  6 07:08:10 2024\r\n'),
        article(Buffer.from('words\r\n')),
      ]),
    )
    writeFileSync(join(root, 'words.txt'), 'A post begins with =ybegin line=128 and ends with =yend.\n')
    const list = join(folder, 'list.txt')
    writeFileSync(list, `${sha256(picture)}\n`)
    const ledger = join(folder, 'case.sqlite')
    expect(seized(scanArgs(root, ledger, [`interest:${list}`], '--workers', '1')).status).toBe(10)
    const rows = exported(ledger, folder)
    const hits = rows.filter((row) => row.hits.length > 0).map(({ path }) => path.replace(/ » .* » /g, ' … '))
    expect(hits.sort()).toEqual([
      'a.yenc » member a.jpg',
      'article.eml … member a.jpg',
      'news … member a.jpg',
    ])
    expect(rows.find(({ path }) => path === 'words.txt')).toMatchObject({ mediaType: 'text/plain' })
  }, 180_000)
})
