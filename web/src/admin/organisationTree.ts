/** The organisations in tree order, each with its depth. */
import type { Organisation } from '@/api/shapes'

export interface Placed extends Organisation {
  depth: number
}

export interface Branch extends Organisation {
  children: Branch[]
}

export function asBranches(all: Organisation[]): Branch[] {
  const branches = new Map(all.map((one) => [one.id, { ...one, children: [] as Branch[] }]))
  const roots: Branch[] = []
  for (const branch of branches.values()) {
    const parent = branch.parent_id ? branches.get(branch.parent_id) : undefined
    ;(parent?.children ?? roots).push(branch)
  }
  return roots
}

export function asTree(all: Organisation[]): Placed[] {
  const walk = (branches: Branch[], depth: number): Placed[] =>
    branches.flatMap(({ children, ...one }) => [{ ...one, depth }, ...walk(children, depth + 1)])
  return walk(asBranches(all), 0)
}
