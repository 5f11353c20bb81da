/**
 * A Firefox for the tests of the review page, where there is one: started by itself and spoken to in WebDriver BiDi, which it
 * serves without a driver in between.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { takeCertificate } from './firefox-certificate.ts'
import { pointOn, type Tab, type TabGiven } from './tab.ts'

export const FIREFOX = process.env.SEIZED_FIREFOX ?? '/usr/bin/firefox-esr'
export const HAS_FIREFOX = existsSync(FIREFOX)

/** Under the limit of a test, so that it names what was not answered. */
const ANSWER_MS = 120_000

/** Keys that are no letters, as WebDriver writes them. @see W3C, WebDriver, "Keyboard actions" */
const KEYS: Readonly<Record<string, string>> = {
  Alt: '\uE00A',
  Shift: '\uE008',
  Enter: '\uE007',
  Tab: '\uE004',
  Escape: '\uE00C',
  Backspace: '\uE003',
  ArrowLeft: '\uE012',
  ArrowUp: '\uE013',
  ArrowRight: '\uE014',
  ArrowDown: '\uE015',
  Home: '\uE011',
  End: '\uE010',
  PageUp: '\uE00E',
  PageDown: '\uE00F',
}

interface Answer {
  readonly id?: number
  readonly type: 'success' | 'error' | 'event'
  readonly result?: Readonly<Record<string, unknown>>
  readonly error?: string
  readonly message?: string
  readonly method?: string
  readonly params?: Readonly<Record<string, unknown>>
}

