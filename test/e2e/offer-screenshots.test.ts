/** An offer of work that was sent in a chat is the same lead from a database, a light screenshot and a dark one. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { asMessengersSend, drawnScreenshot } from '../../fixtures/drawn-screenshot.ts'
import { exported, scanArgs, seized, summaryOf, temporaryFolder } from './seized.ts'

/** In Greek, with what its network cannot read (the sign of the euro, a name in Latin letters) and words that it does not know. */
const OFFER =
  'Ζητούνται κοπέλες 18-28 ετών για ξενοδοχείο, μισθός 1.800€, χωρίς εμπειρία. Το διαβατήριο μένει στο γραφείο, τα έξοδα κρατούνται από τον μισθό σου. Μόνο Viber, ξεκίνα σήμερα.'
const MESSAGES = [
  ['right', 'Γεια σας, είδα την αγγελία σας στην ομάδα.', '14:01'],
  ['left', OFFER, '14:03'],
  ['right', 'Ευχαριστώ, θα το σκεφτώ.', '14:09'],
].map(([side, text, time]) => ({ side: side as 'left' | 'right', text: text!, time: time! }))

async function screenshot(look: 'green' | 'violet', dark: boolean): Promise<Buffer> {
  const drawn = await drawnScreenshot({ look, dark, language: 'el', contact: 'Luca 07', messages: MESSAGES })
  return asMessengersSend(drawn.png)
}

describe('an offer of work in a chat', () => {
  it('is the same lead from a database, a light screenshot and a dark one', async () => {
    const folder = temporaryFolder()
    const root = join(folder, 'exhibit')
    mkdirSync(root)
    const chat = { messages: MESSAGES.map(({ side, text }) => ({ from: side, text })) }
    writeFileSync(join(root, 'export.zip'), zipSync({ 'result.json': Buffer.from(JSON.stringify(chat)) }))
    writeFileSync(join(root, 'light.jpg'), await screenshot('violet', false))
    writeFileSync(join(root, 'dark.jpg'), await screenshot('green', true))
    const ledger = join(folder, 'case.sqlite')
    const scan = seized(scanArgs(root, ledger, [], '--text', '--basis', 'warrant 12/2026'))
    expect(summaryOf(scan).exitCode).toBe(13)
    const rows = exported(ledger, folder)
    const saidOf = (path: string) => {
      const { leads, signals } = rows.find((one) => one.path.includes(path))
      return {
        leads: leads,
        signs: signals.map(({ rule, quote }: { rule: string; quote: string }) => [rule, quote]),
      }
    }
    const read = saidOf('result.json')
    expect(read.leads).toContainEqual(expect.objectContaining({ classifier: 'job-offer' }))
    expect(read.signs.map(([rule]: [string]) => rule)).toContain('el/contact-messenger-only')
    expect(saidOf('light.jpg')).toEqual(read)
    expect(saidOf('dark.jpg')).toEqual(read)
  })
})
