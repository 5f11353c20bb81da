/** The page of a review: it starts, shows a view, and ends. Data is kept only in variables. */
import { type Greeting, ORDERS, type Progress, QUEUES, type ViewAsked, type ViewMade } from '../said.ts'
import type { BoardGreeting } from '../said-board.ts'
import { ask, beat, forget, hello, helloOfCase, Refused, takeToken, tell } from './api.ts'
import { showBoard } from './board.ts'
import { Desk } from './desk.ts'
import { byId, keyboardToContents, made } from './elements.ts'
import { FacetsBar } from './facets-bar.ts'
import { FolderPane } from './folder-pane.ts'
import { takeKeymap } from './keys.ts'
import { Pace } from './pace.ts'
import { prepareQuestions } from './questions.ts'
import { SavedViewsList } from './saved-views.ts'
import { IS_SERVED, markWork, prepareNextWork, showPlaces } from './served.ts'
import { learn, roughly, say } from './words.ts'

const BEAT_MS = 5000
const AGAIN_MS = 1000
const REMIND_MS = 10_000

const token = takeToken()
let greeting: Greeting
let desk: Desk | null = null
let folders: FolderPane | null = null
let pace: Pace | null = null
let over = false

void begin()

async function begin(): Promise<void> {
  if (token === '' && !IS_SERVED) return finish(byId('without-key').textContent ?? '')
  let greeted: Greeting | BoardGreeting
  try {
    greeted = await (IS_SERVED ? helloOfCase(token) : hello(token))
  } catch (error) {
    finish(error instanceof Refused ? error.message : String(error))
    return
  }
  learn(greeted.words, greeted.language)
  byId('unreviewed').textContent = greeted.unreviewed
  if (greeted.places) showPlaces(greeted.places, 'at' in greeted ? greeted.at : greeted.pass, leave)
  addEventListener('pagehide', () => {
    if (over) return
    leave()
    blank(say('over'))
  })
  if ('at' in greeted) return showBoard(greeted, { failed, isOver: () => over })
  greeting = greeted
  takeKeymap(greeting.keymap)
  document.title = `${greeting.caseId} · ${greeting.exhibitId}`
  byId('who').textContent = say('who', {
    case: greeting.caseId,
    exhibit: greeting.exhibitId,
    operator: greeting.operator,
    pass: say(`pass-${greeting.pass}`),
    scale: greeting.scale.id,
    partial: greeting.partial ? say('partial') : '',
  })
  const { contents, listed } = greeting.closed
  byId('closed').textContent = say('closed-privileged', { n: contents, listed })
  byId('closed').hidden = contents === 0
  byId('scroll').setAttribute('aria-label', say('tiles'))
  byId('scroll').tabIndex = 0
  byId('done').setAttribute('aria-label', say('done'))
  fill('order', ORDERS)
  fill('queue', greeting.pass === 'peer' ? QUEUES.filter((queue) => queue !== 'differing') : QUEUES)
  if ('mostMs' in greeting.reveal) {
    fill('reason', ['none', ...greeting.reveal.reasons])
    for (const element of document.querySelectorAll<HTMLElement>('#reason, [for=reason], #hold'))
      element.hidden = false
  }
  fill('theme', ['auto', 'light', 'dark'])
  prepareQuestions()
  const refilter = (stays = false) => {
    const toContents = stays ? null : keyboardToContents()
    void desk?.refilter().then(() => toContents?.())
  }
  folders = new FolderPane(refilter, failed)
  const facets = new FacetsBar(refilter, failed)
  const parts = {
    progress: showProgress,
    failed,
    view,
    end: () => void end(),
    folders: () => folders!.toggle(),
    map: () => facets.toggleMap(),
    tagged: () => void facets.refresh().catch(failed),
  }
  desk = new Desk(greeting, parts)
  const views = new SavedViewsList({
    now: asShown,
    show: (saved) => {
      byId<HTMLSelectElement>('order').value = saved.order
      byId<HTMLSelectElement>('queue').value = saved.queue
      byId<HTMLInputElement>('query').value = saved.query
      byId<HTMLInputElement>('stacked').checked = saved.stacked
      folders?.choose(saved.below ?? null)
      facets.press()
      refilter()
    },
    said: (text) => desk?.say(text),
    failed,
  })
  byId('filter').addEventListener('submit', (event) => {
    event.preventDefault()
    refilter()
  })
  for (const id of ['order', 'queue', 'stacked'])
    byId(id).addEventListener('change', () => void desk?.refilter())
  byId('end').addEventListener('click', () => void end())
  if (greeting.places)
    prepareNextWork({
      progress: showProgress,
      shown: () => desk!.refilter(),
      said: (text) => desk?.say(text),
      failed,
    })
  showProgress(greeting.progress)
  setInterval(() => void heartbeat(), BEAT_MS)
  pace = new Pace(greeting.pauseMs, performance.now())
  for (const act of ['keydown', 'pointerdown', 'wheel'])
    addEventListener(act, () => pace?.active(performance.now()), { passive: true, capture: true })
  setInterval(remindOfPause, Math.min(REMIND_MS, greeting.pauseMs / 2))
  // Leaving the page by mistake would end the review: the browser asks first.
  addEventListener('beforeunload', (event) => {
    if (!over) event.preventDefault()
  })
  byId('scroll').focus()
  await Promise.all([desk.refilter(), facets.refresh(), views.refresh()])
}

