/** RFC 9457 problems: the one shape of every refusal of the server. */
export interface FieldError {
  pointer: string
  code: string
  detail: string
}

export interface ProblemBody {
  type: string
  title: string
  status: number
  detail?: string
  errors?: FieldError[]
}

/** Thrown by the client for every answer that is not a success; switch on `status` or `kind`. */
export class Problem extends Error {
  readonly status: number
  readonly kind: string
  readonly title: string
  readonly detail: string
  readonly errors: FieldError[]

  constructor(body: ProblemBody) {
    super(body.detail ?? body.title)
    this.name = 'Problem'
    this.status = body.status
    this.kind = body.type
    this.title = body.title
    this.detail = body.detail ?? ''
    this.errors = body.errors ?? []
  }
}

/** What goes wrong without the server saying why: no line, a proxy's own refusal, a fault of this page. */
export type Failure = 'offline' | 'large' | 'busy' | 'down' | 'broken'

const FAILURES: Record<number, Failure> = { 413: 'large', 429: 'busy', 502: 'down', 503: 'down', 504: 'down' }
let said: (failure: Failure) => string = (failure) => failure

/** The page gives the words, in the language that is spoken. */
export function sayFailures(words: typeof said): void {
  said = words
}

/** Thrown where no answer came at all. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable'
}

/** True when somebody else changed the record after it was read. */
export function isStale(cause: unknown): cause is Problem {
  return cause instanceof Problem && cause.status === 412
}

/** True when nothing stands at an address, or its id cannot be one at all (what was read has no other input). */
export function isLostRecord(cause: unknown): boolean {
  return cause instanceof Problem && (cause.status === 404 || cause.status === 422)
}

/** What a reader can act on, whatever went wrong: without a form at hand the reasons, not how many there are. */
export function sentenceOf(cause: unknown): string {
  if (cause instanceof Problem) {
    const reasons = [...new Set(cause.errors.map((error) => error.detail).filter(Boolean))]
    return reasons.join(' ') || cause.detail || cause.title
  }
  if (cause instanceof Unreachable) return said('offline')
  const ownFault = cause instanceof TypeError || cause instanceof SyntaxError || cause instanceof RangeError
  return cause instanceof Error && !ownFault ? cause.message : said('broken')
}

export async function problemOf(response: Response): Promise<Problem> {
  const fallback = { type: 'about:blank', title: said(FAILURES[response.status] ?? 'broken'), status: response.status }
  try {
    return new Problem({ ...fallback, ...((await response.json()) as Partial<ProblemBody>) })
  } catch {
    return new Problem(fallback)
  }
}
