import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { linkedParams, linkedWith, readLinks } from '../../src/report/model/links-file.ts'
import { temporaryFolder } from '../ledger/temporary.ts'

const place = (exhibit: string, meaning = 'illegal', caseId = 'C') => ({ case: caseId, exhibit, meaning })

describe('what a laboratory says of contents on several exhibits', () => {
  it('counts contents with a finding here or there, and the exhibits that hold them', () => {
    const file = {
      sha256: '',
      links: [
        [place('A'), place('B')],
        [place('A', 'content'), place('B'), place('A', 'content', 'D')],
        [place('A', 'content'), place('B', 'content')],
        [place('B'), place('E')],
      ],
    }
    expect(linkedWith(file, 'C', 'A')).toEqual({
      contents: 2,
      others: [
        { name: 'B (C)', contents: 2 },
        { name: 'A (D)', contents: 1 },
      ],
    })
    expect(linkedWith(file, 'C', 'none')).toEqual({ contents: 0, others: [] })
  })

  it('names ten exhibits, and how many more there are', () => {
    const others = Array.from({ length: 12 }, (_, i) => place(`E${i}`))
    expect(linkedParams({ sha256: '', links: [[place('A'), ...others]] }, 'C', 'A')).toMatchObject({
      ...{ contents: 1, more: 2 },
      others: expect.stringMatching(/^(E\d+ \(C\): 1(; )?){10}$/),
    })
  })

  it('refuses a file of something else', () => {
    const file = join(temporaryFolder(), 'links.jsonl')
    for (const text of [
      '{}',
      'x',
      'null',
      '{"key":"a","exhibits":[]}',
      `{"key":"${'0'.repeat(64)}","exhibits":[1]}`,
    ]) {
      writeFileSync(file, `${text}\n`)
      expect(() => readLinks(file)).toThrow(/--links .* could not be read: .*lab links --json/)
    }
  })
})
