/** Writing or undoing an import: followed while it goes on, wherever it was begun. */
import { onScopeDispose, ref, type Ref } from 'vue'

import { imports, type Import, type ImportWork } from '@/api/imports'

const PAUSE = 700

const isLive = (work: ImportWork): boolean => work.state === 'queued' || work.state === 'running'
const pause = (): Promise<void> => new Promise((go) => void setTimeout(go, PAUSE))

export interface Followed {
  work: Ref<ImportWork | null>
  /** Make a move and wait for its end; the work that ended badly is thrown back as it stands. */
  move: (register: string, id: string, name: string) => Promise<ImportWork | null>
  /** Take up work that goes on already. */
  takeUp: (id: string) => Promise<ImportWork | null>
  stop: () => Promise<void>
}

export function useWork(): Followed {
  const work = ref<ImportWork | null>(null)
  let left = false
  onScopeDispose(() => {
    left = true
  })

  async function ended(now: ImportWork): Promise<ImportWork | null> {
    if (left || !isLive(now)) {
      work.value = null
      return left ? null : now
    }
    work.value = now
    await pause()
    return ended(await imports.work(now.id))
  }

  return {
    work,
    move: async (register, id, name) => {
      const answer: Import | ImportWork = await imports.move(register, id, name)
      return 'mapping' in answer ? null : ended(answer)
    },
    takeUp: async (id) => {
      const found = await imports.working(id)
      return found ? ended(found) : null
    },
    stop: async () => {
      if (work.value) work.value = await imports.stop(work.value.id)
    },
  }
}
