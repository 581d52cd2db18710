/** What the doctor says of one thing. */
export interface Finding {
  /** Stable, for programs. */
  readonly check: string
  /** `warn`: works, and will hurt one day. `skipped`: there was nothing to look at. */
  readonly status: 'ok' | 'warn' | 'fail' | 'skipped'
  /** What is the matter. */
  readonly detail: string
  /** What to do. */
  readonly advice?: string
}

export interface Diagnosis {
  /** Nothing has failed. */
  readonly ok: boolean
  readonly checks: readonly Finding[]
}

export function ok(check: string, detail: string): Finding {
  return { check, status: 'ok', detail }
}

export function warn(check: string, detail: string, advice: string): Finding {
  return { check, status: 'warn', detail, advice }
}

export function fail(check: string, detail: string, advice: string): Finding {
  return { check, status: 'fail', detail, advice }
}

export function skipped(check: string, detail: string, advice?: string): Finding {
  return { check, status: 'skipped', detail, ...(advice !== undefined && { advice }) }
}
