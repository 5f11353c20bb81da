import { spawn } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { BLOCK_BYTES } from '../../src/match/index/index-layout.ts'
import { IndexReader } from '../../src/match/index/index-reader.ts'
import {
  checkIndex,
  describeHashSet,
  HashSetIndexDamaged,
  importHashSet,
  listHashSets,
  loadHashSets,
  parseHashSetDeclaration,
} from '../../src/match/index.ts'
import { digestsOf, listFile, temporaryPath, vicsDocument } from './support.ts'

/** Many kinds of record: some digests only, duplicates, conflicts, sizes, categories, extras. */
const MEDIA = Array.from({ length: 12_000 }, (_, i) => {
  const d = digestsOf(`media ${i % 9_000}`)
  return {
    ...(i % 5 === 0 ? {} : { MD5: d.md5 }),
    ...(i % 3 === 0 ? {} : { SHA1: i % 97 === 0 ? digestsOf('other').sha1 : d.sha1 }),
    ...(i % 2 === 0 ? { AlternativeHashes: [{ HashName: 'SHA256', HashValue: d.sha256 }] } : {}),
    ...(i % 4 === 0 ? { MediaSize: i } : {}),
    Category: [0, 1, 2, null, 'x'][i % 5],
    Tags: `tag ${i}`,
  }
})
const LIST = listFile(vicsDocument(MEDIA), 'media.json')