/** Opens an address. Profile and process go when the test ends. */
export async function firefoxTab(
  url: string,
  {
    dark = false,
    scale = 1,
    profile = mkdtempSync(join(tmpdir(), 'seized-firefox-')),
    certificate,
  }: TabGiven = {},
): Promise<Tab> {
  if (certificate) await takeCertificate(FIREFOX, profile, certificate)
  writeFileSync(
    join(profile, 'user.js'),
    Object.entries({
      'layout.css.prefers-color-scheme.content-override': dark ? 0 : 1,
      'layout.css.devPixelsPerPx': String(scale),
      // The page forbids pictures, and this browser would complain that it found no icon.
      'browser.chrome.site_icons': false,
      // The certificate of a person is shown without a question.
      'security.default_personal_cert': 'Select Automatically',
    })
      .map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`)
      .join(''),
  )
  // In CSS pixels, the line for addresses with them: zoomed by 200 %, a window has half as many.
  const [width, height] = [Math.round(1280 / scale), Math.round(800 / scale) + 85]
  const window = ['--width', String(width), '--height', String(height)]
  const args = ['--headless', '--no-remote', '--profile', profile, ...window]
  // Named an address, it has its focus in the page and not in the line for addresses.
  const child = spawn(FIREFOX, [...args, '--remote-debugging-port=0', 'data:text/plain,begins'], {
    env: { ...process.env, HOME: profile },
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  })
  const ended = once(child, 'exit')
  const close = async () => {
    // It, and the processes that it started.
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, 'SIGKILL')
    await ended
  }
  onTestFinished(async () => {
    await close()
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
  })
  const socket = new WebSocket(`${await addressOf(child.stderr)}/session`)
  await once(socket, 'open')
  const heard: string[] = []
  const ask = asking(socket, ({ method, params }) => {
    const { text, request } = (params ?? {}) as { text?: string; request?: { url: string } }
    if (method === 'log.entryAdded') heard.push(`console: ${text}`)
    else if (request && !/^data:/.test(request.url) && !request.url.startsWith(`${new URL(url).origin}/`))
      heard.push(`request: ${request.url}`)
  })
  await ask('session.new', { capabilities: {} })
  const { contexts } = await ask<{ contexts: { context: string }[] }>('browsingContext.getTree', {})
  const { context } = contexts[0]!
  await ask('session.subscribe', {
    events: ['log.entryAdded', 'network.beforeRequestSent'],
    contexts: [context],
  })
  await ask('browsingContext.activate', { context })
  await ask('browsingContext.navigate', { context, url, wait: 'complete' })
  const act = (actions: readonly object[]) =>
    ask('input.performActions', { context, actions: [{ type: 'key', id: 'keyboard', actions }] })
  const down = (key: string) => ({ type: 'keyDown', value: KEYS[key] ?? key })
  const up = (key: string) => ({ type: 'keyUp', value: KEYS[key] ?? key })
  const run = async <T>(expression: string): Promise<T> => {
    const { result, exceptionDetails } = await ask<{
      result?: { value: string }
      exceptionDetails?: { text: string }
    }>('script.evaluate', {
      expression: `Promise.resolve(${expression}).then((it) => JSON.stringify(it ?? null))`,
      target: { context },
      awaitPromise: true,
    })
    if (!result) throw new Error(exceptionDetails?.text)
    return JSON.parse(result.value) as T
  }
  return {
    heard,
    run,
    close,
    pid: child.pid!,
    press: async (keys) => {
      const parts = keys.split(/(?<=.)\+/)
      await act([...parts.map(down), ...parts.toReversed().map(up)])
    },
    down: async (key) => void (await act([down(key)])),
    up: async (key) => void (await act([up(key)])),
    type: async (text) => void (await act([...text].flatMap((one) => [down(one), up(one)]))),
    touch: async (selector, at, meanwhile) => {
      const point = await pointOn({ run }, selector, at)
      const finger = (actions: readonly object[]) =>
        ask('input.performActions', {
          context,
          actions: [{ type: 'pointer', id: 'finger', parameters: { pointerType: 'touch' }, actions }],
        })
      const [down, up] = [
        [
          { type: 'pointerMove', ...point },
          { type: 'pointerDown', button: 0 },
        ],
        [{ type: 'pointerUp', button: 0 }],
      ]
      // A tap goes out in one piece: a third of a second between its two halves would be a finger that stays.
      if (meanwhile === undefined) return void (await finger([...down, ...up]))
      await finger(down)
      await meanwhile()
      await finger(up)
    },
    go: async (to) => void (await ask('browsingContext.navigate', { context, url: to, wait: 'complete' })),
    reload: async () => void (await ask('browsingContext.reload', { context, wait: 'complete' })),
    picture: async (path) => {
      const { data } = await ask<{ data: string }>('browsingContext.captureScreenshot', { context })
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, Buffer.from(data, 'base64'))
    },
  }
}

function addressOf(stderr: NodeJS.ReadableStream): Promise<string> {
  let text = ''
  return new Promise((resolve, reject) => {
    stderr.on('data', (piece: Buffer) => {
      text += piece
      const found = /WebDriver BiDi listening on (ws:\S+)/.exec(text)
      if (found) resolve(found[1]!)
    })
    stderr.once('end', () => reject(new Error(text)))
  })
}

type Ask = <T = unknown>(method: string, params: object) => Promise<T>

function asking(socket: WebSocket, event: (answer: Answer) => void): Ask {
  const waiting = new Map<number, (answer: Answer) => void>()
  socket.addEventListener('close', () => {
    for (const [id, answer] of waiting)
      answer({ id, type: 'error', error: 'closed', message: 'it has ended' })
  })
  socket.addEventListener('message', ({ data }) => {
    const answer = JSON.parse(String(data)) as Answer
    if (answer.id === undefined) return event(answer)
    waiting.get(answer.id)?.(answer)
    waiting.delete(answer.id)
  })
  let id = 0
  return async <T>(method: string, params: object) => {
    const answered = new Promise<Answer>((resolve) => waiting.set(++id, resolve))
    socket.send(JSON.stringify({ id, method, params }))
    let limit: NodeJS.Timeout | undefined
    const late = new Promise<Answer>((resolve) => {
      const message = `no answer in ${ANSWER_MS} ms`
      limit = setTimeout(resolve, ANSWER_MS, { type: 'error', error: 'late', message })
    })
    const { type, result, error, message } = await Promise.race([answered, late])
    clearTimeout(limit)
    if (type === 'error')
      throw new Error(`${method} of ${JSON.stringify(params).slice(0, 200)}: ${error}: ${message}`)
    return result as T
  }
}
