/** Entry point of the program, and the only place that ends the process. */
import { CommanderError } from 'commander'
import { SeizedError } from '../base/errors.ts'
import { printText } from '../base/evidence-path.ts'
import { EXIT } from '../base/exit-codes.ts'
import { takeUmask } from '../base/file-modes.ts'
import { helpAsked } from './help-language.ts'
import { programOf } from './program.ts'
import { outputBroke } from './services/broken-output.ts'
import { inWords } from './services/in-words.ts'
import { installationOr } from './services/installation.ts'
import { pauseWithoutReader } from './services/pause.ts'

export async function main(argv: readonly string[]): Promise<never> {
  endQuietlyWithReader()
  process.exit(await run(argv))
}

/** @returns the exit code; prints every error as a message, with a stack only for a bug */
async function run(argv: readonly string[]): Promise<number> {
  let exitCode: number = EXIT.complete
  try {
    takeUmask(process.env)
    const asked = await helpAsked(argv, process.env)
    await programOf((code) => {
      exitCode = code
    }, asked).parseAsync(asked.argv as string[])
    await flushed()
    return exitCode
  } catch (error) {
    const failure = failed(await installationOr(error), argv)
    if (wantsJson(argv) && failure.code !== null)
      process.stdout.write(`${JSON.stringify(errorObject(failure))}\n`)
    await flushed()
    return failure.exitCode
  }
}

interface Failure {
  readonly exitCode: number
  /** Null for help or version, which are not errors. */
  readonly code: string | null
  readonly message: string
}

function failed(thrown: unknown, argv: readonly string[]): Failure {
  const error = inWords(thrown, argv)
  if (error instanceof CommanderError)
    return error.exitCode === 0
      ? { exitCode: EXIT.complete, code: null, message: '' }
      : { exitCode: EXIT.usage, code: 'usage', message: error.message }
  if (error instanceof SeizedError) {
    process.stderr.write(`seized: ${printText(error.message)}\n`)
    return { exitCode: error.exitCode, code: error.code, message: error.message }
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  process.stderr.write(
    `seized: a bug: please report this with the text below.\n${stack.split('\n').map(printText).join('\n')}\n`,
  )
  return { exitCode: EXIT.bug, code: 'bug', message: error instanceof Error ? error.message : String(error) }
}

/** A program that asked for JSON always gets an object as the last line: `summary`, `paused` or `error`. */
function errorObject({ exitCode, code, message }: Failure): object {
  return { event: 'error', code, message: printText(message), exitCode }
}

/** Reads the raw arguments, because the failure may be that they cannot be parsed. */
function wantsJson(argv: readonly string[]): boolean {
  return argv.includes('--progress=json') || argv[argv.indexOf('--progress') + 1] === 'json'
}

/** Handles a reader that closed our output (`| head`): a run pauses, every other command ends without a message. */
function endQuietlyWithReader(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (stream === process.stdout) outputBroke(error.code ?? 'unknown')
      if (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED') {
        if (!pauseWithoutReader()) process.exit(EXIT.complete)
        return
      }
      const name = stream === process.stdout ? 'Standard output' : 'Standard error'
      if (stream === process.stdout)
        process.stderr.write(`seized: ${name} could not be written (${error.code}).\n`)
      process.exit(EXIT.tryAgain)
    })
}

/**
 * process.exit drops data that a pipe has not accepted yet, and an error of the last write that was not reported yet.
 */
async function flushed(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
  for (const stream of [process.stdout, process.stderr])
    if (stream.writableLength > 0) await new Promise<void>((resolve) => stream.write('', () => resolve()))
}
