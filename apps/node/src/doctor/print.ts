import type { Diagnosis, Finding } from './finding.ts'

const NAME_WIDTH = 17

/** For people: a line for each check, one more for what to do. */
export function diagnosisText({ checks }: Diagnosis): string {
  const lines = checks.flatMap(lineOf)
  const count = (wanted: Finding['status']) => checks.filter(({ status }) => status === wanted).length
  const [failed, warned] = [count('fail'), count('warn')]
  const verdict =
    failed > 0
      ? `${failed} of ${checks.length} checks failed.`
      : warned > 0
        ? `It works; ${warned} of ${checks.length} checks found something to mend.`
        : 'All is well.'
  return [...lines, '', verdict].join('\n')
}

function lineOf({ check, status, detail, advice }: Finding): readonly string[] {
  const mark = status === 'skipped' ? '-' : status
  const line = `${mark.padEnd(5)} ${check.padEnd(NAME_WIDTH)} ${detail}`
  return advice === undefined ? [line] : [line, `${' '.repeat(5 + 1 + NAME_WIDTH + 1)}-> ${advice}`]
}
