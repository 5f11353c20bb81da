/** The command line: one program of verbs, and the only place that ends the process. */
import { Command, CommanderError } from 'commander'
import { SeizedError } from '../base/errors.ts'
import { printText } from '../base/evidence-path.ts'
import { VERSION } from '../base/version.ts'
import { verbsFor } from './commands/index.ts'
import { EXIT, EXIT_WORDS } from './exit-codes.ts'

export async function main(argv: readonly string[]): Promise<never> {
  process.exit(await run(argv))
}

/** @returns the exit code; prints every error in a sentence, a stack only for a bug */
async function run(argv: readonly string[]): Promise<number> {
  let exitCode: number = EXIT.complete
  const program = new Command('seized')
    .description(
      'Triage of a seized device: what is on it, which of it is known, what deserves a person’s eyes first, and what was not examined.\n' +
        'Reads a mounted image, writes one ledger, blurs by default, uses no network.',
    )
    .version(VERSION)
    .configureHelp({ sortSubcommands: false, showGlobalOptions: true })
    .addHelpText(
      'after',
      `\nExit codes:\n${EXIT_WORDS.map(([code, words]) => `  ${String(code).padStart(3)}  ${words}`).join('\n')}`,
    )
    .exitOverride()
  for (const add of await verbsFor(argv)) add(program, (code) => (exitCode = code))
  for (const command of program.commands) inheritExitOverride(command)
  try {
    await program.parseAsync(argv as string[])
    await flushed()
    return exitCode
  } catch (error) {
    return failed(error)
  }
}

function inheritExitOverride(command: Command): void {
  command.exitOverride()
  for (const child of command.commands) inheritExitOverride(child)
}

function failed(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.complete : EXIT.usage
  if (error instanceof SeizedError) {
    process.stderr.write(`seized: ${printText(error.message)}\n`)
    return error.exitCode
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  process.stderr.write(
    `seized: a bug: please report this with the text below.\n${stack.split('\n').map(printText).join('\n')}\n`,
  )
  return EXIT.bug
}

/** process.exit drops what a pipe has not taken yet. */
async function flushed(): Promise<void> {
  for (const stream of [process.stdout, process.stderr])
    if (stream.writableLength > 0) await new Promise<void>((resolve) => stream.write('', () => resolve()))
}
