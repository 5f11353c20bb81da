/** A served case in two browsers at once, each with the certificate of its person, and the board of the lead. */
import { expect, it } from 'vitest'
import { BROWSERS } from '../review/browsers.ts'
import { look, says, type Tab, textOf, until } from '../review/tab.ts'
import { decisionsOf, servedCase, verified } from './served-case.ts'

const { caseWith, serving, issued, laboratory, certificateOf, digests } = servedCase()
const [chromium, firefox] = BROWSERS

const click = (tab: Tab, selector: string) =>
  tab.run(`void document.querySelector(${JSON.stringify(selector)}).click()`)

it.skipIf(!chromium.isHere || !firefox.isHere)(
  'is graded in Chromium and Firefox at once; nobody meets, peers are blind, the lead sees and hands over',
  async () => {
    const copies = caseWith({ 'A. Example': 'grade', 'B. Example': 'grade', 'L. Lead': 'lead' })
    const server = await serving(copies, ['--lease', '2'])
    const given = (name: string) => ({
      certificate: {
        ...issued(name),
        ca: laboratory().file('ca.pem'),
        server: laboratory().file('server.pem'),
      },
    })
    const url = server.url.href
    const a = await chromium.open(url, given('A. Example'))
    await says(a, '#said', '2 shown')
    const b = await firefox.open(url, given('B. Example'))
    await says(b, '#said', '2 shown')
    expect([await textOf(a, '#who'), await textOf(b, '#who')]).toEqual([
      expect.stringContaining('A. Example, first pass'),
      expect.stringContaining('B. Example, first pass'),
    ])
    await look(a, 'served-first-chromium')
    await a.press('1')
    await says(a, '#progress', '1 of 2 left')
    await b.press('2')
    await says(b, '#progress', '1 of 2 left')
    await b.press('2')
    await says(b, '#progress', '0 of 2 left')
    await until(b, "document.querySelector('#next-work').classList.contains('due')")
    await look(b, 'served-done-firefox')
    await click(b, '#next-work')
    await says(b, '#said', 'No work is waiting in this pass.')

    const lead = await chromium.open(`${url}#board`, given('L. Lead'))
    await says(lead, '#board', '3 of 4 contents graded')
    await says(lead, '#board', 'A. Example')
    await until(lead, "document.querySelector('#filter').offsetParent === null")
    await look(lead, 'served-board-chromium')
    await lead.run(`void (document.querySelector('#board select').value = 'B. Example')`)
    await lead.run("void document.querySelector('#board button').focus()")
    // The board comes anew every few seconds: choice and keyboard stay, or all would be given back instead.
    await lead.run("void (document.querySelector('#board table').id = 'before')")
    await until(
      lead,
      "document.querySelector('#before') === null && document.querySelector('#board table') !== null",
    )
    expect(await lead.run("document.querySelector('#board select').value")).toBe('B. Example')
    expect(await lead.run("document.activeElement === document.querySelector('#board button')")).toBe(true)
    await click(lead, '#board button')
    await says(lead, '#said', 'What was left with A. Example waits for B. Example.')
    await click(b, '#next-work')
    await says(b, '#said', '1 contents were handed to you.')
    await b.press('3')
    await says(b, '#progress', '0 of 1 left')

    // The other pass, by its link: blind, and of the other's contents alone.
    await click(a, '#places a[href="/#peer"]')
    await says(a, '#who', 'blind second grading')
    await says(a, '#said', '2 shown')
    await a.press('i')
    await until(a, "!document.querySelector('#details').hidden")
    const details = await textOf(a, '#details')
    expect([details.includes('B. Example'), details.includes('Paths')]).toEqual([false, true])
    await look(a, 'served-peer-chromium')
    await click(b, '#end')
    await until(b, "document.querySelector('main.over') !== null")
    for (const { heard } of [a, b, lead]) expect(heard).toEqual([])
    server.child.kill('SIGTERM')
    expect(await server.ended).toBe(0)

    const made = decisionsOf(copies)
    expect(made.map(({ sha256 }) => sha256).sort()).toEqual(digests.slice(1).sort())
    expect(made.filter(({ operator }) => operator === 'B. Example')).toHaveLength(3)
    for (const { operator, certificate } of made) expect(certificate).toBe(certificateOf(operator!))
    verified(copies)
  },
  300_000,
)
