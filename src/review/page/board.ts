/** The board of a served case: how far it is, and for the lead each person with pace, work and exposure of today. */
import type { Board, BoardGreeting, BoardPerson } from '../said-board.ts'
import { ask } from './api.ts'
import { byId, made } from './elements.ts'
import { say } from './words.ts'

const AGAIN_MS = 5000

export interface BoardParts {
  readonly failed: (error: unknown) => void
  readonly isOver: () => boolean
}

const COLUMNS = [
  'board-person',
  'board-role',
  'board-at',
  'board-leased',
  'board-left',
  'board-pace',
  'board-today',
  'board-all',
  'board-pictures',
  'board-seconds',
] as const

export function showBoard(greeting: BoardGreeting, { failed, isOver }: BoardParts): void {
  const { caseId, operator, isLead } = greeting
  for (const id of ['controls', 'done', 'bar']) byId(id).hidden = true
  byId('who').textContent = `${caseId} — ${operator} · ${say('board')}`
  const main = made('section', '')
  main.id = 'board'
  byId('body').replaceChildren(main)
  const show = (board: Board) => {
    // A person chooses whom to give work to: the list stays open.
    if (main.querySelector('select:focus')) return
    const [chosen, at] = [choicesIn(main), keyOf(document.activeElement)]
    main.replaceChildren(...totals(board), ...(isLead ? [personsOf(board.persons, reassign)] : []))
    for (const one of main.querySelectorAll<HTMLElement>('[data-person]')) {
      const key = keyOf(one)
      const choice = chosen.get(key)
      // Whoever has left meanwhile cannot be chosen any more.
      if (one instanceof HTMLSelectElement && [...one.options].some(({ value }) => value === choice))
        one.value = choice!
      if (key === at) one.focus()
    }
  }
  const refresh = async () => {
    if (isOver()) return
    try {
      show(await ask<Board>('board', {}))
    } catch (error) {
      failed(error)
    }
  }
  const reassign = async (from: string, to: string | null) => {
    try {
      const board = await ask<Board>('reassign', { from, to })
      // What was chosen is done.
      for (const list of main.querySelectorAll('select')) if (list.dataset.person === from) list.value = ''
      show(board)
      byId('said').textContent =
        to === null ? say('board-given-back', { from }) : say('board-given', { from, to })
    } catch (error) {
      failed(error)
    }
  }
  void refresh()
  setInterval(() => void refresh(), AGAIN_MS)
}

/** A list or a button of the board by its person: a board that comes anew has others. */
function keyOf(element: Element | null): string {
  const person = element instanceof HTMLElement ? element.dataset.person : undefined
  return person === undefined ? '' : `${element!.tagName} ${person}`
}

function choicesIn(main: HTMLElement): ReadonlyMap<string, string> {
  return new Map([...main.querySelectorAll('select')].map((list) => [keyOf(list), list.value]))
}

function totals({ contents, graded, gradedTwice, differing, needsEyes }: Board): readonly HTMLElement[] {
  const meter = document.createElement('progress')
  meter.max = Math.max(1, contents)
  meter.value = graded
  meter.setAttribute('aria-label', say('done'))
  const line = made(
    'p',
    say('board-progress', { contents, graded, twice: gradedTwice, differing, eyes: needsEyes }),
  )
  return [meter, line]
}

type Reassign = (from: string, to: string | null) => Promise<void>

function personsOf(persons: readonly BoardPerson[], reassign: Reassign): HTMLElement {
  const table = document.createElement('table')
  const head = made('tr', '')
  head.append(...COLUMNS.map((word) => made('th', say(word))), made('th', ''))
  const body = document.createElement('tbody')
  body.append(...persons.map((person) => rowOf(person, persons, reassign)))
  const top = document.createElement('thead')
  top.append(head)
  table.append(top, body)
  return table
}

function rowOf(person: BoardPerson, persons: readonly BoardPerson[], reassign: Reassign): HTMLElement {
  const { name, role, at, leased, left, perMinute } = person
  const row = made('tr', '')
  const place = at === null ? say('board-away') : say(at === 'board' ? 'board' : `pass-${at}`)
  const cells = [name, say(`role-${role}`), place, leased, left, perMinute ?? '–']
  const more = [person.decidedToday, person.decided, person.picturesToday, person.secondsToday]
  row.append(...[...cells, ...more].map((cell) => made('td', String(cell))))
  const last = made('td', '')
  if (left > 0) last.append(...givers(person, persons, reassign))
  row.append(last)
  return row
}

/** A list of persons at work in the same pass, and a button. */
function givers(
  { name, at }: BoardPerson,
  persons: readonly BoardPerson[],
  reassign: Reassign,
): readonly HTMLElement[] {
  const list = document.createElement('select')
  list.setAttribute('aria-label', say('board-to'))
  const all = made('option', say('board-to-all'))
  all.value = ''
  const others = persons.filter((one) => one.at === at && one.name !== name)
  list.append(all, ...others.map((one) => made('option', one.name)))
  const button = made('button', say('board-give'))
  button.type = 'button'
  for (const one of [list, button]) one.dataset.person = name
  button.addEventListener('click', () => void reassign(name, list.value === '' ? null : list.value))
  return [list, button]
}
