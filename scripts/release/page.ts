/** `docs/evidence/validation/<version>.md`: what was claimed, measured and missed, of the parts that were run. */
import type { Claim } from './part.ts'

export interface PartRan {
  readonly id: string
  readonly what: string
  /** What it was run on. */
  readonly commit: string
  readonly partsSha256: string
  readonly began: string
  readonly ended: string
  readonly cpuSeconds: number
  /** Why it could not be run to its end. */
  readonly broke: string | null
  readonly claims: readonly Claim[]
}

export interface Machine {
  readonly processor: string
  readonly memory: string
  readonly system: string
  readonly node: string
}

/** @param notRun ids of parts of which there is no result */
export function releasePage(
  version: string,
  machine: Machine,
  ran: readonly PartRan[],
  notRun: readonly string[],
): string {
  const missed = ran.flatMap((part) => [
    ...part.claims.filter(({ met }) => met === false).map((claim) => ({ part: part.id, ...claim })),
    ...(part.broke === null ? [] : [{ part: part.id, claim: part.what, limit: '', measured: part.broke }]),
  ])
  const judged = ran.flatMap(({ claims }) => claims).filter(({ met }) => met !== null)
  return [
    `# seized ${version}: what was claimed, measured, missed`,
    '',
    `Written by \`npm run release-check\`. ${judged.length} claims with a limit were judged, ${judged.filter(({ met }) => met).length} met, ${missed.length} missed.`,
    `Machine: ${machine.processor}; ${machine.memory}; ${machine.system}; Node ${machine.node}.`,
    '',
    '## Missed',
    '',
    ...(missed.length === 0
      ? ['Nothing that was run.']
      : missed.map(
          ({ part, claim, limit, measured }) =>
            `- ${part}: ${[claim, limit, measured].filter(Boolean).join('; ')}`,
        )),
    ...(notRun.length === 0 ? [] : ['', `Not run, and so not shown: ${notRun.join(', ')}.`]),
    '',
    '## Parts',
    '',
    '| part | what | CPU, minutes | began | of commit | parts |',
    '| --- | --- | ---: | --- | --- | --- |',
    ...ran.map(
      (one) =>
        `| ${one.id} | ${cell(one.what)} | ${(one.cpuSeconds / 60).toFixed(1)} | ${one.began.slice(0, 16)} | ${one.commit.slice(0, 10)} | ${one.partsSha256.slice(0, 16)} |`,
    ),
    ...ran.flatMap((one) => [
      '',
      `## ${one.id}`,
      '',
      ...(one.broke === null ? [] : [`Broke off: ${one.broke}`, '']),
      '| claimed | limit | measured | |',
      '| --- | --- | --- | --- |',
      ...one.claims.map(
        ({ claim, limit, measured, met }) =>
          `| ${cell(claim)} | ${cell(limit)} | ${cell(measured)} | ${met === null ? '' : met ? 'met' : '**missed**'} |`,
      ),
    ]),
    '',
  ].join('\n')
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}
