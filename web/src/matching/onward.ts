/** Whom to look at once somebody has been turned down. */
import type { Candidate, Group } from '@/api/matching'

/** The next one nobody has decided on: below, else above, else of another kind; null where none is left. */
export function nextOpen(
  groups: Group[],
  from: Candidate,
  isOpen: (candidate: Candidate) => boolean,
): Candidate | null {
  const free = (candidate: Candidate): boolean => candidate.id !== from.id && isOpen(candidate)
  const here = groups.find((group) => group.kind === from.kind)?.candidates ?? []
  const at = here.findIndex((candidate) => candidate.id === from.id)
  const others = groups.filter((group) => group.kind !== from.kind).flatMap((group) => group.candidates)
  return [...here.slice(at + 1), ...here.slice(0, at), ...others].find((candidate) => free(candidate)) ?? null
}
