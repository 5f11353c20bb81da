import { describe, expect, it } from 'vitest'
import { requiredRuns } from '../../src/classify-text/required-words.ts'

const shown = (pattern: string) =>
  requiredRuns(pattern).map((anyOf) => anyOf.map((run) => run.replaceAll('\0', '|')))

describe('what a pattern cannot match without', () => {
  it.each<[string, string[][]]>([
    ['send me', [['|send|'], ['|me|']]],
    ['sends?', [['|send']]],
    ['send ?me', [['|send'], ['me|']]],
    ["don't tell", [['|tell|'], ['|don'], ['t|']]],
    ['(?:your|ur) mum', [['|mum|'], ['|your|', '|ur|']]],
    ['(?:mum|dad)(?:my)? not', [['|not|'], ['|mum', '|dad']]],
    ['(?:ha)+ ok', [['|ok|'], ['ha']]],
    ['he+y you', [['|you|'], ['|he'], ['y|']]],
    ['(?:so )?what', [['what|']]],
    ['(?:a b|c) d{2}', [['|a|', '|c|'], ['|d']]],
    ['~ secret', [['|secret|']]],
    ['one|[xy]', []],
  ])('%s', (pattern, expected) => {
    expect(shown(pattern)).toEqual(expected)
  })
})
