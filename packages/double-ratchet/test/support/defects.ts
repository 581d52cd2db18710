/**
 * Recorded verdicts that our product must not share. `reference-defects.json` says which; a suite asks for each verdict
 * that it asserts, and no case is named in code.
 */
import { expectSame, type VectorCase, type VectorFile } from '@status-protocol/testkit'
import recorded from '../../../../vectors/reference-defects.json' with { type: 'json' }

export interface Defect {
  readonly file: string
  readonly name?: string
  readonly index?: number
  readonly step?: number
  readonly reference_verdict?: string
  readonly our_verdict: string
  /** Where our verdict is `ok`: the step whose plaintext the message has. */
  readonly payload_of_step?: number
}

/** The list that came with the file (`referenceDefects`), or that of this repository. */
function defects(file: VectorFile): readonly Defect[] {
  return (file.referenceDefects?.cases ?? recorded.cases) as readonly Defect[]
}

/** The defect of a case, or of one of its steps. */
export function defectOf(name: string, file: VectorFile, c: VectorCase, step?: number): Defect | undefined {
  return defects(file).find(
    (d) =>
      d.file === name &&
      d.step === step &&
      (d.name === undefined ? d.index === indexOf(file, c) : d.name === c.name),
  )
}

/** What we must answer where `verdict` is recorded. */
export function ourVerdict(defect: Defect | undefined, verdict: unknown): unknown {
  if (!defect) return verdict
  if (defect.reference_verdict !== undefined)
    expectSame(verdict, defect.reference_verdict, 'recorded verdict')
  return defect.our_verdict
}

/** A case may be a copy with one changed field: the one that it shares most fields with. */
function indexOf(file: VectorFile, c: VectorCase): number {
  const shared = file.cases.map(
    (candidate) =>
      Object.keys(c).filter((key) => JSON.stringify(candidate[key]) === JSON.stringify(c[key])).length,
  )
  return shared.indexOf(Math.max(...shared))
}
