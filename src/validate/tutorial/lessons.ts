/** Lessons of the tutorial: their texts, commands and questions, in the words of the Luxembourg Guidelines. */
import type { TutorialExhibit } from './exhibit.ts'

export interface Question {
  readonly asks: string
  /** In lower case; each of them is right. */
  readonly answers: readonly string[]
  readonly hint: string
  readonly because: string
}

export interface Lesson {
  readonly title: string
  readonly says: readonly string[]
  /** Arguments of the program; null: no command. */
  readonly command: readonly string[] | null
  /** The command takes over the terminal and needs one. */
  readonly isInteractive?: true
  /** Exit codes that are as they should be. */
  readonly ends: readonly number[]
  readonly questions: readonly Question[]
}

export interface Places {
  readonly ledger: string
  readonly changed: string
  readonly report: string
  readonly operator: string
}

/** @param changes copies the ledger and changes one byte, before the last lesson */
export function lessonsFor(made: TutorialExhibit, at: Places): readonly Lesson[] {
  const operator = ['--operator', at.operator]
  return [
    {
      title: 'Words',
      says: [
        'Words decide how a case is read. This program and its reports say “child sexual abuse material” (CSAM): it is the record of an abuse. A child is a person under 18.',
        'A hit is a fact: a content equals a record of a list. A lead is an opinion of a model: somebody has to look. The program gives no verdict and no final category; a person does.',
        'Nothing here shows abuse: the exhibit was drawn by this program a moment ago.',
      ],
      command: null,
      ends: [],
      questions: [
        {
          asks: 'A model gives a picture a score above its threshold. Is that a hit or a lead?',
          answers: ['lead', 'a lead'],
          hint: 'One of the two is a fact about a list, the other an opinion of a model.',
          because: 'A lead: an opinion of a model, for a person to check.',
        },
      ],
    },
    {
      title: 'Scan',
      says: [
        'A scan reads an exhibit once and writes a ledger: what is there, what of it lists hold, what was not examined, and why. It writes nothing to the exhibit. The list that is given here holds two contents, and says that they are illegal.',
      ],
      command: [
        ...['scan', made.exhibit, '--case', 'TUTORIAL', '--exhibit', 'T-1', '--examiner', at.operator],
        ...['--ledger', at.ledger, '--hashset', `illegal:${made.list}`],
        ...['--allow-writable-mount', '--progress', 'lines'],
      ],
      ends: [13],
      questions: [
        {
          asks: 'Its exit code was 13. Were there findings, and is the examination complete? (for example: findings, complete)',
          answers: [
            'findings, incomplete',
            'findings incomplete',
            'yes, no',
            'yes no',
            'findings, not complete',
          ],
          hint: '0 is complete and nothing found, 10 complete with findings, 3 incomplete, 13 incomplete with findings.',
          because: 'Findings, incomplete: two listed contents, and something that could not be examined.',
        },
      ],
    },
    {
      title: 'What was found, and what was not examined',
      says: [
        'The summary counts contents and places apart: one content may lie in several places, and each of them matters. An archive that lies there twice makes two places of everything in it.',
      ],
      command: ['search', at.ledger, '*.zip', ...operator],
      ends: [0],
      questions: [
        {
          asks: `One archive is cut: what the program could not read of it stands as not examined. What is its name?`,
          answers: [made.damaged, `backup/${made.damaged}`],
          hint: 'It lies in the folder Backup.',
          because: `${made.damaged}: it ends in the middle, so the examination is incomplete, and the report says so.`,
        },
      ],
    },
    {
      title: 'Review',
      says: [
        'A person now looks, on the smallest picture that tells enough. Originals are shown only when one is asked for, with a reason, and that is logged before a pixel is shown.',
        'In the terminal: the keys stand at the foot of the screen; q leaves. Give one content a category, or leave at once.',
      ],
      command: ['review', at.ledger, '--tui', ...operator, '--scale', 'vics-us'],
      isInteractive: true,
      ends: [0, 130],
      questions: [
        {
          asks: 'How many grey cells has a preview at most, along one side?',
          answers: ['16', '16 × 16', '16x16', 'sixteen'],
          hint: 'The report says it too: n × n grey cells.',
          because: '16: enough to tell a landscape from a page, and no picture of a person.',
        },
      ],
    },
    {
      title: 'Decide',
      says: [
        'A decision is of one content, on one scale, by one person. It goes into the custody log and replaces nobody’s. The picture is a drawing, so its category on this scale is 0, Non-Pertinent.',
      ],
      command: [
        ...['decide', at.ledger, '--sha256', made.sha256, '--category', '0', '--scale', 'vics-us'],
        ...operator,
      ],
      ends: [0],
      questions: [
        {
          asks: 'A colleague gives the same content another category. Does it replace yours? (yes or no)',
          answers: ['no', 'n'],
          hint: 'Every decision of every person is kept.',
          because: 'No: both stand, they differ, and a third person settles it.',
        },
      ],
    },
    {
      title: 'Report',
      says: [
        'The court’s edition holds results and decisions, leads as numbers only, what was not examined, and the custody log. It shows no picture.',
      ],
      command: [
        ...['report', at.ledger, '--format', 'html', '--edition', 'court', '--out', at.report],
        ...operator,
      ],
      ends: [0],
      questions: [
        {
          asks: 'How many contents of the exhibit equal a record of the list? (a number)',
          answers: [`${made.hitContents}`, 'two'],
          hint: 'The list has as many. Contents, not places.',
          because: `${made.hitContents} contents, at ${made.hitPlaces} places: an archive and its copies hold one of them.`,
        },
      ],
    },
    {
      title: 'Verify',
      says: ['A sealed ledger can be checked by a stranger. This one first:'],
      command: ['verify', at.ledger],
      ends: [0],
      questions: [],
    },
    {
      title: 'Verify a copy in which one byte was changed',
      says: ['The tutorial made a copy and changed one byte of it.'],
      command: ['verify', at.changed],
      ends: [4],
      questions: [
        {
          asks: 'May a report of the changed copy go to a court? (yes or no)',
          answers: ['no', 'n'],
          hint: 'It ended with 4.',
          because: 'No: the program names the change, and prints no report from such a ledger.',
        },
      ],
    },
  ]
}