function fill(id: 'order' | 'queue' | 'reason' | 'theme', names: readonly string[]): void {
  byId(id).replaceChildren(
    ...names.map((name) => {
      const option = made('option', say(`${id}-${name}`))
      option.value = name
      return option
    }),
  )
}

function view(around: ViewAsked['around']): Promise<ViewMade> {
  const whole = { queue: 'all', query: '', stacked: false, below: null }
  return ask<ViewMade>('view', { ...asShown(), ...(around ? whole : {}), around })
}

/** The view as filter and lists have it. */
function asShown(): Omit<ViewAsked, 'around'> {
  return {
    order: byId<HTMLSelectElement>('order').value as ViewAsked['order'],
    queue: byId<HTMLSelectElement>('queue').value as ViewAsked['queue'],
    query: byId<HTMLInputElement>('query').value,
    stacked: byId<HTMLInputElement>('stacked').checked,
    below: folders?.node ?? null,
  }
}

async function heartbeat(): Promise<void> {
  if (over) return
  try {
    showProgress(await beat().catch(again))
  } catch (error) {
    if (error instanceof Refused) failed(error)
    else finish(say('lost'))
  }
}

/** The session ends; the page may go elsewhere. */
function leave(): void {
  tell('end', { by: 'left' })
  over = true
}

/** A connection may be refused when another page occupies them all: one failure does not end the review. */
async function again(error: unknown): Promise<Progress> {
  if (error instanceof Refused) throw error
  await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
  return beat()
}

let said: Progress['limit'] = 'free'

function showProgress(progress: Progress): void {
  const { total, left, leftMs, perMinute, needsEyes, pictures, seconds, limit } = progress
  markWork(progress)
  const used = (most: number | null, made: number, word: string) =>
    most === null ? '' : say(word, { made, most })
  if (limit !== said) {
    said = limit
    if (limit !== 'free') desk?.say(say(limit === 'warned' ? 'limit-near' : 'limit-reached'), true)
  }
  const minutes = pace?.minutes(performance.now()) ?? 0
  const meter = byId<HTMLProgressElement>('done')
  meter.max = Math.max(1, total)
  meter.value = total - left
  const parts = [
    say('progress', { left, total }),
    leftMs === null || left === 0 ? '' : roughly(leftMs),
    perMinute === null ? '' : say('pace', { n: perMinute }),
    needsEyes > 0 ? say('eyes-left', { n: needsEyes }) : '',
    minutes === 0 ? '' : say('since-break', { n: minutes }),
    used(pictures.most, pictures.shown, 'pictures-shown'),
    used(seconds.most, seconds.shown, 'seconds-shown'),
  ]
  const text = parts.filter((part) => part !== '').join(' · ')
  const element = byId('progress')
  if (element.textContent !== text) element.textContent = text
}

function remindOfPause(): void {
  if (over || pace?.isDue(performance.now()) !== true) return
  desk?.say(say('pause', { n: pace.minutes(performance.now()) ?? 0 }), true)
}

function failed(error: unknown): void {
  if (over) return
  if (error instanceof Refused && !error.ended) desk?.say(error.message, true)
  else if (error instanceof Refused) finish(error.message)
  else {
    desk?.say(say('no-answer'), true)
    void heartbeat()
  }
}

async function end(): Promise<void> {
  try {
    await ask('end', {})
  } catch (error) {
    if (!(error instanceof Refused)) throw error
  }
  finish(say('over'))
}

/** Blanks the page: only the closing sentence remains. */
function finish(sentence: string): void {
  if (over) return
  over = true
  blank(sentence)
}

function blank(sentence: string): void {
  forget()
  desk?.close()
  const main = made('main', '', 'over')
  main.append(made('h1', sentence))
  document.body.replaceChildren(main)
}
