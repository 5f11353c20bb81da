/** Leads a new examiner through the lessons: prints, runs, asks, and checks the answers. */
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { PROGRAM_ROOT } from '../../base/version.ts'
import { makeTutorialExhibit } from './exhibit.ts'
import { type Lesson, lessonsFor, type Question } from './lessons.ts'

export interface Learner {
  /** @returns null at the end of the input */
  readonly ask: (prompt: string) => Promise<string | null>
  readonly say: (text: string) => void
  /** Runs the program on this terminal. @returns its exit code */
  readonly run: (args: readonly string[]) => number | null
  readonly hasTerminal: boolean
}

export interface Outcome {
  readonly isFinished: boolean
  readonly questions: number
  /** At the first try. */
  readonly right: number
}

const TRIES = 3

/** @param folder empty or not there */
export async function teach(folder: string, operator: string, learner: Learner): Promise<Outcome> {
  const made = await makeTutorialExhibit(folder)
  const at = {
    operator,
    ledger: join(folder, 'tutorial.sqlite'),
    changed: join(folder, 'changed.sqlite'),
    report: join(folder, 'report.html'),
  }
  const lessons = lessonsFor(made, at)
  let [questions, right] = [0, 0]
  for (const [i, lesson] of lessons.entries()) {
    learner.say(`\n── ${i + 1} of ${lessons.length}: ${lesson.title}\n`)
    for (const text of lesson.says) learner.say(`${wrapped(text)}\n`)
    if (lesson.command?.includes(at.changed)) changedCopy(at.ledger, at.changed)
    if (!(await ran(lesson, learner))) return { isFinished: false, questions, right }
    for (const question of lesson.questions) {
      const answered = await askedOf(question, learner)
      if (answered === null) return { isFinished: false, questions, right }
      questions++
      if (answered) right++
    }
  }
  return { isFinished: true, questions, right }
}

/** @returns false at the end of the input */
async function ran({ command, isInteractive, ends }: Lesson, learner: Learner): Promise<boolean> {
  if (command === null) return true
  learner.say(`  $ seized ${command.map(quoted).join(' ')}\n`)
  if (isInteractive && !learner.hasTerminal) {
    learner.say('This needs a terminal, and there is none: left out.\n')
    return true
  }
  if ((await learner.ask('Enter runs it. ')) === null) return false
  const code = learner.run(command)
  learner.say(`  → exit code ${code}\n`)
  if (!ends.includes(code ?? -1))
    throw new Error(`The tutorial expected exit code ${ends.join(' or ')}, and it was ${code}.`)
  return true
}

/** @returns true for a right first answer; null at the end of the input */
async function askedOf(
  { asks, answers, hint, because }: Question,
  learner: Learner,
): Promise<boolean | null> {
  for (let tries = 1; tries <= TRIES; tries++) {
    const answer = await learner.ask(`${wrapped(asks)}\n> `)
    if (answer === null) return null
    if (answers.includes(answer.trim().toLowerCase().replace(/\s+/g, ' '))) {
      learner.say(`Right. ${wrapped(because)}\n`)
      return tries === 1
    }
    if (tries < TRIES) learner.say(`Not so. ${wrapped(hint)}\n`)
  }
  learner.say(`${wrapped(because)}\n`)
  return false
}

function changedCopy(ledger: string, copy: string): void {
  const bytes = readFileSync(ledger)
  const at = Math.floor(bytes.length / 2)
  bytes[at] = bytes[at]! ^ 1
  writeFileSync(copy, bytes)
  const custody = `${ledger}.custody.sqlite`
  if (existsSync(custody)) copyFileSync(custody, `${copy}.custody.sqlite`)
}

function quoted(word: string): string {
  return /^[\w./:,=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

const COLUMNS = 78

function wrapped(text: string): string {
  const lines = ['']
  for (const word of text.split(' '))
    if (`${lines.at(-1)} ${word}`.trim().length > COLUMNS) lines.push(word)
    else lines.push(`${lines.pop()} ${word}`.trim())
  return lines.join('\n')
}

/** Input from this terminal, or from a pipe. */
export function learnerHere(): Learner & { readonly close: () => void } {
  const hasTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true
  const reader = createInterface({ input: process.stdin, terminal: false })
  const waiting: string[] = []
  let [ended, wake] = [false, () => {}]
  const listen = () => {
    reader.on('line', (line) => {
      waiting.push(line)
      wake()
    })
    reader.on('close', () => {
      ended = true
      wake()
    })
  }
  listen()
  return {
    hasTerminal,
    say: (text) => process.stdout.write(text),
    async ask(prompt) {
      process.stdout.write(prompt)
      while (waiting.length === 0 && !ended)
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      const line = waiting.shift() ?? null
      if (!hasTerminal && line !== null) process.stdout.write(`${line}\n`)
      return line
    },
    run(args) {
      // Key presses now belong to the program that runs.
      if (hasTerminal) process.stdin.pause()
      const { status } = spawnSync(process.execPath, [join(PROGRAM_ROOT, 'bin/seized.js'), ...args], {
        stdio: [hasTerminal ? 'inherit' : 'ignore', 'inherit', 'inherit'],
      })
      if (hasTerminal) process.stdin.resume()
      return status
    },
    close: () => reader.close(),
  }
}