describe('compiled index', () => {
  it('matches exactly as the list it was made of', async () => {
    const index = await compile(`vics-us:${LIST}`)
    const raw = await loadHashSets([parseHashSetDeclaration(`vics-us:${LIST}`)])
    const compiled = await loadHashSets([parseHashSetDeclaration(`vics-us:${index}`)])
    for (let i = 0; i < 9_500; i += 3) {
      const digests = digestsOf(`media ${i}`)
      expect(compiled.match(digests, 8n), `media ${i}`).toEqual(raw.match(digests, 8n))
    }
    const { notes, ...info } = compiled.hashSets[0]!
    const { notes: rawNotes, ...rawInfo } = raw.hashSets[0]!
    expect(info).toEqual(rawInfo)
    expect(notes).toEqual(
      expect.arrayContaining([...rawNotes, expect.stringMatching(/compiled index, imported/)]),
    )
    compiled.close()
  })

  it('matches the same with no memory for blocks', async () => {
    const index = await compile(`vics-us:${LIST}`)
    const [small, large] = [new IndexReader(index, 0), new IndexReader(index)]
    for (let i = 0; i < 300; i++) {
      const wanted = new Uint32Array(37)
      new Uint8Array(wanted.buffer).set(Buffer.from(digestsOf(`media ${i}`).md5, 'hex'))
      const [a, b] = [[], []]
      small.find(wanted, 1, a)
      large.find(wanted, 1, b)
      expect(a).toEqual(b)
    }
    expect([...small.candidates()]).toEqual([...large.candidates()])
  })

  it('carries what the list holds beside digests', async () => {
    const reader = new IndexReader(await compile(`vics-us:${LIST}`))
    const tags = [...reader.candidates()].map(
      ({ record }) => (JSON.parse(reader.extras(record)!.toString()) as { Tags: string }).Tags,
    )
    expect(new Set(tags).size).toBe(reader.metadata.layout.records)
    const given = new Set(MEDIA.map((media) => media.Tags))
    expect(tags.every((tag) => given.has(tag))).toBe(true)
    const without = new IndexReader(await compile(`vics-us:${LIST}`, { extras: false }))
    expect(without.extras(0)).toBeNull()
  })

  it('gives the same index for the same list, and check finds it equal to its list', async () => {
    const [one, other] = [await compile(`vics-us:${LIST}`), await compile(`vics-us:${LIST}`)]
    expect(new IndexReader(one).metadata.blockDigestsSha256).toBe(
      new IndexReader(other).metadata.blockDigestsSha256,
    )
    const checked = await checkIndex(one, { source: LIST })
    expect(checked).toMatchObject({ equalsSource: true, problems: [] })
    expect((await checkIndex(one)).equalsSource).toBeNull()
    const wrong = await checkIndex(one, { source: listFile(`${digestsOf('a').md5}\n`) })
    expect(wrong.problems[0]).toMatch(/is not the list of this index/)
    expect(
      readdirSync(dirname(one)).filter((name) => name.includes('unfinished') || name.startsWith('.')),
    ).toEqual([])
  })

  it('says everything of a list that was said of it at import', async () => {
    const index = await compile(`vics-us:${LIST}`, {
      statement: { owner: 'Example Agency', edition: '2026-03', caveat: 'police use only' },
    })
    const description = await describeHashSet(index)
    const raw = await describeHashSet(LIST, { kind: 'scale', scale: 'vics-us' })
    expect(description.algorithms).toEqual(raw.algorithms)
    expect(description.categories).toEqual(raw.categories)
    expect(description.info).toMatchObject({ edition: '2026-03', name: 'media.json' })
    expect(description.info.notes.join('\n')).toMatch(/owner stated at import: Example Agency/)
    expect(description.compiled).toMatchObject({
      statement: { caveat: 'police use only' },
      carriesExtras: true,
    })
  })

  it('refuses another meaning than it was imported with', async () => {
    const index = await compile(`known:${listFile(`${digestsOf('a').md5}\n`)}`)
    await expect(loadHashSets([parseHashSetDeclaration(`illegal:${index}`)])).rejects.toThrow(
      /was imported as known/,
    )
  })

  it('refuses to overwrite, and leaves nothing of a failed import', async () => {
    const target = temporaryPath('index')
    writeFileSync(target, 'mine')
    const good = parseHashSetDeclaration(`known:${listFile(`${digestsOf('a').md5}\n`)}`)
    await expect(importHashSet(good, target)).rejects.toThrow(/never overwritten/)
    expect(readFileSync(target, 'utf8')).toBe('mine')
    const folder = temporaryPath('failed')
    mkdirSync(folder)
    const truncated = listFile(vicsDocument(MEDIA.slice(0, 100)).slice(0, -40))
    await expect(
      importHashSet(parseHashSetDeclaration(`vics-us:${truncated}`), join(folder, 'index')),
    ).rejects.toThrow(/truncated/)
    await expect(
      importHashSet(parseHashSetDeclaration(`known:${LIST}`), join(folder, 'index')),
    ).rejects.toThrow(/Declare its scale/)
    const stopped = importHashSet(parseHashSetDeclaration(`vics-us:${LIST}`), join(folder, 'index'), {
      signal: AbortSignal.abort(),
    })
    await expect(stopped).rejects.toThrow(/aborted/)
    expect(readdirSync(folder)).toEqual([])
  })

  it('hands on its PDQ records, from list and index alike, in whatever order', async () => {
    const media = Array.from({ length: 3000 }, (_, i) => ({
      ...(i % 2 === 0 ? { MD5: digestsOf(`p${i}`).md5 } : {}),
      AlternativeHashes: [{ HashName: 'PDQ', HashValue: digestsOf(`pdq ${i}`).sha256 }],
      Category: i % 3,
    }))
    const list = listFile(vicsDocument(media))
    const index = await compile(`vics-us:${list}`)
    for (const file of [list, index]) {
      const matcher = await loadHashSets([parseHashSetDeclaration(`vics-us:${file}`)])
      const [records, ...others] = matcher.pdqRecords()
      expect(others).toEqual([])
      expect(records).toMatchObject({ hashSetSha256: matcher.hashSets[0]!.sha256, kind: 'pdq', count: 3000 })
      const { hashes, record } = records!.load()
      const found = new Map<string, string | null>()
      for (let i = 0; i < 3000; i++) {
        const hex = Buffer.from(hashes.subarray(i * 32, (i + 1) * 32)).toString('hex')
        found.set(hex, record(i).category)
      }
      expect(hashes.length).toBe(3000 * 32)
      for (const [i, { Category }] of media.entries()) {
        expect(found.get(digestsOf(`pdq ${i}`).sha256)).toBe(String(Category))
      }
      expect(matcher.match(digestsOf('p0'), 1n).hits[0]).toMatchObject({ algorithms: ['md5'], category: '0' })
      matcher.close()
    }
  })

  it('lists the indexes of a folder, a damaged one with what is wrong', async () => {
    const folder = temporaryPath('sets')
    mkdirSync(folder)
    const list = listFile(`${digestsOf('a').md5}\n`)
    await importHashSet(parseHashSetDeclaration(`known:${list}`), join(folder, 'b.szh'))
    copyFileSync(join(folder, 'b.szh'), join(folder, 'a.szh'))
    writeFileSync(join(folder, 'notes.txt'), 'not an index')
    const bytes = readFileSync(join(folder, 'a.szh'))
    bytes[bytes.length - 5]! ^= 1
    writeFileSync(join(folder, 'a.szh'), bytes)
    const listed = listHashSets(folder)
    expect(listed).toMatchObject([
      { file: join(folder, 'a.szh'), problem: expect.stringMatching(/metadata was changed/) },
      {
        file: join(folder, 'b.szh'),
        declared: { kind: 'meaning', meaning: 'known' },
        info: { recordsKept: 1 },
      },
    ])
  })

  it('never answers from a damaged index: every changed byte and every truncation is found', async () => {
    const rows = Array.from({ length: 3000 }, (_, i) => ({
      MD5: digestsOf(`m${i}`).md5,
      SHA1: digestsOf(`m${i}`).sha1,
      Category: 1,
    }))
    const index = await compile(`vics-us:${listFile(vicsDocument(rows))}`)
    const whole = readFileSync(index)
    const damagedPath = temporaryPath('damaged')
    let state = 12345
    const random = (below: number) => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0
      return Math.floor((state / 2 ** 32) * below)
    }
    const places = [0, 9, 17, 30, 40, 63, 64, 64 + BLOCK_BYTES, whole.length - 1]
    for (let i = 0; i < 60; i++) places.push(random(whole.length))
    for (const place of places) {
      const bytes = Buffer.from(whole)
      bytes[place]! ^= 1 << random(8)
      writeFileSync(damagedPath, bytes)
      await expect(problemsOf(damagedPath), `byte ${place}`).resolves.not.toEqual([])
    }
    for (const length of [0, 7, 8, 63, 64, 1000, 70_000, whole.length - 1]) {
      writeFileSync(damagedPath, whole.subarray(0, length))
      await expect(problemsOf(damagedPath), `length ${length}`).resolves.not.toEqual([])
    }

    // The block that holds the rows: lookups that need it refuse.
    const bytes = Buffer.from(whole)
    const { layout } = new IndexReader(index).metadata
    bytes[layout.recordSection.offset + 100]! ^= 1
    writeFileSync(damagedPath, bytes)
    const matcher = await loadHashSets([parseHashSetDeclaration(`vics-us:${damagedPath}`)])
    expect(() => {
      for (let i = 0; i < 3000; i++) matcher.match(digestsOf(`m${i}`), 1n)
    }).toThrow(HashSetIndexDamaged)
  })

  it('sorts digests that all begin alike, in several cuts', async () => {
    const count = 3000
    const lines = Array.from({ length: count }, (_, i) => `00000000${digestsOf(`s${i}`).md5.slice(8)}`)
    const index = await compile(`known:${listFile(`${lines.join('\n')}\n${lines.join('\n')}\n`)}`)
    const matcher = await loadHashSets([parseHashSetDeclaration(`known:${index}`)])
    expect(matcher.hashSets[0]).toMatchObject({ recordsKept: count, duplicates: count })
    const found = lines.filter((md5) => matcher.match({ ...digestsOf('none'), md5 }, 1n).hits.length === 1)
    expect(found).toHaveLength(count)
  })

  it('leaves no index under its name when the import is killed', async () => {
    const lines = Array.from({ length: 300_000 }, (_, i) => i.toString(16).padStart(32, '0'))
    const list = listFile(lines.join('\n'))
    const target = temporaryPath('killed')
    const built = new URL('../../dist/src/match/index.js', import.meta.url)
    const script = `import { importHashSet } from ${JSON.stringify(built.href)}
      await importHashSet({ file: ${JSON.stringify(list)}, declared: { kind: 'meaning', meaning: 'known' } }, ${JSON.stringify(target)})`
    const child = spawn(process.execPath, ['--input-type=module', '-e', script])
    await new Promise<void>((resolve) => {
      const timer = setInterval(() => {
        if (!existsSync(`${target}.unfinished`)) return
        // Held still first: it may have given the index its name since that look.
        child.kill('SIGSTOP')
        while (!/\) [TZ] /.test(readFileSync(`/proc/${child.pid}/stat`, 'latin1')));
        child.kill(existsSync(target) ? 'SIGCONT' : 'SIGKILL')
      }, 5)
      child.on('exit', () => {
        clearInterval(timer)
        resolve()
      })
    })
    if (child.signalCode === 'SIGKILL') expect(existsSync(target)).toBe(false)
    else expect((await checkIndex(target)).problems).toEqual([])
  })
})

async function compile(
  declaration: string,
  options: Parameters<typeof importHashSet>[2] = {},
): Promise<string> {
  const target = temporaryPath('index')
  await importHashSet(parseHashSetDeclaration(declaration), target, options)
  return target
}

async function problemsOf(file: string): Promise<readonly string[]> {
  try {
    return (await checkIndex(file)).problems
  } catch (error) {
    return [(error as Error).message]
  }
}
