/** A program for one test: asks for a ledger without pause until it is there, then tries to go on with it until it is sealed. Argument: ledger. */
import { existsSync } from 'node:fs'
import { TryAgain, UsageError } from '../../src/base/errors.ts'
import { resumeLedger } from '../../src/ledger/write/session.ts'

const [ledger] = process.argv.slice(2) as [string]

console.log('ready')
while (!existsSync(ledger));
for (;;)
  try {
    const session = resumeLedger(ledger, { account: 'racer' })
    // It got the ledger: what it records must be in the chain that the other goes on with, or the other must be refused.
    session.recordEvent('raced', {})
    session.close()
    console.log('written')
    break
  } catch (error) {
    if (error instanceof UsageError && error.code === 'ledger-sealed') {
      console.log('sealed')
      break
    }
    if (!(error instanceof TryAgain)) throw error
  }
